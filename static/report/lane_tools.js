/**
 * `<lane-tools>`: what is looked at on the time axis. Sends `lanes:zoom` (a factor), `lanes:look` (a stretch of
 * the session; null: all of it) and `lanes:filter` to the axis that it is in.
 */

const ZOOM = 1.6;

class Tools extends HTMLElement {
  /** @type {LaneFilter} */
  #filter = { wanted: "", hidden: new Set() };
  #zooms = document.createElement("div");
  /** @type {Stretch[]} */
  #stretches = [];

  /**
   * @param {Lane[]} lanes
   * @param {Stretch[]} stretches
   */
  show(lanes, stretches) {
    this.#zooms.className = "buttons";
    this.#zooms.setAttribute("role", "group");
    this.#zooms.setAttribute("aria-label", "Zoom");
    this.#zooms.replaceChildren(
      button("+", "Zoom in", () => this.#send("lanes:zoom", 1 / ZOOM)),
      button("−", "Zoom out", () => this.#send("lanes:zoom", ZOOM)),
      button("All", "", () => this.#send("lanes:look", null)),
    );
    this.#stretches = [];
    this.update(stretches);
    const layers = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = "Lanes";
    layers.append(legend, ...lanes.map((lane, number) => this.#lane(lane, number)));
    const search = document.createElement("label");
    const field = document.createElement("input");
    field.type = "search";
    field.addEventListener("input", () => {
      this.#filter.wanted = field.value;
      this.#send("lanes:filter", this.#filter);
    });
    search.append("Only marks with ", field);
    this.replaceChildren(this.#zooms, layers, search);
  }

  /**
   * Stretches that can be zoomed to. Those that have a button keep it, and the focus that it may have.
   * @param {Stretch[]} stretches
   */
  update(stretches) {
    const before = this.#stretches.length;
    this.#stretches = stretches;
    const added = stretches
      .slice(before)
      .map((each, place) =>
        button(each.name, "", () => this.#send("lanes:look", this.#stretches[before + place] ?? null)),
      );
    this.#zooms.append(...added);
  }

  /** @param {Lane} lane @param {number} number */
  #lane(lane, number) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => {
      if (box.checked) {
        this.#filter.hidden.delete(number);
      } else {
        this.#filter.hidden.add(number);
      }
      this.#send("lanes:filter", this.#filter);
    });
    label.append(box, ` ${lane.name}`);
    label.title = `Layer: ${lane.layer}`;
    return label;
  }

  /** @param {string} kind @param {unknown} detail */
  #send(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { bubbles: true, detail }));
  }
}

/** @param {string} text @param {string} name Said instead, where the text is a sign. @param {() => void} does */
function button(text, name, does) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (name) {
    made.title = name;
    made.setAttribute("aria-label", name);
  }
  made.addEventListener("click", does);
  return made;
}

customElements.define("lane-tools", Tools);

export {};
