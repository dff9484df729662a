// Written by `make docs` from harness/chatkit_doctor/gather/probe_messages.py and the entries that it takes.

/** How a text differs from what the same element said before. */
interface TextDelta {
  /** How much of the beginning stays, in UTF-16 units as strings have them in the browser. */
  keep: number;
  /** What follows. */
  add: string;
}

/** One item of the transcript. */
interface DomItem {
  /** Names the element in the DOM for as long as it lives. */
  key: string;
  /** Whose turn it is in. */
  turn: "assistant" | "user" | null;
  /** What the component marks it as, such as `assistant-message`. */
  kind: string;
  /** Whether styles let it be seen. */
  shown?: boolean;
  /** Without one the text is unchanged. */
  text?: TextDelta | null;
  /** Whether it has no words, and a picture, a chart, an icon or a control. */
  drawn?: boolean;
}

/** A banner. */
interface DomAlert {
  /** `crash`: the component's own fallback in place of a turn. */
  kind: "crash" | "error" | "notice";
  text: string;
}

/** The element that hides what is in it. */
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
  /** How many elements there are afterwards. */
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
  /** The address or keyword that violates it. */
  blocked: string;
  /** Whether it was refused or only reported. */
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

/** From here on entries are dropped: a limit of the journal, or of a probe, was reached. */
interface SessionCapped {
  kind: "session.capped";
  /** The kind that is dropped; for a probe `entries of` and its origin. */
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
  /** As JSON where it is JSON, else as text. */
  body: unknown;
  headers?: unknown;
}

/** The component calls the page's `getClientSecret`. */
interface SecretAsked {
  kind: "secret.asked";
  /** Names the call in all entries of it. */
  call: string;
  /** Whether it has one already, which has expired or was refused, and hands it over. */
  renews: boolean;
}

/** A request that the page made while the component waited for a client secret, and its answer. */
interface SecretRequest {
  kind: "secret.request";
  call: string;
  url: string;
  method: string;
  /** HTTP status of the answer; None where there is none. */
  status?: number | null;
  /** Why there is no answer; empty where there is one. */
  error?: string;
}

/** What the page gave; the secret itself is never recorded. */
interface SecretGiven {
  kind: "secret.given";
  call: string;
  /** What a page gave for a client secret; `empty` is a text without anything in it. */
  what: "empty" | "null" | "object" | "other" | "text" | "undefined";
  /** Names of an object's members, ten at most. */
  keys?: string[];
  /** Whether it is the one that the component had already. */
  unchanged?: boolean;
}

/** The page's `getClientSecret` threw, or its promise was rejected. */
interface SecretFailed {
  kind: "secret.failed";
  call: string;
  error: string;
}

/** A fetch is called for the component. */
interface FetchCall {
  kind: "fetch.call";
  /** Names the call in all entries of it. */
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
  /** Names the call in all entries of it. */
  call: string;
  /** `response`, or the type of what was returned instead. */
  what: string;
  status?: number | null;
  content_type?: string | null;
  /** Whether the body had been read before it was handed over. */
  body_used?: boolean | null;
  url?: string;
}

/** A piece of the body, as the component read it. */
interface FetchChunk {
  kind: "fetch.chunk";
  /** Names the call in all entries of it. */
  call: string;
  /** In bytes. */
  size: number;
}

/** A fetch threw, or its promise was rejected. */
interface FetchThrew {
  kind: "fetch.threw";
  /** Names the call in all entries of it. */
  call: string;
  error: string;
}

/** What a fetch returned could not be watched: of this call nothing more is known. */
interface FetchUnwatched {
  kind: "fetch.unwatched";
  /** Names the call in all entries of it. */
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
  /** Without `chatkit.` in front. */
  name: string;
  detail?: unknown;
}

/** An uncaught error inside the frame. */
interface ComponentError {
  kind: "component.error";
  message: string;
  stack: string;
}

/** What is in the transcript from now on. */
interface DomState {
  kind: "dom.state";
  /** `frame`: an animation frame could paint it, and a user see it; `mutation`: it came in between. */
  by: "frame" | "mutation";
  /** What the panel shows: nothing, the start screen, or a conversation. */
  view: "blank" | "start" | "thread";
  /** Whether the component marks the thread as responding; null where there is no thread. */
  responding: boolean | null;
  items: DomItem[];
  alerts: DomAlert[];
  /** Whether there is a field to type into. */
  composer: boolean;
}

/** Until now the frame painted nothing, because its thread or the machine had no time. */
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

/** What the page holds at the end of a step. */
interface PageInventory {
  kind: "page.inventory";
  url: string;
  /** Whether browsers give the page all of their interfaces. */
  secure_context: boolean;
  /** `openai-chatkit` elements. */
  elements: number;
  /** Whether the element is defined. */
  defined: boolean;
  /** Calls of `setOptions` so far. */
  options_set: number;
  /** Addresses of script tags for `chatkit.js`. */
  scripts: string[];
  /** Frames that are children of the page. */
  frames: number;
  /** What the page is made with, as far as it shows: versions by package, such as `react`. More than one where it runs more than one. */
  versions?: Record<string, string[]>;
}

/** The chat did not come, and something that is known replaces it. */
interface PageObstacle {
  kind: "page.obstacle";
  /** `challenge`: a question whether the visitor is human; `error-overlay`: a framework's own picture of an error; `error-page`: the page was answered with a status of 400 or more. */
  what: "challenge" | "cookie-wall" | "error-overlay" | "error-page" | "login";
  /** What it says, or the title of the page. */
  text: string;
  /** Where the page was by then. */
  url: string;
}

/** The box of the element, and whether it can be seen. */
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
  /** What lies over most of it, as a CSS selector. */
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
