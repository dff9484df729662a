/** A thread and what the events of a stream make of it: a pure reducer that knows nothing of screen and network.
 * Items are keyed by id over the whole thread, and stay in the turn in which they first appeared. */
import rules from "./rules.json" with { type: "json" };

const EMPTY = { title: null, status: { type: "active" }, items: [], placeless: [], alert: null };
/** @type {(id: string) => Thread} */
export const emptyThread = (id) => ({ id, ...EMPTY });

/** A thread as the backend has it. @type {(answer: Thread, items: Item[]) => Thread} */
export const fromAnswer = (answer, items) => {
  const thread = items.map((item) => ({ ...item, done: true })).reduce(placed, emptyThread(answer.id));
  return withMetadata({ ...thread, loaded: true }, answer);
};

/** @type {(thread: Thread, answer: Thread) => Thread} */
const withMetadata = (thread, { title, status }) => ({ ...thread, title, status: status ?? thread.status });

/** @param {Item} item */
const isOptimistic = ({ optimistic }) => optimistic;

/** What remains when a stream has ended, however it ended. @param {Thread} thread */
export const settled = (thread) => without(thread, isOptimistic);

/** @param {Part} part */
const whole = (part) => ({ ...part, growing: false });

/** @param {Thread} thread @param {string} id @param {{status: string, answers: any}} input */
export const withAnswers = (thread, id, { status, answers }) =>
  changed(thread, isCalled(id), (item) => {
    const inputs = item.inputs.map((one) => ({ ...one, answer: answers[one.id] }));
    return { ...item, status, inputs };
  });

/** What has come so far, as if it were complete. @param {Thread} thread */
export const completed = (thread) =>
  changed(thread, Boolean, (item) => ({ ...item, done: true, content: item.content?.map(whole) }));

/** @param {Thread} thread */
const withoutProgress = (thread) => without(thread, ({ type }) => type === "progress_update");

/** The thread less some items. Their places stay: a turn that crashed shows it for good.
 * @type {(thread: Thread, goes: (item: Item, at: number) => unknown) => Thread} */
export const without = (thread, goes) => changed(thread, goes, () => /** @type {any} */ ({ type: "gone" }));

/** @type {(thread: Thread, isIt: (item: Item, at: number) => unknown, change: (item: Item) => Item) => Thread} */
const changed = (thread, isIt, change) => ({
  ...thread,
  items: thread.items.map((item, at) => (isIt(item, at) ? { ...change(item), turn: item.turn } : item)),
});

/** Ids are compared as texts. @type {(id: unknown) => (item: Item) => boolean} */
const isCalled = (id) => (item) => item.type !== "gone" && String(item.id) === String(id);

/** The last item with an element of its own. @param {Thread | null} thread */
export const lastShown = (thread) => thread?.items.findLast(({ type }) => rules.items.shown.includes(type));

/** The same, but for replies without words. @param {Thread | null} thread */
export const lastSaid = (thread) => lastShown(thread && { ...thread, items: thread.items.filter(hasWords) });
/** @param {Item} item */
const hasWords = ({ type, content }) =>
  type !== "assistant_message" || (content ?? []).some?.((part) => String(part?.text ?? "").trim());

/** @param {Thread} thread @param {Item} item */
function withItem(thread, item) {
  const isIt = isCalled(item.id);
  if (!rules.items.streamed.includes(item.type) || thread.placeless.includes(String(item.id))) return thread;
  if (!thread.items.some(isIt)) return placed(withoutProgress(thread), item);
  // Answers of questions that were open before stay folded.
  return changed(thread, isIt, (old) => ({ ...item, asked: old.asked || old.status === "pending" }));
}

/** The thread with a message that is shown before the backend has confirmed it. @param {Thread} thread
 * @param {Item} message */
export const withMessage = (thread, message) => placed({ ...thread, alert: null }, message);

/** The thread with one more item at its end. @param {Thread} thread @param {Item} item @returns {Thread} */
function placed(thread, item) {
  const last = thread.items.findLast(({ type, turn }) => type !== "gone" || turn.role === "assistant")?.turn;
  const role = item.type === "user_message" ? "user" : "assistant";
  const turn = role === "assistant" && last?.role === role && !last.closed ? last : nextTurn(thread, role);
  if (last && turn !== last) last.closed = true;
  if (item.type === "end_of_turn") turn.closed = true;
  return { ...thread, items: [...thread.items, { ...item, turn }] };
}

/** The turn that would come next. @type {(thread: Thread, role: Turn["role"]) => Turn} */
export const nextTurn = ({ items }, role) => ({ n: (items.at(-1)?.turn.n ?? 0) + 1, role });

/** An item of a stream. Where that answers a message, an item of the user's is that message, or is not shown.
 * @param {Thread} thread @param {Item} sent @param {boolean} done @param {boolean} confirms @returns {Thread} */
function arrived(thread, sent, done, confirms) {
  const last = thread.items.at(-1);
  if (sent.type === "end_of_turn" && last) last.turn.closed = true;
  const item = { ...sent, live: true, done };
  const isKnown = thread.items.some(isCalled(item.id)) || thread.placeless.includes(String(item.id));
  if (item.type !== "user_message" || isKnown || !confirms) return withItem(thread, item);
  return changed(withoutProgress(thread), isOptimistic, () => item);
}

/** An item in whose widget one component is changed. @param {Item} item @param {string} id
 * @param {(old: any) => any} change */
function withComponent(item, id, change) {
  /** @type {(node: any) => any} */
  const walk = (node) => {
    if (Array.isArray(node)) return node.map(walk);
    if (node?.id === id && id !== undefined) return change(node);
    return node?.children ? { ...node, children: walk(node.children) } : node;
  };
  return { ...item, widget: walk(item.widget), done: false };
}

/** @type {(item: Item, update: {task_index: number, task: Task}) => Item} */
const withTask = (item, { task_index: index, task }) => {
  const tasks = Object.assign([...item.workflow.tasks], { [index]: task });
  return { ...item, workflow: { ...item.workflow, tasks } };
};

/** @type {Changes<any>} What each kind of update makes of the part of a message that it names. */
const PARTS = {
  // Measured: a part that was complete once is never typed out again.
  added: (part, { content }) => ({ ...content, type: content.type, growing: part?.growing ?? !part }),
  text_delta: (part, { delta }) => ({ ...part, text: part.text + delta }),
  annotation_added: (part, { annotation, annotation_index: at }) => ({
    ...part,
    annotations: Object.assign([...part.annotations], { [at]: annotation }),
  }),
  done: (_part, { content }) => content,
};

/** @type {Changes<any>} What each kind of update makes of an item. */
const UPDATES = {
  "widget.root.updated": (item, { widget }) =>
    rules.widgets.roots.includes(widget?.type) ? { ...item, widget, done: false } : { ...item, done: false },
  "widget.component.updated": (item, { component_id: id, component }) =>
    withComponent(item, id, () => component),
  "widget.streaming_text.value_delta": (item, { component_id: id, delta }) =>
    withComponent(item, id, (old) =>
      rules.widgets.growing.includes(old.type) ? { ...old, value: old.value + delta } : old,
    ),
  "workflow.task.added": withTask,
  "workflow.task.updated": withTask,
  // Measured: without a picture it changes nothing, and without a number it is of a whole one.
  "generated_image.updated": (item, { image = null, progress }) =>
    image === null ? item : { ...item, image, isMade: !(typeof progress === "number" && progress < 1) },
};

/** One `thread.item.updated`; updates are called after the items they are for. @param {Item} item
 * @param {any} update @returns {Item} */
function updated(item, update) {
  if (!String(update.type).startsWith(`${item.type}.`)) return item;
  const [, kind = ""] = /^assistant_message\.content_part\.(.+)$/.exec(update.type) ?? [];
  const change = PARTS[kind];
  if (!change) return UPDATES[update.type]?.(item, update) ?? item;
  const part = item.content[update.content_index];
  if (/_(delta|added)$/.test(kind) && part?.type !== "output_text") {
    throw new Error(`Expected ${part?.type} to be output_text`);
  }
  const content = item.content.map((one) => one);
  content[update.content_index] = change(part, update);
  return { ...item, content };
}

/** @type {Changes<Thread>} What each event makes of a thread. */
const EVENTS = {
  "thread.created": (thread, event) => ({ ...withMetadata(thread, event.thread), id: event.thread.id }),
  "thread.updated": (thread, event) => withMetadata(thread, event.thread),
  "thread.item.added": (thread, { item }, confirms) => arrived(thread, item, false, confirms),
  "thread.item.done": (thread, { item }, confirms) => arrived(thread, item, true, confirms),
  // Measured: in place of nothing, it gets no place, now or later.
  "thread.item.replaced": (thread, { item }) =>
    thread.items.some(isCalled(item.id)) || !rules.items.streamed.includes(item.type)
      ? withItem(thread, { ...item, live: true, done: true })
      : { ...thread, placeless: [...thread.placeless, String(item.id)] },
  "thread.item.removed": (thread, { item_id: id }) => without(thread, isCalled(id)),
  "thread.item.updated": (thread, { item_id: id, update }) =>
    changed(thread, isCalled(id), (item) => updated(item, update)),
  progress_update: (thread, event) => placed(withoutProgress(thread), { ...event, id: "progress" }),
  notice: (thread, event) =>
    thread.alert?.kind === "error" ? thread : { ...thread, alert: { ...event, kind: "notice" } },
};

/** The thread after one event. Unknown events change nothing. Throws where the measured component throws: the
 * thread is then as before. `confirms`: the stream answers a message of the user's.
 * @param {Thread} thread @param {any} event @param {boolean} confirms */
export const applyEvent = (thread, event, confirms) =>
  EVENTS[event.type]?.(thread, event, confirms) ?? thread;
