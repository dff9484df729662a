/** What one item of a thread looks like. A function per type; a type that is not here shows nothing. Where an item
 * is not what its type says, they fail as the measured component does. */
import { fill, h, line, redraw, said, words } from "./elements/dom.js";
import { markdown } from "./elements/markdown.js";
import { drawFile } from "./files.js";
import rules from "./rules.json" with { type: "json" };
import { SmoothText } from "./smoothing.js";
import { widget } from "./widgets.js";

const { texts, times } = rules;

/** @param {any} duration in seconds */
function time(duration) {
  if ((duration ?? null) === null) return times.unknown;
  if (duration < times.moment_below_s) return times.moment;
  const all = BigInt(Math.round(duration)); // Fails for anything that is not a number.
  const [hours, minutes, rest] = [all / 3600n, (all / 60n) % 60n, all % 60n];
  const seconds = hours ? 0n : rest;
  const parts = Object.entries({ [times.hours]: hours, [times.minutes]: minutes, [times.seconds]: seconds });
  return parts.flatMap(([text, n]) => (n ? said(text, { n: n.toLocaleString("en") }) : [])).join(" ");
}

/** @param {any} task @param {unknown} open whether the component is at it */
const titleOf = ({ type, title }, open) =>
  title || Object(open ? texts.open_tasks : texts.tasks)[type] || texts.other_task;

/** @param {any} task @returns {any[]} */
const detailsOf = ({ content, queries = [] }) => [markdown(content ?? ""), ...[queries].flat().map(line)];

/** @type {(question: any) => Child} */
const answered = ({ question, answer }) => {
  const { values, skipped } = answer ?? {};
  const isGiven = typeof answer === "object" && !skipped && (values ?? "") !== "" && values.length !== 0;
  return h("div", {}, line(question), line(isGiven ? values.join(", ") : texts.skipped_answer));
};

/** @type {Record<string, ItemView>} */
const VIEWS = {
  user_message: ({ content, attachments, quoted_text: quote }) => {
    const drawn = attachments.map((file) => ({ isFile: file.type !== "image", element: drawFile(file) }));
    drawn.sort((one, other) => Number(one.isFile) - Number(other.isFile)); // Pictures come first.
    const written = (content ?? []).map(({ type, text }) => {
      if (type !== "input_text" && type !== "input_tag") return "";
      return text.charAt(0) && type === "input_tag" ? `@${text}` : text;
    });
    return [
      quote ? line(`“${words(quote)}”`) : "",
      ...drawn.map(({ element }) => element),
      h("div", { class: "bubble" }, written),
    ];
  },
  workflow: ({ workflow: { type, tasks, summary, expanded }, done }, { streaming, isLast }) => {
    const open = streaming && isLast && !done;
    const title = summary && "title" in summary ? summary.title : "";
    const past = () =>
      said(type === "custom" ? texts.worked : texts.thought, { time: time(summary?.duration) });
    const some = tasks.length > 0 && expanded ? tasks.filter(Boolean) : [];
    const details = some.flatMap((task) => [line(titleOf(task, open)), ...detailsOf(task)]);
    const end = some.length > 0 && !open && line(texts.workflow_done);
    const last = tasks.at?.(-1);
    return [line(title || (open ? last && titleOf(last, open) : past())), ...details.flat(), end];
  },
  structured_input: ({ id, status, inputs, asked }, { isLast }) => {
    const count = { n: inputs.length, s: inputs.length === 1 ? "" : "s" };
    if (status === "pending") return [line(said(texts.waiting, count))];
    const isSkipped = status === "skipped" || inputs.every(({ answer }) => answer?.skipped === true);
    const title = status === "answered" ? texts.asked : status === "skipped" && texts.skipped;
    const head = line(title ? said(title, count) : texts.unknown_questions);
    return [head, ...(isLast && !isSkipped && id !== undefined && !asked ? inputs.map(answered) : [])];
  },
  widget: (item, { onAction }) => [
    widget(item.widget, item.done === true, (action) => onAction(action, item)),
  ],
  task: ({ task, turn }, { streaming, isLast }) => [
    line(titleOf(task, streaming && isLast && !turn.closed && task.status_indicator !== "complete")),
  ],
  generated_image: ({ image, isMade = Boolean(image) }) => [
    line(isMade ? texts.image_ready : texts.image_pending),
    image ? h("img", { src: image.url, alt: "", draggable: "false" }) : "",
  ],
  progress_update: ({ text }) => [text],
};

/** The text of a part as Markdown, with the pages named that it cites. @param {Part} part */
function cited({ text, annotations }) {
  let marked = String(text.slice(0));
  const end = marked.length;
  for (const { source, index = 0 } of [...annotations].sort((a, b) => (b.index ?? 0) - (a.index ?? 0))) {
    const isPage = source.type === "url";
    if (typeof index !== "number" || index < 1 || index > end) continue;
    const url = isPage ? words(source.url) : "about:no-page-but-a-source";
    const name = URL.canParse(url) ? new URL(url).hostname.replace(/^www\d*\./, "") : url;
    marked = `${marked.slice(0, index)} [${name}](${url})${marked.slice(index)}`;
  }
  return marked;
}

/** @type {WeakMap<Element, SmoothText[]>} of the texts of an assistant message */
const smoothed = new WeakMap();

/** @param {Element} element @param {Item} item @param {Place} place */
function drawMessage(element, item, { live, streaming, isLast }) {
  // Measured: a part that was skipped is missed once nothing more comes, in what is last.
  const all = streaming || !isLast ? item.content.slice() : [...item.content];
  const parts = all.filter(({ type }) => type === "output_text");
  const marked = parts.map(cited);
  const before = smoothed.get(element) ?? [];
  const shown = live ? parts.map((_, at) => before[at] ?? new SmoothText(!streaming)) : [];
  for (const gone of before.slice(shown.length)) gone.stop();
  smoothed.set(element, shown);
  const draw = () =>
    marked.map((whole, at) => {
      const text = shown[at]?.shown ?? whole;
      return h("div", {}, markdown(text, text.length < whole.length));
    });
  shown.forEach((text, at) => {
    text.update(marked[at] ?? "", !parts[at]?.growing, () => fill(element, draw()));
  });
  return draw();
}

/** @param {HTMLElement | null} old @param {Item} item @param {Place} place */
export function drawItem(old, item, place) {
  const element = old ?? h("div", { "data-thread-item": item.type.replaceAll("_", "-") });
  if (place.fails) throw new Error("An item without an id");
  const view = item.type === "assistant_message" ? drawMessage.bind(null, element) : VIEWS[item.type];
  // Input in a widget stays until the widget is replaced by another one.
  const data = item.type === "widget" ? [item.id, item.widget, item.done] : [item, place];
  redraw(element, data, () => view?.(item, place) ?? []);
  return element;
}
