/**
 * `<live-session>`: a session as it happens. The conversation is shown by the same elements as in a report; what
 * they show is sent anew whenever more has come. What is foreign among it is only ever text.
 */

/**
 * @typedef {object} Answer What was found so far.
 * @property {string[]} symptoms
 * @property {{ name: string, fix: string }[]} causes
 */

/**
 * @typedef {object} Live
 * @property {Record<string, string>} parts Packed, as a report carries them.
 * @property {number} turns
 * @property {string} under_way
 * @property {Answer | null} answer
 * @property {string} [over] Where the report lies once the session is over.
 */

class LiveSession extends HTMLElement {
  #over = false;
  #source = new EventSource("events");

  connectedCallback() {
    this.#source.addEventListener("message", (event) => this.#show(JSON.parse(event.data)));
    this.#source.addEventListener("error", () => {
      this.#source.close();
      if (!this.#over) this.#say("state", "The session is over. What it has shown stays here.");
      for (const button of this.#buttons()) button.disabled = true;
    });
    for (const button of this.#buttons()) {
      button.addEventListener("click", () => void this.#ask(button.dataset.do ?? ""));
    }
  }

  disconnectedCallback() {
    this.#source.close();
  }

  /** @param {Live} live */
  #show(live) {
    const view = this.querySelector("conversation-view");
    if (view && Object.keys(live.parts).length > 0) void view.update(live.parts);
    if (live.over) {
      this.#over = true;
      this.#say("state", `The session is over. Its report: ${live.over}`);
    } else {
      const turns = live.turns === 1 ? "1 turn" : `${live.turns} turns`;
      this.#say(
        "state",
        live.under_way || `${turns} so far. Use the page: what happens there is shown here.`,
      );
    }
    if (live.answer && live.turns > 0) this.#answer(live.answer);
  }

  /** @param {Answer} answer */
  #answer(answer) {
    const seen = document.createElement("ul");
    seen.append(...answer.symptoms.map((text) => filled("li", text)));
    const why = answer.causes.flatMap((cause) => [
      filled("p", filled("strong", "Why:"), ` ${cause.name}`),
      filled("p", filled("strong", "FIX:"), ` ${cause.fix}`),
    ]);
    const nothing = filled("p", "Nothing that was looked for went wrong.");
    this.querySelector("[data-place=answer]")?.replaceChildren(
      ...(answer.symptoms.length > 0 ? [seen, ...why] : [nothing]),
    );
  }

  /** @param {string} what */
  async #ask(what) {
    try {
      const answer = await fetch(what, { method: "POST" });
      const { folder, error } = await answer.json();
      if (what === "keep") this.#say("done", folder ? `Saved to ${folder}` : `Not saved: ${error}`);
    } catch {
      this.#say("done", "Nobody answers: the session is over.");
    }
  }

  /** @param {string} place @param {string} text */
  #say(place, text) {
    const element = this.querySelector(`[data-place=${place}]`);
    if (element) element.textContent = text;
  }

  #buttons() {
    return /** @type {HTMLButtonElement[]} */ ([...this.querySelectorAll("button[data-do]")]);
  }
}

/**
 * @param {string} tag
 * @param {(string | Node)[]} content Texts stay texts.
 */
function filled(tag, ...content) {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}

customElements.define("live-session", LiveSession);

export {};
