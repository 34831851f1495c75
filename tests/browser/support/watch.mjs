// What no page may ever do, whatever the case is about.

/** What Chromium says of any answer that is no success; a document's status is judged by whoever visits it. */
const NO_SUCCESS = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** A query that would end up in logs and histories. */
const SECRET_IN_URL = /[?&](password|secret|client_secret|access_token|refresh_token|token)=[^&]/;

/** Adds to `faults` what happens in any page of this context. */
export async function watch(context, origin, faults) {
  const documents = new Set();
  const add = (what, page, said) => {
    const where = page && page.url() !== "about:blank" ? ` at ${page.url()}` : "";
    faults.push(`${what}${where}: ${said}`);
  };
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (NO_SUCCESS.test(message.text()) && documents.has(message.location().url)) return;
    add(`console ${message.type()}`, message.page(), message.text());
  });
  context.on("weberror", (error) => add("page error", error.page(), error.error()?.stack ?? error.error()));
  context.on("request", (request) => {
    const target = new URL(request.url());
    if (request.isNavigationRequest()) documents.add(request.url());
    if (target.protocol.startsWith("http") && target.origin !== origin) {
      add("foreign request", pageOf(request), request.url());
    }
    if (SECRET_IN_URL.test(target.search)) add("secret in a URL", pageOf(request), request.url());
  });
  context.on("response", (response) => {
    if (response.status() >= 500) {
      add(`status ${response.status()}`, pageOf(response.request()), response.url());
    }
  });
  await watchPolicy(context, add);
}

/** Where no script runs, violations are known from the console alone. */
async function watchPolicy(context, add) {
  await context.exposeBinding("reportViolation", ({ page }, violation) => {
    add("CSP violation", page, violation);
  });
  await context.addInitScript(() => {
    // The page of before would otherwise speak for the one that comes.
    const report = window.reportViolation;
    addEventListener("securitypolicyviolation", (event) => {
      report(`${event.effectiveDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
}

/** A request of a page that is not there yet has no frame. */
function pageOf(request) {
  try {
    return request.frame().page();
  } catch {
    return undefined;
  }
}
