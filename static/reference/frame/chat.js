/** The chat: what the user and the page do, what the backend streams, and the state that follows. Shows nothing
 * itself; calls `changed` when there is something new to show. */
import { HttpError, IntegrationError } from "./channel.js";
import rules from "./rules.json" with { type: "json" };
import * as threads from "./thread.js";

const clientId = (/** @type {string} */ kind) => `client_${kind}_${Math.random().toString(36).slice(2, 10)}`;

export class Chat {
  /** @type {string | null} the thread on the screen; null for a new one */
  threadId = null;
  /** @type {Map<string | null, Thread>} */
  #threads = new Map();
  /** @type {Map<string | null, Run>} by the thread that waits for it */
  #runs = new Map();
  /** @type {Map<string, Promise<[any, Item[]]>>} */
  #reads = new Map();
  /** @type {{message: string} | null} what is told outside of the thread, for a while */
  toast = null;
  /** @type {Thread[]} */
  history = [];
  historyOpen = false;
  changed = () => {};

  /** @param {Channel} channel @param {any} options */
  constructor(channel, options) {
    this.channel = channel;
    this.options = options;
  }

  thread = () => this.#threads.get(this.threadId) ?? null;

  get run() {
    return this.#runs.get(this.threadId) ?? null;
  }

  /** Whether the user is to answer questions before anything goes on. */
  get asks() {
    const item = this.thread()?.items.at(-1);
    return item?.type === "structured_input" && item.status === "pending";
  }

  get responding() {
    return this.run !== null || this.asks;
  }

  /** @param {Thread} thread */
  #put(thread) {
    this.#threads.set(thread.id, thread);
    this.changed();
  }

  /** Asks for the list of threads; a failure is tried again later, and harms nothing but the history. */
  async listThreads(attempt = 1) {
    try {
      const { data } = await this.channel.request(this.options, "threads.list", {
        limit: 9999,
        order: "desc",
      });
      this.history = data ?? [];
      this.changed();
    } catch {
      const wait = rules.requests.list_first_wait_ms * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      if (attempt < rules.requests.list_attempts) setTimeout(() => this.listThreads(attempt + 1), wait);
    }
  }

  /** @param {string | null} id */
  async setThread(id) {
    if (id === this.threadId) return;
    this.#show(id);
    if (id !== null && !this.#threads.has(id)) await this.load(id);
  }

  /** @param {string | null} id */
  #show(id) {
    const { run } = this;
    this.threadId = id;
    this.changed();
    this.channel.emit("thread.change", { threadId: id });
    if (run) this.channel.emit("response.end");
  }

  /** Waits for the response under way, as measured. */
  async fetchUpdates() {
    await this.run?.ended;
    if (this.threadId !== null) await this.load(this.threadId);
  }

  /** Reads a thread; one that cannot be read leaves the screen. @param {string} id */
  async load(id, isInitial = false) {
    this.channel.emit("thread.load.start", { threadId: id });
    const read = this.#reads.get(id) ?? this.#read(id);
    this.#reads.set(id, read);
    void read.then(() => {}); // Measured: a failed request is an uncaught rejection inside the frame, too.
    const made = read.then(([answer, more]) => threads.fromAnswer(answer, [...answer.items.data, ...more]));
    const error = await made.then((thread) => this.#put(thread)).catch((reason) => reason);
    this.#reads.delete(id);
    const drops = error && this.threadId === id && !this.#threads.has(id);
    if (drops) this.threadId = null;
    this.changed();
    this.channel.emit("thread.load.end", { threadId: id });
    const said = `Failed to load initial thread: ${error?.message}`;
    if (error && isInitial) this.channel.error("InitialThreadLoadError", said, error);
    if (drops) this.channel.emit("thread.change", { threadId: null });
    if (error) throw error;
  }

  /** A thread, and the items that did not fit into its own page. @param {string} id
   * @returns {Promise<[any, Item[]]>} */
  async #read(id) {
    const answer = await this.channel.request(this.options, "threads.get_by_id", { thread_id: id });
    /** @type {Item[]} */
    const more = [];
    for (let page = answer.items; page?.has_more; more.push(...page.data)) {
      const after = page.after ?? page.data.at(-1).id;
      const params = { thread_id: id, limit: 9999, order: "asc", after };
      page = await this.channel.request(this.options, "items.list", params);
    }
    return [answer, more];
  }

  /** @param {UserMessage} message */
  send({ text, content, reply = "", attachments = [], newThread, toolChoice, model }) {
    if (this.responding)
      throw new IntegrationError("ChatKit: sendUserMessage() ignored - already responding.");
    if (newThread) this.threadId = null;
    const existing = this.thread();
    const thread = existing ?? threads.emptyThread(clientId("thread"));
    const said = { content: content ?? [{ type: "input_text", text }], quoted_text: reply };
    const item = { ...said, id: clientId("item"), type: "user_message", attachments, optimistic: true };
    this.threadId = thread.id;
    this.#put(threads.withItem(threads.withoutNotes(thread), /** @type {any} */ (item)));
    const known = this.options.composer?.models?.some((/** @type {{id: string}} */ { id }) => id === model);
    const inference = { ...(toolChoice && { tool_choice: toolChoice }), ...(known && { model }) };
    const input = { ...said, attachments: attachments.map(({ id }) => id), inference_options: inference };
    if (existing) void this.#start("threads.add_user_message", { input, thread_id: thread.id });
    else void this.#start("threads.create", { input });
  }

  /** Asks for the last turn again. */
  retry() {
    const thread = this.thread();
    const at = thread?.items.findLastIndex(({ type }) => type === "user_message") ?? -1;
    const id = thread?.items[at]?.id;
    if (!thread || id === undefined) return;
    this.#put(threads.withoutNotes(threads.only(thread, (_, other) => other <= at)));
    void this.#start("threads.retry_after_item", { thread_id: thread.id, item_id: id });
  }

  /** What has come so far stays, as if it were complete. */
  stop() {
    const thread = this.thread();
    if (thread) this.#put({ ...thread, items: thread.items.map((item) => ({ ...item, done: true })) });
    this.run?.abort.abort();
  }

  /** @param {object} action @param {string} [itemId] */
  async customAction(action, itemId) {
    const { threadId } = this;
    if (!this.thread()) throw new IntegrationError("ChatKit: sendAction() ignored - no active thread.");
    await this.#start("threads.custom_action", { item_id: itemId, action, thread_id: threadId });
  }

  /** What a click in a widget leads to. @param {Action} action @param {Item} item */
  async widgetAction({ type, payload, handler }, { id, widget }) {
    if (this.responding) return;
    const call = { action: { type, payload }, widgetItem: { id, widget } };
    const isClient = handler === "client";
    const done = isClient ? this.channel.command("onWidgetAction", call) : this.customAction(call.action, id);
    await done.catch((error) => {
      if (!(error instanceof HttpError)) this.channel.error("WidgetItemError", error.message, error);
    });
  }

  /** @param {boolean} open */
  showHistory(open) {
    this.historyOpen = open;
    this.changed();
  }

  /** One streaming request from its start to its end. However it ends, the optimistic message goes, and a thread
   * that the backend never announced with it. A custom action begins with its first event, and fails loudly.
   * @param {string} op @param {object} params @returns {Promise<void>} */
  #start(op, params) {
    const threadId = String(this.threadId);
    const isNew = op === "threads.create";
    const [abort, ended] = [new AbortController(), Promise.resolve()];
    /** @type {Run} */
    const run = { isNew, threadId, abort, created: !isNew, cancellable: false, toolOutput: null, ended };
    const quiet = op === "threads.custom_action";
    const begin = () => {
      this.#runs.set(threadId, run);
      this.changed();
      this.channel.emit("response.start");
    };
    if (!quiet) begin();
    const onEvent = (/** @type {any} */ event) => {
      if (quiet && !this.#runs.has(threadId)) begin();
      this.#onEvent(run, event);
    };
    const streamed = this.channel.request(this.options, op, params, onEvent, abort.signal);
    run.ended = streamed.catch((error) => this.#onFailure(run, error)).then(() => this.#settle(run));
    return quiet ? streamed : run.ended;
  }

  /** @param {Run} run @param {any} event */
  #onEvent(run, event) {
    try {
      if (event.type === "error")
        this.#onError(run, event.message || rules.texts.failed, Boolean(event.allow_retry));
      else if (event.type === "thread.created") this.#onCreated(run, event);
      else if (run.created) this.#onThreadEvent(run, event);
    } catch (error) {
      console.error("Error handling thread event", error);
    }
  }

  /** The first announcement of a thread adopts the temporary one; a later one leads its events elsewhere.
   * @param {Run} run @param {any} event */
  #onCreated(run, event) {
    const id = event.thread.id ?? null;
    const thread = this.#threads.get(run.threadId);
    const isShown = this.threadId === run.threadId;
    const isAdopted = !run.created && thread !== undefined;
    if (id === null && isAdopted && isShown) this.#show(null); // Measured: at once, not at the end.
    if (id === null) return;
    run.created = true;
    if (isAdopted) {
      this.#threads.delete(run.threadId);
      this.#runs.delete(run.threadId);
      this.#runs.set(id, run);
      if (isShown) this.threadId = id;
      this.#put(threads.applyEvent(thread, event));
      this.history = [event.thread, ...this.history];
    } else if (run.isNew && this.#threads.has(id)) {
      // Measured: announced again, the thread begins anew, and what came before is gone.
      this.#put(threads.applyEvent(threads.emptyThread(id), event));
    }
    if (run.isNew) run.threadId = id;
    // Measured: an id that is no string fails here: the thread works, the page never hears of it.
    if (!isAdopted || !isShown || id.startsWith("client_")) return;
    this.channel.emit("thread.change", { threadId: id });
  }

  /** @param {Run} run @param {any} event */
  #onThreadEvent(run, event) {
    const { type, item, name, data } = event;
    const thread = this.#threads.get(run.threadId);
    if (!thread) return;
    this.#put(threads.applyEvent(thread, event));
    if (type === "client_effect") this.channel.emit("effect", { name, data });
    if (type === "stream_options") run.cancellable = Boolean(event.stream_options.allow_cancel);
    if (type === "notice") this.#alert(run, { ...event, kind: "notice" });
    if (type !== "thread.item.added" && type !== "thread.item.done") return;
    if (item.type === "client_tool_call") {
      run.toolOutput = this.channel.command("onClientToolCall", { name: item.name, params: item.arguments });
      run.toolOutput.catch(() => {});
    }
    // Measured: the pictures of every message of the user are looked for, which fails where there is no list.
    if (item.type === "user_message") item.attachments.filter(Boolean);
  }

  /** Shows an alert in the turn under way, in place of an earlier one. @param {Run} run @param {Alert} alert */
  #alert(run, alert) {
    const thread = this.#threads.get(run.threadId);
    const item = /** @type {any} */ ({ id: clientId("alert"), type: "alert", alert });
    if (thread) this.#put(threads.withItem(threads.withoutNotes(thread, ["alert"]), item));
  }

  /** @param {Run} run @param {string} message @param {boolean} retry */
  #onError(run, message, retry) {
    this.channel.error("StreamError", message);
    if (run.created) this.#alert(run, { kind: "error", message, retry });
    else this.#tell(message);
  }

  /** @param {Run} run @param {unknown} failure */
  #onFailure(run, failure) {
    if (!(failure instanceof HttpError)) this.#onError(run, rules.texts.failed, true);
    else if (failure.status === rules.requests.too_many) this.#tell(rules.texts.too_many);
  }

  /** @param {string} message */
  #tell(message) {
    const toast = { message };
    this.toast = toast;
    this.changed();
    setTimeout(() => {
      if (this.toast === toast) this.toast = null;
      this.changed();
    }, rules.toast_ms);
  }

  /** @param {Run} run */
  async #settle(run) {
    const { threadId, toolOutput, created } = run;
    const isShown = this.threadId === threadId && this.run === run;
    const thread = this.#threads.get(threadId);
    if (!toolOutput) this.#runs.delete(threadId);
    if (thread && created) this.#put(threads.settled(thread));
    if (!created) this.#threads.delete(threadId);
    if (!created && isShown) this.#show(null);
    this.changed();
    if (isShown) this.channel.emit("response.end");
    const result = await toolOutput;
    if (toolOutput && this.threadId === threadId) {
      void this.#start("threads.add_client_tool_output", { thread_id: threadId, result });
    }
  }
}
