// @ts-check
/** The screen, drawn anew from the state after every change: header, start screen or thread, composer, history. */
import { Composer } from "./composer.js";
import { fill, h, icon, iconButton, redraw, setProps } from "./dom.js";
import { markdown } from "./markdown.js";
import { questions } from "./questions.js";
import { drawThread } from "./turns.js";

/** @typedef {import("../types.js").Thread} Thread */

/** How long a screen takes to leave, and the next one to come, in ms; nothing with reduced motion (measured). */
const LEAVE_MS = 360;
const ENTER_MS = 70;
const DAY_MS = 86_400_000;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class View {
  #header = h("header", { id: "chatkit-header" });
  #main = h("main");
  #toast = h("span", { "data-transition-position": "absolute" });
  #asked = h("div");
  #below = h("div");
  #footer = h("div", { id: "chatkit-footer" });
  #container = h("div", { id: "chatkit-container" }, this.#header, this.#main, this.#footer);
  #history = h("div");
  #start = h("div");
  #thread = h("div", { id: "chatkit-thread-container" });
  /** @type {{kind: string, id: string | null}} */
  #screen = { kind: "", id: null };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #moving;
  #queued = false;

  /** @param {import("./chat.js").Chat} chat @param {HTMLElement} root */
  constructor(chat, root) {
    this.chat = chat;
    this.root = root;
    this.composer = new Composer(chat);
    fill(this.#footer, [this.#toast, this.composer.element, this.#asked, this.#below]);
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
    const { enabled = true, title = {}, leftAction, rightAction } = chat.options.header ?? {};
    const text = chat.historyOpen ? "Chat history" : (title.text ?? chat.thread()?.title ?? "");
    const isNew = chat.threadId === null;
    const hasHistory = chat.options.history?.enabled !== false;
    const act = (/** @type {string} */ side) => () => void chat.channel.command("onHeaderAction", { side });
    const toggle = () => chat.showHistory(!chat.historyOpen);
    const state = [enabled, text, title, isNew, chat.historyOpen, leftAction, rightAction, hasHistory];
    this.#header.hidden = !enabled;
    redraw(this.#header, state, () => [
      leftAction && iconButton("Left action", act("leftAction")),
      chat.historyOpen && iconButton("Back to chat", toggle),
      h("div", {}, title.enabled === false ? "" : text),
      iconButton("New chat", () => chat.newChat(), { disabled: isNew && "", "aria-disabled": isNew }),
      hasHistory && iconButton("Conversation history", toggle),
      rightAction && iconButton("Right action", act("rightAction")),
    ]);
  }

  #drawMain() {
    const { threadId } = this.chat;
    const thread = this.chat.thread();
    const empty = !thread || (thread.loaded && thread.turns.length === 0);
    const kind = threadId === null ? "start" : empty ? "nothing" : "thread";
    const before = this.#screen.kind;
    if (kind === before) clearTimeout(this.#moving);
    if (kind === before || reducedMotion.matches || !before || ![kind, before].includes("start")) {
      this.#moving = undefined;
    } else this.#moving ??= setTimeout(() => this.#leave(), LEAVE_MS);
    if (this.#moving === undefined) this.#screen = { kind, id: threadId };
    const { kind: shown, id } = this.#screen;
    if (shown === "start") this.#drawStart();
    if (shown === "thread") drawThread(this.#thread, this.chat, this.chat.thread(id));
    const parts = { start: [this.#start], thread: [this.#thread] }[shown] ?? [];
    if (this.#main.firstElementChild !== (parts[0] ?? null)) fill(this.#main, parts);
  }

  /** The old screen stays until it has left, then there is nothing for a moment. */
  #leave() {
    this.#screen = { kind: "gone", id: null };
    fill(this.#main, []);
    this.#moving = setTimeout(() => {
      this.#screen.kind = "";
      this.#draw();
    }, ENTER_MS);
  }

  #drawStart() {
    const { chat } = this;
    const { greeting = "What can I help with today?", prompts = [] } = chat.options.startScreen ?? {};
    const button = (/** @type {any} */ { label, prompt }) => {
      const content = typeof prompt === "string" ? [{ type: "input_text", text: prompt }] : prompt;
      const onclick = () => {
        chat.channel.log("startScreenPrompt.select", { text: prompt });
        chat.send({ content });
      };
      return h("div", {}, h("button", { type: "button", onclick }, h("span", {}, label)));
    };
    redraw(this.#start, [greeting, prompts], () => [h("h2", {}, greeting), ...prompts.map(button)]);
  }

  #drawFooter() {
    const { chat } = this;
    const { questions: item, toast } = chat;
    /** @type {import("../types.js").Thread["status"]} */
    const status = chat.thread()?.status ?? { type: "active" };
    const closed = status.type === "closed";
    this.composer.update(status);
    this.composer.element.hidden = closed || item !== null;
    const ask = () => item && questions(item.inputs, (answers) => chat.answer(item, answers));
    redraw(this.#asked, item?.id, () => [ask()]);
    const close = h("button", { type: "button", onclick: () => chat.showToast(null) }, icon());
    redraw(this.#toast, toast, () => [toast, toast && close]);
    const text = closed ? status.reason : (chat.options.disclaimer?.text ?? "");
    redraw(this.#below, [closed, text], () => (closed ? [text] : markdown(text)));
  }

  #drawHistory() {
    const { history, historyOpen } = this.chat;
    for (const part of [this.#main, this.#footer]) {
      setProps(part, { "aria-hidden": historyOpen ? "true" : "false", inert: historyOpen && "" });
    }
    if (!historyOpen) return this.#history.remove();
    const isOld = ({ created_at: at = "" } = {}) => Date.now() - Date.parse(at) > DAY_MS;
    const rows = history.flatMap(({ id, title, ...thread }, at) => {
      const onclick = (/** @type {Event} */ event) => event.stopPropagation();
      const more = h("button", { type: "button", onclick }, icon());
      const props = { role: "button", tabindex: "0", onclick: () => this.chat.openFromHistory(id) };
      const row = h("div", props, h("span", {}, title ?? "New thread"), more);
      const begins = at === 0 || isOld(thread) !== isOld(history[at - 1]);
      return begins ? [h("div", {}, isOld(thread) ? "Older" : "Today"), row] : [row];
    });
    const none = h("p", {}, "You don't have any past chats.");
    redraw(this.#history, history, () => (rows.length ? rows : [none]));
    return this.root.append(this.#history);
  }
}
