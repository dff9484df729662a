/** The earlier threads: their list, and what a user can do with each. */
import rules from "./rules.json" with { type: "json" };

export class History {
  /** @type {Thread[]} */
  threads = [];
  isOpen = false;
  /** Whether a new chat is offered among them: there is another one on screen. */
  offersNew = false;

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
  }

  /** Asks for the list; a failure is tried again later, and harms nothing else. */
  async read(attempt = 1) {
    const { chat } = this;
    try {
      const { data } = await chat.request("threads.list", { limit: 9999, order: "desc" });
      this.threads = data ?? [];
      chat.changed();
    } catch {
      const wait = rules.requests.list_first_wait_ms * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      if (attempt < rules.requests.list_attempts) setTimeout(() => this.read(attempt + 1), wait);
    }
  }

  /** Measured: one that begins here begins now, whatever the backend says. @param {Thread} thread */
  begin(thread) {
    this.threads = [{ ...thread, created_at: Date.now() }, ...this.threads];
  }

  /** @param {boolean} isOpen */
  show(isOpen) {
    const { chat } = this;
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    this.offersNew = chat.threadId !== null;
    chat.changed();
    chat.channel.log(isOpen ? "history.open" : "history.close", {});
  }

  newChat() {
    this.chat.channel.log("newChat.create", {});
    void this.chat.setThread(null);
    this.show(false);
  }

  /** @param {string} id */
  select(id) {
    this.chat.channel.log("history.thread.select", { threadId: id });
    this.chat.setThread(id).catch(() => {});
    this.show(false);
  }

  /** Measured: the backend's response is ignored. @param {string} id @param {string} title */
  async rename(id, title) {
    const { chat } = this;
    chat.channel.log("history.thread.update", { threadId: id, title });
    await this.#ask("threads.update", { thread_id: id, title });
    this.threads = this.threads.map((one) => (one.id === id ? { ...one, title } : one));
    chat.retitle(id, title);
  }

  /** Measured: a thread on screen is left before it is known whether it could be deleted. @param {string} id */
  async remove(id) {
    const { chat } = this;
    chat.channel.log("history.thread.delete", { threadId: id });
    if (chat.threadId === id) void chat.setThread(null);
    await this.#ask("threads.delete", { thread_id: id });
    this.threads = this.threads.filter((one) => one.id !== id);
    chat.changed();
  }

  /** Tells of a failure under the words of another one, as measured. @param {string} op @param {object} params */
  async #ask(op, params) {
    const { chat } = this;
    await chat.request(op, params).catch((error) => {
      chat.channel.error("HistoryViewError", `Failed to load conversation: ${error.message}`, error);
      throw error;
    });
  }
}
