/** Widgets: texts, buttons and the boxes around them. A component that does not exist shows nothing; a widget that
 * is none fails, and so does a chart without a series, as measured. */
import { button, h } from "./dom.js";
import { markdown } from "./markdown.js";
import rules from "./rules.json" with { type: "json" };

/** @type {(tag: string) => WidgetView} */
const box = (tag) => (_node, children) => h(tag, {}, children);

/** @type {(tag: string, key?: string) => WidgetView} */
const text =
  (tag, key = "value") =>
  (node) =>
    h(tag, {}, String(node[key] ?? ""));

/** @type {Record<string, WidgetView>} */
const ROOTS = {
  Card: ({ status, confirm, cancel }, children, act) => {
    const made = [confirm, cancel].filter(Boolean).map((it) => button(it.label, () => act(it.action)));
    return h("div", { class: "card" }, status && h("div", {}, status.text), children, made);
  },
  Basic: box("div"),
  ListView: box("div"),
};

/** @type {Record<string, WidgetView>} */
const COMPONENTS = {
  ...ROOTS,
  ...Object.fromEntries(rules.widgets.boxes.map((name) => [name, box("div")])),
  ...Object.fromEntries(Object.entries(rules.widgets.words).map(([name, key]) => [name, text("span", key)])),
  Title: text("h3"),
  Markdown: ({ value }) => h("div", {}, markdown(value)),
  ...Object.fromEntries(rules.widgets.wordless.map((name) => [name, () => h("svg", {})])),
  Image: ({ src, alt = "" }) => h("img", { src, alt }),
  Chart: ({ series }) => h("svg", { color: series[0].color }),
  Button: ({ label, onClickAction: action }, _children, act) => button(label, () => act(action)),
  ListViewItem: ({ onClickAction }, children, act) =>
    h("div", { onclick: () => act(onClickAction) }, children),
};

/** @param {any} node @param {Act} act @returns {HTMLElement[]} */
const drawChildren = ({ children = [] }, act) =>
  [children].flat().flatMap((child) => COMPONENTS[child.type]?.(child, drawChildren(child, act), act) ?? []);

/** Throws where the root is not one of a widget. @param {any} root @param {Act} onAction */
export function widget(root, onAction) {
  const make = ROOTS[root.type];
  if (!make) throw new TypeError(`${root.type} is no widget`);
  const act = (/** @type {Action | undefined} */ action) => action && onAction(action);
  return make(root, drawChildren(root, act), act);
}
