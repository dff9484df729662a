// @ts-check
/**
 * The chat: what the user and the page do, what the backend streams, and the state that follows. Shows nothing
 * itself; calls `changed` when there is something new to show.
 */
import { Api } from "./api.js";
import { HttpError, IntegrationError } from "./channel.js";
import * as threads from "./thread.js";

/** @typedef {import("../types.js").Thread} Thread */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Run} Run */

const FAILED = "There was an error while generating the assistant's response.";
const TOO_MANY = "You’ve sent too many requests. Please try again later.";
const BUSY = "already responding";
const TOAST_MS = 5_000;
const LIST_ATTEMPTS = 6;

const clientId = (/** @type {string} */ kind) => `client_${kind}_${Math.random().toString(36).slice(2, 10)}`;

export class Chat {
  /** @type {string | null} the thread on the screen; null for a new one */
  threadId = null;
  /** @type {Map<string, Thread>} */
  #threads = new Map();
  /** @type {Map<string, Run>} by the thread that waits for it */
  #runs = new Map();
  /** @type {Map<string, Promise<[Thread & {items: any}, Item[]]>>} */
  #reads = new Map();
  /** @type {string | null} */
  toast = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #toastTimer;
  /** @type {Thread[]} */
  history = [];
  historyOpen = false;
  changed = () => {};

  /** @param {import("./channel.js").Channel} channel @param {any} options */
  constructor(channel, options) {
    this.channel = channel;
    this.options = options;
    this.api = new Api(channel, () => this.options);
  }

  /** @param {string | null} [id] */
  thread(id = this.threadId) {
    return this.#threads.get(id ?? "") ?? null;
  }

  /** What the thread on the screen waits for. */
  get run() {
    return this.#runs.get(this.threadId ?? "") ?? null;
  }

  /** Questions that the user is to answer before anything goes on. */
  get questions() {
    const thread = this.thread();
    const item = thread?.items[thread.turns.at(-1)?.ids.at(-1) ?? ""];
    return item?.type === "structured_input" && item.status === "pending" ? item : null;
  }

  get responding() {
    return Boolean(this.run ?? this.questions);
  }

  /** @param {Thread} thread */
  #put(thread) {
    this.#threads.set(thread.id, thread);
    this.changed();
  }

  /** Asks for the list of threads; a failure is tried again later, and harms nothing but the history. */
  async listThreads(attempt = 1) {
    try {
      const { data } = await this.api.json("threads.list", { limit: 9999, order: "desc" });
      this.history = data ?? [];
    } catch {
      const wait = 1_000 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      if (attempt < LIST_ATTEMPTS) setTimeout(() => this.listThreads(attempt + 1), wait);
    }
  }

  /** @param {string} id */
  async loadInitial(id) {
    this.threadId = id;
    await this.#load(id, (error) => {
      this.channel.error("InitialThreadLoadError", `Failed to load initial thread: ${error.message}`, error);
    });
  }

  /** @param {string | null} id */
  async setThread(id) {
    if (id === this.threadId) return;
    this.#show(id);
    if (id !== null && !this.#threads.has(id)) await this.#load(id);
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
    if (this.threadId !== null) await this.#load(this.threadId);
  }

  /** @param {string} id @param {(error: Error) => void} [tell] */
  async #load(id, tell = () => {}) {
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
    if (error) tell(error);
    if (drops) this.channel.emit("thread.change", { threadId: null });
    if (error) throw error;
  }

  /** A thread, and the items that did not fit into its own page. @param {string} id
   * @returns {Promise<[any, Item[]]>} */
  async #read(id) {
    const answer = await this.api.json("threads.get_by_id", { thread_id: id });
    /** @type {Item[]} */
    const more = [];
    for (let page = answer.items; page?.has_more; more.push(...page.data)) {
      const after = page.after ?? page.data.at(-1).id;
      page = await this.api.json("items.list", { thread_id: id, limit: 9999, order: "asc", after });
    }
    return [answer, more];
  }

  /** @param {import("../types.js").UserMessage} message @param {() => void} [announce] what else to say once it is on
   * the screen */
  send({ text, content, reply = "", attachments = [], newThread, toolChoice, model }, announce) {
    if (this.responding) throw new IntegrationError(`ChatKit: sendUserMessage() ignored - ${BUSY}.`);
    if (newThread) this.threadId = null;
    const existing = this.thread();
    const thread = existing ?? threads.emptyThread(clientId("thread"));
    const said = { content: content ?? [{ type: "input_text", text }], quoted_text: reply };
    const item = /** @type {any} */ ({ ...said, id: clientId("item"), type: "user_message", attachments });
    this.threadId = thread.id;
    this.#put(threads.withOptimistic(thread, item));
    const known = this.options.composer?.models?.some((/** @type {{id: string}} */ { id }) => id === model);
    const inference = { ...(toolChoice && { tool_choice: toolChoice }), ...(known && { model }) };
    const input = { ...said, attachments: attachments.map(({ id }) => id), inference_options: inference };
    if (existing) void this.#start("threads.add_user_message", { input, thread_id: thread.id }, announce);
    else void this.#start("threads.create", { input }, announce);
  }

  /** Asks for the last turn again. @param {() => void} [announce] */
  retry(announce) {
    const thread = this.thread();
    const ids = thread?.turns.flatMap((turn) => turn.ids) ?? [];
    const id = ids.findLast((other) => thread?.items[other]?.type === "user_message");
    if (!thread || id === undefined) return;
    this.#put(threads.cutAfter(threads.withoutNotes(thread), id));
    void this.#start("threads.retry_after_item", { thread_id: thread.id, item_id: id }, announce);
  }

  /** @param {object} action @param {string} [itemId] */
  async customAction(action, itemId) {
    const { threadId } = this;
    if (!this.thread()) throw new IntegrationError("ChatKit: sendAction() ignored - no active thread.");
    await this.#start("threads.custom_action", { item_id: itemId, action, thread_id: threadId });
  }

  /** What a click in a widget leads to. @param {import("../types.js").Action} action @param {Item} item */
  async widgetAction({ type, payload, handler = "server" }, { id, widget }) {
    if (this.responding) return;
    this.channel.log("widget.action", { widgetType: widget.type, actionType: type, handler });
    const call = { action: { type, payload }, widgetItem: { id, widget } };
    const isClient = handler === "client";
    const done = isClient ? this.channel.command("onWidgetAction", call) : this.customAction(call.action, id);
    await done.catch((error) => {
      if (!(error instanceof HttpError)) this.channel.error("WidgetItemError", error.message, error);
    });
  }

  /** @param {Item} item @param {Record<string, import("../types.js").Answer>} answers */
  answer(item, answers) {
    const thread = this.thread();
    if (!thread) return;
    const status = Object.values(answers).every(({ skipped }) => skipped) ? "skipped" : "answered";
    this.#put(threads.withItem(thread, { ...item, status }));
    const params = { thread_id: thread.id, item_id: item.id, input: { status, answers } };
    void this.#start("threads.add_structured_input", params);
  }

  /** @param {string[]} itemIds @param {string} kind */
  feedback(itemIds, kind) {
    this.channel.log("message.action", { action: `feedback.${kind}` });
    void this.api.json("items.feedback", { thread_id: this.threadId, item_ids: itemIds, kind });
  }

  /** What has come so far stays, as if it were complete. */
  stop() {
    const thread = this.thread();
    if (!thread) return;
    const items = Object.values(thread.items).map((item) => [item.id, { ...item, done: true }]);
    this.#put({ ...thread, items: Object.fromEntries(items) });
    this.run?.abort.abort();
  }

  newChat() {
    this.channel.log("newChat.create");
    this.#show(null);
  }

  /** @param {boolean} open */
  showHistory(open) {
    if (this.historyOpen === open) return;
    this.historyOpen = open;
    this.changed();
    this.channel.log(open ? "history.open" : "history.close");
  }

  /** @param {string} id */
  openFromHistory(id) {
    this.channel.log("history.thread.select", { threadId: id });
    this.setThread(id).catch(() => {});
    this.showHistory(false);
  }

  /**
   * One streaming request from its start to its end. However it ends, the optimistic message goes, and a thread
   * that the backend never announced with it. A custom action begins with its first event, and fails loudly.
   * @param {string} op
   * @param {object} params
   * @param {() => void} [announce]
   * @returns {Promise<void>}
   */
  #start(op, params, announce) {
    const threadId = String(this.threadId);
    const abort = new AbortController();
    const isNew = op === "threads.create";
    const ended = Promise.resolve();
    /** @type {Run} */
    const run = { isNew, threadId, abort, created: !isNew, cancellable: false, toolOutput: null, ended };
    const quiet = op === "threads.custom_action";
    if (!quiet) this.#begin(run, announce);
    const onEvent = (/** @type {any} */ event) => {
      if (quiet && !this.#runs.has(threadId)) this.#begin(run);
      this.#onEvent(run, event);
    };
    const streamed = this.api.stream(op, params, onEvent, abort.signal);
    run.ended = streamed.catch((error) => this.#onFailure(run, error)).then(() => this.#settle(run));
    return quiet ? streamed : run.ended;
  }

  /** @param {Run} run @param {() => void} [announce] */
  #begin(run, announce) {
    this.#runs.set(run.threadId, run);
    this.changed();
    this.channel.emit("response.start");
    announce?.();
  }

  /** @param {Run} run @param {any} event */
  #onEvent(run, event) {
    try {
      if (event.type === "error") this.#onError(run, event.message || FAILED, Boolean(event.allow_retry));
      else if (event.type === "thread.created") this.#onCreated(run, event);
      else if (run.created) this.#onThreadEvent(run, event);
    } catch (error) {
      console.error("Error handling thread event", error);
    }
  }

  /** The first announcement of a thread adopts the temporary one; a later one leads its events elsewhere.
   * @param {Run} run @param {any} event */
  #onCreated(run, event) {
    const id = event.thread.id;
    if (id === undefined || id === null) return;
    const thread = this.#threads.get(run.threadId);
    const isShown = this.threadId === run.threadId;
    const isAdopted = !run.created && thread !== undefined;
    run.created = true;
    if (isAdopted) {
      this.#threads.delete(run.threadId);
      this.#runs.delete(run.threadId);
      this.#runs.set(id, run);
      if (isShown) this.threadId = id ?? null;
      this.#put(threads.applyEvent(thread, event));
      this.history = [event.thread, ...this.history];
    } else if (run.isNew && this.#threads.has(id)) {
      // Measured: announced again, the thread begins anew, and what came before is gone.
      this.#put(threads.applyEvent(threads.emptyThread(id), event));
    }
    if (run.isNew) run.threadId = id;
    // Measured: an id that is no string fails here: the thread works, the page never hears of it.
    if (isAdopted && isShown && !id?.startsWith("client_"))
      this.channel.emit("thread.change", { threadId: id });
  }

  /** @param {Run} run @param {any} event */
  #onThreadEvent(run, event) {
    const { type, item, name, data } = event;
    const thread = this.#threads.get(run.threadId);
    if (!thread) return;
    this.#put(threads.applyEvent(thread, event));
    if (type === "stream_options") run.cancellable = Boolean(event.stream_options.allow_cancel);
    if (type === "client_effect") this.channel.emit("effect", { name, data });
    if (type === "notice") this.#alert(run, { ...event, kind: "notice" });
    if (type !== "thread.item.added" && type !== "thread.item.done") return;
    if (item.type === "client_tool_call") {
      run.toolOutput = this.channel.command("onClientToolCall", { name: item.name, params: item.arguments });
      run.toolOutput.catch(() => {});
    }
    // Measured: the pictures of every message of the user are looked for, which fails where there is no list.
    if (item.type === "user_message") item.attachments.filter(Boolean);
  }

  /** Shows an alert in the turn under way, in place of an earlier one. @param {Run} run
   * @param {import("../types.js").Alert} alert */
  #alert(run, alert) {
    const thread = this.#threads.get(run.threadId);
    const item = /** @type {any} */ ({ id: clientId("alert"), type: "alert", alert });
    if (thread) this.#put(threads.withItem(threads.withoutNotes(thread, ["alert"]), item));
  }

  /** @param {Run} run @param {string} message @param {boolean} retry */
  #onError(run, message, retry) {
    this.channel.error("StreamError", message);
    if (run.created) this.#alert(run, { kind: "error", message, retry });
    else this.showToast(message);
  }

  /** @param {Run} run @param {unknown} failure */
  #onFailure(run, failure) {
    if (!(failure instanceof HttpError)) this.#onError(run, FAILED, true);
    else if (failure.status === 429) this.showToast(TOO_MANY);
  }

  /** @param {Run} run */
  async #settle(run) {
    const { threadId, toolOutput, created } = run;
    const isShown = this.threadId === threadId && this.#runs.get(threadId) === run;
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

  /** @param {string | null} message */
  showToast(message) {
    this.toast = message;
    this.changed();
    clearTimeout(this.#toastTimer);
    if (message === null) return;
    this.channel.log("toast.show", { toastTitle: null, toastMessage: message });
    this.#toastTimer = setTimeout(() => this.showToast(null), TOAST_MS);
  }
}
