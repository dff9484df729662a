/** `<time-ruler>`: the times along the axis. `<mark-tip>`: what a mark on it stands for, where it is pointed at. */

const APART_PX = 110;

class Ruler extends HTMLElement {
  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
  }

  /** @param {number} from In ms. @param {number} to In ms. */
  show(from, to) {
    const width = this.clientWidth;
    const span = to - from;
    const least = span / Math.max(width / APART_PX, 1);
    const power = 10 ** Math.floor(Math.log10(least));
    const step = ([1, 2, 5].find((each) => each * power >= least) ?? 10) * power;
    const digits = Math.max(-Math.floor(Math.log10(step)), 0);
    const ticks = [];
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
      const tick = document.createElement("span");
      tick.textContent = `${t.toLocaleString("en", { minimumFractionDigits: digits })} ms`;
      tick.style.left = `${((t - from) / span) * width}px`;
      ticks.push(tick);
    }
    this.replaceChildren(...ticks);
  }
}

class Tip extends HTMLElement {
  connectedCallback() {
    // The mark itself says the same to those who hear it.
    this.setAttribute("aria-hidden", "true");
  }

  /** @param {string} text @param {HTMLElement} mark What it is about. */
  show(text, mark) {
    this.textContent = text;
    this.hidden = false;
    const around = this.offsetParent?.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    if (around) {
      const left = Math.min(at.left - around.left, around.width - this.offsetWidth - 4);
      this.style.left = `${Math.max(left, 0)}px`;
      this.style.top = `${at.bottom - around.top + 4}px`;
    }
  }
}

customElements.define("time-ruler", Ruler);
customElements.define("mark-tip", Tip);

export {};
