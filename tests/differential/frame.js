/** Answers the page's questions about the component in this frame. Stands behind the probe that reads the screen.
 *
 * Nothing here is laid out or painted, which is most of what a component costs; a frame is then a few ms long. */
const FRAME_MS = 4;
/** What goes away by itself after so long stays until it is asked to go. In ms. */
const LONG_MS = 1_000;
/** The longest wait for rest, in frames. */
const MOST_FRAMES = 1_500;
const MOST_FRAMES_TO_START = 100;

let changes = 0;
new MutationObserver(() => {
  changes += 1;
}).observe(document, { childList: true, subtree: true, characterData: true, attributes: true });

document.addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = "body { display: none !important; }";
  document.head.append(style);
});

const { setTimeout, clearTimeout } = window;
let held = new Map();
let holds = 0;
window.setTimeout = (run, ms = 0, ...args) => {
  if (!(ms >= LONG_MS)) return setTimeout(run, ms, ...args);
  held.set(--holds, () => run(...args));
  return holds;
};
window.clearTimeout = (id) => {
  if (!held.delete(id)) clearTimeout(id);
};
window.requestAnimationFrame = (run) => setTimeout(() => run(performance.now()), FRAME_MS);
window.cancelAnimationFrame = (id) => clearTimeout(id);

/** After all tasks that are queued by now, as React's renders are. */
const afterTasks = (run, times = 2) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (times > 1 ? afterTasks(run, times - 1) : run());
  port2.postMessage(null);
};

const questions = {
  look: (_about, answer) => afterTasks(() => answer(readTranscript())),
  rest: ({ frames, view }, answer) => {
    let [rested, before, passed] = [0, changes, 0];
    const look = () => {
      rested = changes === before ? rested + 1 : 0;
      before = changes;
      passed += 1;
      const isOver = passed > (view ? MOST_FRAMES_TO_START : MOST_FRAMES);
      const state = isOver || rested >= frames ? readTranscript() : null;
      if (state && (isOver || !view || state.view === view)) answer(state);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  },
  forget: (_about, answer) => {
    const due = [...held.values()];
    held = new Map();
    for (const run of due) run();
    answer(null);
  },
};

window.addEventListener("message", ({ source, data }) => {
  if (data?.asks) questions[data.what](data, (value) => source.postMessage({ answers: data.asks, value }, "*"));
});
