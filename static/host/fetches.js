// The `api.fetch` functions integrators write: the good ones, and the ones that lose messages.

/** @typedef {typeof globalThis.fetch} Fetch */

/** @param {RequestInit | undefined} init @param {Record<string, string>} extra @returns {RequestInit} */
function withHeaders(init, extra) {
  const headers = new Headers(init?.headers);
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return { ...init, headers };
}

/** @param {RequestInit | undefined} init @returns {string} */
function operation(init) {
  try {
    return JSON.parse(String(init?.body ?? "{}")).type ?? "";
  } catch {
    return "";
  }
}

/**
 * A fetch that changes the text of a stream on its way, and hands over everything else as it is.
 * @param {() => Transformer<string, string>} transformer created for each stream
 */
const transforms =
  (transformer) => async (/** @type {RequestInfo | URL} */ input, /** @type {RequestInit=} */ init) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    if (!response.body || !headers.get("content-type")?.startsWith("text/event-stream")) return response;
    const body = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TransformStream(transformer()))
      .pipeThrough(new TextEncoderStream());
    return new Response(body, { status, headers });
  };

/** Cuts a stream into its events, and hands over those that are wanted. @param {(event: string) => boolean} wanted */
const filtered = (wanted) => () => {
  let rest = "";
  return {
    /** @param {string} chunk @param {TransformStreamDefaultController<string>} controller */
    transform: (chunk, controller) => {
      const events = `${rest}${chunk}`.split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events.filter(wanted)) controller.enqueue(`${event}\n\n`);
    },
  };
};

/** @type {Record<string, (input: RequestInfo | URL, init?: RequestInit) => any>} */
const variants = {
  "passes-through": (input, init) => fetch(input, init),
  "adds-header": (input, init) => fetch(input, withHeaders(init, { "x-app": "demo" })),
  buffers: async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    return new Response(await response.arrayBuffer(), { status, headers });
  },
  "drops-content-type": async (input, init) => {
    const response = await fetch(input, init);
    // A stream body brings no content type of its own, and none is passed on.
    return new Response(response.body, { status: response.status });
  },
  "consumes-body": async (input, init) => {
    const response = await fetch(input, init);
    await response.text();
    return response;
  },
  "returns-json": async (input, init) => (await fetch(input, init)).json(),
  "returns-nothing": async (input, init) => {
    await fetch(input, init);
  },
  throws: async () => {
    throw new Error("no session token yet");
  },
  "rewrites-body": (input, init) => {
    const body = JSON.parse(String(init?.body ?? "{}"));
    const message = body.params?.input?.content?.[0]?.text;
    const rewritten = message === undefined ? body : { message, conversation_id: body.params?.thread_id };
    return fetch(input, { ...init, body: JSON.stringify(rewritten) });
  },
  // Reads a copy of the body for the page's own log.
  "logs-a-clone": async (input, init) => {
    const response = await fetch(input, init);
    void response.clone().text();
    return response;
  },
  "copies-headers": async (input, init) => {
    const { body, status, headers } = await fetch(input, init);
    return new Response(body, { status, headers });
  },
  "re-chunks": transforms(() => ({
    transform: (chunk, controller) => {
      for (const character of chunk) controller.enqueue(character);
    },
  })),
  "masks-words": transforms(() => ({
    transform: (chunk, controller) => controller.enqueue(chunk.replaceAll("secret", "******")),
  })),
  // What a page does that means to show the text alone.
  "keeps-deltas-only": transforms(filtered((event) => /thread\.created|text_delta/.test(event))),
  "mocks-threads-list": (input, init) =>
    operation(init) === "threads.list" ? Response.json({ data: [], has_more: false }) : fetch(input, init),
};

/**
 * The page's own fetch, or undefined when the page has none.
 * @param {string} name
 * @param {Record<string, string>} headers added to every request, such as credentials
 * @returns {Fetch | undefined}
 */
export function apiFetch(name, headers) {
  const variant = variants[name];
  if (name !== "none" && !variant) throw new Error(`there is no page fetch called ${name}`);
  const extra = Object.keys(headers).length > 0;
  if (!variant) return extra ? (input, init) => fetch(input, withHeaders(init, headers)) : undefined;
  return /** @type {Fetch} */ (
    extra
      ? (input, init) => variant(input, withHeaders(init, headers))
      : (input, init) => variant(input, init)
  );
}
