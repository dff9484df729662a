/** The reference component, page side: defines <openai-chatkit> with the public API, events and messages of
 * ChatKit. It makes the API calls for the frame, as the real one does, so that the page's own `fetch`, CORS and
 * CSP apply to them. Written from measurements of the real component, not from its code. */
(() => {
  const CDN_FOLDER = "https://cdn.platform.openai.com/deployments/chatkit/";
  /** What stands for a function in options that cross to the frame. */
  const METHOD = "[ChatKitMethod]";
  /** How long a frame that never says a word keeps `chatkit.ready` waiting, in ms. */
  const MUTE_MS = 250;
  const STYLE = `:host { display: block; position: relative; width: 100%; height: 100%; }
    .ck-iframe { border: 0; position: absolute; inset: 0; width: 100%; height: 100%; }`;

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const frameUrl = new URL("index-reference.html", script?.src || CDN_FOLDER);

  /** @param {string} message @param {Response} response */
  const httpError = (message, { status }) => ({ __chatkit_error__: "HttpError", message, status });

  /** An error as events and promises hand it over: an Error named after its kind. @param {any} wire */
  function revive(wire) {
    const kind = wire?.__chatkit_error__;
    if (!kind) return wire;
    const error = Object.assign(new Error(wire.message), { stack: wire.stack });
    if (kind === "IntegrationError") return Object.assign(error, { _name: kind, name: kind });
    const eventName = `error.${kind[0].toLowerCase()}${kind.slice(1).replace(/Error$/, "")}`;
    return Object.assign(error, { eventName, __chatkit_error__: kind, name: kind });
  }

  /** Splits a body into server-sent events as the measured component does: every blank line ends an event, even an
   * empty one; an event that the end of the body cuts short is dropped, and so is what is not data.
   * @param {ReadableStream<Uint8Array>} body @param {(event: ServerSentEvent) => void} deliver */
  async function readEvents(body, deliver) {
    const [reader, decoder] = [body.getReader(), new TextDecoder()];
    let [data, rest] = ["", ""];
    const take = (/** @type {string} */ line) => {
      const [field, value = ""] = /^data(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field) data = data ? `${data}\n${value}` : value;
      if (line) return;
      deliver({ data });
      data = "";
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

  /** The wait before retry n, from 0. @param {RequestRules} rules @param {number} n @param {AbortSignal} signal */
  const backOff = ({ first_wait_ms: first, longest_wait_ms: most, shortest_part: least }, n, signal) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, Math.min(most, first * 2 ** n) * (least + Math.random() * (1 - least)));
      signal.addEventListener("abort", () => reject(signal.reason));
    });

  /** A streaming request, repeated by the rules; a failed connection is an error at once. @param {ApiOptions} api
   * @param {string} url @param {ApiParams} params @param {AbortSignal} signal
   * @param {(event: ServerSentEvent) => void} deliver */
  async function streamEvents(api, url, { method, body, headers, rules }, signal, deliver) {
    const init = { method, body, headers: { ...headers, accept: rules.stream_type }, signal };
    for (let attempt = 1; ; attempt++) {
      const response = await (api.fetch ?? fetch)(url, init);
      const { ok, status, statusText } = response;
      if (ok && response.headers.get("content-type")?.startsWith(rules.stream_type)) {
        return response.body ? readEvents(response.body, deliver) : undefined;
      }
      const isLast = attempt === rules.attempts || (status >= rules.final_from && status <= rules.final_to);
      if (isLast) throw httpError(`Streaming failed: ${statusText}`, response);
      await backOff(rules, attempt - 1, signal);
    }
  }

  /** @param {ApiOptions} api @param {string} url @param {RequestInit} params */
  async function fetchJson(api, url, params) {
    const response = await (api.fetch ?? fetch)(url, params);
    if (!response.ok) throw httpError(response.statusText, response);
    return response.json().catch(() => ({}));
  }

  /** Sends a file to where the backend wants it, raw or in a form.
   * @param {ApiOptions} api @param {FileParams} params */
  async function upload(api, { url, method = "PUT", headers, file, isForm }) {
    const raw = { method, headers: { "Content-Type": file.type, ...headers }, body: file };
    const init = isForm ? { method: "POST", body: formOf(file) } : raw;
    const response = await (api.fetch ?? fetch)(url, init);
    if (!response.ok) throw httpError(response.statusText, response);
  }

  /** @param {File} file */
  function formOf(file) {
    const form = new FormData();
    form.append("file", file);
    return form;
  }

  /** Sends a file to an endpoint that answers with what the backend knows it as. @param {ApiOptions} api
   * @param {FileParams} params */
  async function uploadDirectly(api, { url, file }) {
    const attachment = await fetchJson(api, url, { method: "POST", body: formOf(file) });
    if (attachment?.id) return attachment;
    throw { __chatkit_error__: "IntegrationError", message: "Upload endpoint did not return file metadata" };
  }

  /** Options as they can cross to the frame. @param {unknown} options */
  const asJson = (options) =>
    JSON.stringify(options, (_key, value) => (typeof value === "function" ? METHOD : value));

  /** The public methods that are commands to the frame, and what the frame gets of their arguments.
   * @type {Record<string, (...args: any[]) => unknown>} */
  const METHODS = {
    focusComposer: () => undefined,
    fetchUpdates: () => undefined,
    showHistory: () => undefined,
    hideHistory: () => undefined,
    sendUserMessage: (message) => message,
    setComposerValue: (value) => value,
    setThreadId: (threadId) => ({ threadId }),
    sendCustomAction: (action, itemId) => ({ action, itemId }),
  };

  class ReferenceChatKit extends HTMLElement {
    /** @type {any} The integrator's options: untyped input, checked by the frame. */
    #options = null;
    /** @type {HTMLIFrameElement | null} */
    #frame = null;
    /** Resolves once the frame has said that it has begun. */
    #spoken = Promise.withResolvers();
    /** Resolves once the frame has loaded: commands wait for it. */
    #loaded = Promise.withResolvers();
    /** Ends when the element is taken out that has a frame. */
    #life = new AbortController();
    #entries = 0; // How often it was put in before it had one: it tells each event as often (measured).
    /** @type {Map<string | undefined, Waiting>} */
    #waiting = new Map();
    /** @type {Map<string | undefined, AbortController>} */
    #streams = new Map();
    #wrapper = document.createElement("div");
    #listener = (/** @type {MessageEvent} */ event) => this.#receive(event);

    static {
      const { prototype } = ReferenceChatKit;
      for (const [name, pick] of Object.entries(METHODS)) {
        const command = `on${name[0]?.toUpperCase()}${name.slice(1)}`;
        const value = /** @this {ReferenceChatKit} */ function (/** @type {any[]} */ ...args) {
          return this.#command(command, pick(...args));
        };
        Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
      }
    }

    constructor() {
      super();
      const style = Object.assign(document.createElement("style"), { textContent: STYLE });
      this.#wrapper.className = "ck-wrapper";
      this.attachShadow({ mode: "open" }).append(style, this.#wrapper);
    }

    connectedCallback() {
      if (!this.#life.signal.aborted) window.addEventListener("message", this.#listener);
      if (!this.#frame) this.#entries += 1;
      this.#mount();
    }

    /** Measured: an element that is taken out with its frame and put back shows a new chat, and is deaf to it. */
    disconnectedCallback() {
      if (!this.#frame) return;
      this.#life.abort();
      window.removeEventListener("message", this.#listener);
      this.#frame.remove();
      this.#frame = null;
      this.#loaded = Promise.withResolvers();
    }

    /** @param {any} options */
    setOptions(options) {
      const { theme } = options;
      this.#options = options;
      this.dataset.colorScheme = (typeof theme === "string" ? theme : theme?.colorScheme) ?? "light";
      if (this.#frame) void this.#command("onSetOptions", JSON.parse(asJson(options)));
      else this.#mount();
    }

    #mount() {
      if (this.#frame || !this.#options || !this.isConnected) return;
      const start = asJson({ options: this.#options, referrer: location.origin, startedAt: Date.now() });
      const frame = document.createElement("iframe");
      const title = this.#options.frameTitle ?? "Chat";
      const allow = "clipboard-read; clipboard-write; microphone";
      Object.assign(frame, { className: "ck-iframe", name: "chatkit", tabIndex: 0, title, allow });
      frame.addEventListener("load", () => this.#onLoad());
      frame.src = `${frameUrl}#${encodeURIComponent(start)}`;
      this.#frame = frame;
      this.#wrapper.replaceChildren(frame);
    }

    /** Tells of the loaded frame, after the frame's own first words (measured). */
    async #onLoad() {
      setTimeout(this.#spoken.resolve, MUTE_MS);
      await this.#spoken.promise;
      if (this.#life.signal.aborted) return;
      this.#loaded.resolve(null);
      this.dispatchEvent(new CustomEvent("chatkit.ready", { bubbles: true, composed: true }));
    }

    /** @param {string} name @param {unknown} detail */
    #emit(name, detail) {
      const type = `chatkit.${name}`;
      for (let n = 0; n < this.#entries; n++) this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    /** @param {PortMessage} message */
    #post = (message) =>
      this.#frame?.contentWindow?.postMessage({ __oaiChatKit: true, ...message }, frameUrl.origin);

    /** @param {string} command @param {unknown} data @returns {Promise<void>} */
    #command(command, data) {
      const nonce = crypto.randomUUID();
      const message = { type: "command", nonce, command, ...(data === undefined ? {} : { data }) };
      void this.#loaded.promise.then(() => this.#post(message));
      return new Promise((resolve, reject) => this.#waiting.set(nonce, { resolve, reject }));
    }

    /** @param {MessageEvent} event */
    #receive({ source, origin, data: message }) {
      const isOurs = source === this.#frame?.contentWindow && origin === frameUrl.origin;
      if (!isOurs || !message?.__oaiChatKit) return;
      const { type, nonce, url, params, command, data, response, error } = message;
      const waiting = this.#waiting.get(nonce);
      if (type === "event") this.#onEvent(message);
      else if (type === "abortSignal") this.#streams.get(nonce)?.abort();
      else if (type === "response" && error) waiting?.reject(revive(error));
      else if (type === "response") waiting?.resolve(response);
      else if (type === "fetch") void this.#answer(nonce, () => fetchJson(this.#options.api, url, params));
      else if (type === "fetchEventSource") void this.#answer(nonce, () => this.#stream(nonce, url, params));
      else if (type === "command") void this.#answer(nonce, () => this.#serve(command, data));
    }

    /** @param {PortMessage} message */
    #onEvent({ event, data }) {
      if (event === "unmount") this.#wrapper.remove();
      if (event !== "public_event") return;
      const [name, detail] = data;
      this.#emit(name, name === "error" ? { error: revive(detail.error) } : detail);
      if (name === "error" || detail?.name === "app.init") this.#spoken.resolve(null);
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

    /** A stopped stream has ended. @param {string} nonce @param {string} url @param {ApiParams} params */
    async #stream(nonce, url, params) {
      const stop = new AbortController();
      const signal = AbortSignal.any([this.#life.signal, stop.signal]);
      this.#streams.set(nonce, stop);
      const deliver = (/** @type {ServerSentEvent} */ message) =>
        this.#post({ type: "fetchEventSourceMessage", message, nonce });
      await streamEvents(this.#options.api, url, params, signal, deliver).catch((error) => {
        if (!stop.signal.aborted) throw error;
      });
      this.#streams.delete(nonce);
    }

    /** What the integrator did wrong is told as an event, too, and stays uncaught. @param {any} wire */
    #blame(wire) {
      const error = revive(wire);
      if (wire.__chatkit_error__ === "IntegrationError") {
        this.#emit("error", { error });
        void Promise.reject(error);
      }
      throw wire;
    }

    /** Calls into the integrator's options. @param {string} command @param {any} data */
    #serve(command, data) {
      const { api, onClientTool, widgets } = this.#options;
      if (command === "onUpload") return upload(api, data);
      if (command === "onUploadDirectly")
        return uploadDirectly(api, data).catch((error) => this.#blame(error));
      if (command === "onGetClientSecret") return api.getClientSecret(data);
      const isTool = command === "onClientToolCall";
      if (isTool && onClientTool) return onClientTool(data);
      if (!isTool && widgets?.onAction) return widgets.onAction(data.action, data.widgetItem);
      const what = isTool ? "client tool calls" : "widget actions";
      const option = isTool ? "onClientTool" : "widgets.onAction";
      const message = `No handler for ${what}. You'll need to add ${option} to your ChatKit options.`;
      this.#emit("error", { error: revive({ __chatkit_error__: "IntegrationError", message }) });
      throw new Error(message);
    }
  }

  if (!customElements.get("openai-chatkit")) customElements.define("openai-chatkit", ReferenceChatKit);
})();
