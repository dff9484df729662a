// @ts-check
/** The requests to the integrator's backend: one URL, always POST, an op and its params. */

export class Api {
  /** Tells the frames of one page apart, in a header of every request. */
  #instance = crypto.randomUUID();

  /** @param {import("./channel.js").Channel} channel @param {() => any} options those of the moment */
  constructor(channel, options) {
    this.channel = channel;
    this.options = options;
  }

  /** @param {string} type @param {object} params */
  json = (type, params) => this.channel.ask({ type: "fetch", ...this.#request(type, params) });

  /** @param {string} type @param {object} params @param {(event: any) => void} onEvent @param {AbortSignal} signal */
  stream(type, params, onEvent, signal) {
    const { params: init, url } = this.#request(type, params);
    const deliver = (/** @type {string} */ data) => {
      const event = data === "" ? undefined : this.#parse(data);
      if (event !== undefined) onEvent(event);
    };
    const request = { ...init, openWhenHidden: true };
    return this.channel.ask({ type: "fetchEventSource", params: request, url }, deliver, signal);
  }

  /** @param {string} data @returns {unknown} nothing where it is no JSON, which is told, and the stream goes on */
  #parse(data) {
    try {
      return JSON.parse(data);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.channel.error("StreamEventParsingError", `Failed to parse stream event: ${message}`, error);
      return undefined;
    }
  }

  /** @param {string} type @param {object} params */
  #request(type, params) {
    const { locale = navigator.language, api } = this.options();
    const headers = {
      "Content-Type": "application/json",
      "chatkit-frame-instance-id": this.#instance,
      "Accept-Language": locale.startsWith("en") ? "en" : locale,
    };
    return { params: { method: "POST", headers, body: JSON.stringify({ type, params }) }, url: api.url };
  }
}
