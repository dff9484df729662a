/**
 * What every document that shows a session does. It is complete without this.
 *
 * `report:shown` goes to a session's element once it is in the document; what makes a part of it work
 * listens for that. Where several sessions share a document, suite.js puts them there.
 */

const COPIED_MS = 1_500;

document.addEventListener("report:shown", ({ target }) => {
  if (target instanceof Element) for (const text of target.querySelectorAll("[data-copy]")) offer(text);
});

for (const session of document.querySelectorAll("[data-session]")) {
  session.dispatchEvent(new CustomEvent("report:shown", { bubbles: true }));
}

/**
 * Put a button before a text that is there to be copied.
 *
 * @param {Element} text
 */
function offer(text) {
  const what = text.getAttribute("data-copy") ?? "";
  const words = text.textContent ?? "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = `Copy ${what}`;
  button.addEventListener("click", async () => {
    const done = await copy(words);
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    if (!done) getSelection()?.selectAllChildren(text);
    setTimeout(() => {
      button.textContent = `Copy ${what}`;
    }, COPIED_MS);
  });
  text.before(button);
}

/**
 * Whether the text is in the clipboard now: a browser may refuse that.
 *
 * @param {string} text
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export {};
