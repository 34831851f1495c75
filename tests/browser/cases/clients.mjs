import assert from "node:assert/strict";
import { claim, everyWay, wide, withAndWithout } from "../support/claims.mjs";
import { admin, ask, call, makeClient, makeUser, openSession, userinfo } from "../support/server.mjs";

const EXPIRATION = "auth.password.access_token_expiration";

let count = 0;
const fresh = (name) => `${name}-${(count += 1)}`;

claim("a client is made, and its secret is shown once", everyWay, async (visitor) => {
  const id = fresh("made");
  await visitor.signIn(admin, "/console/clients/new");
  await visitor.fill({ id, name: "Made in a browser" });
  for (const grant of ["password", "client_credentials"]) {
    await visitor.page.locator(`[name=grant_types][value=${grant}]`).setChecked(true);
  }
  await visitor.press(visitor.button(/^Create/));
  const secret = (await visitor.text("#secret")).trim();
  if (visitor.way.scripts) assert.equal(await visitor.copy("#secret + button"), secret);
  await openSession({ id, secret }, await makeUser(fresh("of-made")));
  await visitor.press(visitor.link("I have it, go on"));
  assert.equal(visitor.here, `/console/clients/${id}`);
  assert.ok(!(await visitor.source()).includes(secret), "the secret is shown again");
  await visitor.picture("client");
});

claim("mistakes come back at their fields, with what was written", everyWay, async (visitor) => {
  const { id } = await makeClient(fresh("mistaken"));
  await visitor.signIn(admin, `/console/clients/${id}`);
  await visitor.fill({ [EXPIRATION]: "-5", name: "Kept" });
  await visitor.withoutItsOwnChecks();
  await visitor.press(visitor.button(/^Save/), { status: [400, 422] });
  await visitor.page.getByRole("alert").getByRole("link").first().waitFor();
  assert.equal(await visitor.field(EXPIRATION).getAttribute("aria-invalid"), "true");
  assert.equal(await visitor.field(EXPIRATION).inputValue(), "-5");
  assert.equal(await visitor.field("name").inputValue(), "Kept");
  assert.notEqual((await call("GET", `/Client/${id}`)).body.name, "Kept", "nothing was written");
});

claim("the messages are those of the API", wide, async (visitor) => {
  const { id } = await makeClient(fresh("same-words"));
  const refusal = await call("PATCH", `/Client/${id}`, { body: { auth: { password: { access_token_expiration: -5 } } } });
  const { diagnostics } = refusal.body.issue[0];
  await visitor.signIn(admin, `/console/clients/${id}`);
  await visitor.fill({ [EXPIRATION]: "-5" });
  await visitor.withoutItsOwnChecks();
  await visitor.press(visitor.button(/^Save/), { status: [400, 422] });
  assert.ok((await visitor.text("main")).includes(diagnostics), `"${diagnostics}" is not said`);
});

claim("an edit is saved, and the list finds it", withAndWithout, async (visitor) => {
  const { id } = await makeClient(fresh("edited"));
  await visitor.signIn(admin, `/console/clients/${id}`);
  const name = `Name of ${id}`;
  await visitor.fill({ name });
  await visitor.press(visitor.button(/^Save/));
  await visitor.page.locator("[role=status].flash").waitFor();
  assert.equal((await call("GET", `/Client/${id}`)).body.name, name);
  await visitor.visit("/console/clients");
  await visitor.fill({ "name:contains": name });
  await visitor.press(visitor.button("Search"));
  assert.equal(await visitor.page.locator("#clients tbody tr").count(), 1);
  await visitor.press(visitor.link(id));
  assert.equal(visitor.here, `/console/clients/${id}`);
});

claim("a stale edit shows both versions and overwrites nothing", withAndWithout, async (visitor) => {
  const { id } = await makeClient(fresh("stale"));
  await visitor.signIn(admin, `/console/clients/${id}`);
  await ask("PATCH", `/Client/${id}`, { name: "Theirs" });
  await visitor.fill({ name: "Mine" });
  await visitor.press(visitor.button(/^Save/), { status: 412 });
  const both = visitor.page.getByRole("region", { name: "Both versions" });
  assert.match(await both.getByRole("row").filter({ hasText: "name" }).innerText(), /Theirs\s[^]*Mine/);
  assert.equal((await call("GET", `/Client/${id}`)).body.name, "Theirs");
  await visitor.press(visitor.button(/^Save mine/));
  assert.equal((await call("GET", `/Client/${id}`)).body.name, "Mine");
});

claim("a secret is rotated: the new one works", withAndWithout, async (visitor) => {
  const client = await makeClient(fresh("rotated"));
  await visitor.signIn(admin, `/console/clients/${client.id}`);
  await visitor.confirm("Rotate secret");
  const secret = (await visitor.text("#secret")).trim();
  assert.notEqual(secret, client.secret);
  const user = await makeUser(fresh("of-rotated"));
  await openSession({ id: client.id, secret }, user);
  await openSession(client, user);
  await visitor.visit(`/console/clients/${client.id}`);
  assert.ok(!(await visitor.source()).includes(secret), "the secret is shown again");
});

claim("a secret that leaked is rotated: the old one and its sessions are dead at once", withAndWithout, async (visitor) => {
  const client = await makeClient(fresh("leaked"));
  const user = await makeUser(fresh("of-leaked"));
  const { access_token: token } = await openSession(client, user);
  await visitor.signIn(admin, `/console/clients/${client.id}`);
  await visitor.page.locator("#rotate").click();
  await visitor.fill({ overlap: "now" });
  await visitor.press("#rotate-confirmed");
  const secret = (await visitor.text("#secret")).trim();
  assert.equal(await userinfo(token), 401);
  await assert.rejects(openSession(client, user), /invalid_client/);
  await openSession({ id: client.id, secret }, user);
});

claim("a client that is disabled gets no token until it is enabled", withAndWithout, async (visitor) => {
  const client = await makeClient(fresh("disabled"));
  const user = await makeUser(fresh("of-disabled"));
  await visitor.signIn(admin, `/console/clients/${client.id}`);
  await visitor.confirm("Disable");
  await assert.rejects(openSession(client, user), /invalid_client/);
  await visitor.press(visitor.button("Enable"));
  await openSession(client, user);
});

claim("a client is removed with its sessions", withAndWithout, async (visitor) => {
  const client = await makeClient(fresh("removed"));
  const { access_token: token } = await openSession(client, await makeUser(fresh("of-removed")));
  await visitor.signIn(admin, `/console/clients/${client.id}`);
  await visitor.confirm("Delete");
  assert.equal(new URL(visitor.page.url()).pathname, "/console/clients");
  await visitor.page.locator("[role=status].flash").waitFor();
  assert.ok([404, 410].includes((await call("GET", `/Client/${client.id}`)).status));
  assert.equal(await userinfo(token), 401);
  await visitor.visit(`/console/clients/${client.id}`, { status: [404, 410] });
});
