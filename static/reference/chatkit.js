// @ts-check
/**
 * The reference component, page side: defines <openai-chatkit> with the public API, events and messages of
 * ChatKit. It makes the API calls for the frame, as the real one does, so that the page's own `fetch`, CORS and
 * CSP apply to them. Written from measurements of the real component, not from its code.
 */
(() => {
  const CDN_FOLDER = "https://cdn.platform.openai.com/deployments/chatkit/";
  /** What stands for a function in options that cross to the frame. */
  const METHOD = "[ChatKitMethod]";
  const STREAM_TYPE = "text/event-stream";
  const ATTEMPTS = 6;
  /** How long a frame that never says a word keeps `chatkit.ready` waiting, in ms. */
  const MUTE_MS = 250;

  /** @typedef {{data: string, event: string, id: string, retry?: number}} ServerSentEvent */
  /** @typedef {{method: string, body: string, headers: Record<string, string>, openWhenHidden?: boolean}} Params */
  /** @typedef {(input: string, init: RequestInit) => Promise<Response>} Fetch */
  /** One message between page and frame; `type` says which of the rest there is.
   * @typedef {{type: string, nonce?: string, command?: string, data?: any, response?: unknown, error?: any,
   *   event?: string, message?: ServerSentEvent, reason?: unknown, url?: string, params?: Params}} Message */

  const script = document.currentScript;
  const folder = (script instanceof HTMLScriptElement && script.src) || CDN_FOLDER;
  const frameUrl = new URL("index-reference.html", folder);

  /** @param {string} message @param {Response} response */
  function httpError(message, { status, statusText }) {
    const { stack } = new Error(message);
    return { __chatkit_error__: "HttpError", message, stack, status, statusText };
  }

  /** An error as events and promises hand it over: an Error named after its kind. @param {any} wire */
  function revive(wire) {
    const kind = wire?.__chatkit_error__;
    if (!kind) return wire;
    const error = Object.assign(new Error(wire.message), { stack: wire.stack });
    if (kind === "IntegrationError") return Object.assign(error, { _name: kind, name: kind });
    const eventName = `error.${kind[0].toLowerCase()}${kind.slice(1).replace(/Error$/, "")}`;
    return Object.assign(error, { eventName, __chatkit_error__: kind, name: kind });
  }

  /**
   * Splits a body into server-sent events as the measured component does: every blank line ends an event, even an
   * empty one; an event that the end of the body cuts short is dropped.
   * @param {ReadableStream<Uint8Array>} body
   * @param {(event: ServerSentEvent) => void} deliver
   */
  async function readEvents(body, deliver) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    /** @type {ServerSentEvent} */
    let event = { data: "", event: "", id: "" };
    let rest = "";
    const take = (/** @type {string} */ line) => {
      if (line === "") {
        deliver(event);
        event = { data: "", event: "", id: "" };
        return;
      }
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === "data") event.data = event.data ? `${event.data}\n${value}` : value;
      else if (field === "event" || field === "id") event[field] = value;
      else if (field === "retry" && /^\d+$/.test(value)) event.retry = Number(value);
    };
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A CR at the very end may be half of a CRLF: it waits for the next chunk.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      lines.forEach(take);
    }
  }

  /** The wait before the n-th retry: doubled from 2 s up to 10 s, less a random half. @param {number} n
   * @param {AbortSignal} signal */
  const backOff = (n, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(10_000, 2_000 * 2 ** n) * (0.5 + Math.random() / 2));
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });

  /**
   * A streaming request: 4xx is final, everything else that is no event stream is asked for again, a failed
   * connection is an error at once.
   * @param {Fetch} fetch
   * @param {string} url
   * @param {Params} params
   * @param {AbortSignal} signal
   * @param {(event: ServerSentEvent) => void} deliver
   */
  async function streamEvents(fetch, url, { method, body, headers }, signal, deliver) {
    const init = { method, body, headers: { ...headers, accept: STREAM_TYPE }, signal };
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, init);
      const { ok, status, statusText } = response;
      if (ok && response.headers.get("content-type")?.startsWith(STREAM_TYPE)) {
        return response.body ? readEvents(response.body, deliver) : undefined;
      }
      if ((status >= 400 && status < 500) || attempt === ATTEMPTS) {
        throw httpError(`Streaming failed: ${statusText}`, response);
      }
      await backOff(attempt - 1, signal);
    }
  }

  /** @param {Fetch} fetch @param {string} url @param {Params} params */
  async function fetchJson(fetch, url, params) {
    const response = await fetch(url, params);
    if (!response.ok) throw httpError(response.statusText, response);
    return response.json().catch(() => ({}));
  }

  /** Options as they can cross to the frame. @param {unknown} value @returns {unknown} */
  function withoutFunctions(value) {
    if (typeof value === "function") return METHOD;
    if (Array.isArray(value)) return value.map(withoutFunctions);
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutFunctions(entry)]));
  }

  /** @param {string} text */
  function base64Url(text) {
    const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
    return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  const STYLE = `:host { display: block; position: relative; width: 100%; height: 100%; }
    .ck-iframe { border: 0; position: absolute; inset: 0; width: 100%; height: 100%; }`;

  /** The public methods that pass what they get on to the frame, under the name of a command. */
  const METHODS = "focusComposer fetchUpdates showHistory hideHistory sendUserMessage setComposerValue".split(
    " ",
  );

  class ReferenceChatKit extends HTMLElement {
    /** @type {any} The integrator's options: untyped input, checked by the frame. */
    #options = null;
    /** @type {HTMLIFrameElement | null} */
    #frame = null;
    #announced = false;
    /** Kept once the frame has said that it has begun. */
    #speak = () => {};
    #spoken = Promise.resolve();
    #deaf = false;
    /** @type {Message[]} Commands given before the frame had loaded. */
    #queue = [];
    /** @type {Map<string, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
    #waiting = new Map();
    /** @type {Map<string, AbortController>} */
    #streams = new Map();
    #wrapper = document.createElement("div");
    #listener = (/** @type {MessageEvent} */ event) => this.#receive(event);

    static {
      for (const name of METHODS) {
        const command = `on${name[0]?.toUpperCase()}${name.slice(1)}`;
        const value = /** @this {ReferenceChatKit} */ function (/** @type {unknown} */ data) {
          return this.#command(command, data);
        };
        Object.defineProperty(ReferenceChatKit.prototype, name, {
          value,
          writable: true,
          configurable: true,
        });
      }
    }

    constructor() {
      super();
      const style = document.createElement("style");
      style.textContent = STYLE;
      this.#wrapper.className = "ck-wrapper";
      this.attachShadow({ mode: "open" }).append(style, this.#wrapper);
    }

    connectedCallback() {
      if (!this.#deaf) window.addEventListener("message", this.#listener);
      this.#mount();
    }

    /** Measured: an element that was taken out and put back shows a new chat, and no longer hears what it says. */
    disconnectedCallback() {
      this.#deaf = true;
      window.removeEventListener("message", this.#listener);
      this.#unmount();
    }

    /** @param {any} options */
    setOptions(options) {
      const { theme } = options;
      this.#options = options;
      this.dataset.colorScheme = (typeof theme === "string" ? theme : theme?.colorScheme) ?? "light";
      if (this.#frame) void this.#command("onSetOptions", withoutFunctions(options));
      else this.#mount();
    }

    /** @param {string | null} threadId */
    setThreadId(threadId) {
      return this.#command("onSetThreadId", { threadId });
    }

    /** @param {unknown} action @param {string} [itemId] */
    sendCustomAction(action, itemId) {
      return this.#command("onSendCustomAction", { action, itemId });
    }

    #mount() {
      if (this.#frame || !this.#options || !this.isConnected) return;
      const options = withoutFunctions(this.#options);
      const start = {
        options,
        referrer: location.origin,
        profile: "chatkit",
        iframeInitStartedAt: Date.now(),
      };
      this.#spoken = new Promise((resolve) => {
        this.#speak = resolve;
      });
      const frame = document.createElement("iframe");
      const title = this.#options.frameTitle ?? "Chat";
      const allow = "clipboard-read; clipboard-write; microphone";
      Object.assign(frame, { className: "ck-iframe", name: "chatkit", tabIndex: 0, title, allow });
      frame.addEventListener("load", () => this.#onLoad());
      frame.src = `${frameUrl}#${base64Url(JSON.stringify(start))}`;
      this.#frame = frame;
      this.#wrapper.replaceChildren(frame);
    }

    #unmount() {
      this.#frame?.remove();
      this.#frame = null;
      this.#announced = false;
      for (const stream of this.#streams.values()) stream.abort();
    }

    /** Tells of the loaded frame, after the frame's own first words (measured). */
    async #onLoad() {
      await Promise.race([this.#spoken, new Promise((done) => setTimeout(done, MUTE_MS))]);
      if (this.#deaf || !this.#frame) return;
      this.#announced = true;
      this.dataset.loaded = "true";
      for (const message of this.#queue.splice(0)) this.#post(message);
      this.dispatchEvent(new CustomEvent("chatkit.ready", { bubbles: true, composed: true }));
    }

    /** @param {string} name @param {unknown} detail */
    #emit = (name, detail) => this.dispatchEvent(new CustomEvent(`chatkit.${name}`, { detail }));

    /** @param {Message} message */
    #post = (message) =>
      this.#frame?.contentWindow?.postMessage({ __oaiChatKit: true, ...message }, frameUrl.origin);

    /** @param {string} command @param {unknown} [data] @returns {Promise<void>} */
    #command(command, data) {
      const nonce = crypto.randomUUID();
      const message = { type: "command", nonce, command, ...(data === undefined ? {} : { data }) };
      if (this.#announced) this.#post(message);
      else this.#queue.push(message);
      return new Promise((resolve, reject) => this.#waiting.set(nonce, { resolve, reject }));
    }

    /** @param {MessageEvent} event */
    #receive({ source, origin, data: message }) {
      if (source !== this.#frame?.contentWindow || origin !== frameUrl.origin || !message?.__oaiChatKit)
        return;
      const { type, nonce, url, params, command, data, response, error } = message;
      const waiting = this.#waiting.get(nonce);
      if (type === "event") this.#onEvent(message);
      else if (type === "abortSignal") this.#streams.get(nonce)?.abort(message.reason);
      else if (type === "response" && error) waiting?.reject(revive(error));
      else if (type === "response") waiting?.resolve(response);
      else if (type === "fetch") void this.#answer(nonce, () => fetchJson(this.#fetch(), url, params));
      else if (type === "fetchEventSource") void this.#answer(nonce, () => this.#stream(nonce, url, params));
      else if (type === "command") void this.#answer(nonce, () => this.#serve(command, data));
    }

    /** @param {Message} message */
    #onEvent({ event, data }) {
      if (event === "unmount") this.#wrapper.remove();
      if (event !== "public_event") return;
      const [name, detail] = data;
      this.#emit(name, name === "error" ? { error: revive(detail.error) } : detail);
      if (name === "error" || detail?.name === "app.init") this.#speak();
    }

    /** Does what the frame asked for and posts the outcome back. @param {string} nonce @param {() => unknown} work */
    async #answer(nonce, work) {
      try {
        const response = await work();
        this.#post({ type: "response", nonce, ...(response === undefined ? {} : { response }) });
      } catch (error) {
        this.#post({ type: "response", nonce, error });
      }
    }

    /** @returns {Fetch} */
    #fetch() {
      return this.#options.api.fetch ?? window.fetch.bind(window);
    }

    /** @param {string} nonce @param {string} url @param {Params} params */
    async #stream(nonce, url, params) {
      const controller = new AbortController();
      const { signal } = controller;
      this.#streams.set(nonce, controller);
      const deliver = (/** @type {ServerSentEvent} */ message) =>
        this.#post({ type: "fetchEventSourceMessage", message, nonce });
      try {
        await streamEvents(this.#fetch(), url, params, signal, deliver);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        this.#streams.delete(nonce);
      }
    }

    /** Calls into the integrator's options. @param {string} command @param {any} data */
    #serve(command, data) {
      const { onClientTool, widgets, header } = this.#options;
      if (command === "onClientToolCall") {
        return onClientTool ? onClientTool(data) : this.#refuse("client tool calls", "onClientTool");
      }
      const act = widgets?.onAction ?? (() => this.#refuse("widget actions", "widgets.onAction"));
      if (command === "onWidgetAction") return act(data.action, data.widgetItem);
      return command === "onHeaderAction" ? header[data.side].onClick() : undefined;
    }

    /** @param {string} what @param {string} option */
    #refuse(what, option) {
      const message = `No handler for ${what}. You'll need to add ${option} to your ChatKit options.`;
      this.#emit("error", { error: revive({ __chatkit_error__: "IntegrationError", message }) });
      throw new Error(message);
    }
  }

  if (!customElements.get("openai-chatkit")) customElements.define("openai-chatkit", ReferenceChatKit);
})();
