// @ts-check
/** Making and updating elements. */

/** @typedef {import("../types.js").Child} Child */
/** @typedef {import("../types.js").Keyed} Keyed */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] attributes; `on…` functions are listeners; undefined and false are left out
 * @param {...(Child | Child[])} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  fill(element, children.flat());
  return element;
}

/** @param {Element} element @param {Child[]} children what is to be in it; null, undefined and false are nothing */
export function fill(element, children) {
  element.replaceChildren(...children.filter((child) => child instanceof Node || typeof child === "string"));
}

/** @param {Element} element @param {Record<string, unknown>} props */
export function setProps(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function")
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

/** @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/** Fills an element anew where what it shows has changed. @param {Element} element @param {unknown} data
 * @param {() => Child[]} make */
export function redraw(element, data, make) {
  const print = JSON.stringify(data);
  if (drawn.get(element) === print) return;
  fill(element, make());
  drawn.set(element, print);
}

/** @param {string} label @param {() => void} onclick @param {Record<string, unknown>} [props] */
export const iconButton = (label, onclick, props = {}) =>
  h("button", { type: "button", "aria-label": label, onclick, ...props }, icon());

/** A picture without a meaning of its own. */
export const icon = () => document.createElementNS("http://www.w3.org/2000/svg", "svg");

/** Makes the children of `parent` those that are named, in order; an element whose key stays is kept.
 * @param {Element} parent @param {Keyed[]} keyed */
export function syncChildren(parent, keyed) {
  const old = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  const wanted = keyed.map(([key, make]) => {
    const element = make(/** @type {HTMLElement | null} */ (old.get(key) ?? null));
    element.setAttribute("data-key", key);
    return element;
  });
  const same =
    parent.children.length === wanted.length && wanted.every((child, at) => parent.children[at] === child);
  if (!same) parent.replaceChildren(...wanted);
}
