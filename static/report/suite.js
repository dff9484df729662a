/**
 * A run of many in one document: the list is filtered and searched, and a session's report is unfolded when it
 * is asked for. Its address is `#/seed/attempt-3`, that of a place in it `#/seed/attempt-3//entry-31`.
 */

const overview = /** @type {HTMLElement} */ (document.getElementById("overview"));
const detail = /** @type {HTMLElement} */ (document.getElementById("detail"));
const title = document.title;
/** Where the list was scrolled to when it was left. */
let scrolled = 0;
let shown = "";

/** @type {Map<string, Element>} */
const folded = new Map();
for (const element of document.querySelectorAll("script[data-folded]")) {
  folded.set(element.getAttribute("data-folded") ?? "", element);
}

for (const row of /** @type {NodeListOf<HTMLElement>} */ (overview.querySelectorAll("tr[data-place]"))) {
  row.querySelector("a")?.setAttribute("href", address(row.dataset.place ?? ""));
}

const form = overview.querySelector("form");
if (form) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A reload may have kept what was asked for.
  filter();
}

for (const head of /** @type {NodeListOf<HTMLElement>} */ (overview.querySelectorAll("th[data-sort]"))) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sorts";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(head));
  head.append(button);
}

addEventListener("hashchange", route);
detail.addEventListener("click", follow);
void route();

/**
 * @param {string} place
 * @param {string} [anchor]
 */
function address(place, anchor) {
  return `#/${encodeURI(place)}${anchor ? `//${anchor}` : ""}`;
}

function filter() {
  if (!form) return;
  const data = new FormData(form);
  const outcomes = new Set(data.getAll("outcome"));
  const words = String(data.get("text") ?? "")
    .toLowerCase()
    .split(/\s+/);
  const rows = /** @type {NodeListOf<HTMLElement>} */ (overview.querySelectorAll("tr[data-outcome]"));
  let left = 0;
  for (const row of rows) {
    const text = (row.textContent ?? "").toLowerCase();
    row.hidden = !outcomes.has(row.dataset.outcome ?? "") || !words.every((word) => text.includes(word));
    left += row.hidden ? 0 : 1;
  }
  const output = form.querySelector("output");
  if (output) output.textContent = `${left} of ${rows.length} scenarios`;
}

/**
 * Put the rows in the order of a column; once more, and it is the other way round. What takes longest comes first.
 *
 * @param {HTMLElement} head
 */
function sort(head) {
  const by = head.dataset.sort ?? "";
  const first = by === "took" ? "descending" : "ascending";
  const other = by === "took" ? "ascending" : "descending";
  const order = head.getAttribute("aria-sort") === first ? other : first;
  for (const each of overview.querySelectorAll("th[aria-sort]")) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const labels = [...overview.querySelectorAll("input[name=outcome]")].map((box) =>
    box.getAttribute("value"),
  );
  const rows = /** @type {HTMLTableRowElement[]} */ ([...overview.querySelectorAll("tr[data-outcome]")]);
  const body = rows[0]?.parentElement;
  /** @param {HTMLTableRowElement} row */
  const name = (row) => row.cells[0]?.textContent ?? "";
  /** @param {HTMLTableRowElement} row */
  const number = (row) =>
    by === "took" ? Number(row.querySelector("[data-ms]")?.getAttribute("data-ms")) : outcome(row);
  /** @param {HTMLTableRowElement} row */
  const outcome = (row) => labels.indexOf(row.dataset.outcome ?? "");
  const sign = order === "ascending" ? 1 : -1;
  rows.sort((one, two) => {
    const names = name(one).localeCompare(name(two));
    return by === "name" ? sign * names : sign * (number(one) - number(two)) || names;
  });
  body?.append(...rows);
}

/** Show what the address says. */
async function route() {
  const [place = "", anchor = ""] = location.hash.startsWith("#/")
    ? decodeURI(location.hash.slice(2)).split("//")
    : [];
  const source = folded.get(place);
  if (!source) {
    back();
    if (place) point(place);
    return;
  }
  if (shown !== place) await unfold(place, source);
  go(anchor);
}

/**
 * Lead to the row of a session whose report is not in this document: its link leads to the one beside it.
 *
 * @param {string} place
 */
function point(place) {
  const row = overview.querySelector(`tr[data-beside="${CSS.escape(place)}"]`);
  row?.scrollIntoView({ block: "center" });
  row?.querySelector("a")?.focus({ preventScroll: true });
}

function back() {
  if (!shown) return;
  const place = shown;
  shown = "";
  detail.replaceChildren();
  detail.hidden = true;
  overview.hidden = false;
  document.title = title;
  scrollTo(0, scrolled);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (overview.querySelectorAll("tr[data-place]"))) {
    if (row.dataset.place === place) row.querySelector("a")?.focus({ preventScroll: true });
  }
}

/**
 * @param {string} place
 * @param {Element} source
 */
async function unfold(place, source) {
  if (!shown) scrolled = scrollY;
  shown = place;
  const html = await inflated(source.textContent ?? "");
  if (shown !== place) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const link of template.content.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (!href.startsWith("#")) link.setAttribute("href", `${encodeURI(place)}/${href}`);
  }
  for (const image of template.content.querySelectorAll("img[data-picture]")) fill(image);
  const crumb = document.createElement("nav");
  crumb.className = "crumb";
  crumb.setAttribute("aria-label", "Run");
  const link = document.createElement("a");
  link.href = "#";
  link.textContent = "All scenarios of this run";
  crumb.append(link);
  detail.replaceChildren(crumb, template.content);
  overview.hidden = true;
  detail.hidden = false;
  const heading = detail.querySelector("h1");
  document.title = heading?.textContent?.trim() ?? title;
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  detail.querySelector("[data-session]")?.dispatchEvent(new CustomEvent("report:shown", { bubbles: true }));
}

/**
 * Put a picture in its place, or a link to where it lies beside the document.
 *
 * @param {Element} image
 */
function fill(image) {
  const key = image.getAttribute("data-picture") ?? "";
  const kept = document.querySelector(`script[data-kept="${CSS.escape(key)}"]`);
  if (kept) {
    image.setAttribute("src", kept.textContent ?? "");
    return;
  }
  const link = document.createElement("a");
  link.setAttribute("href", key);
  link.textContent = `Not in this document: ${key}`;
  image.replaceWith(link);
}

/**
 * Where a link inside of a report leads.
 *
 * @param {MouseEvent} event
 */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const href = link?.getAttribute("href") ?? "";
  if (href.length < 2 || !href.startsWith("#") || href.startsWith("#/") || event.defaultPrevented) return;
  event.preventDefault();
  const to = address(shown, href.slice(1));
  if (location.hash === to) go(href.slice(1));
  else location.hash = to;
}

/** @param {string} anchor */
function go(anchor) {
  for (const before of detail.querySelectorAll(".target")) before.classList.remove("target");
  const element = anchor ? document.getElementById(anchor) : null;
  if (!element) {
    if (!anchor) scrollTo(0, 0);
    return;
  }
  for (let fold = element.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
  element.classList.add("target");
  element.scrollIntoView();
}

/** @param {string} packed */
async function inflated(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

export {};
