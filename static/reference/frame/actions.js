/** What a user can do with a finished turn: copy it, rate it, regenerate it. */
import { icon, off } from "./controls.js";
import { h, redraw } from "./elements/dom.js";
import names from "./names.json" with { type: "json" };

/** What stands for itself: a turn that ends with it has none of these buttons (measured). */
const COMPLETE = ["widget", "generated_image", "structured_input"];

/** @type {Map<string | undefined, "positive" | "negative">} how a turn was rated, by the id of its last item */
const ratings = new Map();

/** Whether a turn that is over has buttons. @param {Item[]} items that are shown of it */
export const hasActions = (items) => items.length > 0 && !COMPLETE.includes(items.at(-1)?.type ?? "");

/** What is written in a turn, as it was sent. @param {Item[]} items */
function writtenIn(items) {
  const messages = items.filter(({ type }) => type === "assistant_message");
  return messages.flatMap(({ content }) => content.map(({ text }) => text)).join("\n\n");
}

/** @param {HTMLElement | null} old @param {Chat} chat @param {Turn} turn @param {Item[]} items */
export function drawActions(old, chat, turn, items) {
  const element = old ?? h("div", { class: "actions" });
  const { feedback = true, retry = false } = chat.options.threadItemActions ?? {};
  const id = items.at(-1)?.id;
  const draw = () =>
    redraw(element, [items, feedback, retry, ratings.get(id)], () => [
      action(null, "copy", () => void navigator.clipboard.writeText(writtenIn(items))),
      ...(feedback ? [rate("positive"), rate("negative")] : []),
      retry && action(names.turn.retry, "retry", () => chat.retry(turn)),
    ]);
  /** @param {string | null} name @param {string} kind @param {() => void} work
   * @param {Record<string, unknown>} [props] */
  const action = (name, kind, work, props) => {
    const onclick = () => {
      work();
      chat.channel.log("message.action", { action: kind });
    };
    return icon(name, onclick, props);
  };
  /** @param {"positive" | "negative"} kind */
  const rate = (kind) => {
    const isChosen = ratings.get(id) === kind;
    const work = () => {
      ratings.set(id, kind);
      draw();
      const about = { thread_id: chat.threadId, item_ids: items.map(({ id }) => id), kind };
      // Measured: a failure is reported nowhere; it is an uncaught rejection inside the frame.
      void chat.channel.request(chat.options, "items.feedback", about);
    };
    return action(names.turn[kind], `feedback.${kind}`, work, {
      ...off(isChosen),
      "data-selected": isChosen && "",
    });
  };
  draw();
  return element;
}
