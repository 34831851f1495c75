// The pages of the API, made by Swagger UI, which are held to less than the console's.
import assert from "node:assert/strict";
import { claim, narrow, wide } from "../support/claims.mjs";

const theirs = { weight: Infinity, accessible: false, console: false };

claim("every operation is shown, and nothing comes from another host", [wide, narrow], async (visitor) => {
  await visitor.visit("/docs", theirs);
  assert.equal(visitor.here, "/docs/");
  await visitor.page.locator('[data-path="/auth/token"]').first().waitFor();
});
