// Carries out the cases of one subject and says one line of JSON about each: `node run.mjs <subject>`.
// `node run.mjs --list` says the subjects that have a case whose name contains BROWSER_FILTER.
import { readdir } from "node:fs/promises";
import { env, stdout } from "node:process";
import { claimsOf } from "./support/claims.mjs";
import { carryOut, closeBrowser } from "./support/case.mjs";
import { told } from "./support/told.mjs";

const asked = process.argv[2];
if (asked === "--list") {
  for (const subject of await subjects()) {
    if ((await wishedFor(subject)).length > 0) stdout.write(`${subject}\n`);
  }
} else {
  for (const name of ["GRANTOR_URL", "GRANTOR_ROOT_SECRET", "GRANTOR_ADMIN_PASSWORD"]) told(name);
  for (const one of await wishedFor(asked)) {
    stdout.write(`${JSON.stringify(await carryOut(one))}\n`);
  }
  await closeBrowser();
}

async function subjects() {
  const files = await readdir(new URL("cases/", import.meta.url));
  const names = files.filter((file) => file.endsWith(".mjs")).map((file) => file.slice(0, -".mjs".length));
  return names.sort();
}

async function wishedFor(subject) {
  const claims = await claimsOf(subject);
  return claims.filter(({ name }) => name.includes(env.BROWSER_FILTER ?? ""));
}
