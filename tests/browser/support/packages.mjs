// The packages, which lie below cargo's target folder and not beside these files.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { told } from "./told.mjs";

const require = createRequire(join(told("BROWSER_PACKAGES"), "package.json"));

export const { chromium } = require("playwright-core");

/** The text of axe-core, to be run in a page. */
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
