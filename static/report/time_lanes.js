/**
 * `<time-lanes>`: what happened, on one time axis, lane by lane; what has come since takes its place
 * (`show`). Picking a mark sends `entry:picked`; one that stands for several zooms in.
 *
 * One of all marks is reached with the tab key, the others from there with the arrows.
 */

const LEAST_SPAN_MS = 0.5;
const ZOOM = 1.6;

class Lanes extends HTMLElement {
  /** @type {Axis} */
  #axis = { end: 1, lanes: [], marks: [], turns: [] };
  /** @type {Map<number, string>} */
  #pictures = new Map();
  #from = 0;
  #to = 1;
  /** @type {LaneFilter} */
  #filter = { wanted: "", hidden: new Set() };
  #drawing = 0;
  /** @type {LaneMark | undefined} The mark that has the focus, or would get it. */
  #current;
  /** @type {LaneTrack[]} */
  #tracks = [];
  #tools = document.createElement("lane-tools");
  #ruler = document.createElement("time-ruler");
  #plot = document.createElement("div");
  #tip = document.createElement("mark-tip");
  #status = document.createElement("p");

  constructor() {
    super();
    this.addEventListener("lanes:zoom", (event) => {
      this.#zoom(/** @type {CustomEvent<number>} */ (event).detail, this.#at());
    });
    this.addEventListener("lanes:look", (event) => {
      const stretch = /** @type {CustomEvent<Stretch | null>} */ (event).detail;
      this.#look(stretch?.t ?? 0, Math.min(stretch?.until ?? Number.POSITIVE_INFINITY, this.#axis.end));
    });
    this.addEventListener("lanes:filter", (event) => {
      this.#filter = /** @type {CustomEvent<LaneFilter>} */ (event).detail;
      this.#draw();
    });
    this.#plot.addEventListener("keydown", (event) => this.#key(event));
    this.#plot.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#plot.addEventListener("click", (event) => this.#click(event));
    for (const kind of ["pointerover", "focusin"]) {
      this.#plot.addEventListener(kind, (event) => this.#point(event));
    }
    for (const kind of ["pointerleave", "focusout"]) {
      this.#plot.addEventListener(kind, () => {
        this.#tip.hidden = true;
      });
    }
    new ResizeObserver(() => this.#draw()).observe(this);
  }

  /**
   * What there is now. What was looked at before still is, and moves on as long as it reached to the end.
   * @param {Axis} axis
   * @param {Map<number, string>} [pictures] Addresses of pictures, by the entry whose mark shows them.
   */
  show(axis, pictures = new Map()) {
    const isFirst = this.#tracks.length === 0;
    const follows = isFirst || this.#to >= this.#axis.end;
    this.#pictures = pictures;
    this.#axis = axis;
    if (follows) this.#to = axis.end;
    if (isFirst) {
      this.#from = 0;
      this.#build();
    } else {
      this.#tools.update(axis.turns);
    }
    this.#deal();
  }

  /**
   * Look at the mark of a journal entry. Returns whether there is one.
   * @param {number} n
   */
  reveal(n) {
    const mark = this.#axis.marks.find((each) => each[3] === n);
    if (!mark) {
      return false;
    }
    this.#current = mark;
    const span = Math.min(this.#to - this.#from, Math.max(this.#axis.end / 8, 50));
    this.#look(mark[1] - span / 2, mark[1] + span / 2);
    return true;
  }

  #build() {
    this.#plot.className = "plot";
    this.#plot.setAttribute("role", "group");
    const keys = "arrow keys go from mark to mark, + and − zoom, 0 shows all, Shift and an arrow moves on";
    this.#plot.setAttribute("aria-label", `Time axis: ${keys}`);
    this.#tip.hidden = true;
    this.#status.className = "quiet";
    this.#status.setAttribute("role", "status");
    const head = document.createElement("div");
    head.className = "lane-head";
    head.append(document.createElement("span"), this.#ruler);
    this.#tracks = this.#axis.lanes.map(() => document.createElement("lane-track"));
    const lanes = this.#axis.lanes.map((lane, number) => {
      const row = document.createElement("div");
      row.className = "lane";
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", lane.name);
      const name = document.createElement("span");
      name.className = "lane-name";
      name.textContent = lane.name;
      row.append(name, .../** @type {LaneTrack[]} */ (this.#tracks.slice(number, number + 1)));
      return row;
    });
    this.#tools.show(this.#axis.lanes, this.#axis.turns);
    this.#plot.replaceChildren(head, ...lanes, this.#tip);
    this.replaceChildren(this.#tools, this.#plot, this.#status);
  }

  /** Gives each lane its marks. */
  #deal() {
    for (const [number, track] of this.#tracks.entries()) {
      track.show(
        this.#axis.marks.filter((mark) => mark[0] === number),
        this.#pictures,
      );
    }
    this.#draw();
  }

  /** @param {number} factor How many times as much time is shown. @param {number} at Where, from 0 to 1. */
  #zoom(factor, at) {
    const span = this.#to - this.#from;
    const wanted = Math.min(Math.max(span * factor, LEAST_SPAN_MS), this.#axis.end);
    const fixed = this.#from + span * at;
    this.#look(fixed - wanted * at, fixed + wanted * (1 - at));
  }

  /** @param {number} from @param {number} to */
  #look(from, to) {
    const span = Math.min(Math.max(to - from, LEAST_SPAN_MS), this.#axis.end);
    this.#from = Math.min(Math.max(from, 0), this.#axis.end - span);
    this.#to = this.#from + span;
    this.#draw();
  }

  /** Draws before the next frame, however often it is asked for until then. */
  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#render());
  }

  #render() {
    const hadFocus = this.#plot.contains(document.activeElement);
    let shown = 0;
    for (const [number, track] of this.#tracks.entries()) {
      const isHidden = this.#filter.hidden.has(number);
      if (track.parentElement) {
        track.parentElement.hidden = isHidden;
      }
      shown += isHidden ? 0 : track.draw(this.#from, this.#to, this.#filter.wanted.toLowerCase());
    }
    this.#ruler.show(this.#from, this.#to);
    const count = `${shown.toLocaleString("en")} of ${this.#axis.marks.length.toLocaleString("en")} marks`;
    this.#status.textContent = `${Math.round(this.#from).toLocaleString("en")} to ${Math.round(this.#to).toLocaleString("en")} ms: ${count}`;
    this.#keepFocus(hadFocus);
  }

  /**
   * The current mark stays the one that the tab key finds, whichever button it has now.
   * @param {boolean} hadFocus
   */
  #keepFocus(hadFocus) {
    const current = this.#current;
    const all = this.#tracks.flatMap((track) => (track.parentElement?.hidden ? [] : track.ordered));
    const holds = (/** @type {HTMLElement} */ button) => current && this.#marks(button).includes(current);
    const button = all.find(holds) ?? all[0];
    if (button) {
      button.tabIndex = 0;
      if (hadFocus) {
        button.focus({ preventScroll: true });
      }
    }
  }

  /** @param {Element} button */
  #marks(button) {
    return this.#trackOf(button)?.marksOf(button) ?? [];
  }

  /** @param {Element} button */
  #trackOf(button) {
    return this.#tracks.find((track) => track.contains(button));
  }

  /** @param {Event} event */
  #button(event) {
    const button = event.target instanceof Element ? event.target.closest(".mark") : null;
    return button instanceof HTMLElement ? button : undefined;
  }

  /** @param {Event} event */
  #point(event) {
    const button = this.#button(event);
    if (button) {
      if (event.type === "focusin") {
        this.#current = this.#marks(button)[0];
      }
      this.#tip.show(button.getAttribute("aria-label") ?? "", button);
    } else {
      this.#tip.hidden = true;
    }
  }

  /** @param {Event} event */
  #click(event) {
    const button = this.#button(event);
    const marks = button ? this.#marks(button) : [];
    const [first] = marks;
    if (!first) {
      return;
    }
    this.#current = first;
    const until = Math.max(...marks.map((mark) => mark[1]));
    if (marks.length > 1 && this.#to - this.#from > LEAST_SPAN_MS) {
      const margin = Math.max((until - first[1]) * 0.1, LEAST_SPAN_MS / 4);
      this.#look(first[1] - margin, until + margin);
      return;
    }
    const detail = { n: first[3], t: first[1], label: first[4] };
    this.dispatchEvent(new CustomEvent("entry:picked", { bubbles: true, detail }));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) {
      return;
    }
    event.preventDefault();
    const track = this.#ruler.getBoundingClientRect();
    const at = (event.clientX - track.left) / Math.max(track.width, 1);
    this.#zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, Math.min(Math.max(at, 0), 1));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "+" || event.key === "=") {
      this.#zoom(1 / ZOOM, this.#at());
    } else if (event.key === "-") {
      this.#zoom(ZOOM, this.#at());
    } else if (event.key === "0") {
      this.#look(0, this.#axis.end);
    } else if (event.shiftKey && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const by = ((this.#to - this.#from) / 4) * (event.key === "ArrowLeft" ? -1 : 1);
      this.#look(this.#from + by, this.#to + by);
    } else if (event.key === "Escape") {
      this.#tip.hidden = true;
    } else if (!this.#step(event)) {
      return;
    }
    event.preventDefault();
  }

  /** Where the current mark is in what is looked at, from 0 to 1; the middle without one. */
  #at() {
    const t = this.#current?.[1] ?? Number.NaN;
    const at = (t - this.#from) / (this.#to - this.#from);
    return at >= 0 && at <= 1 ? at : 0.5;
  }

  /**
   * Goes to another mark. Returns whether the key asks for that.
   * @param {KeyboardEvent} event
   */
  #step(event) {
    const button = this.#button(event);
    const track = button && this.#trackOf(button);
    if (!button || !track) {
      return false;
    }
    const here = track.ordered;
    const place = here.indexOf(button);
    /** @type {Record<string, () => HTMLElement | undefined>} */
    const to = {
      ArrowLeft: () => here[place - 1],
      ArrowRight: () => here[place + 1],
      Home: () => here[0],
      End: () => here[here.length - 1],
      ArrowUp: () => this.#nearest(track, -1, button),
      ArrowDown: () => this.#nearest(track, 1, button),
    };
    const wanted = to[event.key];
    const next = wanted?.();
    if (next) {
      button.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
    return Boolean(wanted);
  }

  /**
   * The mark of the next lane that has any which is nearest to another mark.
   * @param {LaneTrack} track
   * @param {1 | -1} way
   * @param {HTMLElement} from
   */
  #nearest(track, way, from) {
    for (let at = this.#tracks.indexOf(track) + way; at in this.#tracks; at += way) {
      const other = this.#tracks[at];
      const buttons = other && !other.parentElement?.hidden ? other.ordered : [];
      const away = (/** @type {HTMLElement} */ each) => Math.abs(each.offsetLeft - from.offsetLeft);
      const [nearest] = buttons.sort((a, b) => away(a) - away(b));
      if (nearest) {
        return nearest;
      }
    }
    return undefined;
  }
}

customElements.define("time-lanes", Lanes);

export {};
