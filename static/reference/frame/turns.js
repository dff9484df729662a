// @ts-check
/** The turns of a thread, each drawn from its items, with what goes below them: an alert, or what one can do. */
import { h, icon, iconButton, setProps, syncChildren } from "./dom.js";
import { drawItem, isShown } from "./items.js";
import { markdown } from "./markdown.js";
import { nextTurn } from "./thread.js";

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Thread} Thread */
/** @typedef {import("../types.js").Turn} Turn */
/** @typedef {import("../types.js").Alert} Alert */
/** @typedef {import("../types.js").Keyed} Keyed */

const CRASHED = "Something went wrong. Please try again later.";

/** @type {WeakSet<Element>} turns whose drawing failed: they stay as they are */
const crashed = new WeakSet();

/** @param {Item} item */
const isSilent = ({ type }) => type === "client_tool_call" || type === "end_of_turn";

/** An element that stays as it was made, if it is there at all. @param {unknown} key @param {() => HTMLElement} make
 * @returns {Keyed[]} */
const keyed = (key, make) => (key ? [[String(key), (old) => old ?? make()]] : []);

/** @param {Element} element @param {Chat} chat @param {Thread | null} thread */
export function drawThread(element, chat, thread) {
  const { turns = [], items = {}, live = [] } = thread ?? {};
  const responding = thread !== null && chat.thread() === thread && chat.responding;
  setProps(element, { "data-responding": String(responding) });
  const waits = thread && responding && turns.at(-1)?.role !== "assistant";
  const all = waits ? [...turns, nextTurn(thread, "assistant")] : turns;
  const keyedTurns = all.map((turn, at) => {
    const own = turn.ids.flatMap((id) => items[id] ?? []);
    const streaming = responding && at === all.length - 1;
    const draw = (/** @type {HTMLElement | null} */ old) => {
      const article = old ?? h("article", { "data-thread-turn": turn.role });
      drawTurn(article, chat, turn, own, streaming, live);
      return article;
    };
    return streaming || !own.every(isSilent) ? [/** @type {Keyed} */ ([`${turn.role} ${turn.n}`, draw])] : [];
  });
  syncChildren(element, keyedTurns.flat());
}

/**
 * A turn that fails to draw shows a fallback, for good; the others go on.
 * @param {HTMLElement} article
 * @param {Chat} chat
 * @param {Turn} turn
 * @param {Item[]} items
 * @param {boolean} streaming whether it is the turn that a stream goes to
 * @param {string[]} live
 */
function drawTurn(article, chat, turn, items, streaming, live) {
  if (crashed.has(article)) return;
  const isUser = turn.role === "user";
  const heading = h(isUser ? "h5" : "h6", { class: "sr-only" }, isUser ? "You said:" : "The assistant said:");
  const waits = streaming && items.every(({ content }) => content?.every(({ text }) => !text));
  const alert = items.find(({ type }) => type === "alert")?.alert;
  const last = items.findLast((item) => !isSilent(item) && item.type !== "progress_update")?.type;
  const ends = !isUser && !streaming && !alert && last && !/^(widget|structured_input)$/.test(last);
  const visible = items.filter(isShown);
  const parts = visible.map((item, at) => {
    const isLast = at === visible.length - 1;
    const onAction = chat.widgetAction.bind(chat);
    const place = { live: !isUser && live.includes(item.id), isLast, streaming: chat.responding, onAction };
    return /** @type {Keyed} */ ([`${item.type} ${item.id}`, (old) => drawItem(old, item, place)]);
  });
  const { threadItemActions } = chat.options;
  try {
    syncChildren(article, [
      ...keyed("heading", () => heading),
      ...parts,
      ...keyed(alert && !streaming && `alert ${JSON.stringify(alert)}`, () => alertView(chat, alert)),
      ...keyed(waits && "waiting", () => h("div", { class: "waiting" })),
      ...keyed(ends && `actions ${JSON.stringify(threadItemActions)}`, () => actions(chat, items)),
    ]);
  } catch (error) {
    crashed.add(article);
    console.error(error);
    console.error("Error rendering thread items in turn", { threadId: chat.threadId, info: {} });
    article.replaceChildren(heading, alertView(chat));
  }
}

/** @param {Chat} chat @param {Alert} [alert] */
function alertView(chat, { kind, level, title, message, retry } = { kind: "error", message: CRASHED }) {
  if (kind === "notice") {
    const text = h("div", {}, title && h("div", {}, title), markdown(message));
    const role = level === "danger" && "alert";
    return h("div", {}, h("div", { role, "data-actions-placement": "bottom" }, icon(), text));
  }
  const onclick = () => {
    chat.channel.log("errorNotice.retry");
    chat.retry();
  };
  const again = retry && h("button", { type: "button", onclick }, icon(), " Retry");
  return h("div", {}, h("div", { "data-type": "info" }, icon(), h("div", {}, message), again));
}

/** @param {Chat} chat @param {Item[]} items */
function actions(chat, items) {
  const { feedback = true, retry } = chat.options.threadItemActions ?? {};
  const ids = items.map(({ id }) => id);
  const thumb = (/** @type {string} */ label, /** @type {string} */ kind) => {
    const button = iconButton(label, () => {
      setProps(button, { disabled: "", "aria-disabled": "true" });
      chat.feedback(ids, kind);
    });
    return button;
  };
  const parts = items.flatMap(({ content }) => content ?? []);
  const copy = () => void navigator.clipboard.writeText(parts.map(({ text }) => text).join("\n"));
  const again = () => chat.retry(() => chat.channel.log("message.action", { action: "retry" }));
  const cites = parts.some(({ annotations }) => annotations?.length);
  return h(
    "div",
    {},
    h("button", { type: "button", onclick: copy }, icon()),
    feedback && [thumb("Thumbs up", "positive"), thumb("Thumbs down", "negative")],
    retry && iconButton("Regenerate message", again),
    cites && h("button", { type: "button" }, "Sources"),
  );
}
