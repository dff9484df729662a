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
