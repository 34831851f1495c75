// What is claimed, and in which ways it is looked at.

/** With JavaScript, on a desk. */
export const wide = { name: "wide", label: "", width: 1280, height: 800, scripts: true };
/** With JavaScript, on a phone. */
export const narrow = { name: "narrow", label: "at 360 px", width: 360, height: 740, scripts: true };
/** Where scripts do not run. */
export const plain = { name: "plain", label: "without JavaScript", width: 1280, height: 800, scripts: false };

/** What must look and work the same for everybody. */
export const everyWay = [wide, narrow, plain];
/** What must work without scripts, and looks like pages that others look at on a phone. */
export const withAndWithout = [wide, plain];

let subject;
let claims;

/** Claims something; `body` shows it, as a visitor, once each way. */
export function claim(says, ways, body) {
  for (const way of [ways].flat()) {
    const name = `${subject}: ${says}${way.label && ` (${way.label})`}`;
    claims.push({ name, subject, way, body });
  }
}

/** The claims of a file of `cases`, one for each way. */
export async function claimsOf(name) {
  subject = name;
  claims = [];
  await import(new URL(`../cases/${name}.mjs`, import.meta.url));
  return claims;
}
