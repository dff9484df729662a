/**
 * What every report document does. It is complete without this.
 *
 * `report:shown` goes to each session's element once it is in the document: other scripts listen for it, and
 * make what they add to the session work.
 */

for (const session of document.querySelectorAll("[data-session]")) {
  session.dispatchEvent(new CustomEvent("report:shown", { bubbles: true }));
}

export {};
