/** Where the user writes. */
import { button, h, redraw } from "./elements/dom.js";

export class Composer {
  input = /** @type {HTMLTextAreaElement} */ (h("textarea", { role: "textbox", rows: "1" }));
  #action = h("div");
  element = h("div", { "data-composer-root": "" }, this.input, this.#action);

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
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
    const { responding, run, options } = this.chat;
    const locked = type === "locked";
    this.input.placeholder = (locked && reason) || (options.composer?.placeholder ?? "Message the AI");
    this.input.readOnly = locked;
    const label = responding && run?.cancellable ? "Stop response" : "Send message";
    const onclick = () => (responding ? this.chat.stop() : this.#send());
    const disabled = (locked || (responding && !run?.cancellable)) && "";
    redraw(this.#action, [label, disabled], () => [button(label, onclick, { disabled })]);
  }
}
