/** Where the user writes. */
import { icon, off } from "./controls.js";
import { fill, h, redraw } from "./elements/dom.js";
import { Questions } from "./questions.js";

export class Composer {
  input = /** @type {HTMLTextAreaElement} */ (h("textarea", { role: "textbox", rows: "1" }));
  #action = h("div");
  #questions;
  #form = h("div", {}, this.input, this.#action);
  element = h("div", { "data-composer-root": "" }, this.#form);

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.#questions = new Questions(chat);
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
  }

  #send() {
    const [chat, text] = [this.chat, this.input.value];
    if (!text.trim() || chat.responding) return;
    this.input.value = "";
    chat.send({ text });
    chat.channel.log("composer.submit", { text: [{ type: "input_text", text }], attachmentsCount: 0 });
  }

  /** @param {Thread["status"]} status of the thread */
  update({ type, reason }) {
    const { responding, run, options, asked } = this.chat;
    if (asked) this.#questions.update(asked);
    const shown = asked ? this.#questions.element : this.#form;
    if (!this.element.contains(shown)) fill(this.element, [shown]);
    const locked = type === "locked";
    this.input.placeholder = (locked && reason) || (options.composer?.placeholder ?? "Message the AI");
    this.input.readOnly = locked;
    const label = responding && run?.cancellable ? "Stop response" : "Send message";
    const onclick = () => (responding ? this.chat.stop() : this.#send());
    const disabled = locked || (responding && !run?.cancellable);
    redraw(this.#action, [label, disabled], () => [icon(label, onclick, off(disabled))]);
  }
}
