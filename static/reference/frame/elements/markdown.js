/** Markdown as far as replies use it, made into elements. Nothing in a text ever becomes markup of the page. */
import { h } from "./dom.js";

const INLINE =
  /`(?<code>[^`]+)`|\*\*(?<strong>(?![*\s]).+?)\*\*|(?<!\w)[*_](?<em>[^*_\s][^*_]*)[*_](?!\w)|~~(?<del>.+?)~~|\[(?<label>[^\]]*)\]\((?<href>[^)\s]*)\)|(?<url>https?:\/\/[^\s<]+)| {2,}\n/;
const FENCE = /^```.*$/m;
const BULLET = /^\s*(?:[-*+]|\d+[.)])\s+/m;
const NEVER = /(?!)/;

/** @param {string} text @returns {Child[]} */
function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return [text];
  const { code, label = "", url, href = url, ...marks } = match.groups ?? {};
  const [tag, marked] = Object.entries(marks).find(([, words]) => words) ?? [];
  let element = h("br");
  if (code) element = h("code", {}, code);
  else if (tag && marked) element = h(tag, {}, inline(marked));
  else if (href !== undefined) {
    const props = { href: /^(https?|mailto):/i.test(href) && href, target: "_blank", rel: "noopener" };
    element = h("a", props, url ?? inline(label));
  }
  return [text.slice(0, match.index), element, ...inline(text.slice(match.index + match[0].length))];
}

/** @param {string} tag @param {string} line of a table */
function row(tag, line) {
  const cells = line.replace(/^\||\|\s*$/g, "").split("|");
  return h("tr", {}, ...cells.map((cell) => h(tag, {}, inline(cell.trim()))));
}

/** @param {string[]} lines */
const table = ([head = "", , ...rows]) =>
  h("table", {}, row("th", head), ...rows.map((line) => row("td", line)));

/** @param {string[]} lines */
function list(lines) {
  const items = lines.join("\n").split(BULLET).slice(1);
  const made = items.map((text) => h("li", {}, "\u200c", ...inline(text)));
  return h(/^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul", {}, made);
}

/** @type {Block[]} */
const BLOCKS = [
  [/^#{1,6}\s/, NEVER, ([line = ""]) => h(`h${line.indexOf(" ")}`, {}, inline(line.replace(/^#+\s+/, "")))],
  [/^\s*([-*_])\s*(\1\s*){2,}$/, NEVER, () => h("hr")],
  [/^>/, /^>/, (lines) => h("blockquote", {}, blocks(lines.map((line) => line.replace(/^>\s?/, ""))))],
  [BULLET, /^\s+\S|^[-*+]\s|^\d+[.)]\s/, list],
  [/^\|/, /^\|/, table],
  [/\S/, /^(?!#{1,6}\s|>|\s*(?:[-*+]|\d+[.)])\s|\||\s*$)/, (lines) => h("p", {}, inline(lines.join("\n")))],
];

/** @param {string[]} lines */
function blocks(lines) {
  const made = [];
  for (let at = 0; at < lines.length; ) {
    const first = at++;
    const [, goesOn, make] = BLOCKS.find(([begins]) => begins.test(lines[first] ?? "")) ?? [];
    while (goesOn?.test(lines[at] ?? "")) at++;
    if (make) made.push(make(lines.slice(first, at)));
  }
  return made;
}

/** Closes what a text still in the making has opened. @param {string} text */
const closed = (text) =>
  ["**", "`"].reduce((so, mark) => (so.split(mark).length % 2 === 0 ? so.trimEnd() + mark : so), text);

/** @param {string} text @param {boolean} [unfinished] */
export const markdown = (text, unfinished = false) =>
  (unfinished ? closed(text) : text).split(FENCE).flatMap((part, at) => {
    const isCode = at % 2 === 1;
    return isCode ? h("pre", {}, h("code", {}, part.replace(/^\n|\n$/g, ""))) : blocks(part.split(/\r?\n/));
  });
