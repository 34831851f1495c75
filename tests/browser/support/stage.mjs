// A server of pages that are made up, to show what the tests see and what they do not.
import { createServer } from "node:http";

/** As the console's is. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A page in which nothing is wrong. */
export function soundPage({ head = "", main = "" } = {}) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stage · Grantor</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${head}</head>
<body><main id="main"><h1>Stage</h1>${main}</main></body></html>`;
}

/** What browsers ask for by themselves. */
const NO_ICON = { status: 204, body: "" };

/** Serves answers by their paths until `work` is done: texts are pages, others `{ status, type, headers, body }`. */
export async function onStage(answers, work) {
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url, "http://stage").pathname] ?? NO_ICON;
    const { status = 200, type = "text/html; charset=utf-8", headers, body = answer } = answer;
    response.writeHead(status, { "content-type": type, "content-security-policy": POLICY, ...headers });
    response.end(typeof body === "function" ? body(request) : body);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
