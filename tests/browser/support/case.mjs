// One case: a visitor of its own, and everything that must not happen meanwhile.
import { chromium } from "./packages.mjs";
import { told } from "./told.mjs";
import { Visitor } from "./visitor.mjs";
import { Screenshots } from "./screenshots.mjs";

/** How long a case may take on a busy machine. */
const LIMIT = 300_000;

/** Names resolve to nothing, so that not even a mistake of ours leaves the machine. */
const ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"];

let browser;

/** What `cargo xtask browser` reads: the case, how long it took, and why it failed. */
export async function carryOut({ name, subject, way, body }) {
  const started = performance.now();
  const failure = await why(body, way, new Screenshots(subject, name));
  return { case: name, milliseconds: Math.round(performance.now() - started), failure };
}

export async function closeBrowser() {
  await browser?.close();
}

/** Nothing when the case passes. */
async function why(body, way, screenshots) {
  const visitors = [];
  const arrive = async (another = {}) => {
    const visitor = await Visitor.arrive(await open(), { way, screenshots, arrive, ...another });
    visitors.push(visitor);
    return visitor;
  };
  const problems = [];
  try {
    await inTime(body(await arrive()));
  } catch (error) {
    problems.push(error.stack ?? String(error));
    for (const visitor of visitors) problems.push(await visitor.fail());
  }
  for (const visitor of visitors) {
    problems.push(...visitor.faults);
    await visitor.leave();
  }
  return problems.length === 0 ? null : problems.join("\n");
}

/** Only pages of ours are opened, and in containers Chromium's sandbox often cannot start. */
async function open() {
  const executablePath = told("BROWSER_CHROMIUM");
  browser ??= await chromium.launch({ executablePath, chromiumSandbox: false, args: ARGUMENTS });
  return browser;
}

async function inTime(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
