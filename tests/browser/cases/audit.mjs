import assert from "node:assert/strict";
import { claim, everyWay, wide, withAndWithout } from "../support/claims.mjs";
import { admin, makeClient, makeUser, openSession } from "../support/server.mjs";

const rows = (visitor) => visitor.page.locator("main table tbody tr");

claim("events are found by who, what and outcome", everyWay, async (visitor) => {
  const amy = await makeUser("amy-audited");
  const client = await makeClient("audited");
  await openSession(client, amy);
  await assert.rejects(openSession(client, { ...amy, password: "wrong" }));
  await visitor.signIn(admin, "/console/audit");
  await visitor.fill({ agent: "User/amy-audited" });
  await visitor.press(visitor.button("Search"));
  assert.ok((await rows(visitor).count()) > 0);
  await visitor.picture("audit");
  const text = await visitor.text("main");
  assert.doesNotMatch(text, /the password of amy|the secret of audited|gat_/);
});

claim("what the console does is in the trail", wide, async (visitor) => {
  const { id } = await makeClient("trail");
  await visitor.signIn(admin, `/console/clients/${id}`);
  await visitor.fill({ name: "Renamed" });
  await visitor.press(visitor.button(/^Save/));
  await visitor.visit(`/console/audit?entity=${encodeURIComponent(`Client/${id}`)}`);
  assert.match(await visitor.text("main table"), /admin/);
});

claim("a time that is none is answered at its field", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, "/console/audit");
  await visitor.visit("/console/audit?from=yesterday", { status: 400 });
  assert.equal(await visitor.field("from").getAttribute("aria-invalid"), "true");
});
