// What the driver asks of a document besides looking: to tell when it rests, and to call the element.

// How much rest one painted frame can stand for: nothing is heard of a busy machine while it still has work to
// do, and that is no rest.
const MAX_FRAME_MS = 50;

/**
 * Resolves when the document has painted for so long without a change, or to false at the limit.
 * @param {number} quietMs
 * @param {number} limitMs
 * @returns {Promise<boolean>}
 */
function restFor(quietMs, limitMs) {
  return new Promise((resolve) => {
    const begun = performance.now();
    let before = begun;
    let rested = 0;
    const look = () => {
      const time = performance.now();
      rested = handle().quietFor() < time - before ? 0 : rested + Math.min(time - before, MAX_FRAME_MS);
      before = time;
      if (rested < quietMs && time - begun < limitMs) {
        requestAnimationFrame(look);
        return;
      }
      // What was seen until now is known before the answer is.
      flush();
      resolve(rested >= quietMs);
    };
    requestAnimationFrame(look);
  });
}

/**
 * Calls a public method of the element; resolves to null, or to what the method threw.
 * @param {string} method
 * @param {unknown[]} args
 * @returns {Promise<string | null>}
 */
async function callElement(method, args) {
  const element = /** @type {any} */ (probe.elements[0] ?? document.querySelector("openai-chatkit"));
  try {
    await element[method](...args);
    return null;
  } catch (error) {
    return String(error);
  }
}

Object.assign(handle(), { rest: restFor, call: callElement });
