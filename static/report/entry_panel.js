/**
 * `<entry-panel>`: what was picked, as it stands in the journal, with where else the report speaks of it.
 * Everything in it may be foreign: it is only ever set as text.
 */

class Panel extends HTMLElement {
  /** @type {Element | null} */
  #from = null;

  connectedCallback() {
    this.hidden = true;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "The entry that was picked");
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.#close();
      }
    });
  }

  /**
   * @param {Picked} picked
   * @param {JournalEntry | undefined} entry Undefined where the document does not have it.
   * @param {EntryNote[]} notes
   */
  show(picked, entry, notes) {
    this.#from = document.activeElement;
    const head = document.createElement("div");
    head.className = "panel-head";
    const title = document.createElement("strong");
    const label = picked.label || (entry?.data.kind ?? "");
    title.textContent = picked.n ? `Entry ${picked.n}: ${label}` : label;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => this.#close());
    head.append(title, close);
    this.replaceChildren(head, ...notes.map(noted), ...links(picked, entry), ...content(picked, entry));
    this.hidden = false;
  }

  #close() {
    this.hidden = true;
    if (this.#from instanceof HTMLElement && this.#from.isConnected) {
      this.#from.focus();
    }
  }
}

/** @param {EntryNote} note */
function noted(note) {
  const line = document.createElement("p");
  const audit = document.createElement("code");
  audit.textContent = note.audit;
  const id = `finding-${note.audit}`;
  if (document.getElementById(id)) {
    const all = link(`#${id}`, "");
    all.append(audit);
    line.append(all, `: ${note.text}`);
    return line;
  }
  line.append(audit, `: ${note.text}`);
  return line;
}

/** @param {Picked} picked @param {JournalEntry | undefined} entry */
function links(picked, entry) {
  const found = [];
  if (picked.n && document.getElementById(`entry-${picked.n}`)) {
    found.push(link(`#entry-${picked.n}`, "In the timeline"));
  }
  const body = entry?.data.body;
  const file = typeof body === "object" && body !== null && "file" in body ? body.file : undefined;
  if (typeof file === "string" && /^bodies\/[\w.-]+$/.test(file)) {
    const folder = document.querySelector("[data-bodies]")?.getAttribute("href") ?? "bodies";
    found.push(
      link(
        file.replace(/^bodies/, () => folder),
        `The body, beside this report: ${file}`,
      ),
    );
  }
  if (found.length === 0) {
    return [];
  }
  const line = document.createElement("p");
  line.append(...found.flatMap((each) => [each, " "]));
  return [line];
}

/** @param {string} href @param {string} text */
function link(href, text) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

/** @param {Picked} picked @param {JournalEntry | undefined} entry */
function content(picked, entry) {
  const parts = [];
  if (picked.event) {
    parts.push(titled("Received", json(picked.event.data)));
  }
  if (picked.instead?.data) {
    parts.push(titled("Should have been sent", json(picked.instead.data)));
  }
  if (entry) {
    parts.push(titled("In the journal", JSON.stringify(entry, null, 1)));
  } else if (picked.n && !picked.event) {
    parts.push(titled("", `Not in this document: entry ${picked.n} of recording.ndjson has it.`));
  }
  return parts;
}

/** @param {string} name @param {string} text */
function titled(name, text) {
  const part = document.createElement("div");
  const title = document.createElement("p");
  title.className = "quiet";
  title.textContent = name;
  const shown = document.createElement("pre");
  shown.tabIndex = 0;
  shown.textContent = text;
  part.append(title, shown);
  return part;
}

/** @param {string} text */
function json(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

customElements.define("entry-panel", Panel);

export {};
