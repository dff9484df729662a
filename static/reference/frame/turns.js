/** The turns of a thread, each drawn from its items, with what goes below them: an alert, or a sign of waiting. */
import { button, h, setProps, syncChildren } from "./dom.js";
import { drawItem, isShown } from "./items.js";
import { markdown } from "./markdown.js";
import rules from "./rules.json" with { type: "json" };
import { nextTurn } from "./thread.js";

/** @type {WeakSet<Element>} turns whose drawing failed: they stay as they are */
const crashed = new WeakSet();

/** An element that stays as it was made, if it is there at all. @type {(key: unknown, make: Make) => Keyed[]} */
const keyed = (key, make) => (key ? [[String(key), (old) => old ?? make(old)]] : []);

/** @param {Element} element @param {Chat} chat @param {Thread | null} thread */
export function drawThread(element, chat, thread) {
  const items = thread?.items ?? [];
  const responding = thread !== null && chat.thread() === thread && chat.responding;
  setProps(element, { "data-responding": String(responding) });
  const turns = [...new Set(items.map(({ turn }) => turn))];
  if (thread && responding && turns.at(-1)?.role !== "assistant") turns.push(nextTurn(thread, "assistant"));
  /** @type {Keyed[]} */
  const shown = [];
  for (const turn of turns) {
    const own = items.filter((item) => item.turn === turn);
    const streaming = responding && turn === turns.at(-1);
    const draw = (/** @type {HTMLElement | null} */ old) => drawTurn(old, chat, turn.role, own, streaming);
    if (streaming || !own.every(({ type }) => type === "client_tool_call" || type === "end_of_turn"))
      shown.push([`${turn.role} ${turn.n}`, draw]);
  }
  syncChildren(element, shown);
}

/** A turn that fails to draw shows a fallback, for good; the others go on. `streaming` says that a stream goes to it.
 * @param {HTMLElement | null} old @param {Chat} chat @param {string} role @param {Item[]} items
 * @param {boolean} streaming */
function drawTurn(old, chat, role, items, streaming) {
  const article = old ?? h("article", { "data-thread-turn": role });
  if (crashed.has(article)) return article;
  const isUser = role === "user";
  const heading = h(isUser ? "h5" : "h6", { class: "sr-only" }, isUser ? "You said:" : "The assistant said:");
  const waits = streaming && items.every(({ content }) => content?.every(({ text }) => !text));
  const alert = items.find(({ type }) => type === "alert")?.alert;
  const visible = items.filter(isShown);
  const onAction = chat.widgetAction.bind(chat);
  const parts = visible.map((item) => {
    const isLast = item === visible.at(-1);
    const place = { live: !isUser && Boolean(item.live), isLast, streaming: chat.responding, onAction };
    return /** @type {Keyed} */ ([`${item.type} ${item.id}`, (part) => drawItem(part, item, place)]);
  });
  try {
    syncChildren(article, [
      ...keyed("heading", () => heading),
      ...parts,
      ...keyed(alert && !streaming && `alert ${JSON.stringify(alert)}`, () => alertView(chat, alert)),
      ...keyed(waits && "waiting", () => h("div", { class: "waiting" })),
    ]);
  } catch (error) {
    crashed.add(article);
    console.error(error);
    console.error("Error rendering thread items in turn", { threadId: chat.threadId, info: {} });
    article.replaceChildren(heading, alertView(chat));
  }
  return article;
}

/** @param {Chat} chat @param {Alert} [alert] */
function alertView(chat, { kind, title, message, retry } = { kind: "error", message: rules.texts.crashed }) {
  if (kind === "notice") {
    return h("div", { "data-actions-placement": "bottom" }, title && h("div", {}, title), markdown(message));
  }
  const again = retry && button(rules.texts.retry, () => chat.retry());
  return h("div", { "data-type": "info" }, h("div", {}, message), again);
}
