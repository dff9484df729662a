// The `onClientTool` handlers integrators write: one that answers, and those that leave a turn waiting.

/** @typedef {{name: string, params: Record<string, unknown>}} ToolCall */
/** @typedef {(call: ToolCall) => Promise<Record<string, unknown>>} ClientTool */

/** @type {Record<string, ClientTool>} */
const handlers = {
  answers: async ({ name }) => ({ done: name }),
  throws: async () => {
    throw new Error("the page has no such tool");
  },
  hangs: () => new Promise(() => {}),
};

/**
 * The page's handler, or undefined when the page has none.
 * @param {string} name
 * @returns {ClientTool | undefined}
 */
export function onClientTool(name) {
  const handler = handlers[name];
  if (name !== "none" && !handler) throw new Error(`there is no client tool handler called ${name}`);
  return handler;
}
