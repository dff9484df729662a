// @ts-check
/** The questions of a structured input, asked one by one in the place of the composer. */
import { fill, h, iconButton } from "./dom.js";

/**
 * @param {import("../types.js").Question[]} inputs
 * @param {(answers: Record<string, import("../types.js").Answer>) => void} submit
 */
export function questions(inputs, submit) {
  /** @type {Map<string, string[]>} */
  const given = new Map(inputs.map(({ id }) => [id, []]));
  const element = h("div");
  const finish = () =>
    submit(Object.fromEntries([...given].map(([id, values]) => [id, { values, skipped: !values.length }])));
  const skip = iconButton("Skip questions", () => {
    for (const id of given.keys()) given.set(id, []);
    finish();
  });

  /** @param {number} at */
  function ask(at) {
    const input = inputs[at];
    if (!input) return finish();
    const { id, question, description, options = [], multiple } = input;
    const values = given.get(id) ?? [];
    const next = h("button", { type: "button", onclick: () => ask(at + 1) });
    const isLast = at === inputs.length - 1;
    const done = isLast ? "Submit" : "Next";
    const choose = (/** @type {string} */ value) => {
      const others = values.filter((other) => other !== value);
      given.set(id, multiple ? (values.includes(value) ? others : [...values, value]) : [value]);
      ask(multiple ? at : at + 1);
    };
    const role = multiple ? "checkbox" : "radio";
    const choices = options.flatMap(({ value }) => {
      const state = { role, "aria-label": value, "aria-checked": String(values.includes(value)) };
      return [h("button", { type: "button", ...state, onclick: () => choose(value) }), h("div", {}, value)];
    });
    const written = h("input", { "aria-label": "Type your answer" });
    written.addEventListener("input", () => {
      const text = /** @type {HTMLInputElement} */ (written).value.trim();
      given.set(id, [...(multiple ? values : []), ...(text ? [text] : [])]);
      next.textContent = text || (multiple && values.length) ? done : "Skip";
    });
    written.addEventListener("keydown", ({ key }) => key === "Enter" && ask(at + 1));
    next.textContent = values.length ? done : "Skip";
    const back = iconButton("Previous question", () => ask(at - 1), { disabled: at === 0 && "" });
    const forward = iconButton("Next question", () => ask(at + 1), { disabled: isLast && "" });
    const pages = inputs.length > 1 ? [back, `${at + 1} of ${inputs.length}`, forward] : [];
    const hint = multiple ? "Select all that apply" : description;
    const asked = [h("div", {}, question), h("div", {}, hint)];
    const group = options.length && !multiple ? { role: "radiogroup", "aria-label": question } : {};
    fill(element, [...pages, skip, ...asked, h("div", group, choices, written), next]);
  }

  ask(0);
  return element;
}
