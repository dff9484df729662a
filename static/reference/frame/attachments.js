/** The files of a message that is being written: chosen, sent to where the backend wants them, shown, removed. */
import { IntegrationError } from "./channel.js";
import { icon } from "./controls.js";
import { h, redraw, said } from "./elements/dom.js";
import { drawFile } from "./files.js";
import names from "./names.json" with { type: "json" };

const { files: texts } = names;
const MEGABYTE = 1024 * 1024;

let made = 0;

export class Attachments {
  input = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", multiple: "", tabindex: "-1", hidden: "" })
  );
  element = h("div", { class: "files" });
  /** @type {Upload[]} */
  #uploads = [];
  #chosen = "";

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.input.addEventListener("change", () => {
      const { files, value } = this.input;
      // Measured: choosing the same file again has no effect.
      if (value !== this.#chosen) this.#add([...(files ?? [])]);
      this.#chosen = value;
    });
  }

  get #options() {
    return this.chat.options.composer?.attachments ?? { enabled: false };
  }

  get count() {
    return this.#uploads.length;
  }

  get isUploading() {
    return this.#uploads.some(({ attachment }) => !attachment);
  }

  update() {
    const accept = Object.entries(this.#options.accept ?? {}).flat(2);
    this.input.toggleAttribute("accept", accept.length > 0);
    if (accept.length) this.input.accept = accept.join(",");
    const data = this.#uploads.map(({ key, attachment }) => [key, attachment]);
    redraw(this.element, data, () =>
      this.#uploads.map((upload) =>
        h(
          "div",
          {},
          drawFile(upload.shown, !upload.attachment),
          icon(null, () => this.#remove(upload)),
        ),
      ),
    );
  }

  /** What is to be sent, which are here no more. @returns {any[]} */
  take() {
    const taken = this.#uploads.map(({ attachment }) => attachment);
    this.#uploads = [];
    return taken;
  }

  /** @param {File[]} files */
  #add(files) {
    const { enabled, maxCount = Number.POSITIVE_INFINITY, maxSize, accept } = this.#options;
    if (!enabled) return;
    /** @type {(file: File) => number} */
    const most = ({ type }) =>
      Number.isFinite(maxSize) ? maxSize : (maxSize?.[type] ?? Number.POSITIVE_INFINITY);
    const wanted = files.filter(({ type }) => !accept || type in accept);
    const tooLarge = wanted.find((file) => file.size > most(file));
    const room = maxCount - this.count;
    const taken = wanted.filter((file) => file.size <= most(file)).slice(0, room);
    if (taken.length) {
      const mimeTypes = taken.map(({ type }) => type);
      this.chat.channel.log("attachment.add", { attachmentsCount: taken.length, mimeTypes });
    }
    if (tooLarge) this.#refuse(said(texts.too_large, { size: most(tooLarge) / MEGABYTE }));
    if (room > 0 && wanted.length > room) this.#refuse(said(texts.too_many, { count: maxCount, room }));
    for (const file of taken) void this.#upload(file);
  }

  /** @param {string} message */
  #refuse = (message) => this.chat.tell(message, texts.failed);

  /** @param {File} file */
  async #upload(file) {
    const { chat } = this;
    const { name, type } = file;
    const isImage = type.startsWith("image/");
    const preview = isImage ? { type: "image", preview_url: URL.createObjectURL(file) } : { type: "file" };
    const shown = { id: "", name, mime_type: type, ...preview };
    /** @type {Upload} */
    const upload = { key: ++made, shown, attachment: null };
    this.#uploads = [...this.#uploads, upload];
    chat.changed();
    try {
      upload.attachment = await this.#send(file);
      chat.channel.log("attachment.upload", { mimeType: type });
    } catch (/** @type {any} */ error) {
      this.#uploads = this.#uploads.filter((one) => one !== upload);
      const said = `Failed to upload file: ${error.message}`;
      if (!(error instanceof IntegrationError)) chat.channel.error("FileAttachmentError", said, error);
      this.#refuse(texts.not_uploaded);
    }
    chat.changed();
  }

  /** Measured: the page itself sends the file. @param {File} file @returns {Promise<any>} */
  async #send(file) {
    const { chat } = this;
    const { type, uploadUrl: url } = chat.options.api.uploadStrategy ?? {};
    if (type === "direct") return chat.channel.command("onUploadDirectly", { url, file });
    const about = { name: file.name, size: file.size, mime_type: file.type };
    const attachment = await chat.request("attachments.create", about);
    const { upload_url: form, upload_descriptor: descriptor } = attachment;
    const { url: to = form, method, headers } = descriptor ?? {};
    if (!to) throw new Error("File upload URL missing");
    // Measured: where a record has no descriptor, but a URL of its own, the file goes there in a form.
    await chat.channel.command("onUpload", { url: to, method, headers, file, isForm: !descriptor });
    return attachment;
  }

  /** Measured: whether the backend could delete it is reported nowhere. @param {Upload} upload */
  #remove(upload) {
    const { chat } = this;
    this.#uploads = this.#uploads.filter((one) => one !== upload);
    chat.changed();
    if (upload.attachment) void chat.request("attachments.delete", { attachment_id: upload.attachment.id });
  }
}
