// Written by `make docs` from harness/chatkit_doctor/gather/probe_messages.py and the entries that it takes.

/** The difference between a text and the previous text of the same element. */
interface TextDelta {
  /** Length of the unchanged beginning, in UTF-16 code units as in browser strings. */
  keep: number;
  /** The text appended to it. */
  add: string;
}

/** One item of the transcript. */
interface DomItem {
  /** Identifies the DOM element for its lifetime. */
  key: string;
  /** Whose turn it is in. */
  turn: "assistant" | "user" | null;
  /** What the component marks it as, such as `assistant-message`. */
  kind: string;
  /** Whether its styles make it visible. */
  shown?: boolean;
  /** Null if the text is unchanged. */
  text?: TextDelta | null;
  /** Whether it has no text, but an image, a chart, an icon or a control. */
  drawn?: boolean;
}

/** A banner. */
interface DomAlert {
  /** `crash`: the component's own fallback that replaces a turn. */
  kind: "crash" | "error" | "notice";
  text: string;
}

/** The element that hides its content. */
interface Culprit {
  /** As a CSS selector. */
  element: string;
  /** The declarations that hide it. */
  how: string;
}

/** Something happened to the element `openai-chatkit`. */
interface PageElement {
  kind: "page.element";
  /** `shadow-…`: its shadow root was attached, in this mode. */
  state: "connected" | "defined" | "disconnected" | "shadow-closed" | "shadow-open";
  /** Number of elements afterwards. */
  count: number;
}

/** The page called `setOptions`. */
interface PageOptions {
  kind: "page.options";
  /** As given; functions as `"[function]"`. */
  options: unknown;
  /** The error that the call threw, `{name, message}`. */
  threw?: unknown;
}

/** The page called another public method of the element. */
interface PageCall {
  kind: "page.call";
  method: string;
  args: unknown[];
}

/** A content security policy was violated. */
interface PageCsp {
  kind: "page.csp";
  /** The effective directive, such as `frame-src`. */
  directive: string;
  /** The URL or keyword that violates it. */
  blocked: string;
  /** Whether it was blocked or only reported. */
  disposition: "enforce" | "report";
  /** Where something was heard: in the page's document or in the component's frame. */
  where: "component" | "page";
}

/** An uncaught error of the host page. */
interface PageError {
  kind: "page.error";
  message: string;
  stack: string;
}

/** From here on, entries are dropped because a limit of the journal or of a probe was reached. */
interface SessionCapped {
  kind: "session.capped";
  /** The kind that is dropped; for a probe, `entries of` and its origin. */
  of: string;
}

/** The component asks the page to send a request. */
interface RequestAsked {
  kind: "request.asked";
  /** The component's own name for the request. */
  nonce: string;
  via: "fetch" | "fetchEventSource";
  url: string;
  /** The operation: `type` in the body. */
  op: string;
  /** As JSON if it is JSON, otherwise as text. */
  body: unknown;
  headers?: unknown;
}

/** The component calls the page's `getClientSecret`. */
interface SecretAsked {
  kind: "secret.asked";
  /** Identifies the call in all its entries. */
  call: string;
  /** Whether the component already has a secret that expired or was refused, and passes it to the call. */
  renews: boolean;
}

/** A request that the page made while the component waited for a client secret, and the response. */
interface SecretRequest {
  kind: "secret.request";
  call: string;
  url: string;
  method: string;
  /** HTTP status of the response; null if there is none. */
  status?: number | null;
  /** Why there is no response; empty if there is one. */
  error?: string;
}

/** What the page returned; the secret itself is never recorded. */
interface SecretGiven {
  kind: "secret.given";
  call: string;
  /** What a page returned as a client secret; `empty` is an empty string. */
  what: "empty" | "null" | "object" | "other" | "text" | "undefined";
  /** Names of an object's members, at most ten. */
  keys?: string[];
  /** Whether it is the secret that the component already had. */
  unchanged?: boolean;
}

/** The page's `getClientSecret` threw, or its promise was rejected. */
interface SecretFailed {
  kind: "secret.failed";
  call: string;
  error: string;
}

/** A fetch is called on behalf of the component. */
interface FetchCall {
  kind: "fetch.call";
  /** Identifies the call in all its entries. */
  call: string;
  /** Whether it is the page's own `api.fetch` rather than the browser's. */
  custom: boolean;
  url: string;
  method: string;
  op: string;
  body: unknown;
}

/** What a fetch returned. */
interface FetchReturned {
  kind: "fetch.returned";
  /** Identifies the call in all its entries. */
  call: string;
  /** `response`, or the type of what was returned instead. */
  what: string;
  status?: number | null;
  content_type?: string | null;
  /** Whether the body had been read before it was handed over. */
  body_used?: boolean | null;
  url?: string;
}

/** A chunk of the body, as the component read it. */
interface FetchChunk {
  kind: "fetch.chunk";
  /** Identifies the call in all its entries. */
  call: string;
  /** In bytes. */
  size: number;
}

/** A fetch threw, or its promise was rejected. */
interface FetchThrew {
  kind: "fetch.threw";
  /** Identifies the call in all its entries. */
  call: string;
  error: string;
}

/** The return value of a fetch could not be observed; nothing more is known about this call. */
interface FetchUnwatched {
  kind: "fetch.unwatched";
  /** Identifies the call in all its entries. */
  call: string;
  error: string;
}

/** An event as the component's own parser handed it to the frame. */
interface SsePosted {
  kind: "sse.posted";
  /** The component's own name for the request. */
  nonce: string;
  data: string;
}

/** A public event of the element. */
interface ComponentEvent {
  kind: "component.event";
  /** Without the `chatkit.` prefix. */
  name: string;
  detail?: unknown;
}

/** An uncaught error inside the frame. */
interface ComponentError {
  kind: "component.error";
  message: string;
  stack: string;
}

/** The content of the transcript from this time on. */
interface DomState {
  kind: "dom.state";
  /** `frame`: painted by an animation frame, so that a user could see it; `mutation`: between frames. */
  by: "frame" | "mutation";
  /** What the panel shows: nothing, the start screen, or a conversation. */
  view: "blank" | "start" | "thread";
  /** Whether the component marks the thread as responding; null if there is no thread. */
  responding: boolean | null;
  items: DomItem[];
  alerts: DomAlert[];
  /** Whether there is an input field. */
  composer: boolean;
}

/** Until now, the frame painted nothing because its thread or the machine was busy. */
interface DomStall {
  kind: "dom.stall";
  /** For how long. */
  ms: number;
}

/** The component's reading of a body ends: a `fetch.end` whose body is still in the message. */
interface FetchRead {
  kind: "fetch.end";
  call: string;
  /** How the component's reading of a body ended. */
  how: "cancelled" | "failed" | "finished";
  size: number;
  text: string;
  error: string | null;
}

/** The client secret that a page gave: what is never written down, and is masked wherever it stands. */
interface SecretValue {
  kind: "secret.value";
  value: string;
}

/** Bytes of an answer, as the page can see them: raw material of the tee gatherer. */
interface TeeChunk {
  kind: "tee.chunk";
  call: string;
  /** Each character is a byte. */
  latin1: string;
}

/** The end of an answer, as the page can see it. */
interface TeeEnd {
  kind: "tee.end";
  call: string;
  how: "cut" | "finished";
  error?: string | null;
}

/** The state of the page at the end of a step. */
interface PageInventory {
  kind: "page.inventory";
  url: string;
  /** Whether the page is a secure context, in which all browser APIs are available. */
  secure_context: boolean;
  /** `openai-chatkit` elements. */
  elements: number;
  /** Whether the element is defined. */
  defined: boolean;
  /** Number of `setOptions` calls so far. */
  options_set: number;
  /** URLs of script tags for `chatkit.js`. */
  scripts: string[];
  /** Frames that are children of the page. */
  frames: number;
  /** What the page is made with, as far as it shows: versions by package, such as `react`. More than one where it runs more than one. */
  versions?: Record<string, string[]>;
}

/** The chat did not appear, and something known is in its place. */
interface PageObstacle {
  kind: "page.obstacle";
  /** `challenge`: a check whether the visitor is human; `error-overlay`: a framework's own error screen; `error-page`: the page was served with a status of 400 or above. */
  what: "challenge" | "cookie-wall" | "error-overlay" | "error-page" | "login";
  /** Its text, or the title of the page. */
  text: string;
  /** The URL of the page at that time. */
  url: string;
}

/** The box of the element, and whether it is visible. */
interface PaintBox {
  kind: "paint.box";
  /** When the page is examined: as soon as the chat is ready, after a turn, at the end of the session. */
  at: "end" | "settled" | "start";
  /** In CSS pixels. */
  width: number;
  /** In CSS pixels. */
  height: number;
  /** Whether any of it is within the viewport. */
  in_viewport: boolean;
  display: string;
  visibility: string;
  opacity: number;
  /** The element that covers most of it, as a CSS selector. */
  covered_by?: string | null;
  culprit?: Culprit | null;
}

/** What a probe may say by itself. */
type ProbeEntry =
  | PageElement
  | PageOptions
  | PageCall
  | PageCsp
  | PageError
  | SessionCapped
  | RequestAsked
  | SecretAsked
  | SecretRequest
  | SecretGiven
  | SecretFailed
  | FetchCall
  | FetchReturned
  | FetchChunk
  | FetchThrew
  | FetchUnwatched
  | SsePosted
  | ComponentEvent
  | ComponentError
  | DomState
  | DomStall
  | FetchRead
  | SecretValue
  | TeeChunk
  | TeeEnd;
