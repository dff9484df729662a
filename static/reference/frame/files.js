/** A file as it is shown, in a message or before it is sent: a picture, or a name and a kind. */
import { h, line } from "./elements/dom.js";
import rules from "./rules.json" with { type: "json" };

const { files } = rules;

/** @param {any} file @returns {string} what a file of its type is called */
const kindOf = ({ mime_type: type }) =>
  Object(files.by_type)[type] ?? (/^image\//.test(type) ? files.image : files.other);

/** @param {any} file @param {boolean} [isUploading] */
export function drawFile(file, isUploading = false) {
  const { type, name, preview_url: src } = file;
  const state = h("div", { "data-uploading": String(isUploading) });
  const outer = isUploading ? { "data-uploading": "" } : {};
  // Measured: an image that fails to load is removed.
  const onerror = (/** @type {Event} */ { target }) => /** @type {Element} */ (target).remove();
  if (type === "image") return h("div", outer, state, h("img", { onerror, src, draggable: "false" }));
  return h("div", outer, state, h("div", {}, h("div", { title: name }, name), line(kindOf(file))));
}
