/** The screen, drawn anew from the state after every change: header, start screen or thread, composer, history. */
import { Composer } from "./composer.js";
import { icon, off } from "./controls.js";
import { button, fill, h, line, redraw, setProps, words } from "./elements/dom.js";
import { markdown } from "./elements/markdown.js";
import names from "./names.json" with { type: "json" };
import { drawPanel } from "./panel.js";
import rules from "./rules.json" with { type: "json" };
import { lastShown } from "./thread.js";
import { drawThread } from "./turns.js";

export class View {
  #header = h("header", { id: "chatkit-header" });
  #main = h("main");
  #toast = h("span", { "data-transition-position": "absolute" });
  #below = h("div");
  #history = h("div", { class: "panel" });
  #start = h("div");
  #thread = h("div", { id: "chatkit-thread-container" });
  #container;
  #queued = false;

  /** @param {Chat} chat @param {HTMLElement} root */
  constructor(chat, root) {
    this.chat = chat;
    this.root = root;
    this.composer = new Composer(chat);
    this.footer = h("div", { id: "chatkit-footer" }, this.#toast, this.composer.element, this.#below);
    this.#container = h("div", { id: "chatkit-container" }, this.#header, this.#main, this.footer);
    fill(root, [this.#container]);
    chat.changed = () => this.#queue();
    this.#draw();
  }

  /** Draws once for all changes of one task. */
  #queue() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#draw();
    });
  }

  /** What fails outside of a turn takes the whole screen with it, for good, as measured. */
  #draw() {
    try {
      this.#drawHeader();
      this.#drawMain();
      this.#drawFooter();
      this.#drawHistory();
    } catch (error) {
      this.#queued = true;
      fill(this.root, []);
      throw error;
    }
  }

  #drawHeader() {
    const { chat } = this;
    const { enabled = true, title = {} } = chat.options.header ?? {};
    const { history } = chat;
    const text = title.enabled === false ? "" : (title.text ?? chat.thread()?.title);
    // Measured: a list of which nothing is left is no title.
    if (Array.isArray(text) && text.length < 2 && !words(text)) throw new Error("A title without text");
    const isNew = chat.threadId === null;
    const hasHistory = chat.options.history?.enabled !== false;
    this.#header.hidden = !enabled;
    redraw(this.#header, [text, isNew, hasHistory, history.isOpen], () => [
      history.isOpen && icon(names.header.back, () => history.show(false)),
      h("div", {}, history.isOpen ? names.history.title_bar : text),
      icon(names.header.new, () => history.newChat(), off(isNew)),
      hasHistory && icon(names.header.history, () => history.show(!history.isOpen)),
    ]);
  }

  #drawMain() {
    const { chat } = this;
    const thread = chat.thread();
    const isEmpty = !thread || (thread.loaded && !lastShown(thread));
    const screen = chat.threadId === null ? this.#start : isEmpty ? null : this.#thread;
    if (screen === this.#start) this.#drawStart();
    if (screen === this.#thread) drawThread(this.#thread, chat, thread);
    if (this.#main.firstElementChild !== screen) fill(this.#main, [screen]);
  }

  #drawStart() {
    const { chat } = this;
    const { greeting = rules.texts.greeting, prompts = [] } = chat.options.startScreen ?? {};
    const starter = (/** @type {any} */ { label, prompt }) =>
      button(label, () => chat.send(typeof prompt === "string" ? { text: prompt } : { content: prompt }));
    redraw(this.#start, [greeting, prompts], () => [h("h2", {}, greeting), ...prompts.map(starter)]);
  }

  #drawFooter() {
    const { chat } = this;
    const { type, reason = "" } = chat.thread()?.status ?? { type: "active" };
    this.composer.update({ type, reason });
    this.composer.element.hidden = type === "closed";
    const { title, message } = chat.toast ?? {};
    fill(this.#toast, [title && line(title), message && line(message)]);
    const text = type === "closed" ? reason : (chat.options.disclaimer?.text ?? "");
    redraw(this.#below, text, () => markdown(text));
  }

  #drawHistory() {
    const { isOpen } = this.chat.history;
    for (const part of [this.#main, this.footer]) setProps(part, { inert: isOpen && "" });
    if (!isOpen) return this.#history.remove();
    drawPanel(this.#history, this.chat);
    return this.#container.append(this.#history);
  }
}
