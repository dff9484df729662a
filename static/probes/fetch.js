// What the page's fetch handed to the component. Reads are watched where the consumer makes them: nothing is
// copied, teed or delayed, and the very objects the page returned are passed on.

if (isPage) {
  const OPERATION = /^(threads|items|attachments|input)\./;
  const MAX_BODY = 1024 * 1024;
  const document_ = Math.random().toString(16).slice(2, 6);
  let calls = 0;
  let insideCustom = 0;

  /** @typedef {{id: string, custom: boolean, op: string}} Call */

  /** @param {unknown} input @param {RequestInit | undefined} init */
  const describe = (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const text = request ? request.url : String(input);
    // An address that is none is for the page's fetch to reject.
    const url = URL.canParse(text, location.href) ? new URL(text, location.href).href : text;
    return {
      url,
      method: (init?.method ?? request?.method ?? "GET").toUpperCase(),
      ...operationOf(init?.body ?? null),
    };
  };

  /**
   * Reports what a consumer reads of one body.
   * @param {Call} call
   */
  const reader = (call) => {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    let ended = false;
    /** @param {FetchRead["how"]} how @param {unknown} [error] */
    const end = (how, error) => {
      if (ended) return;
      ended = true;
      emit({ kind: "fetch.end", call: call.id, how, size, text, error: error ? String(error) : null });
    };
    return {
      end,
      /** @param {Uint8Array} bytes */
      chunk: (bytes) => {
        size += bytes.byteLength;
        if (text.length < MAX_BODY) text += decoder.decode(bytes, { stream: true });
        emit({ kind: "fetch.chunk", call: call.id, size: bytes.byteLength }, UNHURRIED_MS);
      },
      /** @param {string} whole */
      whole: (whole) => {
        size = new TextEncoder().encode(whole).byteLength;
        text = whole.slice(0, MAX_BODY);
        end("finished");
      },
    };
  };

  /** @param {ReadableStream<Uint8Array>} body @param {ReturnType<typeof reader>} seen */
  const watchStream = (body, seen) => {
    const getReader = body.getReader;
    body.getReader = /** @type {any} */ (
      (/** @type {any[]} */ ...args) => {
        const result = /** @type {any} */ (getReader).apply(body, args);
        const { read, cancel } = result;
        result.read = (/** @type {any[]} */ ...views) => {
          const promise = read.apply(result, views);
          promise.then(
            (/** @type {{done: boolean, value?: Uint8Array}} */ { done, value }) =>
              done ? seen.end("finished") : value && seen.chunk(value),
            (/** @type {unknown} */ error) => seen.end("failed", error),
          );
          return promise;
        };
        result.cancel = (/** @type {unknown} */ reason) => {
          seen.end("cancelled");
          return cancel.call(result, reason);
        };
        return result;
      }
    );
  };

  /** @param {Response} response @param {ReturnType<typeof reader>} seen */
  const watchWhole = (response, seen) => {
    for (const method of /** @type {const} */ (["text", "json", "arrayBuffer", "blob"])) {
      const original = /** @type {() => Promise<any>} */ (response[method]);
      response[method] = () => {
        const promise = original.call(response);
        promise.then(
          (value) => {
            if (method === "text") seen.whole(value);
            else if (method === "json") seen.whole(JSON.stringify(value));
            else seen.end("finished");
          },
          (error) => seen.end("failed", error),
        );
        return promise;
      };
    }
  };

  /** @param {Response} response @param {Call} call */
  const tee = async (response, call) => {
    const source = response.clone().body?.getReader();
    try {
      for (let step = await source?.read(); step && !step.done; step = await source?.read()) {
        let text = "";
        for (const byte of step.value) text += String.fromCharCode(byte);
        emit({ kind: "tee.chunk", call: call.id, latin1: text }, UNHURRIED_MS);
      }
      emit({ kind: "tee.end", call: call.id, how: "finished" });
    } catch (error) {
      emit({ kind: "tee.end", call: call.id, how: "cut", error: String(error) });
    }
  };

  /** @param {unknown} value @param {Call} call */
  const report = (value, call) => {
    if (!(value instanceof Response)) {
      const what =
        value === null || value === undefined ? String(value) : (value.constructor?.name ?? typeof value);
      emit({ kind: "fetch.returned", call: call.id, what });
      return;
    }
    emit({
      kind: "fetch.returned",
      call: call.id,
      what: "response",
      status: value.status,
      content_type: value.headers.get("content-type"),
      body_used: value.bodyUsed,
      url: value.url,
    });
    if (value.bodyUsed) return;
    if (!call.custom && PROBE_CONFIG.tee) tee(value, call);
    const seen = reader(call);
    if (value.body) watchStream(value.body, seen);
    watchWhole(value, seen);
  };

  /**
   * Whatever goes wrong in watching is ours alone; the page must not notice.
   * @param {unknown} value @param {Call} call
   */
  const returned = (value, call) => {
    try {
      report(value, call);
    } catch (error) {
      emit({ kind: "fetch.unwatched", call: call.id, error: String(error) });
    }
  };

  /** @param {string} url */
  const isApi = (url) => insideCustom > 0 || probe.apiUrls.has(url);

  /**
   * @param {AnyFetch} original
   * @param {boolean} custom whether this is the page's own `api.fetch`
   */
  const watched = (original, custom) =>
    function fetch(/** @type {any} */ input, /** @type {any} */ init) {
      const about = describe(input, init);
      const ours = custom || OPERATION.test(about.op) || isApi(about.url);
      // @ts-expect-error the receiver is passed on as it came
      if (!ours) return original.call(this, input, init);
      calls += 1;
      const call = { id: `${document_}-${calls}`, custom, op: about.op };
      emit({ kind: "fetch.call", call: call.id, custom, ...about });
      const threw = (/** @type {unknown} */ error) =>
        emit({ kind: "fetch.threw", call: call.id, error: String(error) });
      /** @type {any} */
      let result;
      insideCustom += custom ? 1 : 0;
      try {
        // @ts-expect-error the receiver is passed on as it came
        result = original.call(this, input, init);
      } catch (error) {
        threw(error);
        throw error;
      } finally {
        insideCustom -= custom ? 1 : 0;
      }
      if (typeof result?.then === "function") {
        // Registered before the consumer's own reaction, so the reads are watched from the first one on.
        result.then((/** @type {unknown} */ value) => returned(value, call), threw);
      } else returned(result, call);
      return result;
    };

  const nativeFetch = window.fetch;
  window.fetch = /** @type {typeof fetch} */ (watched(nativeFetch, false));
  probe.wrapFetch = (original) => watched(original, true);
}
