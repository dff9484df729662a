/** Where the user writes. */
import { Attachments } from "./attachments.js";
import { icon, off } from "./controls.js";
import { Dictation } from "./dictation.js";
import { fill, h, redraw } from "./elements/dom.js";
import { Questions } from "./questions.js";
import { Tools } from "./tools.js";

export class Composer {
  input = /** @type {HTMLTextAreaElement} */ (h("textarea", { role: "textbox", rows: "1" }));
  #action = h("div");
  #attachments;
  #dictation;
  /** @type {any} what was dictated and is not written yet */
  #said = null;
  #questions;
  #form;
  element = h("div", { "data-composer-root": "" });

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.#questions = new Questions(chat);
    this.#attachments = new Attachments(chat);
    this.#dictation = new Dictation(chat, (text) => {
      this.#said = { text };
    });
    this.tools = new Tools(chat, () => this.#attachments.input.click());
    const { input, element } = this.#attachments;
    this.#form = h("div", {}, input, element, this.tools.element, this.input, this.#action);
    this.input.addEventListener("input", () => chat.changed());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
  }

  #send() {
    const [chat, text, uploads] = [this.chat, this.input.value, this.#attachments];
    if ((!text.trim() && !uploads.count) || chat.responding || uploads.isUploading) return;
    this.input.value = "";
    const content = text.trim() ? [{ type: "input_text", text }] : [];
    const attachments = uploads.take();
    const tool = this.tools.take();
    chat.send({ content, attachments, ...(tool && { toolChoice: tool }) });
    const about = { text: content, quotedText: "", attachmentsCount: attachments.length };
    chat.channel.log("composer.submit", about);
  }

  /** @param {Thread["status"]} status of the thread */
  update({ type, reason }) {
    const { responding, run, options, asked } = this.chat;
    if (asked) this.#questions.update(asked);
    const written = this.#dictation.isOn ? this.#dictation.element : this.#form;
    const shown = asked ? this.#questions.element : written;
    if (!this.element.contains(shown)) fill(this.element, [shown]);
    // Measured: what was heard is written as the screen is drawn, which fails where it is no text.
    if (this.#said) this.input.value = this.#said.text.trim();
    this.#said = null;
    this.#attachments.update();
    this.tools.update();
    const locked = type === "locked";
    const said = this.tools.tool?.placeholderOverride ?? options.composer?.placeholder ?? "Message the AI";
    this.input.placeholder = (locked && reason) || said;
    this.input.readOnly = locked;
    const label = responding && run?.cancellable ? "Stop response" : "Send message";
    const onclick = () => (responding ? this.chat.stop() : this.#send());
    const waits = responding ? !run?.cancellable : this.#attachments.isUploading;
    const props = { ...off(locked || waits), type: responding ? "button" : "submit" };
    const isEmpty = !responding && !this.input.value && !this.#attachments.count;
    const listens = isEmpty && options.composer?.dictation?.enabled;
    redraw(this.#action, [label, props, listens], () => [
      listens ? icon(null, () => void this.#dictation.start()) : icon(label, onclick, props),
    ]);
  }
}
