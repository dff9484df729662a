/** What this frame and the page say to each other: events, commands both ways, and requests the page makes. */
import rules from "./rules.json" with { type: "json" };

/** A request that was answered, but not successfully. */
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
  /** Tells the frames of one page apart, in a header of every request. */
  #instance = crypto.randomUUID();
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
  /** @param {string} name @param {object} data */
  log = (name, data) => this.emit("log", { name, data, timestamp: Date.now() });
  /** @param {string} kind @param {string} message @param {unknown} [cause] */
  error = (kind, message, cause) => this.emit("error", { error: wireError(kind, message, cause) });
  unmount = () => this.#post({ type: "event", event: "unmount" });
  /** @param {string} command @param {unknown} data */
  command = (command, data) => this.#ask({ type: "command", command, data });

  /** A request to the integrator's backend: one URL, always POST, an op and its params; a stream if its events are
   * asked for. @param {any} options @param {string} op @param {object} about @param {(event: any) => void} [onEvent]
   * @param {AbortSignal} [signal] */
  request({ api, locale = navigator.language }, op, about, onEvent, signal) {
    const headers = {
      "Content-Type": "application/json",
      "chatkit-frame-instance-id": this.#instance,
      "Accept-Language": locale.startsWith("en") ? "en" : locale,
    };
    const body = JSON.stringify({ type: op, params: about });
    const params = { method: "POST", headers, body, rules: rules.requests };
    const deliver = (/** @type {string} */ data) => {
      try {
        if (data) onEvent?.(JSON.parse(data));
      } catch (/** @type {any} */ error) {
        // Invalid JSON is reported, and the stream continues.
        this.error("StreamEventParsingError", `Failed to parse stream event: ${error.message}`, error);
      }
    };
    if (api.getClientSecret) return this.#askOpenAI(params, onEvent && deliver, signal);
    return this.#ask({ type: onEvent ? "fetchEventSource" : "fetch", url: api.url, params }, deliver, signal);
  }

  /** Hosted mode (measured): the frame itself sends requests to OpenAI, with the page's client secret.
   * @param {ApiParams} init @param {Waiting["deliver"]} deliver @param {AbortSignal} [signal] */
  async #askOpenAI(init, deliver, signal) {
    init.headers.authorization = `Bearer ${await this.command("onGetClientSecret", null).catch(() => "")}`;
    const response = await fetch(rules.requests.hosted_url, { ...init, signal });
    if (!response.ok) throw Object.assign(new HttpError(response.statusText), { status: response.status });
    if (!deliver) return response.json();
    for (const event of (await response.text()).split(/^data: /m)) deliver(event.trim());
  }

  /** @param {PortMessage} message */
  #post = (message) => window.parent.postMessage({ __oaiChatKit: true, ...message }, this.origin);

  /** Resolves with the answer; `deliver` takes what streams in until then.
   * @param {PortMessage} message @param {Waiting["deliver"]} [deliver] @param {AbortSignal} [signal]
   * @returns {Promise<any>} */
  #ask(message, deliver, signal) {
    const nonce = crypto.randomUUID();
    signal?.addEventListener("abort", () => this.#post({ type: "abortSignal", nonce }));
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
      else if (kind === "IntegrationError") waiting?.reject(new IntegrationError(error.message));
      else waiting?.reject(kind ? Object.assign(new HttpError(error.message), { status }) : error);
    }
  }

  /** @param {string} nonce @param {string} command @param {unknown} data */
  async #obey(nonce, command, data) {
    try {
      await this.commands[command]?.(data);
      this.#post({ type: "response", nonce });
    } catch (reason) {
      const refused = reason instanceof IntegrationError;
      const error = refused ? wireError("IntegrationError", reason.message, reason) : reason;
      this.#post({ type: "response", nonce, error });
    }
  }
}
