/// <reference lib="es2024.promise" />
// Shapes that the files of the reference component share. What the backend sends is not trusted to have them: a
// module that reads it fails as the measured component does where a field is missing.

// biome-ignore lint/suspicious/noExplicitAny: what an integrator or a backend hands over has no shape to rely on.
type Untyped = any;

type Channel = import("./frame/channel.js").Channel;
type Chat = import("./frame/chat.js").Chat;
type Composer = import("./frame/composer.js").Composer;

interface ApiOptions {
  /** The integrator's own. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** What the frame wants a request to be. */
interface ApiParams {
  method: string;
  body: string;
  headers: Record<string, string>;
  /** What counts as a stream, and when it is asked for again. */
  rules: RequestRules;
}

/** A file, and where it is to go. */
interface FileParams {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  file: File;
  isForm?: boolean;
}

interface ServerSentEvent {
  data: string;
}

/** One message between page and frame; `type` says which of the rest there is. */
interface PortMessage {
  type: string;
  nonce?: string;
  command?: string;
  data?: Untyped;
  response?: unknown;
  error?: Untyped;
  event?: string;
  message?: ServerSentEvent;
  url?: string;
  params?: ApiParams;
}

type RequestRules = typeof import("./frame/rules.json").requests;

/** Who waits for the answer to a message, and what takes the pieces that come before it. */
interface Waiting {
  resolve: (value: Untyped) => void;
  reject: (error: unknown) => void;
  deliver?: ((data: string) => void) | undefined;
}

/** What the page may command the frame to do. */
type Commands = Record<string, (data: Untyped) => unknown>;

/** What the page hands to a new frame, in its address. */
interface Start {
  options: Untyped;
  referrer: string;
  startedAt: number;
}

/** A fault in the integrator's options, and where it lies. */
interface Issue {
  path: (string | number)[];
  message: string;
}

/** Whether a value is of a kind, and what is said if not. */
type Kind = [isOne: (value: Untyped) => boolean, say: (value: Untyped) => string];

interface Annotation {
  source: { type: string; url?: string };
  index?: number;
}

/** One part of a message: the user's own (`input_text`, `input_tag`) or of a reply (`output_text`). */
interface Part {
  type: string;
  text: string;
  annotations: Annotation[];
  /** An update began it, and it is not complete. */
  growing?: boolean;
}

interface Task {
  type: string;
  title?: string;
  content?: string;
  queries?: string[];
  status_indicator?: string;
}

interface Alert {
  kind?: "error" | "notice";
  message?: string;
  title?: string;
  level?: string;
  retry?: boolean;
}

interface Turn {
  n: number;
  role: "user" | "assistant";
  /** What comes next is another turn. */
  closed?: boolean;
}

/** An item of a thread as the backend sends it, or a note of our own (`alert`, `progress_update`). */
interface Item {
  id: string;
  type: string;
  /** The turn in which the item first appeared. */
  turn: Turn;
  /** The user's message, and the backend has not confirmed it. */
  optimistic?: boolean;
  /** It came in a stream of this session. */
  live?: boolean;
  /** Set here once the backend said that nothing more comes. */
  done?: boolean;
  content: Part[];
  attachments: { id: string; name: string; type?: string; mime_type?: string }[];
  quoted_text?: string;
  widget: { type: string; id?: string; value?: string; children?: unknown };
  workflow: {
    type: string;
    tasks: Task[];
    summary?: { title?: string; duration?: number } | null;
    expanded?: boolean;
  };
  task: Task;
  image?: { url: string } | null;
  /** Whether the picture is whole, by the last update that brought one. */
  isMade?: boolean;
  status: string;
  inputs: Untyped[];
  /** Whether they were open before they were answered. */
  asked?: boolean;
  icon?: string;
  text: string;
}

interface Thread {
  id: string;
  title: string | null;
  status: { type: string; reason?: string };
  created_at?: string | number;
  items: Item[];
  /** Ids that came in place of items that there were not: nothing that is called so is shown. */
  placeless: string[];
  /** What is told below it. */
  alert: Alert | null;
  /** Whether it was read from the backend. */
  loaded?: boolean;
}

/** What one kind of event makes of a thread, or of what it names in it. */
type Changes<T> = Record<string, (old: T, event: Untyped, confirms?: Untyped) => T>;

/** One streaming request, and the thread that its events go to. */
interface Run {
  /** Whether it is to begin a thread. */
  isNew: boolean;
  threadId: string;
  /** What the user said, as it was sent; null for a stream that answers something else. */
  message: Item | null;
  /** Whether the backend has announced the thread. */
  created: boolean;
  /** Stops it; the backend says in `stream_options` whether the user may. */
  abort: AbortController;
  cancellable: boolean;
  /** Whether its thread was announced under an id that counts as none. */
  isNameless?: boolean;
  toolOutputs: Promise<unknown>[];
  ended?: Promise<void>;
}

/** What `sendUserMessage` takes. */
interface UserMessage {
  text?: string;
  content?: object[];
  reply?: string;
  attachments?: Item["attachments"];
  newThread?: boolean;
  toolChoice?: object;
  model?: string;
}

/** A file that is being sent, or has been. */
interface Upload {
  key: number;
  /** As it is shown until the message is sent. */
  shown: object;
  /** As the backend knows it; null until it is there as a whole. */
  attachment: Untyped;
}

/** What can be chosen for a message, as the integrator's options say it. */
interface Tool {
  id: string;
  label: string;
  shortLabel?: string;
  placeholderOverride?: string;
  pinned?: boolean;
  persistent?: boolean;
}

interface Model {
  id: string;
  label: string;
  disabled?: boolean;
  default?: boolean;
}

/** What has been answered so far to a question: what is chosen, and what is written. */
interface Draft {
  chosen: string[];
  text: string;
}

/** What a click in a widget asks for. */
interface Action {
  type: string;
  payload?: Record<string, unknown>;
  handler?: "server" | "client";
  /** Whether the answer is a stream; false for one with an item in it. */
  streaming?: boolean;
  loadingBehavior?: string;
}

/** `control` is what was clicked, `values` what is to be added to the payload. */
type Act = (action: Action | undefined, control?: HTMLElement | null, values?: object) => void;

/** How an item stands: whether its text is smoothed, whether it is the last of its turn, whether more comes. */
interface Place {
  live: boolean;
  isLast: boolean;
  streaming: boolean;
  onAction: (action: Action, item: Item) => Promise<void>;
  /** Whether it cannot be told apart from others. */
  fails: boolean;
}

type Child = Node | string | null | undefined | false;
type ItemView = (item: Item, place: Place) => (Child | Child[])[];
type WidgetView = (node: Untyped, children: HTMLElement[], act: Act, done: boolean) => HTMLElement;

/** A block of Markdown: what its first line looks like and what its others do, and what is made of them. */
type Block = [begins: RegExp, goesOn: RegExp, make: (lines: string[]) => HTMLElement];

type Make = (old: HTMLElement | null) => HTMLElement;

/** A key, and what makes or updates its element. */
type Keyed = [key: string, make: Make];
