/** The fields of a widget and their values. Date pickers are not supported. */
import { openMenu } from "./controls.js";
import { h } from "./elements/dom.js";

let made = 0;
const newId = () => `field-${++made}`;

/** What stands for a field in a form, beside what a person sees of it. @param {Record<string, unknown>} props */
const hidden = (props) =>
  /** @type {HTMLInputElement} */ (
    h("input", { "aria-hidden": "true", tabindex: "-1", hidden: "", ...props })
  );

/** Sets a value under a dotted name, which refers to nested objects.
 * @param {Record<string, any>} values @param {string} name @param {unknown} value */
function put(values, name, value) {
  const [first = "", ...rest] = name.split(".");
  if (!rest.length) values[first] = value;
  else {
    values[first] ??= {};
    put(values[first], rest.join("."), value);
  }
}

/** Measured: an unticked box is false, and choices that were not made are omitted.
 * @param {HTMLFormElement} form */
export function valuesOf(form) {
  const values = {};
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (/** @type {unknown} */ (form.elements))) {
    if (!field.name || (field.type === "radio" && !field.checked)) continue;
    put(values, field.name, field.type === "checkbox" ? field.checked : field.value);
  }
  return values;
}

/** @param {string} name @param {unknown} value */
const named = (name, value) => {
  const values = {};
  put(values, name, value);
  return values;
};

/** @type {(tag: string) => WidgetView} */
const written = (tag) => (node) => {
  const { name, placeholder, required, defaultValue = "", inputType = "text", rows } = node;
  const props = tag === "input" ? { type: inputType } : { rows: rows ?? 3 };
  const field = h(tag, { name, placeholder, required: required && "", ...props });
  /** @type {HTMLInputElement} */ (field).value = defaultValue;
  return h("div", {}, field);
};

/** A box to tick. @param {string} role @param {string} value @param {boolean} isOn @param {() => void} onclick */
export const tick = (role, value, isOn, onclick) =>
  h("button", { type: "button", role, value, "aria-checked": String(isOn), id: newId(), onclick });

/** @type {WidgetView} */
const checkbox = ({ name, label, defaultChecked = false, onChangeAction: action }, _children, act) => {
  const field = hidden({ type: "checkbox", name });
  field.checked = defaultChecked;
  const box = tick("checkbox", "on", defaultChecked, () => {
    field.checked = !field.checked;
    box.setAttribute("aria-checked", String(field.checked));
    act(action, null, named(name, field.checked));
  });
  return h("div", {}, field, box, h("label", { for: box.id }, label));
};

/** @type {WidgetView} */
const radioGroup = (node, _children, act) => {
  const { name, ariaLabel = name, options = [], defaultValue, onChangeAction: action } = node;
  const rows = options.map((/** @type {{label: string, value: string}} */ { label, value }) => {
    const field = hidden({ type: "radio", name, value });
    field.checked = value === defaultValue;
    const box = tick("radio", value, field.checked, () => {
      for (const other of group.querySelectorAll("[role=radio]")) {
        other.setAttribute("aria-checked", String(other === box));
      }
      field.checked = true;
      act(action, null, named(name, value));
    });
    return h("div", {}, h("label", { for: box.id }, field, box, label));
  });
  const group = h("div", { role: "radiogroup", "aria-label": ariaLabel }, rows);
  return group;
};

/** @type {WidgetView} */
const select = (node, _children, act) => {
  const { name, placeholder, options = [], defaultValue = "", onChangeAction: action } = node;
  const chosen = options.find((/** @type {{value: string}} */ { value }) => value === defaultValue);
  const field = hidden({ name });
  field.value = defaultValue;
  const shown = h("span", {}, chosen?.label ?? placeholder);
  const choose = (/** @type {{label: string, value: string}} */ { label, value }) => {
    field.value = value;
    shown.textContent = label;
    act(action, null, named(name, value));
  };
  const opener = chooser(shown, () =>
    options.map((/** @type {any} */ one) => [one.label, () => choose(one)]),
  );
  return h("div", {}, opener, field);
};

/** Opens a list to choose one thing from. @param {Child} shown @param {() => [string, () => void][]} entries
 * @param {(label: string) => boolean} [isOff] which cannot be chosen */
export function chooser(shown, entries, isOff = () => false) {
  const option = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h("div", { role: "option", ...(isOff(label) ? { "aria-disabled": "true" } : { onclick }) }, label);
  const props = { role: "button", tabindex: "0", "aria-haspopup": "dialog", "aria-expanded": "false" };
  const onclick = () => openMenu(opener, entries(), option, "listbox");
  const opener = h("span", { ...props, onclick }, shown);
  return opener;
}

/** @type {WidgetView} */
const date = ({ name, placeholder }) =>
  h("div", {}, hidden({ name }), h("span", { role: "button", tabindex: "0" }, placeholder));

/** @type {Record<string, WidgetView>} */
export const FIELDS = {
  Input: written("input"),
  Textarea: written("textarea"),
  Checkbox: checkbox,
  RadioGroup: radioGroup,
  Select: select,
  DatePicker: date,
};

/** A form around elements, and what it is to lead to. @param {HTMLElement[]} children
 * @param {Act} act @param {Action | undefined} action */
export function form(children, act, action) {
  const element = /** @type {HTMLFormElement} */ (h("form", {}, children));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    act(action, event.submitter, valuesOf(element));
  });
  return element;
}
