// @ts-check
/** Starts the chat in its frame: options from the address, their check, the screen, the first requests. */
import { Channel, IntegrationError } from "./channel.js";
import { Chat } from "./chat.js";
import { verifyDomain } from "./domain.js";
import { faultsOf } from "./options.js";
import { View } from "./view.js";

/** @typedef {{options: any, referrer: string, iframeInitStartedAt: number}} Start */

/** @returns {Start} */
function readAddress() {
  const hash = location.hash.slice(1).replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(hash), (char) => char.charCodeAt(0));
  history.replaceState(null, "", "#");
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** @param {Start} start @param {object} schema */
async function run({ options, referrer, iframeInitStartedAt }, schema) {
  const channel = new Channel(referrer);
  const faults = faultsOf(options, schema);
  if (faults) {
    const error = new IntegrationError(`ChatKit.create():\n${faults}`);
    channel.error("FatalAppError", error.message, error);
    throw error;
  }
  const chat = new Chat(channel, options);
  const initial = options.initialThread ? chat.loadInitial(options.initialThread) : null;
  channel.log("app.init", { iframeInitDurationMs: Date.now() - iframeInitStartedAt });
  void verifyDomain(channel, referrer, options.api);
  const { composer } = new View(chat, /** @type {HTMLElement} */ (document.getElementById("root")));
  channel.commands = commands(chat, composer, schema);
  if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done));
  // A task after the load event: by then the page knows that the frame has loaded, and says so first (measured).
  setTimeout(() => {
    channel.log("composer.ready", { composerReadyDurationMs: Date.now() - iframeInitStartedAt });
    new ResizeObserver(() => {
      const { x, y, width, height } = composer.element.getBoundingClientRect();
      channel.emit("composer.layout.change", { x, y, width, height });
    }).observe(composer.element);
    if (options.history?.enabled !== false) void chat.listThreads();
  });
  await initial?.catch(() => {});
}

/**
 * @param {Chat} chat
 * @param {View["composer"]} composer
 * @param {object} schema
 * @returns {import("./channel.js").Commands}
 */
const commands = (chat, composer, schema) => ({
  onSetOptions: (options) => {
    const faults = faultsOf(options, schema);
    if (faults) throw new IntegrationError(`chatKit.setOptions():\n${faults}`);
    chat.options = options;
    chat.changed();
  },
  onFocusComposer: composer.focus,
  onSetComposerValue: ({ text, content = [] }) => {
    composer.text = text ?? content.map((/** @type {any} */ part) => part.text).join("");
  },
  onSendUserMessage: (message) => chat.send(message),
  onSetThreadId: ({ threadId }) => {
    composer.text = "";
    return chat.setThread(threadId);
  },
  onFetchUpdates: () => chat.fetchUpdates(),
  onSendCustomAction: ({ action, itemId }) => chat.customAction(action, itemId),
  onShowHistory: () => chat.showHistory(true),
  onHideHistory: () => chat.showHistory(false),
});

const schema = await fetch(new URL("options.json", import.meta.url));
await run(readAddress(), await schema.json());
