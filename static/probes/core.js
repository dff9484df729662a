// The ground the other probes stand on: the clock, the queue to the recorder, and safe copies of foreign values.
// All probe files run inside one function, in every document, before any code of the page.

const BINDING = "__chatkitDoctorEmit";
const MAX_ENTRIES = 100_000;
const MAX_TEXT = 256 * 1024;
const MAX_DEPTH = 12;
const BATCH = 200;
// How long an entry may wait for company on its way: each way costs every process between here and the recorder
// some work. The driver waits for most kinds; what only tells more of the same is read afterwards.
const SOON_MS = 20;
const UNHURRIED_MS = 100;

const isTop = window.top === window;
const isComponentFrame = !isTop && looksLikeTheComponent() && !isInsideTheComponent();
// The element can lie in the page itself or in any frame of it; what is inside the component is its own affair.
const isPage = !isComponentFrame && !isInsideTheComponent();
const send = /** @type {any} */ (window)[BINDING];

/** @type {{at: number, entry: ProbeEntry}[]} */
let queue = [];
let emitted = 0;
let due = Number.POSITIVE_INFINITY;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function looksLikeTheComponent() {
  return window.name === PROBE_CONFIG.frameName || location.origin === PROBE_CONFIG.componentOrigin;
}

function isInsideTheComponent() {
  // Ancestors of another origin tell nothing but where they are from, and only some browsers tell that.
  return [...(location.ancestorOrigins ?? [])].includes(PROBE_CONFIG.componentOrigin);
}

const now = () => performance.timeOrigin + performance.now();

function flush() {
  clearTimeout(timer);
  due = Number.POSITIVE_INFINITY;
  if (queue.length === 0 || typeof send !== "function") return;
  const batch = queue;
  queue = [];
  // A document that goes away takes its binding along; what could not be sent is lost with it.
  Promise.resolve(send(JSON.stringify(batch))).catch(() => {});
}

/**
 * Queue one entry for the journal.
 * @param {ProbeEntry} entry
 * @param {number} [withinMs] how long it may stay in the queue
 */
function emit(entry, withinMs = SOON_MS) {
  if (emitted >= MAX_ENTRIES) return;
  emitted += 1;
  if (emitted === MAX_ENTRIES) entry = { kind: "session.capped", of: `entries of ${location.origin}` };
  const at = now();
  queue.push({ at, entry });
  if (queue.length >= BATCH) flush();
  else if (at + withinMs < due) {
    clearTimeout(timer);
    due = at + withinMs;
    timer = setTimeout(flush, withinMs);
  }
}

/** @param {string} text */
function clipped(text) {
  return text.length > MAX_TEXT
    ? `${text.slice(0, MAX_TEXT)}… [${text.length - MAX_TEXT} characters more]`
    : text;
}

/**
 * A plain JSON copy of any value: functions become "[function]", errors keep name and message.
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {unknown}
 */
function plain(value, depth = 0) {
  if (typeof value === "string") return clipped(value);
  if (typeof value === "function") return "[function]";
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (value === undefined) return null;
  if (typeof value !== "object") return String(value);
  if (depth > MAX_DEPTH) return "[deeper]";
  if (value instanceof Error) return { name: value.name, message: clipped(value.message) };
  if (Array.isArray(value)) return value.slice(0, 200).map((item) => plain(item, depth + 1));
  if (value instanceof Headers) return Object.fromEntries(value);
  const copy = /** @type {Record<string, unknown>} */ ({});
  for (const key of Object.keys(value).slice(0, 200)) {
    try {
      copy[key] = plain(/** @type {any} */ (value)[key], depth + 1);
    } catch {
      copy[key] = "[unreadable]";
    }
  }
  return copy;
}

/** @param {unknown} body @returns {{op: string, body: unknown}} the operation a request body names */
function operationOf(body) {
  if (typeof body !== "string")
    return { op: "", body: body ? `[${Object.prototype.toString.call(body)}]` : null };
  try {
    const parsed = JSON.parse(body);
    return { op: typeof parsed?.type === "string" ? parsed.type : "", body: plain(parsed) };
  } catch {
    return { op: "", body: clipped(body) };
  }
}

/** @type {ProbeState} */
const probe = {
  elements: [],
  optionsSet: 0,
  defined: false,
  apiUrls: new Set(),
  wrapFetch: undefined,
  wrapSecret: undefined,
  versions: () => ({}),
};

addEventListener("pagehide", flush);
Object.defineProperty(window, Symbol.for("chatkit-doctor"), {
  value: { probe, flush, inventory: () => ({}), box: () => null, quietFor: () => 0 },
  enumerable: false,
});

/** What the driver asks a document through evaluate(). @returns {ProbeHandle} */
const handle = () => /** @type {any} */ (window)[Symbol.for("chatkit-doctor")];
