/** Controls without words of their own. */
import { button } from "./elements/dom.js";

/** Whether it can be used, as the measured component says it. @param {boolean} isOff */
export const off = (isOff) => ({
  "aria-disabled": String(isOff),
  disabled: isOff && "",
  tabindex: isOff && "-1",
});

/** A button that shows a picture; some have no name. @param {string | null} name @param {() => void} onclick
 * @param {Record<string, unknown>} [props] */
export const icon = (name, onclick, props) =>
  button("", onclick, { "aria-label": name ?? undefined, class: "icon", ...props });
