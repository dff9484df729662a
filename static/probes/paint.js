// Whether a user could see the element: its box, the styles above it, and what covers it.

if (isPage) {
  const FAINT = 0.05;
  const SMALL = 2;

  /** @param {Element} element */
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].slice(0, 3).map((word) => `.${word}`);
    return `${element.localName}${id}${classes.join("")}`;
  };

  /** @param {Element} element @returns {Element | null} */
  const above = (element) => {
    const root = element.getRootNode();
    return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  };

  /** @param {Element | null} element */
  const isVisible = (element) => !element || getComputedStyle(element).visibility === "visible";

  /** The first element, going up, that hides what is in it, and how. @param {Element} start */
  const culpritOf = (start) => {
    const own = start.getBoundingClientRect();
    const collapsed = own.height < SMALL || own.width < SMALL;
    const visible = isVisible(start);
    // How what has been passed so far leaves the flow: a small ancestor cannot clip what it does not contain.
    let leaves = "";
    for (let element = /** @type {Element | null} */ (start); element; element = above(element)) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const parent = above(element);
      if (style.display === "none") return { element: name(element), how: "display: none" };
      const isRoot = element === document.body || element === document.documentElement;
      const contains = !leaves || (leaves === "absolute" && style.position !== "static");
      const clips = style.overflow !== "visible" && !isRoot && contains;
      const measured = (collapsed || clips) && style.display !== "contents";
      const hidden = [
        // The property is inherited: the one to blame is the highest that has it.
        !visible && isVisible(parent) && `visibility: ${style.visibility}`,
        Number(style.opacity) < FAINT && `opacity: ${style.opacity}`,
        measured && box.height < SMALL && `height: ${box.height}px`,
        measured && box.width < SMALL && `width: ${box.width}px`,
      ].filter(Boolean);
      // A collapsed element is usually a child of the one that is really to blame.
      const parentBox = parent?.getBoundingClientRect();
      const inherited =
        parentBox && parent !== document.body && (parentBox.height < SMALL || parentBox.width < SMALL);
      if (hidden.length && !(inherited && String(hidden[0]).includes("px"))) {
        return { element: name(element), how: hidden.join(", ") };
      }
      if (style.position === "fixed" || style.position === "absolute") leaves = style.position;
      else if (contains && style.position !== "static") leaves = "";
    }
    return null;
  };

  /** What lies over most of the element, if anything does. @param {Element} element @param {DOMRect} box */
  const coverOf = (element, box) => {
    // From outside, whatever lies in a shadow root is its host; the root itself tells what it holds apart.
    const root = element.getRootNode();
    const scope = root instanceof ShadowRoot ? root : document;
    /** @type {Set<Element>} */
    const around = new Set();
    for (let outer = above(element); outer; outer = above(outer)) around.add(outer);
    /** @type {Map<Element, number>} */
    const hits = new Map();
    const spots = [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [x, y]));
    const inside = spots
      .map(([x, y]) => [box.left + box.width * x, box.top + box.height * y])
      .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    for (const [x, y] of inside) {
      const hit = scope.elementFromPoint(x, y);
      if (hit && hit !== element && !element.contains(hit) && !around.has(hit)) {
        hits.set(hit, (hits.get(hit) ?? 0) + 1);
      }
    }
    for (const [hit, count] of hits) if (count * 2 > inside.length) return name(hit);
    return null;
  };

  handle().box = () => {
    const element = probe.elements[0] ?? document.querySelector("openai-chatkit");
    if (!element) return null;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return {
      width: box.width,
      height: box.height,
      in_viewport: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
      display: style.display,
      visibility: style.visibility,
      opacity: Number(style.opacity),
      covered_by: coverOf(element, box),
      culprit: culpritOf(element),
    };
  };
}
