// What page and frame say to each other: the requests the component asks the page to make, and the server-sent
// events as the component's own parser hands them to the frame.

const MARK = "__oaiChatKit";

addEventListener(
  "message",
  (event) => {
    const data = event.data;
    if (!data || typeof data !== "object" || data[MARK] !== true) return;
    if (isPage && (data.type === "fetch" || data.type === "fetchEventSource")) {
      const headers = plain(data.params?.headers ?? {});
      const url = new URL(String(data.url), location.href).href;
      const asked = operationOf(data.params?.body ?? null);
      emit({
        kind: "request.asked",
        nonce: String(data.nonce),
        via: data.type,
        url,
        headers,
        ...asked,
      });
    }
    if (isComponentFrame && data.type === "fetchEventSourceMessage") {
      const posted = clipped(String(data.message?.data ?? ""));
      emit({ kind: "sse.posted", nonce: String(data.nonce), data: posted }, UNHURRIED_MS);
    }
  },
  true,
);
