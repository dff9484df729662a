// @ts-check
/**
 * A thread and what the events of a stream make of it: a pure reducer that knows nothing of screen and network.
 * Items are keyed by id over the whole thread, and stay in the turn in which they first appeared.
 */

/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../types.js").Thread} Thread */
/** @typedef {import("../types.js").Turn} Turn */

const NOTES = ["alert", "progress_update"];
const STREAMED =
  /^(user_message|assistant_message|client_tool_call|widget|generated_image|structured_input|workflow|task)$/;

const EMPTY = { title: null, status: { type: "active" }, optimistic: null, loaded: false };

/** @param {string} id @returns {Thread} */
export const emptyThread = (id) => ({ ...EMPTY, id, items: {}, turns: [], live: [] });

/** A thread as the backend has it. @param {Thread} answer @param {Item[]} items */
export function fromAnswer(answer, items) {
  let thread = { ...emptyThread(answer.id), loaded: true };
  for (const item of items) {
    thread.items[item.id] = item;
    thread = placed(thread, item);
  }
  return withMetadata(thread, answer);
}

/** @param {Thread} thread @param {Thread} answer @returns {Thread} */
const withMetadata = (thread, { title, status }) => ({ ...thread, title, status: status ?? thread.status });

/** The user's message, shown before the backend has confirmed it. @param {Thread} thread @param {Item} item */
export const withOptimistic = (thread, item) => ({
  ...withItem(withoutNotes(thread), item),
  optimistic: item.id,
});

/** What remains when a stream has ended, however it ended. @param {Thread} thread @returns {Thread} */
export const settled = (thread) =>
  thread.optimistic ? { ...without(thread, [thread.optimistic]), optimistic: null } : thread;

/** @param {Thread} thread @param {string[]} kinds of notes */
export function withoutNotes(thread, kinds = NOTES) {
  const notes = Object.keys(thread.items).filter((id) => kinds.includes(thread.items[id]?.type ?? ""));
  return without(thread, notes);
}

/** Everything after an item goes, as before a retry. @param {Thread} thread @param {string} id */
export function cutAfter(thread, id) {
  const order = thread.turns.flatMap((turn) => turn.ids);
  return without(thread, order.slice(order.indexOf(id) + 1));
}

/** @param {Thread} thread @param {string[]} gone @returns {Thread} */
function without(thread, gone) {
  const items = Object.fromEntries(Object.entries(thread.items).filter(([id]) => !gone.includes(id)));
  const turns = thread.turns.map((turn) => ({ ...turn, ids: turn.ids.filter((id) => !gone.includes(id)) }));
  return { ...thread, items, turns: turns.filter((turn) => turn.ids.length > 0) };
}

/** @param {Thread} thread @param {Item} item @returns {Thread} */
export function withItem(thread, item) {
  if (item.id in thread.items) return { ...thread, items: { ...thread.items, [item.id]: item } };
  const clear = item.type === "alert" ? thread : withoutNotes(thread, ["progress_update"]);
  return placed({ ...clear, items: { ...clear.items, [item.id]: item } }, item);
}

/** @param {Thread} thread @param {Item} item @returns {Thread} with the item in its turn */
function placed(thread, item) {
  const isUser = item.type === "user_message";
  const last = thread.turns.at(-1);
  const joins = !isUser && last?.role === "assistant" && !last.closed;
  const turn = joins ? last : nextTurn(thread, isUser ? "user" : "assistant");
  const grown = { ...turn, ids: [...turn.ids, item.id], closed: item.type === "end_of_turn" };
  return { ...thread, turns: [...(joins ? thread.turns.slice(0, -1) : thread.turns), grown] };
}

/** The turn that would come next, still empty. @param {Thread} thread @param {Turn["role"]} role @returns {Turn} */
export const nextTurn = (thread, role) => ({
  n: (thread.turns.at(-1)?.n ?? 0) + 1,
  role,
  ids: [],
  closed: false,
});

/** An item of a stream. One message of the user was sent: another one that comes is not shown.
 * @param {Thread} thread @param {Item} item @returns {Thread} */
function arrived(thread, item) {
  if (!STREAMED.test(item.type)) return thread;
  const live = [...thread.live, item.id];
  if (item.type !== "user_message" || item.id in thread.items) return { ...withItem(thread, item), live };
  const { optimistic } = thread;
  if (optimistic === null) return thread;
  const items = { ...thread.items, [item.id]: item };
  delete items[optimistic];
  const swap = (/** @type {string} */ id) => (id === optimistic ? item.id : id);
  const turns = thread.turns.map((turn) => ({ ...turn, ids: turn.ids.map(swap) }));
  return { ...thread, items, turns, live, optimistic: null };
}

/** @param {Item} item with a widget @param {string} id of a component in it @param {(old: any) => object} change */
function withComponent(item, id, change) {
  /** @param {any} node @returns {any} */
  const walk = (node) => {
    if (Array.isArray(node)) return node.map(walk);
    if (node?.id === id) return change(node);
    return node?.children ? { ...node, children: walk(node.children) } : node;
  };
  return { ...item, widget: walk(item.widget) };
}

/** What each kind of update makes of an item, or of the part of a message that it names.
 * @type {Record<string, (item: any, update: any) => any>} */
const PARTS = {
  added: (_part, { content }) => content,
  text_delta: (part, { delta }) => ({ ...part, text: part.text + delta }),
  annotation_added: (part, { annotation }) => ({ ...part, annotations: [...part.annotations, annotation] }),
  done: (_part, { content }) => ({ ...content, done: true }),
};

/** @type {typeof PARTS} */
const UPDATES = {
  "widget.root.updated": (item, { widget }) => ({ ...item, widget }),
  "widget.component.updated": (item, { component_id: id, component }) =>
    withComponent(item, id, () => component),
  "widget.streaming_text.value_delta": (item, { component_id: id, delta }) =>
    withComponent(item, id, (old) => ({ ...old, value: (old.value ?? "") + delta })),
  "workflow.task.added": withTask,
  "workflow.task.updated": withTask,
  "generated_image.updated": (item, { image }) => ({ ...item, image }),
};

/** @param {Item} item @param {any} update */
function withTask(item, { task_index: index, task }) {
  const tasks = Object.assign([...item.workflow.tasks], { [index]: task });
  return { ...item, workflow: { ...item.workflow, tasks } };
}

/** One `thread.item.updated`. @param {any} item @param {any} update @returns {Item} */
function updated(item, update) {
  const [, kind = ""] = /^assistant_message\.content_part\.(.+)$/.exec(update.type) ?? [];
  const change = PARTS[kind];
  if (!change) return UPDATES[update.type]?.(item, update) ?? item;
  const part = item.content[update.content_index];
  if (/_(delta|added)$/.test(kind) && part?.type !== "output_text") {
    throw new Error(`Expected ${part?.type} to be output_text`);
  }
  const content = Object.assign([...item.content], { [update.content_index]: change(part, update) });
  return { ...item, content };
}

/** What each event makes of a thread. @type {Record<string, (thread: Thread, event: any) => Thread>} */
const EVENTS = {
  "thread.created": (thread, event) => ({ ...withMetadata(thread, event.thread), id: event.thread.id }),
  "thread.updated": (thread, event) => withMetadata(thread, event.thread),
  "thread.item.added": (thread, { item }) => arrived(thread, item),
  "thread.item.done": (thread, { item }) => arrived(thread, { ...item, type: item.type, done: true }),
  "thread.item.replaced": (thread, { item }) =>
    item.id in thread.items ? arrived(thread, { ...item, done: true }) : thread,
  "thread.item.removed": (thread, { item_id: id }) => without(thread, [id]),
  "thread.item.updated": (thread, { item_id: id, update }) => {
    const item = thread.items[id];
    return item ? { ...thread, items: { ...thread.items, [id]: updated(item, update) } } : thread;
  },
  progress_update: (thread, { type, text }) =>
    withItem(thread, /** @type {Item} */ ({ id: "progress", type, text })),
};

/**
 * The thread after one event. Unknown events change nothing.
 * @param {Thread} thread
 * @param {any} event
 * @returns {Thread}
 * @throws where the measured component throws: the thread is then as before
 */
export const applyEvent = (thread, event) => EVENTS[event.type]?.(thread, event) ?? thread;
