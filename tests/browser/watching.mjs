// Everything that must never happen while a page is open: errors, refused scripts, requests to anybody else, dialogs.
// `selfcheck.mjs` proves that each of these is noticed.

/** Watches a browser context; what happens is in `faults`. A page that is meant to be an error page is announced with `expect`. */
export async function watch(context, base, scripts) {
  const origin = new URL(base).origin;
  const faults = [];
  const expected = new Map();
  const note = (text) => {
    if (!faults.includes(text)) faults.push(text);
  };

  if (scripts) {
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }
  let everywhere;
  const isExpected = (url, status) => status === (expected.get(new URL(url).pathname) ?? everywhere);
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const at = message.location().url;
    const status = Number(/the server responded with a status of (\d+)/.exec(message.text())?.[1]);
    if (status && at && isExpected(at, status)) return;
    note(`console error: ${message.text()} (${at})`);
  });
  context.on("weberror", (error) => note(`script error: ${error.error().message}`));
  context.on("dialog", (dialog) => {
    note(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:", "about:"].includes(url.protocol) && url.origin !== origin) {
      note(`request to somebody else: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A page that is left while something loads ends that; nothing is wrong then.
    if (why !== "net::ERR_ABORTED") note(`request failed: ${request.url()} ${why}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400 && !isExpected(response.url(), response.status())) {
      note(`answered with ${response.status()}: ${response.url()}`);
    }
  });
  context.on("page", (page) => {
    page.on("popup", (popup) => note(`a window opened: ${popup.url()}`));
  });
  return {
    faults,
    /** Forgets what was: another page is looked at. */
    begin: () => faults.splice(0),
    /** Whatever page comes may be answered so. */
    expectAny: (status) => (everywhere = status),
    expect: (path, status) => expected.set(new URL(path, base).pathname, status),
  };
}
