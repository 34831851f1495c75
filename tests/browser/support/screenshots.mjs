// Pictures of every page a case gets to, and the few that the documentation shows.
import { join } from "node:path";
import { env } from "node:process";
import { told } from "./told.mjs";

/** Hiding the caret would leave attributes behind. */
const LEFT_ALONE = "initial";

export class Screenshots {
  #folder;
  #count = 0;

  constructor(subject, name) {
    this.#folder = join(told("BROWSER_SCREENSHOTS"), subject, fileName(name.slice(subject.length + 2)));
  }

  /** The whole page, as it is now, numbered in the order of the visit. */
  async take(page, label = new URL(page.url()).pathname) {
    this.#count += 1;
    const number = String(this.#count).padStart(2, "0");
    const path = join(this.#folder, `${number}-${fileName(label)}.png`);
    await page.screenshot({ path, fullPage: true, caret: LEFT_ALONE });
    return path;
  }
}

/** Makes the documentation's picture anew when that is wished for: the window, with what is seen at once. */
export async function takePicture(page, name) {
  if (env.BROWSER_PICTURES) await page.screenshot({ path: join(env.BROWSER_PICTURES, `${name}.png`), caret: LEFT_ALONE });
}

function fileName(text) {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  return name.slice(0, 80) || "root";
}
