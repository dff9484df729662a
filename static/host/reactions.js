// What an integrator's page does, on purpose or not, when it hears of the component: render it anew, move it,
// take it out, set its options again.

/** @typedef {HTMLElement & {setOptions: (options: object) => void,
 *   setThreadId: (id: string | null) => Promise<void>, fetchUpdates: () => Promise<void>}} ChatKit */
/** @typedef {{to: string, do: string, after_ms: number}} Reaction */
/** @typedef {{element: ChatKit, start: (element: ChatKit) => void}} Chat an element and how it is started */

/** @type {Record<string, (chat: Chat) => void>} */
const actions = {
  remount: ({ element, start }) => {
    const fresh = /** @type {ChatKit} */ (document.createElement("openai-chatkit"));
    fresh.id = element.id;
    element.replaceWith(fresh);
    start(fresh);
  },
  move: ({ element }) => {
    const dialog = document.createElement("div");
    dialog.style.cssText = "width: 100%; height: 100%";
    element.replaceWith(dialog);
    dialog.append(element);
  },
  remove: ({ element }) => element.remove(),
  "set-options": ({ element, start }) => start(element),
  "reset-thread": ({ element }) => void element.setThreadId(null),
  "fetch-updates": ({ element }) => void element.fetchUpdates(),
  hide: ({ element }) => {
    if (element.parentElement) element.parentElement.style.display = "none";
  },
};

/**
 * Let a page react, once, to one of the component's events.
 * @param {Chat} chat
 * @param {Reaction} reaction
 */
export function react(chat, { to, do: name, after_ms: afterMs }) {
  const action = actions[name];
  if (!action) throw new Error(`there is no reaction called ${name}`);
  chat.element.addEventListener(`chatkit.${to}`, () => setTimeout(action, afterMs, chat), { once: true });
}
