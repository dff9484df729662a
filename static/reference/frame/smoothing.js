/** Text that trails what has arrived. Measured: words are revealed one per animation frame while more than some
 * characters stay back, several per frame once the text is complete. New text puts the next word off by two frames,
 * so pieces that arrive faster than that hold the display up until the text is complete. */
import rules from "./rules.json" with { type: "json" };

export class SmoothText {
  #text = "";
  #done = false;
  #words;
  #frame = 0; // The animation frame that is asked for; 0 for none.
  #release = () => {};

  /** @param {boolean} atOnce whether the text needs no smoothing: nothing streams any more */
  constructor(atOnce) {
    this.#words = atOnce ? Number.MAX_SAFE_INTEGER : 0;
  }

  get shown() {
    return (this.#text.match(/\s*\S+/g) ?? []).slice(0, this.#words).join("");
  }

  /** Takes the text as it is now; `release` is called when more of it is to be shown.
   * @param {string} text @param {boolean} done whether it is complete @param {() => void} release */
  update(text, done, release) {
    this.#release = release;
    const isNew = text !== this.#text;
    const first = this.#text === "" && done ? 1 : 0;
    const waits = this.#frame !== 0 || done === this.#done;
    this.#text = text;
    this.#done = done;
    if (!isNew && waits) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#schedule(first));
  }

  stop = () => cancelAnimationFrame(this.#frame);

  /** @param {number} first words of the first release of a text that came complete */
  #schedule(first = 0) {
    this.#frame = 0;
    const left = this.#text.length - this.shown.length;
    if (left === 0 || (!this.#done && left <= rules.smoothing.held_back)) return;
    this.#frame = requestAnimationFrame(() => {
      this.#words += first || (this.#done ? rules.smoothing.words_when_done : 1);
      this.#release();
      this.#schedule();
    });
  }
}
