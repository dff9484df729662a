/** Widgets: texts, buttons, fields and the boxes around them. A component that does not exist shows nothing; a widget that
 * is none fails, and so does a chart without a series, as measured. */
import { off } from "./controls.js";
import { button, h, setProps } from "./elements/dom.js";
import { markdown } from "./elements/markdown.js";
import { FIELDS, form } from "./forms.js";
import rules from "./rules.json" with { type: "json" };

/** @type {(tag: string) => WidgetView} */
const box = (tag) => (_node, children) => h(tag, {}, children);

/** @param {string} label @param {Act} act @param {Action | undefined} action */
function clickable(label, act, action) {
  const element = button(label, () => act(action, element));
  return element;
}

/** @type {Record<string, WidgetView>} */
const ROOTS = {
  Card: ({ confirm, cancel, asForm }, children, act, done) => {
    const shown = [confirm, cancel].filter((one) => one && done);
    const made = shown.map((one) =>
      asForm && one === confirm
        ? h("button", { type: "submit" }, one.label)
        : clickable(one.label, act, one.action),
    );
    const all = [...children, ...made];
    return h("div", { class: "card" }, asForm ? form(all, act, confirm?.action) : all);
  },
  Basic: box("div"),
  ListView: box("div"),
};

/** @type {Record<string, WidgetView>} */
const COMPONENTS = {
  ...ROOTS,
  ...Object.fromEntries(rules.widgets.boxes.map((name) => [name, box("div")])),
  ...Object.fromEntries(
    Object.entries(rules.widgets.words).map(([name, key]) => [name, (node) => h("span", {}, node[key])]),
  ),
  Title: ({ value }) => h("h3", {}, value),
  Markdown: ({ value }) => h("div", {}, markdown(value || "")),
  ...Object.fromEntries(rules.widgets.wordless.map((name) => [name, () => h("svg", {})])),
  Image: ({ src, alt = "" }) => h("img", { src, alt }),
  Chart: ({ series }) => h("svg", { color: series[0].color }),
  ...FIELDS,
  Form: ({ onSubmitAction: action }, children, act) => form(children, act, action),
  Button: ({ label, submit, onClickAction: action }, _children, act) =>
    submit ? h("button", { type: "submit" }, label) : clickable(label, act, action),
  ListViewItem: ({ onClickAction }, children, act) =>
    h("div", { onclick: () => act(onClickAction) }, children),
};

/** @param {any} node @param {Act} act @param {boolean} done @returns {HTMLElement[]} */
const drawChildren = ({ children }, act, done) =>
  (Array.isArray(children) ? children : [children ?? ""]).flatMap(
    (child) => COMPONENTS[child.type]?.(child, drawChildren(child, act, done), act, done) ?? [],
  );

/** Throws where the root is not one of a widget. @param {any} root @param {boolean} done whether nothing more comes
 * of it @param {(action: Action) => Promise<void>} onAction */
export function widget(root, done, onAction) {
  const make = ROOTS[root.type];
  if (!make) throw new TypeError(`${root.type} is no widget`);
  /** @type {Act} */
  const act = async (action, control, values) => {
    if (!action) return;
    const isBusy = control && action.loadingBehavior !== "none";
    if (isBusy) setProps(control, off(true));
    await onAction(values ? { ...action, payload: { ...action.payload, ...values } } : action);
    if (isBusy) setProps(control, off(false));
  };
  const status = root.status && h("div", {}, root.status.text);
  return h("div", {}, status, make(root, drawChildren(root, act, done), act, done));
}
