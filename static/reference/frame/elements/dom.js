/** Making and updating elements. */

/** An element with attributes, where `on…` functions are listeners, and undefined and false are left out.
 * @param {string} tag @param {Record<string, unknown>} [props] @param {...(Child | Child[])} children */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  fill(element, children.flat());
  return element;
}

/** Nothing, true and false are nothing; an object is no child, and fails as measured. @param {any} value
 * @returns {string} */
export function words(value) {
  if (Array.isArray(value)) return value.map(words).join("");
  if ((value ?? null) !== null && typeof value === "object") throw new Error("An object is no child");
  return typeof value === "boolean" ? "" : String(value ?? "");
}

/** @type {(element: Element, children: Child[]) => void} */
export const fill = (element, children) =>
  element.replaceChildren(
    ...children.map((child) => (child instanceof Node ? child : words(child))).filter(Boolean),
  );

/** @param {Element} element @param {Record<string, any>} props */
export function setProps(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/** Fills an element anew where what it shows has changed.
 * @param {Element} element @param {unknown} data @param {() => (Child | Child[])[]} make */
export function redraw(element, data, make) {
  const print = JSON.stringify(data);
  if (drawn.get(element) === print) return;
  fill(element, make().flat());
  drawn.set(element, print);
}

/** @param {string} text @param {() => void} onclick @param {Record<string, unknown>} [props] */
export const button = (text, onclick, props) => h("button", { type: "button", onclick, ...props }, text);

/** A line of its own. @param {any} text */
export const line = (text) => h("div", {}, text);

/** A text with its gaps filled. @param {string} text @param {Record<string, unknown>} values */
export const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** An element that stays as it was made, if it is there at all. @type {(key: unknown, make: Make) => Keyed[]} */
export const keyed = (key, make) => (key ? [[String(key), (old) => old ?? make(old)]] : []);

/** Makes the children of `parent` those that are named, in order; an element whose key stays is kept. Two of
 * one name are two elements. @param {Element} parent @param {Keyed[]} keyed */
export function syncChildren(parent, keyed) {
  const old = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  /** @type {Map<string, number>} */
  const seen = new Map();
  const wanted = keyed.map(([name, make]) => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    const key = nth ? `${name} ${nth}` : name;
    const element = make(/** @type {HTMLElement | null} */ (old.get(key) ?? null));
    element.setAttribute("data-key", key);
    return element;
  });
  const isSame = wanted.every((child, at) => parent.children[at] === child);
  if (!isSame || parent.children.length !== wanted.length) parent.replaceChildren(...wanted);
}
