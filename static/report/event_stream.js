/**
 * `<event-stream>`: every event of a session as it was received, beside what should have been sent.
 *
 * All rows are equally high, and only those are in the document that can be seen: there may be 20,000 of
 * them. Runs of alike events are folded. Picking a row sends `entry:picked`.
 */

const ROW_PX = 28;
const BEYOND = 12;
const SHORTEST_RUN = 6;

/**
 * @typedef {object} Row One line. A run of events that are alike is one of them until it is unfolded.
 * @property {"head" | "pair" | "run"} kind
 * @property {RawStream} stream
 * @property {RawEvent | undefined} event
 * @property {Instead | undefined} instead
 * @property {string} state
 * @property {Row[]} rows The rows of a run.
 */

class Stream extends HTMLElement {
  /** @type {RawStreams} */
  #raw = { streams: [], notes: {} };
  /** @type {Row[]} */
  #all = [];
  /** @type {Row[]} */
  #rows = [];
  /** @type {Set<Row>} Runs that are unfolded. */
  #open = new Set();
  #wanted = "";
  #marked = false;
  #current = 0;
  #drawing = 0;
  #scroller = document.createElement("div");
  #body = document.createElement("div");
  #status = document.createElement("p");

  /** @param {RawStreams} raw */
  show(raw) {
    this.#raw = raw;
    this.#all = raw.streams.flatMap((stream) => rowsOf(stream, raw.notes));
    // Where nothing is known to be wrong there is nothing to stand beside.
    this.classList.toggle(
      "alone",
      raw.streams.every((stream) => !stream.instead),
    );
    if (!this.contains(this.#scroller)) this.#build();
    this.#list();
  }

  /**
   * Bring an entry's row into view. Returns whether there is one.
   * @param {number} n
   */
  reveal(n) {
    const holds = (/** @type {Row} */ row) => row.event?.n === n;
    const run = this.#all.find((row) => row.rows.some(holds));
    if (run) {
      this.#open.add(run);
    } else if (!this.#all.some(holds)) {
      return false;
    }
    this.#wanted = "";
    this.#marked = false;
    for (const field of this.querySelectorAll("input")) {
      field.checked = false;
      field.value = field.type === "search" ? "" : field.value;
    }
    this.#list();
    this.#go(this.#rows.findIndex(holds));
    return true;
  }

  #build() {
    const tools = document.createElement("div");
    tools.className = "tools";
    const search = document.createElement("label");
    const field = document.createElement("input");
    field.type = "search";
    field.addEventListener("input", () => {
      this.#wanted = field.value.toLowerCase();
      this.#list();
    });
    search.append("Only events with ", field);
    const only = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      this.#marked = box.checked;
      this.#list();
    });
    only.append(box, " Only what is not as it should be");
    tools.append(search, only);
    this.#status.className = "quiet";
    this.#status.setAttribute("role", "status");
    this.#scroller.className = "raw-rows";
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute("role", "table");
    this.#scroller.setAttribute("aria-label", "Raw stream: arrow keys go from event to event");
    this.#body.setAttribute("role", "rowgroup");
    this.#scroller.replaceChildren(this.#body);
    this.#scroller.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
    this.replaceChildren(tools, header(), this.#scroller, this.#status);
  }

  /** Which rows there are, by what is wanted of them. */
  #list() {
    const narrowed = Boolean(this.#wanted) || this.#marked;
    const flat = this.#all.flatMap((row) =>
      row.kind === "run" && (narrowed || this.#open.has(row))
        ? [...(narrowed ? [] : [row]), ...row.rows]
        : [row],
    );
    const fits = (/** @type {Row} */ row) =>
      row.kind === "head" ||
      ((!this.#marked || row.state !== "") &&
        (!this.#wanted ||
          `${row.event?.data ?? ""}${row.instead?.data ?? ""}`.toLowerCase().includes(this.#wanted)));
    this.#rows = narrowed ? flat.filter(fits) : flat;
    this.#current = Math.min(this.#current, Math.max(this.#rows.length - 1, 0));
    this.#body.style.height = `${this.#rows.length * ROW_PX}px`;
    this.#scroller.setAttribute("aria-rowcount", String(this.#rows.length));
    const events = this.#rows.reduce((sum, row) => sum + (row.kind === "run" ? 0 : row.event ? 1 : 0), 0);
    const folded = this.#rows.filter((row) => row.kind === "run" && !this.#open.has(row));
    const hidden = folded.reduce((sum, row) => sum + row.rows.length, 0);
    const all = this.#raw.streams.reduce((sum, stream) => sum + stream.events.length, 0);
    this.#status.textContent = `${(events + hidden).toLocaleString("en")} of ${all.toLocaleString("en")} events${hidden ? `, ${hidden.toLocaleString("en")} of them folded` : ""}`;
    this.#draw();
  }

  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#render());
  }

  #render() {
    const first = Math.max(Math.floor(this.#scroller.scrollTop / ROW_PX) - BEYOND, 0);
    const last = Math.ceil((this.#scroller.scrollTop + this.#scroller.clientHeight) / ROW_PX) + BEYOND;
    const hadFocus = this.#body.contains(document.activeElement);
    this.#body.replaceChildren(
      ...this.#rows.slice(first, last).map((row, place) => this.#row(row, first + place)),
    );
    if (hadFocus) {
      this.#focus();
    }
  }

  #focus() {
    const button = this.#body.querySelector(`[data-row="${this.#current}"] button`);
    if (button instanceof HTMLElement) {
      button.focus({ preventScroll: true });
    }
  }

  /** @param {Row} row @param {number} place */
  #row(row, place) {
    const line = document.createElement("div");
    line.className = `raw-row ${row.kind} ${row.state}`;
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", String(place + 1));
    line.dataset.row = String(place);
    line.style.top = `${place * ROW_PX}px`;
    if (row.kind === "head") {
      const { stream } = row;
      line.append(
        cell("raw-title", `Answer to ${stream.op}${stream.turn === null ? "" : `, turn ${stream.turn}`}`),
      );
      return line;
    }
    const pick = document.createElement("button");
    pick.type = "button";
    pick.tabIndex = place === this.#current ? 0 : -1;
    pick.addEventListener("click", () => this.#pick(row, place));
    pick.textContent = buttonText(row, this.#open.has(row));
    const number = document.createElement("span");
    number.setAttribute("role", "cell");
    number.append(pick);
    const notes = row.event ? (this.#raw.notes[row.event.n] ?? []) : [];
    line.append(
      number,
      cell("raw-data", row.kind === "run" ? runText(row) : (row.event?.data ?? "")),
      cell(
        "raw-state",
        [STATES[row.state] ?? "", ...new Set(notes.map((note) => note.audit))].filter(Boolean).join(" "),
      ),
      cell("raw-data", row.kind === "run" ? "" : (row.instead?.data ?? "")),
    );
    return line;
  }

  /** @param {Row} row @param {number} place */
  #pick(row, place) {
    this.#current = place;
    if (row.kind === "run") {
      if (!this.#open.delete(row)) {
        this.#open.add(row);
      }
      this.#list();
      return;
    }
    const label = row.event ? row.event.name : "an event that should have been sent";
    const detail = {
      n: row.event?.n ?? 0,
      t: row.event?.t ?? 0,
      label,
      event: row.event,
      instead: row.instead,
    };
    this.dispatchEvent(new CustomEvent("entry:picked", { bubbles: true, detail }));
  }

  /** @param {number} place */
  #go(place) {
    this.#current = Math.min(Math.max(place, 0), this.#rows.length - 1);
    const top = this.#current * ROW_PX;
    const view = this.#scroller;
    if (top < view.scrollTop || top + ROW_PX > view.scrollTop + view.clientHeight) {
      view.scrollTop = top - view.clientHeight / 2;
    }
    this.#render();
    this.#focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const page = Math.max(Math.floor(this.#scroller.clientHeight / ROW_PX) - 1, 1);
    /** @type {Record<string, number>} */
    const to = {
      ArrowUp: this.#current - 1,
      ArrowDown: this.#current + 1,
      PageUp: this.#current - page,
      PageDown: this.#current + page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    let wanted = to[event.key];
    if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    // A title cannot be picked.
    if (this.#rows[wanted]?.kind === "head") {
      wanted += wanted < this.#current && wanted > 0 ? -1 : 1;
    }
    this.#go(wanted);
  }
}

/** @type {Record<string, string>} */
const STATES = {
  "left-out": "leave out",
  lacking: "add",
  other: "replace by",
  more: "and",
  joined: "in the one above",
  marked: "",
};

/**
 * The rows of one stream: what was received, each beside what should have been sent.
 * @param {RawStream} stream
 * @param {Record<string, EntryNote[]>} notes
 */
function rowsOf(stream, notes) {
  /** @type {Row[]} */
  const rows = [];
  const instead = stream.instead ?? [];
  let next = 0;
  /** @type {Instead | undefined} The latest that stands for what was received. */
  let said;
  /** @param {RawEvent | undefined} event @param {Instead | undefined} other @param {string} state */
  const add = (event, other, state) =>
    rows.push({ kind: "pair", stream, event, instead: other, state, rows: [] });
  /** @param {RawEvent} event @param {number} place @param {Instead | undefined} latest */
  const stateAlone = (event, place, latest) => {
    if (stream.instead && place >= (latest?.stop ?? 0)) {
      return "left-out";
    }
    return latest?.data ? "joined" : stateOf(event, undefined, notes);
  };
  for (const [place, event] of stream.events.entries()) {
    while (
      next < instead.length &&
      (instead[next]?.start ?? 0) <= place &&
      instead[next]?.start === instead[next]?.stop
    ) {
      add(undefined, instead[next], "lacking");
      next += 1;
    }
    let beside = 0;
    while (next < instead.length && (instead[next]?.start ?? 0) <= place) {
      const other = instead[next];
      const isAdded = other?.start === other?.stop;
      const state = isAdded ? "lacking" : beside > 0 ? "more" : stateOf(event, other, notes);
      add(beside === 0 && !isAdded ? event : undefined, other, state);
      beside += isAdded ? 0 : 1;
      said = isAdded ? said : other;
      next += 1;
    }
    if (beside === 0) {
      add(event, undefined, stateAlone(event, place, said));
    }
  }
  for (const other of instead.slice(next)) {
    add(undefined, other, "lacking");
  }
  return [head(stream), ...folded(rows)];
}

/**
 * How an event stands to the one that should have been sent.
 * @param {RawEvent} event
 * @param {Instead | undefined} other
 * @param {Record<string, EntryNote[]>} notes
 */
function stateOf(event, other, notes) {
  return other?.data ? "other" : notes[event.n] ? "marked" : "";
}

/** @param {RawStream} stream @returns {Row} */
const head = (stream) => ({
  kind: "head",
  stream,
  event: undefined,
  instead: undefined,
  state: "",
  rows: [],
});

/**
 * Runs of events that are alike, each as one row.
 * @param {Row[]} rows
 */
function folded(rows) {
  /** @type {Row[]} */
  const found = [];
  for (let start = 0; start < rows.length; ) {
    const first = /** @type {Row} */ (rows[start]);
    let end = start + 1;
    while (first.event && rows[end]?.event?.name === first.event.name && rows[end]?.state === first.state) {
      end += 1;
    }
    const run = rows.slice(start, end);
    // The first and the last of a run are shown in any case: they are where something begins and ends.
    if (run.length > SHORTEST_RUN && first.state !== "marked") {
      const within = run.slice(1, -1);
      found.push(first, { ...first, kind: "run", rows: within }, .../** @type {Row[]} */ (run.slice(-1)));
    } else {
      found.push(...run);
    }
    start = end;
  }
  return found;
}

/** @param {Row} row */
function runText(row) {
  return `${row.rows.length.toLocaleString("en")} more of ${row.event?.name ?? ""}`;
}

/** @param {Row} row @param {boolean} isOpen */
function buttonText(row, isOpen) {
  if (row.kind === "run") {
    return isOpen ? "fold" : "unfold";
  }
  return row.event ? `${Math.round(row.event.t).toLocaleString("en")} ms` : "add";
}

function header() {
  const line = document.createElement("div");
  line.className = "raw-row raw-header";
  line.setAttribute("aria-hidden", "true");
  line.append(
    ...["Time", "Received", "", "Should have been sent"].map((text) => {
      const part = document.createElement("span");
      part.textContent = text;
      return part;
    }),
  );
  return line;
}

/** @param {string} kind @param {string} text */
function cell(kind, text) {
  const made = document.createElement("span");
  made.className = kind;
  made.setAttribute("role", "cell");
  made.textContent = text;
  return made;
}

customElements.define("event-stream", Stream);

export {};
