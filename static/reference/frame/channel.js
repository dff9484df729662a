// @ts-check
/** What this frame and the page say to each other: events, commands both ways, and requests the page makes. */

/** @typedef {Record<string, unknown>} Json */
/** @typedef {{resolve: (value: any) => void, reject: (error: unknown) => void, deliver?: (data: string) => void}} Waiting */
/** What the page may command. @typedef {Record<string, (data: any) => unknown>} Commands */

/** A request that was answered, but not with success. */
export class HttpError extends Error {
  status = 0;
}

/** The integrator did something that the component cannot follow. */
export class IntegrationError extends Error {}

/** @param {string} kind @param {string} message @param {unknown} cause */
const wireError = (kind, message, cause) => ({
  __chatkit_error__: kind,
  message,
  stack: (cause instanceof Error ? cause : new Error(message)).stack,
});

export class Channel {
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** @type {Commands} */
  commands = {};

  /** @param {string} origin of the page */
  constructor(origin) {
    this.origin = origin;
    window.addEventListener("message", ({ source, data }) => {
      if (source === window.parent && data?.__oaiChatKit) this.#receive(data);
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  emit = (name, detail = null) => this.#post({ type: "event", event: "public_event", data: [name, detail] });

  /** @param {string} name @param {Json} [data] */
  log = (name, data = {}) => this.emit("log", { name, data, timestamp: Date.now() });

  /** @param {string} kind @param {string} message @param {unknown} [cause] */
  error = (kind, message, cause) => this.emit("error", { error: wireError(kind, message, cause) });

  /** Asks the page to take the frame away. */
  unmount = () => this.#post({ type: "event", event: "unmount" });

  /** @param {string} command @param {unknown} data */
  command = (command, data) => this.ask({ type: "command", command, data });

  /** @param {Json} message */
  #post = (message) => window.parent.postMessage({ __oaiChatKit: true, ...message }, this.origin);

  /**
   * @param {{type: "command" | "fetch" | "fetchEventSource"} & Record<string, any>} message
   * @param {(data: string) => void} [deliver] takes what streams in until the answer
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>} the answer
   */
  ask(message, deliver, signal) {
    const nonce = crypto.randomUUID();
    const abort = () => this.#post({ type: "abortSignal", nonce, reason: signal?.reason });
    signal?.addEventListener("abort", abort);
    this.#post({ ...message, nonce });
    return new Promise((resolve, reject) => this.#waiting.set(nonce, { resolve, reject, deliver }));
  }

  /** @param {any} message */
  #receive({ type, nonce, command, data, response, error, message }) {
    const waiting = this.#waiting.get(nonce);
    if (type === "fetchEventSourceMessage") waiting?.deliver?.(message.data);
    else if (type === "command") void this.#obey(nonce, command, data);
    else if (type === "response") {
      this.#waiting.delete(nonce);
      const { __chatkit_error__: kind, status } = error ?? {};
      if (!error) waiting?.resolve(response);
      else waiting?.reject(kind ? Object.assign(new HttpError(error.message), { status }) : error);
    }
  }

  /** @param {string} nonce @param {string} command @param {unknown} data */
  async #obey(nonce, command, data) {
    try {
      await this.commands[command]?.(data);
      this.#post({ type: "response", nonce });
    } catch (error) {
      const refused = error instanceof IntegrationError;
      this.#post({
        type: "response",
        nonce,
        error: refused ? wireError("IntegrationError", error.message, error) : error,
      });
    }
  }
}
