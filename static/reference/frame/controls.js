/** Controls without text, menus and dialogs. */
import { button, h } from "./elements/dom.js";

/** Whether it can be used, as the measured component says it. @param {boolean} isOff */
export const off = (isOff) => ({
  "aria-disabled": String(isOff),
  disabled: isOff && "",
  tabindex: isOff && "-1",
});

/** A button with an icon; some have no name. @param {string | null} name @param {() => void} onclick
 * @param {Record<string, unknown>} [props] */
export const icon = (name, onclick, props) =>
  button("", onclick, { "aria-label": name ?? undefined, class: "icon", ...props });

/** A list of things to choose from, below what opens it, until one is chosen or the user clicks elsewhere.
 * @param {HTMLElement} opener @param {[string, () => void][]} entries
 * @param {(label: string, onclick: () => void) => HTMLElement} [make] one entry @param {string} [role] */
export function openMenu(opener, entries, make = menuItem, role = "menu") {
  const away = new AbortController();
  const close = () => {
    away.abort();
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
  };
  const made = entries.map(([label, work]) =>
    make(label, () => {
      close();
      work();
    }),
  );
  const menu = h("div", { role, class: "menu" }, made);
  const { left, bottom } = opener.getBoundingClientRect();
  menu.style.left = `${Math.min(left, window.innerWidth - 160)}px`;
  menu.style.top = `${Math.min(bottom, window.innerHeight - 48 * entries.length)}px`;
  opener.setAttribute("aria-expanded", "true");
  document.body.append(menu);
  const { signal } = away;
  const leave = (/** @type {Event} */ { target }) => menu.contains(/** @type {Node} */ (target)) || close();
  document.addEventListener("pointerdown", leave, { signal });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close(), { signal });
}

/** @param {string} label @param {() => void} onclick */
const menuItem = (label, onclick) => h("div", { role: "menuitem", tabindex: "-1", onclick }, label);

/** @param {string[]} head its title, and what else is read aloud @param {HTMLElement} body */
export function openDialog([title, ...more], body) {
  const told = more.map((text) => h("p", { class: "sr-only" }, text));
  const dialog = h(
    "div",
    { role: "dialog", tabindex: "-1", "aria-label": title },
    h("h2", {}, title),
    told,
    body,
  );
  document.body.append(dialog);
  return dialog;
}
