/** Starts the chat in its frame: options from the address, their check, the screen, the first requests. */
import { Channel, IntegrationError } from "./channel.js";
import { Chat } from "./chat.js";
import { verifyDomain } from "./domain.js";
import { faultsOf } from "./options.js";
import { View } from "./view.js";

/** @param {Start} start @param {object} schema */
async function run({ options, referrer, startedAt }, schema) {
  const channel = new Channel(referrer);
  const faults = faultsOf(options, schema);
  if (faults) {
    const error = new IntegrationError(`ChatKit.create():\n${faults}`);
    channel.error("FatalAppError", error.message, error);
    throw error;
  }
  const chat = new Chat(channel, options);
  chat.threadId = options.initialThread || null;
  if (options.initialThread) chat.load(options.initialThread, true).catch(() => {});
  channel.log("app.init", { iframeInitDurationMs: Date.now() - startedAt });
  void verifyDomain(channel, referrer, options.api);
  const { composer } = new View(chat, /** @type {HTMLElement} */ (document.getElementById("root")));
  channel.commands = commands(chat, composer, schema);
  if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done));
  // A task after the load event: by then the page knows that the frame has loaded, and says so first (measured).
  setTimeout(() => {
    channel.log("composer.ready", { composerReadyDurationMs: Date.now() - startedAt });
    if (options.history?.enabled !== false) void chat.history.read();
  });
}

/** @type {(chat: Chat, composer: Composer, schema: object) => Commands} */
const commands = (chat, composer, schema) => ({
  onSetOptions: (options) => {
    const faults = faultsOf(options, schema);
    if (faults) throw new IntegrationError(`chatKit.setOptions():\n${faults}`);
    chat.options = options;
    chat.changed();
  },
  onFocusComposer: () => composer.input.focus(),
  onSetComposerValue: ({ text, content = [], selectedToolId: toolId, selectedModelId: modelId }) => {
    if (toolId !== undefined) composer.tools.choose(toolId);
    if (modelId !== undefined) chat.choose(modelId);
    composer.input.value = text ?? content.map((/** @type {Part} */ part) => part.text).join("");
  },
  onSendUserMessage: (message) => chat.send(message),
  onSetThreadId: ({ threadId }) => {
    composer.input.value = "";
    return chat.setThread(threadId);
  },
  onFetchUpdates: () => chat.fetchUpdates(),
  onSendCustomAction: ({ action, itemId }) => chat.customAction(action, itemId),
  onShowHistory: () => chat.history.show(true),
  onHideHistory: () => chat.history.show(false),
});

const start = JSON.parse(decodeURIComponent(location.hash.slice(1)));
history.replaceState(null, "", "#");
const schema = await fetch(new URL("options.json", import.meta.url));
await run(start, await schema.json());
