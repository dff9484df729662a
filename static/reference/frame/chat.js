/** The chat: what the user and the page do, what the backend streams, and the state that follows. Shows nothing
 * itself; calls `changed` when there is something new to show. */
import { HttpError, IntegrationError } from "./channel.js";
import { History } from "./history.js";
import names from "./names.json" with { type: "json" };
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
  /** @type {string | null} the model that was chosen */
  #chosenModel = null;
  /** @type {{title: string | null, message: string} | null} what is told outside of the thread, for a while */
  toast = null;
  history = new History(this);
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

  /** The model that messages are sent with, if there is a choice. @returns {string | undefined} */
  get modelId() {
    /** @type {Model[]} */
    const models = this.options.composer?.models ?? [];
    const chosen = models.find(({ id }) => id === this.#chosenModel);
    return (chosen ?? models.find((one) => one.default) ?? models[0])?.id;
  }

  /** @param {string} modelId */
  choose(modelId) {
    this.#chosenModel = modelId;
    this.changed();
  }

  /** The questions that the user is to answer before anything goes on. */
  get asked() {
    const item = threads.lastSaid(this.thread());
    const isOpen = item?.type === "structured_input" && item.status === "pending" && item.inputs.length > 0;
    return isOpen ? item : null;
  }

  get responding() {
    return this.run !== null || this.asked !== null;
  }

  /** @param {Thread} thread */
  #put(thread) {
    this.#threads.set(thread.id, thread);
    this.changed();
  }

  /** @param {string} op @param {object} params */
  request = (op, params) => this.channel.request(this.options, op, params);

  /** @param {string} id @param {string} title */
  retitle(id, title) {
    const thread = this.#threads.get(id);
    if (thread) this.#put({ ...thread, title });
    this.changed();
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

  /** Reads a thread that may be opened soon; a failure is reported nowhere. @param {string} id */
  prefetch(id) {
    if (this.#threads.has(id) || this.#reads.has(id)) return;
    const read = this.#read(id);
    this.#reads.set(id, read);
    void read
      .then(([answer, more]) => this.#put(threads.fromAnswer(answer, [...answer.items.data, ...more])))
      .finally(() => this.#reads.delete(id));
  }

  /** Waits for the response in progress, as measured. */
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
  send({ text, content, reply = "", attachments = [], newThread, toolChoice, model = this.modelId }) {
    if (this.responding)
      throw new IntegrationError("ChatKit: sendUserMessage() ignored - already responding.");
    if (newThread) this.threadId = null;
    const existing = this.thread();
    const thread = existing ?? threads.emptyThread(clientId("thread"));
    const said = { content: content ?? [{ type: "input_text", text }], quoted_text: reply };
    /** @type {any} */
    const item = { ...said, id: clientId("item"), type: "user_message", attachments, optimistic: true };
    this.threadId = thread.id;
    this.#put(threads.withMessage(thread, item));
    const known = this.options.composer?.models?.some((/** @type {{id: string}} */ { id }) => id === model);
    const inference = { ...(known && { model }), ...(toolChoice && { tool_choice: toolChoice }) };
    const input = { ...said, attachments: attachments.map(({ id }) => id), inference_options: inference };
    if (existing) void this.#start("threads.add_user_message", { input, thread_id: thread.id }, item);
    else void this.#start("threads.create", { input }, item);
  }

  /** Asks for a turn again, the last one if none is named; what came after it goes. @param {Turn} [turn] */
  retry({ n } = { n: Number.POSITIVE_INFINITY, role: "assistant" }) {
    const thread = this.thread();
    const isBefore = (/** @type {Item} */ { type, turn }) => type === "user_message" && turn.n < n;
    const at = thread?.items.findLastIndex(isBefore) ?? -1;
    const id = thread?.items[at]?.id;
    if (!thread || id === undefined) return;
    this.#put(threads.without(thread, (_, other) => other > at));
    void this.#start("threads.retry_after_item", { thread_id: thread.id, item_id: id });
  }

  /** Answers are shown before they are sent. @param {Item} item @param {{status: string, answers: any}} input */
  answer({ id }, input) {
    const thread = this.thread();
    if (!thread) return;
    this.#put(threads.withAnswers(thread, id, input));
    void this.#start("threads.add_structured_input", { thread_id: thread.id, item_id: id, input });
  }

  /** The text received so far stays, as if it were complete. */
  stop() {
    const thread = this.thread();
    if (thread) this.#put(threads.completed(thread));
    this.run?.abort.abort();
  }

  /** @param {object} action @param {string} [itemId] */
  async customAction(action, itemId) {
    const { threadId } = this;
    if (!this.thread()) throw new IntegrationError("ChatKit: sendAction() ignored - no active thread.");
    await this.#start("threads.custom_action", { item_id: itemId, action, thread_id: threadId });
  }

  /** An action whose answer is no stream, but the item as it is now. @param {object} action @param {string} itemId */
  async #syncAction(action, itemId) {
    const { threadId } = this;
    const about = { item_id: itemId, action, thread_id: threadId };
    const { updated_item: item } = await this.request("threads.sync_custom_action", about);
    const thread = this.#threads.get(threadId);
    if (thread && item) this.#put(threads.applyEvent(thread, { type: "thread.item.replaced", item }, false));
  }

  /** What a click in a widget leads to. @param {Action} action @param {Item} item */
  async widgetAction({ type, payload, handler = "server", streaming = true }, { id, widget }) {
    if (this.responding) return;
    const action = { type, payload };
    const ask = { action, widgetItem: { id, widget } };
    this.channel.log("widget.action", { widgetType: widget.type, actionType: type, handler });
    try {
      if (handler === "client") await this.channel.command("onWidgetAction", ask);
      else if (streaming) await this.customAction(action, id);
      else await this.#syncAction(action, id);
    } catch (/** @type {any} */ error) {
      if (handler === "server" && error instanceof HttpError) this.tell(names.widget.failed);
      else this.channel.error("WidgetItemError", error.message, error);
    }
  }

  /** One streaming request from its start to its end. However it ends, the optimistic message goes, and a thread
   * that the backend never announced with it. A custom action begins with its first event, and fails loudly.
   * @param {string} op @param {object} params @param {Item | null} [message] that it brings
   * @returns {Promise<void>} */
  #start(op, params, message = null) {
    const threadId = /** @type {string} */ (this.threadId);
    const isNew = op === "threads.create";
    const abort = new AbortController();
    /** @type {Run} */
    const run = { isNew, threadId, message, abort, created: !isNew, cancellable: false, toolOutputs: [] };
    const thread = this.thread();
    if (thread) this.#put({ ...thread, alert: null });
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
      const { type, code, message, allow_retry: retry } = event;
      // Measured: an error with an unknown code has no message of its own.
      const said = message || ((!code || rules.error_codes.includes(code)) && rules.texts.failed);
      if (type === "error") this.#onError(run, said, Boolean(retry));
      else if (type === "thread.created") this.#onCreated(run, event);
      else if (run.created) this.#onThreadEvent(run, event);
    } catch (error) {
      console.error("Error handling thread event", error);
    }
  }

  /** The first announcement of a thread adopts the temporary one; a later one leads its events elsewhere.
   * @param {Run} run @param {any} event */
  #onCreated(run, event) {
    const { id } = event.thread;
    const thread = this.#threads.get(run.threadId);
    const isShown = this.threadId === run.threadId;
    const isAdopted = !run.created && thread !== undefined;
    const isLost = run.isNameless || (id ?? "") === "";
    run.isNameless = !id;
    if (isAdopted && isLost) {
      // Measured: the start screen is back at once, and what still comes goes to nothing.
      this.#threads.delete(run.threadId);
      if (isShown) this.#show(null);
    } else if (isAdopted && id) {
      run.created = true;
      this.#threads.delete(run.threadId);
      this.#runs.delete(run.threadId);
      this.#runs.set(id, run);
      if (isShown) this.threadId = id;
      this.#put(threads.applyEvent(thread, event, true));
      this.history.begin(event.thread);
    } else if (run.isNew && run.created && run.message && this.#threads.has(id)) {
      // Measured: announced again, the thread begins anew with the message as it was sent.
      this.#put(threads.withMessage(threads.applyEvent(threads.emptyThread(id), event, true), run.message));
    }
    if (run.isNew && run.created) run.threadId = id;
    // Measured: an id that is not a string fails here: the thread works, but the page is never told.
    if (!isAdopted || !isShown || !id || id.startsWith("client_")) return;
    this.channel.emit("thread.change", { threadId: id });
  }

  /** @param {Run} run @param {any} event */
  #onThreadEvent(run, event) {
    const { type, item, name, data } = event;
    const thread = this.#threads.get(run.threadId);
    if (thread) this.#put(threads.applyEvent(thread, event, run.message !== null));
    if (type === "client_effect") this.channel.emit("effect", { name, data });
    if (type === "stream_options") run.cancellable = Boolean(event.stream_options.allow_cancel);
    if (type !== "thread.item.added" && type !== "thread.item.done") return;
    if (item.type === "client_tool_call") {
      const output = this.channel.command("onClientToolCall", { name: item.name, params: item.arguments });
      output.catch(() => {});
      run.toolOutputs.push(output);
    }
    // Measured: the pictures of every message of the user are looked for, which fails where there is no list.
    if (item.type === "user_message") item.attachments.filter(Boolean);
  }

  /** @param {Run} run @param {string} message @param {boolean} retry */
  #onError(run, message, retry) {
    this.channel.error("StreamError", message);
    const thread = this.#threads.get(run.threadId);
    if (message && !run.created) this.tell(message);
    else if (thread && message) this.#put({ ...thread, alert: { kind: "error", message, retry } });
  }

  /** @param {Run} run @param {unknown} failure */
  #onFailure(run, failure) {
    if (!(failure instanceof HttpError)) this.#onError(run, rules.texts.failed, true);
    else if (failure.status === rules.requests.too_many) this.tell(rules.texts.too_many);
  }

  /** @param {string} message @param {string | null} [title] */
  tell(message, title = null) {
    const toast = { title, message: typeof message === "string" ? message : "" };
    this.toast = toast;
    this.changed();
    this.channel.log("toast.show", { toastTitle: title, toastMessage: toast.message });
    setTimeout(() => {
      if (this.toast === toast) this.toast = null;
      this.changed();
    }, rules.toast_ms);
  }

  /** @param {Run} run */
  async #settle(run) {
    const { threadId, toolOutputs, created } = run;
    const isShown = this.threadId === threadId && this.run === run;
    const thread = this.#threads.get(threadId);
    if (!toolOutputs.length && this.#runs.get(threadId) === run) this.#runs.delete(threadId);
    if (thread && created) this.#put(threads.settled(thread));
    if (!created) this.#threads.delete(threadId);
    if (!created && isShown) this.#show(null);
    this.changed();
    if (isShown) this.channel.emit("response.end");
    for (const output of toolOutputs) {
      const result = await output;
      if (this.threadId !== threadId) return;
      await this.#start("threads.add_client_tool_output", { thread_id: threadId, result });
    }
  }
}
