// What the page is made with, and in which version, as far as the page itself shows it.

if (isPage) {
  const HOOK = "__REACT_DEVTOOLS_GLOBAL_HOOK__";
  const MAX_VERSIONS = 5;
  const VERSION = /^\d[\w.+-]{0,60}$/;
  const BINDINGS = /\/@openai\/chatkit-react@(\d+\.\d+\.\d+[\w.+-]*)(?=\/|$|\?)/;
  const anything = /** @type {any} */ (window);

  // React tells its version to its developer tools alone, and to them as it starts: this is where it looks for
  // them. Where they are installed, or the page has such a place of its own, that one is asked.
  if (!anything[HOOK]) {
    /** @type {Map<number, unknown>} */
    const renderers = new Map();
    const hook = {
      renderers,
      supportsFiber: true,
      /** @param {unknown} renderer */
      inject(renderer) {
        renderers.set(renderers.size + 1, renderer);
        return renderers.size;
      },
      onScheduleFiberRoot() {},
      onCommitFiberRoot() {},
      onCommitFiberUnmount() {},
    };
    Object.defineProperty(window, HOOK, { value: hook, configurable: true, writable: true });
  }

  /** @type {Record<string, () => unknown[]>} */
  const places = {
    react: () =>
      [...anything[HOOK].renderers.values()]
        .filter((renderer) => renderer.rendererPackageName === "react-dom")
        .map((renderer) => renderer.version),
    next: () => [anything.next?.version],
    vue: () =>
      [...document.querySelectorAll("[data-v-app]")].map(
        (root) => /** @type {any} */ (root).__vue_app__?.version,
      ),
    // The bindings show no version of their own; the address of a package on a CDN does.
    "@openai/chatkit-react": () =>
      performance.getEntriesByType("resource").map(({ name }) => BINDINGS.exec(name)?.[1]),
  };

  /** @param {() => unknown[]} found @returns {string[]} none where a place is not as expected */
  const shownIn = (found) => {
    try {
      return found()
        .filter((version) => typeof version === "string")
        .filter((text) => VERSION.test(text));
    } catch {
      return [];
    }
  };

  probe.versions = () => {
    /** @type {Record<string, string[]>} */
    const told = {};
    for (const [name, found] of Object.entries(places)) {
      const shown = [...new Set(shownIn(found))].slice(0, MAX_VERSIONS);
      if (shown.length > 0) told[name] = shown;
    }
    return told;
  };
}
