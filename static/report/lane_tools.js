/**
 * `<lane-tools>`: what is looked at on the time axis. Sends `lanes:zoom` (a factor), `lanes:look` (a stretch of
 * the session; null: all of it) and `lanes:filter` to the axis that it is in.
 */

const ZOOM = 1.6;

class Tools extends HTMLElement {
  /** @type {LaneFilter} */
  #filter = { wanted: "", hidden: new Set() };

  /**
   * @param {Lane[]} lanes
   * @param {Stretch[]} stretches
   */
  show(lanes, stretches) {
    const zooms = document.createElement("div");
    zooms.className = "buttons";
    zooms.setAttribute("role", "group");
    zooms.setAttribute("aria-label", "Zoom");
    zooms.append(
      button("+", "Zoom in", () => this.#send("lanes:zoom", 1 / ZOOM)),
      button("−", "Zoom out", () => this.#send("lanes:zoom", ZOOM)),
      button("All", "", () => this.#send("lanes:look", null)),
      ...stretches.map((each) => button(each.name, "", () => this.#send("lanes:look", each))),
    );
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
    this.replaceChildren(zooms, layers, search);
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
