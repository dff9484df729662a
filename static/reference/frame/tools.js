/** What a message is sent with: the tool that is chosen for it, and the model. */
import { icon, openMenu } from "./controls.js";
import { button, h, redraw } from "./elements/dom.js";
import { chooser } from "./forms.js";
import names from "./names.json" with { type: "json" };

export class Tools {
  element = h("div", { class: "tools" });
  /** @type {string | null} */
  #toolId = null;

  /** @param {Chat} chat @param {() => void} attach opens the choice of files */
  constructor(chat, attach) {
    this.chat = chat;
    this.attach = attach;
  }

  /** @returns {Tool[]} */
  get #tools() {
    return this.chat.options.composer?.tools ?? [];
  }

  /** The tool that is chosen. */
  get tool() {
    return this.#tools.find(({ id }) => id === this.#toolId);
  }

  /** The tool for a message that is sent now; most are for one message only. */
  take() {
    const { tool } = this;
    if (tool && !tool.persistent) this.choose(null);
    return tool && { id: tool.id };
  }

  /** @param {string | null} id */
  choose(id) {
    this.#toolId = id;
    this.chat.changed();
    this.chat.channel.emit("tool.change", { toolId: id });
  }

  /** @param {string | null} id @param {string} source */
  #select(id, source) {
    const { channel } = this.chat;
    const left = this.#toolId;
    this.choose(id);
    if (id === null) channel.log("composer.tool.unselect", { toolId: left, source });
    else channel.log("composer.tool.select", { toolId: id, source });
  }

  update() {
    const { models = [], attachments } = this.chat.options.composer ?? {};
    const data = [this.#tools, models, attachments, this.#toolId, this.chat.modelId];
    redraw(this.element, data, () => [
      this.#opener(Boolean(attachments?.enabled)),
      models.length > 0 && this.#models(models),
      ...this.#chips(),
    ]);
  }

  /** @param {boolean} canAttach */
  #opener(canAttach) {
    const tools = this.#tools;
    const plain = () => {
      this.chat.channel.log("composer.plusButton.click", { mode: "attachment" });
      this.attach();
    };
    if (!tools.length) return canAttach && icon(null, plain);
    /** @type {[string, () => void][]} */
    const entries = tools.map(({ id, label }) => [label, () => this.#select(id, "toolMenu")]);
    if (canAttach) entries.unshift([names.composer.attach, this.attach]);
    const opener = icon(null, () => openMenu(opener, entries), {
      id: "chatkit-composer-tools-button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    });
    return opener;
  }

  /** @param {Model[]} models */
  #models(models) {
    const { chat } = this;
    const choose = (/** @type {string} */ modelId) => {
      chat.choose(modelId);
      chat.channel.log("composer.model.select", { modelId });
    };
    const isOff = (/** @type {string} */ label) => models.some((one) => one.label === label && one.disabled);
    const shown = models.find(({ id }) => id === chat.modelId)?.label;
    return chooser(shown, () => models.map(({ id, label }) => [label, () => choose(id)]), isOff);
  }

  /** The tool that is chosen, to be put off; else those that are always at hand. */
  #chips() {
    const { tool } = this;
    const chip = (/** @type {Tool} */ { id, label, shortLabel }) =>
      button(shortLabel ?? label, () => this.#select(tool ? null : id, "displayedTool"));
    return (tool ? [tool] : this.#tools.filter(({ pinned }) => pinned)).map(chip);
  }
}
