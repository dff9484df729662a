// @ts-check
/** Markdown as far as replies use it, made into elements. Nothing in a text ever becomes markup of the page. */
import { h } from "./dom.js";

/** @typedef {import("../types.js").Child} Child */

const INLINE =
  /`(?<code>[^`]+)`|\*\*(?<strong>.+?)\*\*|(?<!\w)[*_](?<em>[^*_\s][^*_]*)[*_](?!\w)|~~(?<del>.+?)~~|\[(?<label>[^\]]*)\]\((?<href>[^)\s]*)\)|(?<url>https?:\/\/[^\s<]+)| {2,}\n/;
const LIST = /^(\s*)(?:[-*+]|\d+[.)])\s+/;
const OTHER_THAN_TEXT = /^(```|#{1,6}\s|>|\s*(?:[-*+]|\d+[.)])\s|\||\s*$)/;

/** @param {string} href @param {Child[]} text */
const link = (href, text) =>
  h("a", { href: /^(https?|mailto):/i.test(href) && href, target: "_blank", rel: "noopener" }, text);

/** @param {string} text @returns {Child[]} */
function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return [text];
  const { code, label, href, url, ...marks } = match.groups ?? {};
  const [tag, marked] = Object.entries(marks).find(([, words]) => words) ?? [];
  let element = h("br");
  if (code) element = h("code", {}, code);
  else if (tag && marked) element = h(tag, {}, inline(marked));
  else if (href !== undefined) element = link(href, inline(label ?? ""));
  else if (url) element = link(url, [url]);
  return [text.slice(0, match.index), element, ...inline(text.slice(match.index + match[0].length))];
}

/** Closes what a text still in the making has opened. @param {string} text */
const closed = (text) =>
  ["**", "`"].reduce((so, mark) => (so.split(mark).length % 2 === 0 ? so.trimEnd() + mark : so), text);

/** @param {string} tag @param {string} line */
function row(tag, line) {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|");
  const made = cells.map((cell) => h(tag, {}, inline(cell.trim())));
  return h("tr", {}, made);
}

/** @param {string[]} lines */
function table([head = "", , ...lines]) {
  const rows = lines.map((line) => row("td", line));
  return h("table", {}, h("thead", {}, row("th", head)), h("tbody", {}, rows));
}

/** @param {string[]} lines */
function list(lines) {
  const indent = LIST.exec(lines[0] ?? "")?.[1]?.length ?? 0;
  /** @type {string[][]} */
  const items = [];
  for (const line of lines) {
    const bullet = LIST.exec(line);
    if (bullet && (bullet[1]?.length ?? 0) <= indent) items.push([line.slice(bullet[0].length)]);
    else items.at(-1)?.push(line.replace(/^ {2,4}/, ""));
  }
  const made = items.map((item) => h("li", {}, "\u200c", blocks(item)));
  return h(/^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul", {}, made);
}

/** @param {string[]} lines */
const quote = (lines) => h("blockquote", {}, blocks(lines.map((line) => line.replace(/^>\s?/, ""))));

/** @param {string[]} lines */
const heading = ([line = ""]) => h(`h${line.indexOf(" ")}`, {}, inline(line.replace(/^#+\s+/, "")));

/** @param {string[]} lines */
const code = (lines) =>
  h(
    "pre",
    {},
    h(
      "code",
      {},
      lines
        .slice(1)
        .join("\n")
        .replace(/\n?```\s*$/, ""),
    ),
  );

/** @param {string[]} lines */
const paragraph = (lines) => h("p", {}, inline(lines.join("\n")));

/** What a block begins with, what makes it, and whether a line goes on with it, given the lines before.
 * @type {[RegExp, (lines: string[]) => HTMLElement, (line: string, before: string[]) => boolean][]} */
const BLOCKS = [
  [/^```/, code, (_line, before) => before.length < 2 || !/^```/.test(before.at(-1) ?? "")],
  [/^#{1,6}\s/, heading, () => false],
  [/^\s*([-*_])\s*(\1\s*){2,}$/, () => h("hr"), () => false],
  [/^>/, quote, (line) => line.startsWith(">")],
  [LIST, list, (line) => LIST.test(line) || /^\s+\S/.test(line)],
  [/^\|.*\|/, table, (line) => line.startsWith("|")],
  [/\S/, paragraph, (line) => !OTHER_THAN_TEXT.test(line)],
];

/** @param {string[]} lines @returns {HTMLElement[]} */
function blocks(lines) {
  const made = [];
  const left = [...lines];
  while (left.length) {
    const taken = left.splice(0, 1);
    const block = BLOCKS.find(([start]) => start.test(taken[0] ?? ""));
    if (!block) continue;
    const [, make, goesOn] = block;
    while (left.length && goesOn(left[0] ?? "", taken)) taken.push(...left.splice(0, 1));
    made.push(make(taken));
  }
  return made;
}

/** @param {string} text @param {boolean} [unfinished] @returns {HTMLElement[]} */
export const markdown = (text, unfinished = false) =>
  blocks((unfinished ? closed(text) : text).split(/\r?\n/));
