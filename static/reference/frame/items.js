// @ts-check
/** What one item of a thread looks like. A function per type; a type that is not here shows nothing. */
import { fill, h, icon, redraw } from "./dom.js";
import { markdown } from "./markdown.js";
import { SmoothText } from "./smoothing.js";
import { widget } from "./widgets.js";

/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Part} Part */
/** @typedef {import("../types.js").Place} Place */

/** @param {string} url */
const hostOf = (url) => new URL(url, "https://unknown.invalid").host.replace(/^www\./, "");

/** @param {Item} item */
function userMessage({ content, attachments, quoted_text: quoted }) {
  const texts = content.map(({ type, text }) => ({ input_tag: `@${text}`, input_text: text })[type] ?? "");
  const files = attachments.map(({ type, name, mime_type: mime, preview_url: src }) => {
    if (type === "image") return h("img", { src, alt: "" });
    return h("div", {}, icon(), h("div", {}, name), h("div", {}, mime.replace(/^.*\//, "").toUpperCase()));
  });
  return [
    ...files,
    quoted && h("div", {}, icon(), `“${quoted}”`),
    h("div", { class: "bubble" }, texts.join("")),
  ];
}

/** @param {import("../types.js").Task} task */
function taskView({ type, title, content = "", queries = [], sources = [] }) {
  const searched = queries.map((query) => h("div", {}, icon(), query));
  const found = sources.map(({ url, filename }) =>
    url ? h("a", { href: url, target: "_blank", rel: "noopener" }, hostOf(url)) : filename,
  );
  return h("div", {}, icon(), type !== "thought" && h("div", {}, title), markdown(content), searched, found);
}

/** @param {Item} item @param {Place} place */
function workflow({ workflow: { type, tasks, summary, expanded }, done }, { streaming, isLast }) {
  const open = streaming && isLast && !done;
  const spent = summary?.duration === undefined ? "a while" : `${summary.duration}s`;
  const past = `${type === "reasoning" ? "Thought" : "Worked"} for ${spent}`;
  const title = summary?.title ?? (open ? tasks.at(-1)?.title : past);
  const details = expanded && !open && h("div", {}, tasks.map(taskView), h("div", {}, icon(), "Done"));
  return [title && h("div", {}, title, icon()), details];
}

/** @param {Item} item @param {Place} place */
function structuredInput({ status, inputs }, { isLast }) {
  const some = inputs.length === 1 ? "" : "s";
  if (status === "pending") return [h("span", {}, `Waiting for your answer${some}`)];
  const answers = inputs.map(({ question, answer }) => {
    const said = answer?.skipped ? "Skipped" : answer?.values.join(", ");
    return answer && h("div", {}, h("div", {}, question), h("div", {}, said));
  });
  const title = status === "skipped" ? "Skipped questions" : `Asked ${inputs.length} question${some}`;
  return [h("div", {}, title, icon()), isLast && h("div", {}, answers)];
}

/** @param {Part} part @param {string} text what is to be shown of it */
function outputText({ text: whole, annotations }, text) {
  let marked = text;
  const cited = [...annotations].sort((a, b) => (b.index ?? 0) - (a.index ?? 0));
  for (const { source, index = text.length + 1 } of cited) {
    if (!source.url || index > text.length) continue;
    marked = `${marked.slice(0, index)} [${hostOf(source.url)}](${source.url})${marked.slice(index)}`;
  }
  return h("div", {}, markdown(marked, text.length < whole.length));
}

/** @type {Record<string, (item: Item, place: Place) => import("../types.js").Child[]>} */
const VIEWS = {
  user_message: userMessage,
  workflow,
  structured_input: structuredInput,
  widget: (item, { onAction }) => [widget(item.widget, (action) => onAction(action, item))],
  task: ({ task }) => [h("div", {}, task.title, icon())],
  generated_image: ({ image }) => [
    h("div", {}, image ? "Image created" : "Creating image"),
    image && h("img", { src: image.url, alt: "", draggable: "false" }),
  ],
  progress_update: ({ text }) => [icon(), text],
};

/** @param {Item} item */
export const isShown = ({ type }) => type === "assistant_message" || type in VIEWS;

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

/**
 * @param {HTMLElement | null} old
 * @param {Item} item
 * @param {Place} place
 * @throws TypeError where an item is not what its type says: the turn then shows its fallback
 */
export function drawItem(old, item, place) {
  const element = old ?? h("div", { "data-thread-item": item.type.replaceAll("_", "-") });
  const view = item.type === "assistant_message" ? drawMessage.bind(null, element) : VIEWS[item.type];
  redraw(element, [item, place], () => view?.(item, place) ?? []);
  return element;
}
