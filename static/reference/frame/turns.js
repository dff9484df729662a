/** The turns of a thread, each drawn from its items, with what goes below them: an alert, or a sign of waiting. */
import { drawActions, hasActions } from "./actions.js";
import { button, h, keyed, setProps, syncChildren } from "./elements/dom.js";
import { markdown } from "./elements/markdown.js";
import { drawItem } from "./items.js";
import rules from "./rules.json" with { type: "json" };
import { lastSaid, lastShown, nextTurn } from "./thread.js";

/** @type {WeakSet<Element>} turns whose drawing failed: they stay as they are, be the thread announced again */
const crashed = new WeakSet();

/** @type {(item: Item) => boolean} */
const isShown = ({ type }) => rules.items.shown.includes(type);

/** @param {Element} element @param {Chat} chat @param {Thread | null} thread */
export function drawThread(element, chat, thread) {
  const items = thread?.items ?? [];
  const responding = thread !== null && chat.thread() === thread && chat.responding;
  setProps(element, { "data-responding": String(responding) });
  const last = lastShown(thread);
  // Measured: it is looked for text outside of the turns, and what has no such thing takes the panel with it.
  if (responding && last?.type === "assistant_message")
    (last.content || []).every(({ text }) => !(text || "").trim());
  const turns = [...new Set(items.map(({ turn }) => turn))];
  const alert = responding ? null : alertOf(thread);
  const isOpen = responding || alert?.kind === "error";
  const isCrashed = (/** @type {Turn} */ { role, n }) =>
    [...element.children].some((old) => crashed.has(old) && old.matches(`[data-key="${role} ${n}"]`));
  const end = turns.at(-1);
  const isFull = end?.role !== "assistant" || (alert && end.closed && isCrashed(end));
  if (thread && isOpen && isFull) turns.push(nextTurn(thread, "assistant"));
  /** @type {Keyed[]} */
  const shown = [];
  for (const turn of turns) {
    const shownItems = items.filter((item) => item.turn === turn && isShown(item));
    // Progress alone ends with its turn.
    const isOver = turn.closed && shownItems.every(({ type }) => type === "progress_update");
    const own = isOver ? [] : shownItems;
    const isLast = turn === turns.at(-1);
    const draw = (/** @type {HTMLElement | null} */ old) =>
      drawTurn(old, chat, turn, own, isLast ? alert : null, !(isLast && responding));
    if ((isLast && isOpen) || isCrashed(turn) || own.length > 0) shown.push([`${turn.role} ${turn.n}`, draw]);
  }
  syncChildren(element, shown);
}

/** A notice stands below an item of the assistant's, an error wherever the thread ends.
 * @param {Thread | null} thread @returns {Alert | null} */
function alertOf(thread) {
  const last = thread?.items.findLast(({ type, turn }) => type !== "gone" || turn.role === "user")?.turn;
  const isBelow =
    last?.role === "assistant" &&
    !last.closed &&
    thread?.items.some((item) => item.turn === last && isShown(item));
  return thread?.alert?.kind === "error" || isBelow ? (thread?.alert ?? null) : null;
}

/** A turn that fails to draw shows a fallback, for good; the others go on.
 * @param {HTMLElement | null} old @param {Chat} chat @param {Turn} turn @param {Item[]} items
 * @param {Alert | null} alert below it @param {boolean} isOver whether nothing more comes of it */
function drawTurn(old, chat, turn, items, alert, isOver) {
  const article = old ?? h("article", { "data-thread-turn": turn.role });
  const isUser = turn.role === "user";
  const heading = h(isUser ? "h5" : "h6", { class: "sr-only" }, isUser ? "You said:" : "The assistant said:");
  const streaming = chat.responding;
  const onAction = chat.widgetAction.bind(chat);
  const parts = items.map((item, at) => {
    // Measured: items are told apart by their ids, and one without cannot stand before others.
    const isNameless = !isUser && (item.id === undefined || String(item.id) === "");
    const fails = isNameless && (Array.isArray(item.id) || at < items.length - 1);
    const isLast = item === (item.type === "structured_input" ? lastSaid : lastShown)(chat.thread());
    const place = { live: !isUser && Boolean(item.live), isLast, streaming, onAction, fails };
    return /** @type {Keyed} */ ([`${item.type} ${item.id}`, (part) => drawItem(part, item, place)]);
  });
  const buttons = (/** @type {HTMLElement | null} */ part) => drawActions(part, chat, turn, items);
  const hasButtons = !isUser && isOver && !alert && hasActions(items);
  try {
    if (crashed.has(article)) return article;
    syncChildren(article, [
      ...keyed("heading", () => heading),
      ...parts,
      ...keyed(alert && `alert ${JSON.stringify(alert)}`, () => alertView(chat, alert)),
      .../** @type {Keyed[]} */ (hasButtons ? [["actions", buttons]] : []),
      ...keyed(streaming && !isUser && parts.length === 0, () => h("div", { class: "waiting" })),
    ]);
  } catch (error) {
    crashed.add(article);
    console.error(error);
    console.error("Error rendering thread items in turn", { threadId: chat.threadId, info: {} });
    article.replaceChildren(heading, alertView(chat));
  }
  return article;
}

/** @param {Chat} chat @param {Alert | null} [alert] */
function alertView(chat, alert = { kind: "error", message: rules.texts.crashed }) {
  const { kind, title, message, retry } = alert ?? {};
  if (kind === "notice") {
    const text = typeof message === "string" ? markdown(message) : [];
    return h("div", { "data-actions-placement": "bottom" }, h("div", {}, title), text);
  }
  const again = retry && button(rules.texts.retry, () => chat.retry());
  return h("div", { "data-type": "info" }, h("div", {}, message), again);
}
