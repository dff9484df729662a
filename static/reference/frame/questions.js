/** The questions that the user is to answer, one at a time, where messages are written otherwise. */
import { icon, off } from "./controls.js";
import { button, fill, h, line, said, words } from "./elements/dom.js";
import { tick } from "./forms.js";
import names from "./names.json" with { type: "json" };

const { questions: texts } = names;
/** The label of the choice for free text. */
const OWN = "__chatkit_freeform_choice__";

export class Questions {
  element = h("div");
  /** @type {Item | null} */
  #item = null;
  #at = 0;
  /** @type {Map<unknown, Draft>} by the question's id */
  #drafts = new Map();

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
  }

  /** Throws where the questions cannot be drawn. @param {Item} item */
  update(item) {
    if (this.#item && item.id === this.#item.id && item.inputs === this.#item.inputs) return;
    this.#item = item;
    this.#at = 0;
    const inputs = item.inputs.map((/** @type {any} */ question) => question);
    this.#drafts = new Map(inputs.map((/** @type {any} */ one) => [one?.id, { chosen: [], text: "" }]));
    this.#draw();
  }

  get #inputs() {
    return this.#item?.inputs ?? [];
  }

  get #isLast() {
    return this.#at === this.#inputs.length - 1;
  }

  /** @param {any} question */
  #draftOf = (question) => this.#drafts.get(question.id) ?? { chosen: [], text: "" };

  /** @param {any} question @returns {string[]} */
  #valuesOf(question) {
    const { chosen, text } = this.#draftOf(question);
    return [...chosen.filter((value) => value !== OWN), ...(text.trim() ? [text.trim()] : [])];
  }

  #draw() {
    const question = this.#inputs[this.#at];
    if (!question) return fill(this.element, []);
    if (question.id === undefined || String(question.id) === "") throw new Error("A question without an id");
    const count = this.#inputs.length;
    const move = (/** @type {number} */ by) => () => this.#go(this.#at + by);
    const skip = icon(texts.skip_all, () => this.#send(true));
    const head = line(question.question);
    const place = [
      icon(texts.previous, move(-1), off(this.#at === 0)),
      h("span", {}, said(texts.place, { n: this.#at + 1, count })),
      icon(texts.next, move(1), off(this.#isLast)),
    ];
    const isSeveral = question.type === "multiple_choice" && question.multiple;
    return fill(this.element, [
      ...(count > 1 ? [h("div", {}, h("div", {}, place), skip), head] : [h("div", {}, head, skip)]),
      isSeveral && line(texts.several),
      ...this.#fields(question),
    ]);
  }

  /** @param {any} question @returns {HTMLElement[]} */
  #fields(question) {
    const draft = this.#draftOf(question);
    const label = () =>
      this.#valuesOf(question).length === 0 ? texts.skip : this.#isLast ? texts.submit : texts.go_on;
    const on = button(label(), () => this.#goOn());
    const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: "1", placeholder: texts.own }));
    text.value = draft.text;
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#goOn();
    });
    const isChoice = question.type === "multiple_choice";
    const role = question.multiple ? "checkbox" : "radio";
    /** @type {(value: string, shown: string) => HTMLElement} */
    const box = (value, shown) => {
      const isOwn = value === OWN;
      const made = tick(role, isOwn && question.multiple ? "on" : value, draft.chosen.includes(value), () => {
        this.#choose(question, value);
      });
      const named = isOwn && question.multiple ? null : h("label", { for: made.id }, shown);
      return h("div", {}, made, named);
    };
    text.addEventListener("input", () => {
      draft.text = text.value;
      const others = question.multiple ? draft.chosen.filter((value) => value !== OWN) : [];
      if (isChoice) draft.chosen = text.value.trim() ? [...others, OWN] : others;
      for (const made of this.element.querySelectorAll(`[role=${role}]`)) {
        const value = made.getAttribute("value") ?? "";
        made.setAttribute("aria-checked", String(draft.chosen.includes(value === "on" ? OWN : value)));
      }
      on.textContent = label();
    });
    if (!isChoice) return [h("div", {}, text, on)];
    const rows = question.options.map((/** @type {any} */ { value }) => box(value, words(value)));
    const own = h("div", {}, box(OWN, texts.own), text, on);
    const group = question.multiple ? {} : { role: "radiogroup", "aria-label": question.question };
    return [h("div", group, ...rows, own)];
  }

  /** @param {any} question @param {string} value */
  #choose(question, value) {
    const draft = this.#draftOf(question);
    const has = draft.chosen.includes(value);
    if (question.multiple) {
      draft.chosen = has ? draft.chosen.filter((one) => one !== value) : [...draft.chosen, value];
    } else {
      draft.chosen = [value];
      if (value !== OWN) draft.text = "";
    }
    if (question.multiple || value === OWN) this.#draw();
    else this.#goOn();
  }

  /** @param {number} at */
  #go(at) {
    this.#at = at;
    this.#draw();
  }

  #goOn() {
    if (this.#isLast) this.#send(false);
    else this.#go(this.#at + 1);
  }

  /** @param {boolean} skipsAll */
  #send(skipsAll) {
    const answers = this.#inputs.map((/** @type {any} */ question) => {
      const values = skipsAll ? [] : this.#valuesOf(question);
      return [question.id, { values, skipped: values.length === 0 }];
    });
    const isSkipped = answers.every(([, { skipped }]) => skipped);
    if (!this.#item) return;
    this.chat.answer(this.#item, {
      status: isSkipped ? "skipped" : "answered",
      answers: Object.fromEntries(answers),
    });
    this.#item = null;
  }
}
