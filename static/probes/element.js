// The element in the host page: when it was defined, connected and removed, what options it got, what the page
// called, and every event it dispatched. Watches through the class itself, so closed shadow roots do not matter.

if (isPage) {
  const TAG = "openai-chatkit";
  const METHODS = [
    "focusComposer",
    "setThreadId",
    "sendUserMessage",
    "setComposerValue",
    "fetchUpdates",
    "sendCustomAction",
    "showHistory",
    "hideHistory",
  ];

  /**
   * The same options, with the page's own fetch and the giver of its client secret watched. Everything else is passed on as it is.
   * @param {any} options
   */
  const watchedOptions = (options) => {
    const api = options?.api;
    if (typeof api?.url === "string") probe.apiUrls.add(new URL(api.url, location.href).href);
    const watched = {};
    if (typeof api?.fetch === "function" && probe.wrapFetch)
      Object.assign(watched, { fetch: probe.wrapFetch(api.fetch) });
    if (typeof api?.getClientSecret === "function" && probe.wrapSecret)
      Object.assign(watched, { getClientSecret: probe.wrapSecret(api.getClientSecret) });
    return Object.keys(watched).length > 0 ? { ...options, api: { ...api, ...watched } } : options;
  };

  /** @param {any} prototype */
  const watchOptions = (prototype) => {
    const original = prototype.setOptions;
    if (typeof original !== "function") return;
    prototype.setOptions = function setOptions(/** @type {any} */ options, /** @type {any[]} */ ...rest) {
      probe.optionsSet += 1;
      let threw = null;
      try {
        return original.call(this, watchedOptions(options), ...rest);
      } catch (error) {
        threw = plain(error);
        throw error;
      } finally {
        emit({ kind: "page.options", options: plain(options), threw });
      }
    };
  };

  /** @param {any} prototype */
  const watchMethods = (prototype) => {
    for (const method of METHODS) {
      const original = prototype[method];
      if (typeof original !== "function") continue;
      prototype[method] = function (/** @type {any[]} */ ...args) {
        emit({ kind: "page.call", method, args: /** @type {unknown[]} */ (plain(args)) });
        return original.apply(this, args);
      };
    }
  };

  /** @param {any} prototype */
  const watchLife = (prototype) => {
    /** @type {[string, "connected" | "disconnected"][]} */
    const callbacks = [
      ["connectedCallback", "connected"],
      ["disconnectedCallback", "disconnected"],
    ];
    for (const [callback, state] of callbacks) {
      const original = prototype[callback];
      prototype[callback] = function () {
        probe.elements = probe.elements.filter((element) => element !== this);
        if (state === "connected") probe.elements.push(this);
        emit({ kind: "page.element", state, count: probe.elements.length });
        return original?.call(this);
      };
    }
  };

  /** @param {any} prototype */
  const watchEvents = (prototype) => {
    const original = prototype.dispatchEvent;
    prototype.dispatchEvent = function dispatchEvent(/** @type {CustomEvent} */ event) {
      if (event.type.startsWith("chatkit.")) {
        emit({ kind: "component.event", name: event.type.slice(8), detail: plain(event.detail) });
      }
      return original.call(this, event);
    };
  };

  const define = CustomElementRegistry.prototype.define;
  CustomElementRegistry.prototype.define = function (name, elementClass, options) {
    if (name === TAG) {
      for (const watch of [watchOptions, watchMethods, watchLife, watchEvents]) watch(elementClass.prototype);
      probe.defined = true;
      emit({ kind: "page.element", state: "defined", count: document.querySelectorAll(TAG).length });
    }
    return define.call(this, name, elementClass, options);
  };

  // A closed root would hide the frame from locators; the driver reaches frames without them, people may not.
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    if (this.localName === TAG) {
      const state = init.mode === "closed" ? "shadow-closed" : "shadow-open";
      emit({ kind: "page.element", state, count: 1 });
    }
    return attachShadow.call(this, init);
  };

  handle().inventory = () => ({
    url: location.href,
    secure_context: isSecureContext,
    elements: Math.max(document.querySelectorAll(TAG).length, probe.elements.length),
    defined: probe.defined,
    options_set: probe.optionsSet,
    versions: probe.versions(),
    scripts: [...document.scripts].map((script) => script.src).filter((src) => /chatkit[^/]*\.js/.test(src)),
  });
}
