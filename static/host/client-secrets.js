// The `getClientSecret` functions integrators write (hosted mode): those that give a client secret, and those that
// leave the component without one.

/** @typedef {(current: string | null) => Promise<any>} GetClientSecret */

/** @param {string | null} current */
const session = (current) => fetch(`client-secret?renews=${Boolean(current)}`, { method: "POST" });

/** @type {string | undefined} */
let kept;

/** Asks the page's own endpoint each time. @type {GetClientSecret} */
const asks = async (current) => {
  const response = await session(current);
  if (!response.ok) throw new Error(`no session: the server answered ${response.status}`);
  return (await response.json()).client_secret;
};

/** @type {Record<string, GetClientSecret>} */
const variants = {
  given: asks,
  // The endpoint answers with an error.
  refused: asks,
  // The same, and nobody looks: what is read from an error is undefined.
  unchecked: async (current) => (await (await session(current)).json()).client_secret,
  throws: async () => {
    throw new Error("nobody is logged in");
  },
  nothing: async () => null,
  empty: async () => "",
  // The whole answer in place of the text in it.
  object: async (current) => (await session(current)).json(),
  "session-id": async () => "cksess_123",
  hangs: () => new Promise(() => {}),
  // The first one expires, and is given again.
  cached: async (current) => {
    kept ??= await asks(current);
    return kept;
  },
  // The first one expires, and the next one is good.
  renewed: asks,
};

/**
 * The page's own giver of client secrets, or undefined when the page has a backend of its own.
 * @param {string} name
 * @returns {GetClientSecret | undefined}
 */
export function getClientSecret(name) {
  const variant = variants[name];
  if (name !== "none" && !variant) throw new Error(`there is no giver of client secrets called ${name}`);
  return variant;
}
