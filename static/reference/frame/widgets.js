// @ts-check
/** Widgets: texts, buttons and the boxes around them. A component that does not exist shows nothing; a widget that
 * is none fails, as measured. */
import { h, icon } from "./dom.js";
import { markdown } from "./markdown.js";

/** @typedef {(action: import("../types.js").Action) => void} Act */
/** @typedef {(node: any, children: HTMLElement[], act: Act) => HTMLElement} Draw */

/** @type {Draw} */
const box = (_node, children) => h("div", {}, children);

/** @type {(tag: string, key?: string) => Draw} */
const text =
  (tag, key = "value") =>
  (node) =>
    h(tag, {}, String(node[key] ?? ""));

/** @param {string} label @param {any} action @param {Act} act */
const button = (label, action, act) =>
  h("button", { type: "button", onclick: () => action && act(action) }, label);

/** @type {Draw} */
function card({ status, confirm, cancel }, children, act) {
  const buttons = [confirm, cancel].filter(Boolean).map(({ label, action }) => button(label, action, act));
  return h("div", { class: "card" }, status && h("div", {}, status.text), children, buttons);
}

/** @type {Record<string, Draw>} */
const ROOTS = { Card: card, Basic: box, ListView: box };

/** @type {Record<string, Draw>} */
const COMPONENTS = {
  ...ROOTS,
  ...Object.fromEntries(["Box", "Row", "Col", "Form", "Transition"].map((name) => [name, box])),
  ...Object.fromEntries(["Text", "Caption", "Label"].map((name) => [name, text("span")])),
  Title: text("h3"),
  Badge: text("span", "label"),
  Markdown: ({ value }) => h("div", {}, markdown(value)),
  Icon: () => h("span", {}, icon()),
  Image: ({ src, alt = "" }) => h("img", { src, alt }),
  Button: ({ label, onClickAction }, _children, act) => button(label, onClickAction, act),
  ListViewItem: ({ onClickAction }, children, act) =>
    h("div", { onclick: () => onClickAction && act(onClickAction) }, children),
  Table: (_node, rows) => h("table", {}, h("tbody", {}, rows)),
  "Table.Row": (_node, cells) => h("tr", {}, cells),
  "Table.Cell": (_node, children) => h("td", {}, children),
};

/**
 * @param {any} root
 * @param {Act} act
 * @throws TypeError where the root is not one of a widget
 */
export function widget(root, act) {
  const make = ROOTS[root.type];
  if (!make) throw new TypeError(`${root.type} is no widget`);
  return make(root, drawChildren(root, act), act);
}

/** @param {any} node @param {Act} act @returns {HTMLElement[]} */
function drawChildren({ children = [] }, act) {
  return [children]
    .flat()
    .flatMap((child) => COMPONENTS[child.type]?.(child, drawChildren(child, act), act) ?? []);
}
