/** Dictation: audio is recorded, and the backend transcribes it. */
import { HttpError } from "./channel.js";
import { icon } from "./controls.js";
import { h } from "./elements/dom.js";
import names from "./names.json" with { type: "json" };

/** What a file holds, in base64. @param {Blob} blob @returns {Promise<string>} */
const base64 = (blob) =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).replace(/^.*?,/s, "")));
    reader.readAsDataURL(blob);
  });

export class Dictation {
  element = h(
    "div",
    {},
    icon(null, () => this.#stop(false)),
    icon(null, () => this.#stop(true)),
  );
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #isWanted = false;

  /** @param {Chat} chat @param {(text: any) => void} take what was said, as the backend understood it */
  constructor(chat, take) {
    this.chat = chat;
    this.take = take;
  }

  get isOn() {
    return this.#recorder !== null;
  }

  start = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const recorder = new MediaRecorder(stream);
    /** @type {Blob[]} */
    const pieces = [];
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      void this.#finish(new Blob(pieces), recorder.mimeType);
    });
    recorder.start();
    this.#recorder = recorder;
    this.chat.changed();
  };

  /** @param {boolean} isWanted */
  #stop(isWanted) {
    this.#isWanted = isWanted;
    this.#recorder?.stop();
  }

  /** @param {Blob} sound @param {string} type */
  async #finish(sound, type) {
    const { chat } = this;
    try {
      if (!this.#isWanted) return;
      const about = { audio_base64: await base64(sound), mime_type: type };
      const { text } = await chat.request("input.transcribe", about);
      this.take(text);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      chat.tell(names.dictation.failed, names.dictation.title);
    } finally {
      this.#recorder = null;
      chat.changed();
    }
  }
}
