/** What one item of a thread looks like. A function per type; a type that is not here shows nothing. */
import { fill, h, redraw } from "./dom.js";
import { markdown } from "./markdown.js";
import rules from "./rules.json" with { type: "json" };
import { SmoothText } from "./smoothing.js";
import { widget } from "./widgets.js";

const { texts, times } = rules;

/** A text with its gaps filled. @param {string} text @param {Record<string, unknown>} values */
const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** @type {Record<string, ItemView>} */
const VIEWS = {
  user_message: ({ content, attachments, quoted_text: quoted }) => {
    const texts = content.map(({ type, text }) => ({ input_tag: `@${text}`, input_text: text })[type] ?? "");
    const files = attachments.map(({ name }) => h("div", {}, name));
    return [...files, quoted && h("div", {}, `“${quoted}”`), h("div", { class: "bubble" }, texts.join(""))];
  },
  workflow: ({ workflow: { type, tasks, summary, expanded }, done }, { streaming, isLast }) => {
    const open = streaming && isLast && !done;
    const time =
      summary?.duration === undefined ? times.unknown : said(times.seconds, { n: summary.duration });
    const past = said(type === "reasoning" ? texts.thought : texts.worked, { time });
    const details = tasks.map(({ title, content = "" }) => h("div", {}, title, markdown(content)));
    const title = summary?.title ?? (open ? tasks.at(-1)?.title : past);
    return [h("div", {}, title), ...(expanded ? details : [])];
  },
  structured_input: ({ status, inputs }) => {
    const count = { n: inputs.length, s: inputs.length === 1 ? "" : "s" };
    const asked = said(status === "skipped" ? texts.skipped : texts.asked, count);
    return [h("div", {}, status === "pending" ? said(texts.waiting, count) : asked)];
  },
  widget: (item, { onAction }) => [widget(item.widget, (action) => onAction(action, item))],
  task: ({ task }) => [h("div", {}, task.title)],
  generated_image: ({ image }) => [
    h("div", {}, image ? texts.image_ready : texts.image_pending),
    image && h("img", { src: image.url, alt: "", draggable: "false" }),
  ],
  progress_update: ({ text }) => [text],
};

/** @param {Item} item */
export const isShown = ({ type }) => type === "assistant_message" || type in VIEWS;

/** @param {Part} part @param {string} text what is to be shown of it */
function outputText({ text: whole, annotations }, text) {
  let marked = text;
  const cited = [...annotations].sort((a, b) => (b.index ?? 0) - (a.index ?? 0));
  for (const { source, index = text.length + 1 } of cited) {
    if (!source.url || index > text.length) continue;
    const host = new URL(source.url, "https://unknown.invalid").host.replace(/^www\./, "");
    marked = `${marked.slice(0, index)} [${host}](${source.url})${marked.slice(index)}`;
  }
  return h("div", {}, markdown(marked, text.length < whole.length));
}

/** @type {WeakMap<Element, SmoothText[]>} of the texts of an assistant message */
const smoothed = new WeakMap();

/** @param {Element} element @param {Item} item @param {Place} place */
function drawMessage(element, item, { live, streaming }) {
  const parts = item.content.filter(({ type }) => type === "output_text");
  const before = smoothed.get(element) ?? [];
  const texts = live ? parts.map((_, at) => before[at] ?? new SmoothText(!streaming)) : [];
  for (const gone of before.slice(texts.length)) gone.stop();
  smoothed.set(element, texts);
  const draw = () => parts.map((part, at) => outputText(part, texts[at]?.shown ?? part.text));
  draw(); // A part that cannot be drawn fails here, not in a later frame.
  texts.forEach((text, at) => {
    const { text: whole = "", done } = parts[at] ?? {};
    text.update(whole, Boolean(item.done || done), () => fill(element, draw()));
  });
  return draw();
}

/** Throws where an item is not what its type says: the turn then shows its fallback.
 * @param {HTMLElement | null} old @param {Item} item @param {Place} place */
export function drawItem(old, item, place) {
  const element = old ?? h("div", { "data-thread-item": item.type.replaceAll("_", "-") });
  const view = item.type === "assistant_message" ? drawMessage.bind(null, element) : VIEWS[item.type];
  redraw(element, [item, place], () => view?.(item, place) ?? []);
  return element;
}
