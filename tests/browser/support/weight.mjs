// How much a browser that has seen nothing yet would transfer.

/** The most a page may weigh, with all it loads. */
const LIMIT = 60 * 1024;

/** What browsers count for the headers of an answer. */
const HEADERS = 300;

/** What is wrong with the weight of the page; what came from the cache counts as if it had been sent. */
export async function weigh(page, limit = LIMIT) {
  const parts = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((entry) => ({
      name: entry.name,
      bytes: entry.encodedBodySize,
    })),
  );
  const total = parts.reduce((sum, { bytes }) => sum + bytes + HEADERS, 0);
  if (total <= limit) return [];
  const list = parts.map(({ name, bytes }) => `${name} ${bytes}`).join(", ");
  return [`weighs ${total} bytes, ${limit} allowed: ${list}`];
}
