// @ts-check
/** Where the user writes. */
import { fill, h, iconButton, redraw, setProps } from "./dom.js";

export class Composer {
  #input = h("div", { role: "textbox", "aria-multiline": "true", translate: "no" });
  #action = h("div");
  #placeholder = "";

  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.#input.addEventListener("input", () => this.#mark());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    const picker = h("input", { type: "file", multiple: "", tabindex: "-1", class: "sr-only" });
    this.element = h("div", { "data-composer-root": "" }, picker, this.#input, this.#action);
    this.text = "";
  }

  get text() {
    const lines = /** @type {HTMLElement[]} */ ([...this.#input.childNodes]);
    return lines.map((line) => (line.innerText ?? line.textContent).replace(/\n$/, "")).join("\n");
  }

  set text(text) {
    const lines = text.split("\n").map((line) => h("p", {}, line || h("br")));
    fill(this.#input, lines);
    this.#mark();
  }

  focus = () => this.#input.focus();

  #send() {
    const { chat, text } = this;
    if (!text.trim() || chat.responding) return;
    this.text = "";
    chat.send({ text }, () => {
      const said = [{ type: "input_text", text }];
      chat.channel.log("composer.submit", { text: said, quotedText: "", attachmentsCount: 0 });
      chat.channel.emit("composer.submit", { threadId: chat.threadId });
    });
  }

  /** @param {Record<string, any>} status of the thread */
  update({ type, reason }) {
    const { responding, run, options } = this.chat;
    const locked = type === "locked";
    this.#placeholder = (locked && reason) || (options.composer?.placeholder ?? "Message the AI");
    this.#mark();
    const names = { "aria-label": this.#placeholder, "aria-placeholder": this.#placeholder };
    setProps(this.#input, { ...names, contenteditable: `${!locked}` });
    const stops = responding && run?.cancellable;
    const label = stops ? "Stop response" : "Send message";
    const disabled = locked || (responding && !stops);
    const props = { disabled: disabled && "", "aria-disabled": `${disabled}` };
    const onclick = () => (stops ? this.chat.stop() : this.#send());
    redraw(this.#action, [label, disabled], () => [iconButton(label, onclick, props)]);
  }

  /** An empty field shows its placeholder. */
  #mark() {
    const [first] = this.#input.children;
    if (first) setProps(first, { "data-composer-placeholder": this.text === "" && this.#placeholder });
  }
}
