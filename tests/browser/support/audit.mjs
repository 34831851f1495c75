// What axe-core finds, and what it does not look for.
import { axe } from "./packages.mjs";

/** Findings of these impacts fail a case. */
const GRAVE = ["serious", "critical"];

/** Pages that were sound already: cases come by the same ones again and again, and looking takes half a second. */
const sound = new Set();

/** What is wrong with the page, in light and in dark; nothing when it can be used by everybody. */
export async function audit(page, way) {
  const shape = `${way.name} ${new URL(page.url()).origin} ${await shapeOf(page)}`;
  if (sound.has(shape)) return [];
  const found = await look(page, way);
  if (found.length === 0) sound.add(shape);
  return found;
}

/** All that axe-core's answer depends on: elements with their attributes, and where there is text, but not which. */
function shapeOf(page) {
  const kept = ["aria-current", "aria-invalid", "class", "role", "type"];
  return page.evaluate((kept) => {
    const attribute = ({ name, value }) => (kept.includes(name) ? `${name}=${value}` : `${name}${value === "" ? "" : "="}`);
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    const shape = (element) =>
      `${element.localName}[${[...element.attributes].map(attribute)}]${hasText(element) ? "t" : ""}` +
      `(${[...element.children].map(shape).join()})`;
    return shape(document.documentElement);
  }, kept);
}

async function look(page, { scripts }) {
  if (scripts) return inBothSchemes(page);
  const twin = await twinOf(page);
  try {
    return await inBothSchemes(twin);
  } finally {
    await twin.context().close();
  }
}

/** The same page, where axe-core can run though scripts of the page cannot. */
async function twinOf(page) {
  const html = (await page.content()).replaceAll(/<\/?noscript[^>]*>/g, "");
  const context = await page.context().browser().newContext({
    viewport: page.viewportSize(),
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const twin = await context.newPage();
  const answer = { contentType: "text/html; charset=utf-8", headers: { "content-security-policy": "script-src 'none'" }, body: html };
  await twin.route("**", (route) => (route.request().isNavigationRequest() ? route.fulfill(answer) : route.continue()));
  await twin.goto(page.url());
  return twin;
}

async function inBothSchemes(page) {
  const light = await findings(page, {});
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await findings(page, { runOnly: ["color-contrast"] });
  await page.emulateMedia({ colorScheme: "light" });
  return [...light, ...dark.map((finding) => `in the dark: ${finding}`)];
}

async function findings(page, options) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (options) => window.axe.run(document, { resultTypes: ["violations"], ...options }),
    options,
  );
  return violations.filter(({ impact }) => GRAVE.includes(impact)).flatMap(described);
}

function described({ id, impact, help, nodes }) {
  return nodes.map(({ target, html, any }) => {
    const detail = any[0]?.message ?? "";
    return `axe ${impact} ${id}: ${help}: ${target.join(" ")} ${html.slice(0, 200)} ${detail}`;
  });
}
