// What the report embeds of a conversation, as report/conversation.py writes it.

/** Lane, from (ms), until (ms, null: a moment), journal entry (0: none), label, tone, and the row within the lane. */
type LaneMark = [
  lane: number,
  t: number,
  until: number | null,
  n: number,
  label: string,
  tone: "" | "bad" | "user" | "assistant",
  row: number,
];

interface Lane {
  id: string;
  name: string;
  layer: string;
  left_out: number;
}

/** A stretch of the session that can be zoomed to. */
interface Stretch {
  name: string;
  t: number;
  until: number;
}

interface Axis {
  /** Where the axis ends, in ms. */
  end: number;
  lanes: Lane[];
  marks: LaneMark[];
  turns: Stretch[];
}

interface RawEvent {
  n: number;
  t: number;
  name: string;
  data: string;
}

/** What should have been sent for the events from `start` up to `stop`; without data just what was. */
interface Instead {
  start: number;
  stop: number;
  data: string;
}

interface RawStream {
  op: string;
  turn: number | null;
  n: number;
  events: RawEvent[];
  instead: Instead[] | null;
  received: number;
  framing: string[];
  lost_tail: string;
}

/** What a failed audit says of an entry. */
interface EntryNote {
  audit: string;
  text: string;
}

interface RawStreams {
  streams: RawStream[];
  /** By the number of the entry. */
  notes: Record<string, EntryNote[]>;
}

/** An entry as it stands in the journal. */
interface JournalEntry {
  n: number;
  t: number;
  data: { kind: string } & Record<string, unknown>;
}

/** What the marks and rows tell when they are picked. */
interface Picked {
  n: number;
  t: number;
  label: string;
  /** Of an event: what was received, and what should have been sent. */
  event?: RawEvent | undefined;
  instead?: Instead | undefined;
}

/** Which marks are drawn: those with this text, on lanes that are not hidden (by their number). */
interface LaneFilter {
  wanted: string;
  hidden: Set<number>;
}

/** The elements, as they call each other. */
interface LaneTools extends HTMLElement {
  show(lanes: Lane[], stretches: Stretch[]): void;
  update(stretches: Stretch[]): void;
}

interface LaneTrack extends HTMLElement {
  show(marks: LaneMark[], pictures: Map<number, string>): void;
  draw(from: number, to: number, wanted: string): number;
  marksOf(button: Element): LaneMark[];
  readonly ordered: HTMLElement[];
}

interface TimeRuler extends HTMLElement {
  show(from: number, to: number): void;
}

interface MarkTip extends HTMLElement {
  show(text: string, mark: HTMLElement): void;
}

interface TimeLanes extends HTMLElement {
  show(axis: Axis, pictures?: Map<number, string>): void;
  reveal(n: number): boolean;
}

interface EventStream extends HTMLElement {
  show(raw: RawStreams): void;
  reveal(n: number): boolean;
}

interface EntryPanel extends HTMLElement {
  show(picked: Picked, entry: JournalEntry | undefined, notes: EntryNote[]): void;
}

interface ConversationView extends HTMLElement {
  update(parts: Record<string, string>): Promise<void>;
}

interface HTMLElementTagNameMap {
  "conversation-view": ConversationView;
  "lane-tools": LaneTools;
  "lane-track": LaneTrack;
  "time-ruler": TimeRuler;
  "mark-tip": MarkTip;
  "time-lanes": TimeLanes;
  "event-stream": EventStream;
  "entry-panel": EntryPanel;
}
