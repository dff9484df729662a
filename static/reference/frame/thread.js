/** A thread and what the events of a stream make of it: a pure reducer that knows nothing of screen and network.
 * Items are keyed by id over the whole thread, and stay in the turn in which they first appeared. */
import rules from "./rules.json" with { type: "json" };

/** @type {(id: string) => Thread} */
export const emptyThread = (id) => ({ id, title: null, status: { type: "active" }, items: [] });

/** A thread as the backend has it. @type {(answer: Thread, items: Item[]) => Thread} */
export const fromAnswer = (answer, items) =>
  withMetadata({ ...items.reduce(placed, emptyThread(answer.id)), loaded: true }, answer);

/** @type {(thread: Thread, answer: Thread) => Thread} */
const withMetadata = (thread, { title, status }) => ({ ...thread, title, status: status ?? thread.status });

/** What remains when a stream has ended, however it ended. @param {Thread} thread */
export const settled = (thread) => only(thread, (item) => !item.optimistic);

/** @type {(thread: Thread, kinds?: string[]) => Thread} */
export const withoutNotes = (thread, kinds = ["alert", "progress_update"]) =>
  only(thread, ({ type }) => !kinds.includes(type));

/** @type {(thread: Thread, stays: (item: Item, at: number) => boolean) => Thread} */
export const only = (thread, stays) => ({ ...thread, items: thread.items.filter(stays) });

/** @type {(thread: Thread, isIt: (item: Item) => unknown, change: (item: Item) => Item) => Thread} */
const changed = (thread, isIt, change) => ({
  ...thread,
  items: thread.items.map((item) => (isIt(item) ? { ...change(item), turn: item.turn } : item)),
});

/** @type {(id: string) => (item: Item) => boolean} */
const isCalled = (id) => (item) => item.id === id;

/** @param {Thread} thread @param {Item} item */
export function withItem(thread, item) {
  const isIt = isCalled(item.id);
  if (thread.items.some(isIt)) return changed(thread, isIt, () => item);
  return placed(item.type === "alert" ? thread : withoutNotes(thread, ["progress_update"]), item);
}

/** The thread with one more item at its end. @param {Thread} thread @param {Item} item @returns {Thread} */
function placed(thread, item) {
  const last = thread.items.at(-1);
  const role = item.type === "user_message" ? "user" : "assistant";
  const joins = role === "assistant" && last?.turn.role === role && last.type !== "end_of_turn";
  const turn = joins ? last.turn : nextTurn(thread, role);
  return { ...thread, items: [...thread.items, { ...item, turn }] };
}

/** The turn that would come next. @type {(thread: Thread, role: Turn["role"]) => Turn} */
export const nextTurn = ({ items }, role) => ({ n: (items.at(-1)?.turn.n ?? 0) + 1, role });

/** An item of a stream. One message of the user was sent: another one that comes is not shown.
 * @param {Thread} thread @param {Item} sent */
function arrived(thread, sent) {
  if (!rules.items.streamed.includes(sent.type)) return thread;
  const item = { ...sent, live: true };
  const isKnown = thread.items.some(isCalled(item.id));
  if (item.type !== "user_message" || isKnown) return withItem(thread, item);
  const confirmed = () => item;
  return changed(thread, ({ optimistic }) => optimistic, confirmed);
}

/** An item in whose widget one component is changed. @param {Item} item @param {string} id
 * @param {(old: any) => any} change */
function withComponent(item, id, change) {
  /** @type {(node: any) => any} */
  const walk = (node) => {
    if (Array.isArray(node)) return node.map(walk);
    if (node?.id === id) return change(node);
    return node?.children ? { ...node, children: walk(node.children) } : node;
  };
  return { ...item, widget: walk(item.widget) };
}

/** @type {(item: Item, update: {task_index: number, task: Task}) => Item} */
const withTask = (item, { task_index: index, task }) => {
  const tasks = Object.assign([...item.workflow.tasks], { [index]: task });
  return { ...item, workflow: { ...item.workflow, tasks } };
};

/** @type {Changes<any>} What each kind of update makes of the part of a message that it names. */
const PARTS = {
  added: (_part, { content }) => content,
  text_delta: (part, { delta }) => ({ ...part, text: part.text + delta }),
  annotation_added: (part, { annotation }) => ({ ...part, annotations: [...part.annotations, annotation] }),
  done: (_part, { content }) => ({ ...content, done: true }),
};

/** @type {Changes<any>} What each kind of update makes of an item. */
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

/** One `thread.item.updated`. @param {Item} item @param {any} update @returns {Item} */
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

/** @type {Changes<Thread>} What each event makes of a thread. */
const EVENTS = {
  "thread.created": (thread, event) => ({ ...withMetadata(thread, event.thread), id: event.thread.id }),
  "thread.updated": (thread, event) => withMetadata(thread, event.thread),
  "thread.item.added": (thread, { item }) => arrived(thread, item),
  "thread.item.done": (thread, { item }) => arrived(thread, { ...item, type: item.type, done: true }),
  "thread.item.replaced": (thread, { item }) =>
    thread.items.some(isCalled(item.id)) ? arrived(thread, { ...item, done: true }) : thread,
  "thread.item.removed": (thread, { item_id: id }) => only(thread, (item) => item.id !== id),
  "thread.item.updated": (thread, { item_id: id, update }) =>
    changed(thread, isCalled(id), (item) => updated(item, update)),
  progress_update: (thread, { type, text }) =>
    withItem(thread, /** @type {Item} */ ({ id: "progress", type, text })),
};

/** The thread after one event. Unknown events change nothing. Throws where the measured component throws: the
 * thread is then as before. @param {Thread} thread @param {any} event */
export const applyEvent = (thread, event) => EVENTS[event.type]?.(thread, event) ?? thread;
