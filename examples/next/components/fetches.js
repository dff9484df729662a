/** The fetch of the report: it answers threads.list itself, and sends the backend a form of its own. */
export function rewritingFetch(token) {
  return async (input, init) => {
    const asked = JSON.parse(init.body);
    if (asked.type === "threads.list") {
      console.log("[ChatProvider] INTERCEPTING threads.list - returning mock response");
      return Response.json({ data: [], has_more: false });
    }
    const { params } = asked;
    const message = (params.input?.content ?? []).map((part) => part.text ?? "").join("");
    const transformed = {
      message,
      conversation_id: params.thread_id ? Number(params.thread_id) : null,
    };
    console.log("[ChatProvider] Transformed request:", transformed);
    return fetch(input, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(transformed),
      signal: init.signal,
    });
  };
}

/** All that a fetch has to do: the request as it is, with a token. */
export function fetchWithToken(token) {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
}
