// What stands where the chat should be: a login, a challenge, a framework's error, a question about cookies.

if (isTop) {
  const MAX_SAID = 200;
  const CHALLENGE_TITLES =
    /^(just a moment|attention required|security check|access denied)|verify you are (a )?human|are you a robot|checking your browser/i;
  const CHALLENGES =
    "#challenge-form, #challenge-running, #cf-challenge-running, #px-captcha, .cf-turnstile, .h-captcha";
  const CHALLENGE_FRAMES =
    "iframe[src*='challenges.cloudflare.com'], iframe[src*='hcaptcha.com'], iframe[src*='captcha-delivery.com']";
  const LOGIN_PATHS = /\/(log|sign)[-_]?in\b|\/(sso|oauth2?|authorize)\b/i;
  const CONSENT =
    "#onetrust-banner-sdk, #CybotCookiebotDialog, #usercentrics-root, #didomi-host, .qc-cmp2-container, [role=dialog], dialog[open]";

  /** @param {string | null | undefined} text */
  const tidied = (text) => (text ?? "").replace(/\s+/g, " ").trim().slice(0, MAX_SAID);

  /** What a user reads in it. @param {Node | null | undefined} root */
  const readable = (root) => {
    const copy = root?.cloneNode(true);
    if (copy instanceof Element || copy instanceof DocumentFragment) {
      for (const element of copy.querySelectorAll("style, script, svg, button")) element.remove();
    }
    return tidied(copy?.textContent);
  };

  /** @param {Element} element */
  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
  };

  /** @param {string} selector */
  const shown = (selector) => [...document.querySelectorAll(selector)].find(isShown);

  /** @returns {string} what a framework's own picture of an error says; empty where there is none */
  const errorShown = () => {
    const vite = document.querySelector("vite-error-overlay")?.shadowRoot;
    if (vite) return readable(vite.querySelector(".message-body") ?? vite);
    const next = document.querySelector("nextjs-portal")?.shadowRoot;
    const dialog = next?.querySelector("[data-nextjs-dialog], [data-nextjs-error-overlay]");
    if (dialog) return readable(dialog.querySelector("#nextjs__container_errors_desc") ?? dialog);
    const inside = "#webpack-dev-server-client-overlay, iframe[style*='z-index: 2147483647']";
    const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector(inside));
    return readable(frame?.contentDocument?.body);
  };

  /** @returns {Omit<PageObstacle, "kind"> | null} */
  const obstacle = () => {
    const title = tidied(document.title);
    /** @param {PageObstacle["what"]} what @param {string} text */
    const found = (what, text) => ({ what, text: text || title, url: location.href });
    const error = errorShown();
    if (error) return found("error-overlay", error);
    if (CHALLENGE_TITLES.test(title) || shown(CHALLENGES) || shown(CHALLENGE_FRAMES)) {
      return found("challenge", title);
    }
    if (shown("input[type=password]") || LOGIN_PATHS.test(location.pathname)) return found("login", title);
    const [navigation] = performance.getEntriesByType("navigation");
    const { responseStatus = 0 } = /** @type {PerformanceNavigationTiming} */ (navigation) ?? {};
    if (responseStatus >= 400) return found("error-page", `status ${responseStatus}: ${title}`);
    const wall = [...document.querySelectorAll(CONSENT)].find(
      (element) => isShown(element) && /cookie|consent/i.test(element.textContent ?? ""),
    );
    return wall ? found("cookie-wall", readable(wall)) : null;
  };

  handle().obstacle = obstacle;
}
