/** The history on screen: a row for each thread, under how long ago it began, and the dialogs of a row. */
import { icon, openDialog, openMenu } from "./controls.js";
import { button, h, redraw, said } from "./elements/dom.js";
import names from "./names.json" with { type: "json" };

const { history: texts } = names;
const DAY_MS = 86_400_000;

/** How long ago, in words. @param {any} created */
function age(created) {
  const midnight = (/** @type {number | Date} */ time) => new Date(time).setHours(0, 0, 0, 0);
  const days = (midnight(Date.now()) - midnight(new Date(created))) / DAY_MS;
  return texts.ages.find(({ days: most }) => days < most)?.name ?? texts.older;
}

/** A clickable element that is not a button. @param {object} props @param {...(Child | Child[])} children */
const clickable = (props, ...children) => h("div", { role: "button", tabindex: "0", ...props }, ...children);

/** @param {Element} element @param {Chat} chat */
export function drawPanel(element, chat) {
  const { history } = chat;
  const { showDelete = true, showRename = true } = chat.options.history ?? {};
  const data = [history.threads, history.offersNew, chat.threadId, showDelete, showRename];
  /** @param {Thread} thread */
  const row = (thread) => {
    /** @type {[string, () => void][]} */
    const entries = [
      ...(showRename ? [entry(texts.rename, () => rename(chat, thread))] : []),
      ...(showDelete ? [entry(texts.delete, () => remove(chat, thread))] : []),
    ];
    const opener = icon(null, () => {}, { "aria-haspopup": "menu", "aria-expanded": "false" });
    opener.addEventListener("click", (event) => {
      event.stopPropagation();
      openMenu(opener, entries);
    });
    let pointed = 0;
    const props = {
      "data-selected": thread.id === chat.threadId && "",
      onclick: () => {
        clearTimeout(pointed);
        history.select(thread.id);
      },
      // Measured: a thread whose row is pointed at for so long is read, should it be opened.
      onpointerenter: () => {
        pointed = setTimeout(() => chat.prefetch(thread.id), texts.read_after_ms);
      },
      onpointerleave: () => clearTimeout(pointed),
    };
    return clickable(props, h("span", {}, nameOf(thread)), entries.length > 0 && opener);
  };
  redraw(element, data, () => {
    const groups = [...new Set(history.threads.map(({ created_at: created }) => age(created)))];
    const shown = groups.map((name) =>
      h(
        "div",
        {},
        h("div", {}, name),
        history.threads.filter(({ created_at: created }) => age(created) === name).map(row),
      ),
    );
    const isNew = history.offersNew;
    const first = clickable({ "aria-label": texts.new, onclick: () => history.newChat() }, texts.new);
    return [isNew && first, ...(shown.length ? shown : [h("p", {}, texts.none)])];
  });
}

/** @type {(label: string, work: () => void) => [string, () => void]} */
const entry = (label, work) => [label, work];

/** @param {Thread} thread */
const nameOf = ({ title }) => title ?? texts.untitled;

/** @param {Chat} chat @param {Thread} thread */
function rename(chat, { id, title }) {
  const input = /** @type {HTMLInputElement} */ (h("input", { name: "thread-title", type: "text" }));
  input.placeholder = texts.title;
  input.value = title ?? "";
  const submit = h("button", { type: "submit" }, texts.submit);
  const send = () => (input.value.trim() ? chat.history.rename(id, input.value) : null);
  ask(chat, "renameChat", [texts.rename_chat, texts.rename_how], [input], submit, send, texts.rename_failed);
}

/** @param {Chat} chat @param {Thread} thread */
function remove(chat, thread) {
  const name = { title: nameOf(thread) };
  const submit = h("button", { type: "submit" }, texts.delete);
  const send = () => chat.history.remove(thread.id);
  const said_ = [texts.delete_chat, said(texts.delete_how, name)];
  ask(chat, "deleteChat", said_, [said(texts.delete_sure, name)], submit, send, texts.delete_failed);
}

/** A dialog that stays open until its action succeeds.
 * @param {Chat} chat @param {string} kind @param {string[]} head @param {Child[]} body @param {HTMLElement} submit
 * @param {() => Promise<void> | null} send nothing where there is nothing to do @param {string} failed */
function ask({ channel }, kind, head, body, submit, send, failed) {
  const told = h("p", {});
  const close = () => {
    dialog.remove();
    channel.log("dialog.close", { dialogType: kind });
  };
  const onsubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    told.textContent = "";
    await send()?.then(close, () => {
      told.textContent = failed;
    });
  };
  const foot = h("div", {}, button(texts.cancel, close), submit);
  const dialog = openDialog(head, h("form", { onsubmit }, body, told, foot));
  channel.log("dialog.open", { dialogType: kind });
}
