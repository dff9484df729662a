/**
 * `<conversation-view>`: puts the time axis, the raw stream and the entry that was picked together, from data
 * that the document carries packed. What cannot be seen yet is not unpacked. Without a script the tables that
 * stand in the document are what there is.
 */

class Conversation extends HTMLElement {
  /** @type {Map<string, Promise<unknown>>} */
  #parts = new Map();
  #lanes = document.createElement("time-lanes");
  #stream = document.createElement("event-stream");
  #panel = document.createElement("entry-panel");
  /** @type {Promise<void> | undefined} */
  #shown;

  connectedCallback() {
    // A failed unpacking is told in the place of what it would have shown.
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          seen.disconnect();
          void this.#show();
        }
      },
      { rootMargin: "600px" },
    );
    seen.observe(this);
    this.addEventListener("entry:picked", (event) => {
      void this.#pick(/** @type {CustomEvent<Picked>} */ (event).detail);
    });
    addEventListener("hashchange", this.#follow);
    void this.#follow();
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#follow);
  }

  /**
   * What has come so far, in the place of what the document carries.
   * @param {Record<string, string>} parts Packed, as in the document.
   */
  update(parts) {
    for (const [name, packed] of Object.entries(parts)) this.#parts.set(name, unpacked(packed));
    this.#shown = this.#fill();
    return this.#shown;
  }

  #show() {
    this.#shown ??= this.#fill();
    return this.#shown;
  }

  async #fill() {
    const [axis, raw] = await Promise.all([this.#part("axis"), this.#part("raw")]);
    const places = {
      axis: this.querySelector("[data-place=axis]"),
      raw: this.querySelector("[data-place=raw]"),
    };
    if (axis && places.axis instanceof HTMLElement) {
      places.axis.hidden = false;
      if (!places.axis.contains(this.#lanes)) places.axis.append(this.#lanes, this.#panel);
      this.#lanes.show(/** @type {Axis} */ (axis), this.#pictures());
    }
    if (raw && places.raw) {
      if (!places.raw.contains(this.#stream)) places.raw.replaceChildren(this.#stream);
      this.#stream.show(/** @type {RawStreams} */ (raw));
    }
    this.dataset.ready = "";
  }

  /** The addresses of the film's pictures, by their entries. */
  #pictures() {
    const frames = [...this.querySelectorAll("img[data-frame]")];
    return new Map(
      frames.map((frame) => [Number(frame.getAttribute("data-frame")), frame.getAttribute("src") ?? ""]),
    );
  }

  /** @param {Picked} picked */
  async #pick(picked) {
    const [entries, raw] = await Promise.all([this.#part("entries"), this.#part("raw")]);
    const entry = /** @type {Record<string, JournalEntry>} */ (entries)?.[picked.n];
    const known = /** @type {RawStreams | undefined} */ (raw);
    const notes = known?.notes[picked.n] ?? [];
    const streams = known?.streams ?? [];
    const event =
      picked.event ?? streams.flatMap((each) => each.events).find((each) => each.n === picked.n && picked.n);
    this.#panel.show({ ...picked, event: event || undefined }, entry, notes);
    this.#panel.scrollIntoView({ block: "nearest" });
  }

  /** Follows a link to an entry that no row of the timeline has; in a run of many a place stands before it. */
  #follow = async () => {
    const n = Number(/(?:^#|\/\/)entry-(\d+)$/.exec(location.hash)?.[1] ?? 0);
    if (n && !document.getElementById(`entry-${n}`)) {
      await this.#show();
      const inStream = this.#stream.reveal(n);
      const onAxis = this.#lanes.reveal(n);
      (inStream ? this.#stream : onAxis ? this.#lanes : undefined)?.scrollIntoView({ block: "center" });
      await this.#pick({ n, t: 0, label: "" });
    }
  };

  /**
   * A packed part of the document; undefined where it has none.
   * @param {string} name
   */
  #part(name) {
    const known = this.#parts.get(name);
    if (known) {
      return known;
    }
    const element = this.querySelector(`script[data-part=${name}]`);
    const part = element ? unpacked(element.textContent ?? "") : Promise.resolve(undefined);
    element?.remove();
    this.#parts.set(name, part);
    return part;
  }
}

/**
 * JSON that was compressed and written in base64.
 * @param {string} packed
 * @returns {Promise<unknown>}
 */
async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

customElements.define("conversation-view", Conversation);

export {};
