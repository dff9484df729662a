/** Plays generated dialogues on several components at once. Every request of a component is answered from memory,
 * event by event, and what a user would see is asked of the script in its frame. Runs before chatkit.js. */
(() => {
  /** A wait so long is one before a retry, and takes no time here. In ms. */
  const LONG_MS = 1_000;
  /** Painted frames without a change after which a component rests. */
  const REST = 6;
  /** How long a method of the element may take to do nothing at all, in ms. */
  const REFUSAL_MS = 2_000;
  const STREAMING = new Set([
    "threads.create",
    "threads.add_user_message",
    "threads.add_client_tool_output",
    "threads.custom_action",
  ]);
  const { setTimeout } = window;
  window.setTimeout = (run, ms = 0, ...args) => setTimeout(run, ms >= LONG_MS ? 0 : ms, ...args);

  const encoder = new TextEncoder();
  const delivered = async () => {
    // One task for the reader of the body, one for the message to the frame.
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
  };

  let played = 0;

  class Stage {
    #element;
    #asked = 0;
    #waiting = new Map();
    /** What is being played: the answers that are left, and what came of the others. */
    #exchange = { answers: [], requests: [], looks: [], open: Promise.resolve() };

    get frame() {
      return this.#element?.shadowRoot.querySelector("iframe")?.contentWindow ?? null;
    }

    /** A new component, as after the page was opened. */
    async renew() {
      this.#element?.remove();
      this.#element = document.createElement("openai-chatkit");
      this.#element.setOptions({
        api: { url: "/chatkit", domainKey: "local", fetch: this.#fetch },
        history: { enabled: false },
        onClientTool: () => ({ answered: true }),
      });
      const ready = new Promise((resolve) => this.#element.addEventListener("chatkit.ready", resolve));
      document.body.append(this.#element);
      await ready;
      await this.#ask("rest", { frames: 3, view: "start" });
    }

    /** What the frame's script answers. */
    #ask(what, about = {}) {
      const id = ++this.#asked;
      this.frame.postMessage({ asks: id, what, ...about }, "*");
      return new Promise((resolve) => this.#waiting.set(id, resolve));
    }

    hear({ answers, value }) {
      this.#waiting.get(answers)?.(value);
      this.#waiting.delete(answers);
    }

    #fetch = async (_url, { body }) => {
      const exchange = this.#exchange;
      const op = JSON.parse(body).type;
      if (!STREAMING.has(op)) return new Promise(() => {}); // Nothing is to change while it is looked at.
      exchange.requests.push(op);
      const { events, end, status } = exchange.answers.shift() ?? { events: [], end: "finished", status: 200 };
      const headers = { "content-type": status === 200 ? "text/event-stream" : "application/json" };
      if (status !== 200) return new Response("{}", { status, headers });
      const { promise, resolve } = Promise.withResolvers();
      exchange.open = Promise.all([exchange.open, promise]);
      const start = async (controller) => {
        for (const data of events) {
          controller.enqueue(encoder.encode(`data: ${data}\n\n`));
          await delivered();
          exchange.looks.push(await this.#ask("look"));
        }
        if (end === "cut") controller.error(new TypeError("network error"));
        else controller.close();
        await delivered();
        resolve();
      };
      return new Response(new ReadableStream({ start }), { headers });
    };

    async #play({ message, answers }) {
      const exchange = { answers: [...answers], requests: [], looks: [], open: Promise.resolve() };
      this.#exchange = exchange;
      const refused = new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
      await Promise.race([this.#element.sendUserMessage({ text: message }).catch(() => {}), refused]);
      for (let seen = -1; seen < exchange.requests.length; ) {
        seen = exchange.requests.length;
        await exchange.open;
        exchange.final = await this.#ask("rest", { frames: REST });
      }
      const { requests, looks, final } = exchange;
      return { requests, looks, final };
    }

    /** Plays a dialogue for as long as the component takes messages. */
    async play({ exchanges }) {
      // A component knows its threads for good: those of one dialogue are named like those of no other.
      const own = `thr_${++played}_`;
      const named = (events) => events.map((data) => data.replaceAll('"thr_', `"${own}`));
      const outcomes = [];
      for (const { message, answers } of exchanges) {
        const ours = answers.map((answer) => ({ ...answer, events: named(answer.events) }));
        outcomes.push(await this.#play({ message, answers: ours }));
        const { final } = outcomes.at(-1);
        if (final.responding || !final.composer) break;
      }
      return outcomes;
    }

    /** Back to the start screen; a component that does not find it again is replaced. */
    async reset(isSpoiled) {
      await this.#ask("forget");
      if (!isSpoiled) {
        await Promise.race([this.#element.setThreadId(null), new Promise((r) => setTimeout(r, REFUSAL_MS))]);
        const { view, alerts } = await this.#ask("rest", { frames: 2, view: "start" });
        if (view === "start" && alerts.length === 0) return;
      }
      await this.renew();
    }
  }

  /** @type {Stage[]} */
  const stages = [];
  window.addEventListener("message", ({ source, data }) => {
    if (data?.answers) stages.find(({ frame }) => frame === source)?.hear(data);
  });

  async function open(count) {
    while (stages.length < count) stages.push(new Stage());
    await Promise.all(stages.map((stage) => stage.renew()));
  }

  /** Plays all of them, each on a component that is free, and resolves with what came of them, in order. With
   * `fresh` each is played on a component of its own. */
  async function play(dialogues, fresh) {
    const outcomes = [];
    let next = 0;
    const work = async (stage) => {
      while (next < dialogues.length) {
        const at = next++;
        outcomes[at] = await stage.play(dialogues[at]);
        await stage.reset(fresh);
      }
    };
    await Promise.all(stages.map(work));
    return outcomes;
  }

  window.differential = { open, play };
})();
