// Hosted mode: when the component asks the page for a client secret, what the page asks for meanwhile, and what it
// gives. The secret itself goes to the recorder alone, to be masked wherever it stands.

if (isPage) {
  const MAX_KEYS = 10;
  const document_ = Math.random().toString(16).slice(2, 6);
  let calls = 0;
  /** @type {Set<string>} */
  const open = new Set();

  /** The call that a request of the page is made for, as far as anybody can tell. */
  const latest = () => [...open].at(-1);

  /** @param {unknown} value @returns {SecretGiven["what"]} */
  const kindOf = (value) => {
    if (typeof value === "string") return value ? "text" : "empty";
    if (value === null) return "null";
    if (value === undefined) return "undefined";
    return typeof value === "object" ? "object" : "other";
  };

  /** @param {string} call @param {unknown} value @param {unknown} current */
  const given = (call, value, current) => {
    open.delete(call);
    if (typeof value === "string" && value) emit({ kind: "secret.value", value });
    const what = kindOf(value);
    const keys = what === "object" ? Object.keys(/** @type {object} */ (value)).slice(0, MAX_KEYS) : [];
    const unchanged = what === "text" && value === current;
    emit({ kind: "secret.given", call, what, keys, unchanged });
  };

  /** @param {string} call @param {unknown} error */
  const failed = (call, error) => {
    open.delete(call);
    emit({ kind: "secret.failed", call, error: clipped(String(error)) });
  };

  /** The page's `getClientSecret`, watched: what it gives and throws is passed on as it is. */
  probe.wrapSecret = (original) =>
    function getClientSecret(/** @type {unknown[]} */ ...args) {
      calls += 1;
      const call = `${document_}-${calls}`;
      const current = args[0];
      emit({ kind: "secret.asked", call, renews: Boolean(current) });
      open.add(call);
      /** @type {any} */
      let result;
      try {
        // @ts-expect-error the receiver is passed on as it came
        result = original.apply(this, args);
      } catch (error) {
        failed(call, error);
        throw error;
      }
      // Registered before the component's own reaction, so what comes of it is told after this.
      Promise.resolve(result).then(
        (value) => given(call, value, current),
        (error) => failed(call, error),
      );
      return result;
    };

  /** @param {string} url @param {string} method */
  const request = (url, method) => {
    const call = latest();
    if (call === undefined) return undefined;
    const full = URL.canParse(url, location.href) ? new URL(url, location.href).href : url;
    return {
      answered: (/** @type {number} */ status) =>
        emit({ kind: "secret.request", call, url: full, method: method.toUpperCase(), status }),
      failed: (/** @type {string} */ error) =>
        emit({ kind: "secret.request", call, url: full, method: method.toUpperCase(), error }),
    };
  };

  const nativeFetch = window.fetch;
  window.fetch = function fetch(/** @type {any} */ input, /** @type {any} */ init) {
    const answer = nativeFetch.call(this, input, init);
    const isRequest = input instanceof Request;
    const seen = request(
      isRequest ? input.url : String(input),
      init?.method ?? (isRequest ? input.method : "GET"),
    );
    if (seen)
      answer.then(
        ({ status }) => seen.answered(status),
        (error) => seen.failed(String(error)),
      );
    return answer;
  };

  const { open: nativeOpen, send: nativeSend } = XMLHttpRequest.prototype;
  /** @type {WeakMap<XMLHttpRequest, [string, string]>} */
  const opened = new WeakMap();
  XMLHttpRequest.prototype.open = /** @type {any} */ (
    function open(/** @type {any[]} */ ...args) {
      // @ts-expect-error the receiver is passed on as it came
      opened.set(this, [String(args[1]), String(args[0])]);
      // @ts-expect-error the receiver is passed on as it came
      return nativeOpen.apply(this, args);
    }
  );
  XMLHttpRequest.prototype.send = function send(body) {
    const seen = request(...(opened.get(this) ?? ["", "GET"]));
    if (seen) {
      const heard = () => {
        if (this.readyState !== XMLHttpRequest.HEADERS_RECEIVED) return;
        seen.answered(this.status);
        this.removeEventListener("readystatechange", heard);
      };
      this.addEventListener("readystatechange", heard);
      this.addEventListener("error", () => seen.failed("the request failed"));
    }
    return nativeSend.call(this, body);
  };
}
