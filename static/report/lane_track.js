/**
 * `<lane-track>`: the marks of one lane, as buttons where their times are. Those that would lie over each other
 * share one.
 */

const LEAST_PX = 7;
const WITH_TEXT_PX = 40;
const ROW_REM = 1.5;
const WITH_PICTURE_REM = 6;

/** @param {number} ms */
const told = (ms) => `${Math.round(ms).toLocaleString("en")} ms`;

class Track extends HTMLElement {
  /** @type {LaneMark[][]} The marks of each row, in order of time. */
  #rows = [];
  /** @type {Map<Element, LaneMark[]>} */
  #shared = new Map();
  /** @type {Map<number, string>} */
  #pictures = new Map();
  #high = ROW_REM;

  /**
   * @param {LaneMark[]} marks In order of time.
   * @param {Map<number, string>} pictures Addresses of pictures, by the entry whose mark shows them.
   */
  show(marks, pictures) {
    this.#pictures = pictures;
    this.#high = marks.some((mark) => pictures.has(mark[3])) ? WITH_PICTURE_REM : ROW_REM;
    this.#rows = [];
    for (const mark of marks) {
      this.#rows[mark[6]] ??= [];
      this.#rows[mark[6]]?.push(mark);
    }
    this.style.height = `${Math.max(this.#rows.length, 1) * this.#high}rem`;
  }

  /**
   * Draws what lies in a stretch of time; returns how many marks that are.
   * @param {number} from In ms.
   * @param {number} to In ms.
   * @param {string} wanted A text in lower case that each of them has.
   */
  draw(from, to, wanted) {
    this.#shared.clear();
    const buttons = [];
    for (const [row, marks] of this.#rows.entries()) {
      for (const drawn of layOut(marks ?? [], from, to, wanted, this.clientWidth)) {
        const button = made(drawn);
        button.style.top = `${row * this.#high}rem`;
        this.#picture(button, drawn);
        this.#shared.set(button, drawn.marks);
        buttons.push(button);
      }
    }
    this.replaceChildren(...buttons);
    let count = 0;
    for (const marks of this.#shared.values()) {
      count += marks.length;
    }
    return count;
  }

  /**
   * Shows the picture of a mark, where there is room for it: of several, that of the last.
   * @param {HTMLElement} button
   * @param {Drawn} drawn
   */
  #picture(button, { marks, left, right }) {
    const address = this.#pictures.get(marks[marks.length - 1]?.[3] ?? 0);
    if (this.#high === WITH_PICTURE_REM) {
      button.style.height = `${WITH_PICTURE_REM - ROW_REM / 5}rem`;
    }
    if (address && right - left > WITH_TEXT_PX) {
      const picture = document.createElement("img");
      picture.src = address;
      // The button is named by what the picture shows.
      picture.alt = "";
      button.replaceChildren(picture);
    }
  }

  /**
   * What a button stands for, in order of time.
   * @param {Element} button
   */
  marksOf(button) {
    return this.#shared.get(button) ?? [];
  }

  /** @returns {HTMLElement[]} The buttons from left to right. */
  get ordered() {
    const buttons = [...this.querySelectorAll("button")];
    return buttons.sort((a, b) => a.offsetLeft - b.offsetLeft || a.offsetTop - b.offsetTop);
  }
}

/**
 * @typedef {object} Drawn
 * @property {LaneMark[]} marks
 * @property {number} left In px.
 * @property {number} right In px.
 */

/**
 * @param {LaneMark[]} marks
 * @param {number} from
 * @param {number} to
 * @param {string} wanted
 * @param {number} width
 */
function layOut(marks, from, to, wanted, width) {
  const scale = width / (to - from);
  /** @type {Drawn[]} */
  const found = [];
  for (const mark of marks) {
    const until = mark[2] ?? mark[1];
    if (until < from || mark[1] > to || !mark[4].toLowerCase().includes(wanted)) {
      continue;
    }
    const left = Math.min(Math.max((mark[1] - from) * scale, 0), width - LEAST_PX);
    const right = Math.max(Math.min((until - from) * scale, width), left + LEAST_PX);
    const last = found[found.length - 1];
    if (last && left < last.right) {
      last.marks.push(mark);
      last.right = Math.max(last.right, right);
    } else {
      found.push({ marks: [mark], left, right });
    }
  }
  return found;
}

/** @param {Drawn} drawn */
function made({ marks, left, right }) {
  const button = document.createElement("button");
  const bad = marks.some((mark) => mark[5] === "bad");
  button.type = "button";
  button.tabIndex = -1;
  button.className = ["mark", bad ? "bad" : marks[0]?.[5], marks.length > 1 && "several"]
    .filter(Boolean)
    .join(" ");
  button.setAttribute("aria-label", described(marks));
  button.style.left = `${left}px`;
  button.style.width = `${right - left}px`;
  if (right - left > WITH_TEXT_PX) {
    button.textContent = marks.length > 1 ? `×${marks.length.toLocaleString("en")}` : (marks[0]?.[4] ?? "");
  }
  return button;
}

/** @param {LaneMark[]} marks */
function described(marks) {
  const [first] = marks;
  const last = marks[marks.length - 1];
  if (!first || !last) {
    return "";
  }
  if (marks.length === 1) {
    const until = first[2] === null ? "" : ` to ${told(first[2])}`;
    return `${told(first[1])}${until}: ${first[4]}`;
  }
  const bad = marks.filter((mark) => mark[5] === "bad").length;
  const count = `${marks.length.toLocaleString("en")} marks${bad ? `, ${bad} of them marked as bad` : ""}`;
  return `${told(first[1])} to ${told(last[1])}: ${count}, from ${first[4]} to ${last[4]}`;
}

customElements.define("lane-track", Track);

export {};
