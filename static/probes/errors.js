// Uncaught errors and refused loads of this document.

if (isPage || isComponentFrame) {
  // What goes wrong in a frame that has nothing to do with the chat is not asked for.
  const isConcerned = () => isTop || isComponentFrame || probe.defined;

  /** @param {unknown} error @param {string} fallback */
  const report = (error, fallback) => {
    if (!isConcerned()) return;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : fallback;
    const stack = error instanceof Error ? clipped(String(error.stack ?? "")) : "";
    const kind = isPage ? "page.error" : "component.error";
    emit({ kind, message: clipped(message), stack });
  };

  addEventListener("error", (event) => {
    if (event instanceof ErrorEvent) report(event.error, event.message);
  });
  addEventListener("unhandledrejection", (event) => {
    report(event.reason, `unhandled rejection: ${String(event.reason)}`);
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    emit({
      kind: "page.csp",
      directive: event.effectiveDirective,
      blocked: event.blockedURI,
      disposition: event.disposition,
      where: isPage ? "page" : "component",
    });
  });
}
