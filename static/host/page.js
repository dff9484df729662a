// The host page: what an integrator's page does, and the mistakes one can make in it.
import { getClientSecret } from "./client-secrets.js";
import { onClientTool } from "./client-tools.js";
import { apiFetch } from "./fetches.js";
import { react } from "./reactions.js";

/** @typedef {import("./reactions.js").ChatKit} ChatKit */
/** @typedef {import("./reactions.js").Reaction} Reaction */

/**
 * @typedef {object} PageConfig
 * @property {{src: string, load: "early" | "late" | "never", afterMs: number}} script
 * @property {"when-defined" | "immediately" | "never"} setOptions
 * @property {Record<string, any>} options
 * @property {string} fetch
 * @property {string} clientTool
 * @property {string} clientSecret
 * @property {Record<string, string>} headers
 * @property {boolean} rememberThread
 * @property {Reaction | null} reaction
 */

const THREAD_KEY = `thread:${location.pathname}`;

/** @returns {PageConfig} */
function readConfig() {
  return JSON.parse(document.getElementById("config")?.textContent ?? "{}");
}

/** @param {PageConfig["script"]} script */
function loadLate(script) {
  setTimeout(() => {
    const tag = document.createElement("script");
    tag.src = script.src;
    document.head.append(tag);
  }, script.afterMs);
}

/** @param {PageConfig} config */
function options(config) {
  const custom = apiFetch(config.fetch, config.headers);
  const secret = getClientSecret(config.clientSecret);
  const own = { ...(custom ? { fetch: custom } : {}), ...(secret ? { getClientSecret: secret } : {}) };
  const api = Object.keys(own).length > 0 ? { ...config.options.api, ...own } : config.options.api;
  const tool = onClientTool(config.clientTool);
  const result = { ...config.options, ...(api ? { api } : {}), ...(tool ? { onClientTool: tool } : {}) };
  const remembered = config.rememberThread ? localStorage.getItem(THREAD_KEY) : null;
  return remembered ? { ...result, initialThread: remembered } : result;
}

/** @param {HTMLElement} element */
function rememberThread(element) {
  element.addEventListener("chatkit.thread.change", (event) => {
    const id = /** @type {CustomEvent<{threadId: string | null}>} */ (event).detail?.threadId;
    if (id) localStorage.setItem(THREAD_KEY, id);
    else localStorage.removeItem(THREAD_KEY);
  });
}

async function start() {
  const config = readConfig();
  const element = /** @type {ChatKit} */ (document.getElementById("chat"));
  if (config.script.load === "late") loadLate(config.script);
  if (config.rememberThread) rememberThread(element);
  /** @param {ChatKit} target */
  const setOptions = (target) => target.setOptions(options(config));
  if (config.reaction) react({ element, start: setOptions }, config.reaction);
  if (config.setOptions === "never") return;
  if (config.setOptions === "when-defined") await customElements.whenDefined("openai-chatkit");
  setOptions(element);
}

start();
