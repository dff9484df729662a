// Shapes that the modules of the frame share. What the backend sends is not trusted to have them: a module that
// reads it fails as the measured component does where a field is missing.

export interface Annotation {
  source: { type: string; url?: string };
  index?: number;
}

/** One part of a message: the user's own (`input_text`, `input_tag`) or of a reply (`output_text`). */
export interface Part {
  type: string;
  text: string;
  annotations: Annotation[];
  done?: boolean;
}

export interface Task {
  type: string;
  title?: string;
  content?: string;
  queries?: string[];
  sources?: { url?: string; filename?: string }[];
}

export interface Question {
  id: string;
  question: string;
  description?: string;
  options?: { value: string }[];
  multiple?: boolean;
  answer?: Answer;
}

export interface Answer {
  values: string[];
  skipped: boolean;
}

/** An item of a thread as the backend sends it, or a note of our own (`alert`, `progress_update`). */
export interface Item {
  id: string;
  type: string;
  /** Set here once the backend said that nothing more comes. */
  done?: boolean;
  content: Part[];
  attachments: { id: string; type: string; name: string; mime_type: string; preview_url: string }[];
  quoted_text?: string;
  widget: { type: string; id?: string; value?: string; children?: unknown };
  workflow: {
    type: string;
    tasks: Task[];
    summary?: { title?: string; duration?: number };
    expanded?: boolean;
  };
  task: Task;
  image?: { url: string } | null;
  status: string;
  inputs: Question[];
  text: string;
  alert: Alert;
}

export interface Alert {
  kind: "error" | "notice";
  message: string;
  title?: string;
  level?: string;
  retry?: boolean;
}

export interface Turn {
  n: number;
  role: "user" | "assistant";
  ids: string[];
  /** An `end_of_turn` came: the next item begins another turn. */
  closed: boolean;
}

export interface Thread {
  id: string;
  title: string | null;
  status: { type: string; reason?: string };
  created_at?: string;
  items: Record<string, Item>;
  turns: Turn[];
  /** Id of the user's message that the backend has not confirmed. */
  optimistic: string | null;
  /** Ids of the items that came in a stream of this session. */
  live: string[];
  /** Whether it was read from the backend. */
  loaded: boolean;
}

/** One streaming request, and the thread that its events go to. */
export interface Run {
  /** Whether it is to begin a thread. */
  isNew: boolean;
  threadId: string;
  /** Whether the backend has announced the thread. */
  created: boolean;
  cancellable: boolean;
  abort: AbortController;
  toolOutput: Promise<unknown> | null;
  ended: Promise<void>;
}

/** What `sendUserMessage` takes. */
export interface UserMessage {
  text?: string;
  content?: object[];
  reply?: string;
  attachments?: Item["attachments"];
  newThread?: boolean;
  toolChoice?: object;
  model?: string;
}

/** What a click in a widget asks for. */
export interface Action {
  type: string;
  payload?: Record<string, unknown>;
  handler?: "server" | "client";
}

/** How an item stands: whether it came in a stream, whether it is the last one of its turn, whether more comes. */
export interface Place {
  live: boolean;
  isLast: boolean;
  streaming: boolean;
  onAction: (action: Action, item: Item) => void;
}

export type Child = Node | string | null | undefined | false;

/** A key, and what makes or updates its element. */
export type Keyed = [key: string, make: (old: HTMLElement | null) => HTMLElement];
