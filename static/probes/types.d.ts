// Shapes shared by the probe files, which are concatenated into one function before they run.

/** A fetch as a page may write it: it can return anything, and that is what is looked at. */
type AnyFetch = (input: RequestInfo | URL, init?: RequestInit) => unknown;

/** A giver of client secrets as a page may write it. */
type AnySecret = (...args: unknown[]) => unknown;

interface ProbeState {
  elements: HTMLElement[];
  optionsSet: number;
  defined: boolean;
  apiUrls: Set<string>;
  wrapFetch: ((original: AnyFetch) => AnyFetch) | undefined;
  wrapSecret: ((original: AnySecret) => AnySecret) | undefined;
  /** What the page is made with: versions by package. */
  versions: () => Record<string, string[]>;
}

interface ProbeHandle {
  probe: ProbeState;
  flush: () => void;
  /** In the page itself: what stands in the place of the chat. */
  obstacle?: () => Omit<PageObstacle, "kind"> | null;
  inventory: () => Omit<PageInventory, "kind" | "frames">;
  box: () => Omit<PaintBox, "kind" | "at"> | null;
  quietFor: () => number;
  rest: (quietMs: number, limitMs: number) => Promise<boolean>;
  call: (method: string, args: unknown[]) => Promise<string | null>;
}

interface ProbeConfig {
  /** Whether the page's fetch reports the wire, too. */
  tee: boolean;
  /** The name of the component's frame, and the origin it comes from. */
  frameName: string;
  componentOrigin: string;
}

declare const PROBE_CONFIG: ProbeConfig;
