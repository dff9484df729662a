// The rendered transcript over time. A mutation record sees states that are never painted; an animation frame
// sees what a user could see. Both are recorded, each under its own name.

if (isComponentFrame) {
  const CRASH = /^something went wrong/i;
  const BLOCKS = /^(ADDRESS|ARTICLE|BLOCKQUOTE|DD|DIV|DL|DT|H[1-6]|HR|LI|OL|P|PRE|SECTION|TABLE|TR|UL)$/;
  const SKIPPED = /^(SCRIPT|STYLE|SVG|NOSCRIPT|TEMPLATE|INPUT|TEXTAREA)$/i;
  const MAX_ITEMS = 500;
  // Style changes move no node: keep looking for a while after the last change.
  const WATCH_MS = 1_000;
  // Frames come every 16 ms; so long without one is a machine or a thread that had no time.
  const STALL_MS = 40;

  /** An item with its whole text, as it is read. @typedef {Omit<DomItem, "text"> & {text: string}} Item */
  /** What is on screen, as it is read. @typedef {Omit<DomState, "kind" | "by" | "items"> & {items: Item[]}} State */

  let nextKey = 1;
  /** @type {WeakMap<Element, string>} */
  const keys = new WeakMap();
  /** @type {Map<string, string>} */
  let sentTexts = new Map();
  let lastFrame = "";
  let lastAny = "";
  /** @type {State | undefined} */
  let framed;
  /** @type {State | undefined} */
  let latest;
  let lastChange = 0;
  let lastSample = 0;
  let sampling = false;

  /** @param {Element} element */
  const keyOf = (element) => {
    let key = keys.get(element);
    if (key === undefined) {
      key = String(nextKey++);
      keys.set(element, key);
    }
    return key;
  };

  /**
   * The text a user reads, without asking for layout: blocks on lines of their own, cells apart.
   * @param {Node} node
   * @param {(element: Element) => boolean} [skip]
   * @returns {string}
   */
  const textOf = (node, skip) => {
    let text = "";
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.nodeValue ?? "";
      if (!(child instanceof Element) || SKIPPED.test(child.tagName) || skip?.(child)) continue;
      const inner = textOf(child, skip);
      if (child.tagName === "BR") text += "\n";
      else if (child.tagName === "TD" || child.tagName === "TH") text += `${inner}\t`;
      else if (BLOCKS.test(child.tagName)) text += `\n${inner}\n`;
      else text += inner;
    }
    return text;
  };

  /** @param {string} text */
  const tidy = (text) =>
    text
      .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
      .replace(/[ \t\u00a0]*\n[\s\u00a0]*/g, "\n")
      .trim();

  /** @param {Element} element */
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** Whether an element shows something without words. @param {Element} element */
  const isDrawn = (element) =>
    element.querySelector("img, svg, canvas, video, input, textarea, select") !== null;

  /** @param {Element} article @returns {DomAlert[]} */
  const alertsIn = (article) => {
    const isItem = (/** @type {Element} */ element) => element.hasAttribute("data-thread-item");
    /** @type {DomAlert[]} */
    const found = [];
    for (const block of article.querySelectorAll("[data-type], [data-actions-placement]")) {
      if (block.closest("[data-thread-item]")) continue;
      const text = tidy(textOf(block, isItem));
      if (!text) continue;
      if (block.hasAttribute("data-actions-placement")) found.push({ kind: "notice", text });
      else found.push({ kind: CRASH.test(text) ? "crash" : "error", text });
    }
    return found;
  };

  /**
   * What stands over the composer when a request fails before there is a turn to show it in.
   * @returns {DomAlert[]}
   */
  const toasts = () => {
    const footer = document.getElementById("chatkit-footer");
    const composer = footer?.querySelector("[data-composer-root]");
    if (!footer || !composer) return [];
    const isAbove = (/** @type {Element} */ element) =>
      (element.compareDocumentPosition(composer) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    return [...footer.querySelectorAll("[data-transition-position]")]
      .filter((element) => isAbove(element) && !element.contains(composer))
      .map((element) => /** @type {DomAlert} */ ({ kind: "error", text: tidy(textOf(element)) }))
      .filter(({ text }) => text);
  };

  /** The composer sits inside main on the start screen and is no content of it. @param {Element} element */
  const isComposer = (element) => element.hasAttribute("data-composer-root");

  /** @returns {State} */
  const read = () => {
    const container = document.getElementById("chatkit-container");
    const thread = document.getElementById("chatkit-thread-container");
    const composer = document.querySelector('[data-composer-root] [role="textbox"]') !== null;
    /** @type {Item[]} */
    const items = [];
    /** @type {DomAlert[]} */
    const alerts = [];
    const articles = thread ? [...thread.querySelectorAll("article[data-thread-turn]")] : [];
    for (const article of articles) {
      const mark = article.getAttribute("data-thread-turn");
      const turn = mark === "user" || mark === "assistant" ? mark : null;
      for (const element of article.querySelectorAll("[data-thread-item]")) {
        if (items.length >= MAX_ITEMS || element.parentElement?.closest("[data-thread-item]")) continue;
        const kind = element.getAttribute("data-thread-item") ?? "";
        const text = tidy(textOf(element));
        const drawn = text || !isDrawn(element) ? {} : { drawn: true };
        items.push({ key: keyOf(element), turn, kind, text, shown: isShown(element), ...drawn });
      }
      alerts.push(...alertsIn(article));
    }
    const main = container?.querySelector("main");
    /** @type {DomState["view"]} */
    let view = "blank";
    if (thread && articles.length > 0) view = "thread";
    else if (!thread && main && tidy(textOf(main, isComposer))) view = "start";
    if (view !== "thread" && main) alerts.push(...alertsIn(main));
    alerts.push(...toasts());
    const responding = thread ? thread.getAttribute("data-responding") === "true" : null;
    return { view, responding, items, alerts, composer };
  };

  /** @param {State} state */
  const withDeltas = (state) => {
    /** @type {Map<string, string>} */
    const texts = new Map();
    const items = state.items.map(({ text, ...item }) => {
      texts.set(item.key, text);
      const before = sentTexts.get(item.key);
      if (before === text) return item;
      const keep = before !== undefined && text.startsWith(before) ? before.length : 0;
      return { ...item, text: { keep, add: clipped(text.slice(keep)) } };
    });
    sentTexts = texts;
    return { ...state, items };
  };

  /**
   * Whether the same things stand there and only say something else: nobody waits for that.
   * @param {State} state
   * @param {State | undefined} before
   */
  const onlySaysElse = (state, before) =>
    before !== undefined &&
    state.view === before.view &&
    state.responding === before.responding &&
    state.composer === before.composer &&
    state.alerts.length === before.alerts.length &&
    state.items.length === before.items.length &&
    state.items.every((item, i) => item.key === before.items[i].key && item.shown === before.items[i].shown);

  /** @param {"frame" | "mutation"} by */
  const record = (by) => {
    const state = read();
    const print = JSON.stringify(state);
    if (print !== lastAny) lastChange = performance.now();
    const isNews = by === "frame" ? print !== lastFrame : print !== lastAny;
    const within = onlySaysElse(state, by === "frame" ? framed : latest) ? UNHURRIED_MS : SOON_MS;
    lastAny = print;
    latest = state;
    if (by === "frame") {
      lastFrame = print;
      framed = state;
    }
    if (isNews) emit({ kind: "dom.state", by, ...withDeltas(state) }, within);
  };

  const sample = () => {
    const stalled = performance.now() - lastSample;
    if (stalled > STALL_MS) emit({ kind: "dom.stall", ms: Math.round(stalled) });
    record("frame");
    lastSample = performance.now();
    sampling = lastSample - lastChange < WATCH_MS;
    if (sampling) requestAnimationFrame(sample);
  };

  const watch = () => {
    if (!sampling) {
      sampling = true;
      lastSample = performance.now();
      requestAnimationFrame(sample);
    }
  };

  const observer = new MutationObserver(() => {
    record("mutation");
    watch();
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
  for (const event of ["transitionend", "animationend"]) addEventListener(event, watch, true);
  addEventListener("load", watch);
  handle().quietFor = () => performance.now() - lastChange;
  watch();
}
