import assert from "node:assert/strict";
import { claim, everyWay } from "../support/claims.mjs";
import { admin, call } from "../support/server.mjs";

const published = async () => (await call("GET", "/.well-known/jwks.json")).body.keys.map(({ kid }) => kid);

claim("every published key is shown with its state, and a rotation brings the next", everyWay, async (visitor) => {
  await visitor.signIn(admin, "/console/keys");
  const before = await published();
  const text = await visitor.text("main");
  for (const kid of before) assert.ok(text.includes(kid), `${kid} is not shown`);
  assert.doesNotMatch(await visitor.source(), /PRIVATE|"d":/);
  await visitor.picture("keys");
  await visitor.confirm("Rotate");
  await visitor.page.locator("[role=status].flash").waitFor();
  const shown = await visitor.page.locator("main table tbody tr").count();
  assert.equal(shown, before.length + 1);
});
