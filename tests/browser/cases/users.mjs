import assert from "node:assert/strict";
import { claim, everyWay, withAndWithout } from "../support/claims.mjs";
import { admin, ask, call, makeClient, makeUser, openSession, url, userinfo } from "../support/server.mjs";

let count = 0;
const fresh = (name) => `${name}-${(count += 1)}`;

claim("a user is made and can log in, and the password is not shown", everyWay, async (visitor) => {
  const [username, password] = [fresh("made"), "a password that was made up"];
  await visitor.signIn(admin, "/console/users/new");
  await visitor.fill({ userName: username, email: `${username}@mail.example`, password });
  await visitor.press(visitor.button(/^Create/));
  assert.ok(!(await visitor.source()).includes(password));
  await openSession(await makeClient(fresh("for-made")), { username, password });
  await visitor.picture("user");
});

claim("mistakes come back at their fields, without the password", everyWay, async (visitor) => {
  const { username } = await makeUser(fresh("taken"));
  await visitor.signIn(admin, "/console/users/new");
  await visitor.fill({ userName: username, email: "not an address", password: "a password that was made up" });
  await visitor.withoutItsOwnChecks();
  await visitor.press(visitor.button(/^Create/), { status: [400, 409, 422] });
  await visitor.page.getByRole("alert").getByRole("listitem").first().waitFor();
  assert.equal(await visitor.field("userName").inputValue(), username);
  assert.equal(await visitor.field("password").inputValue(), "");
  assert.equal(await visitor.field("email").inputValue(), "not an address");
  assert.equal(await visitor.field("email").getAttribute("aria-invalid"), "true");
  assert.doesNotMatch(await visitor.source(), /that was made up/);
});

claim("an edit is saved, and the list finds it", withAndWithout, async (visitor) => {
  const { username } = await makeUser(fresh("edited"));
  await visitor.signIn(admin, `/console/users/${username}`);
  await visitor.fill({ displayName: "Edited", "name.familyName": `Family of ${username}` });
  await visitor.press(visitor.button(/^Save/));
  await visitor.page.locator("[role=status].flash").waitFor();
  const user = (await call("GET", `/User/${username}`)).body;
  assert.deepEqual([user.displayName, user.name.familyName], ["Edited", `Family of ${username}`]);
  await visitor.visit("/console/users");
  await visitor.fill({ "name:contains": `Family of ${username}` });
  await visitor.press(visitor.button("Search"));
  assert.equal(await visitor.page.locator("#users tbody tr").count(), 1);
  await visitor.press(visitor.link(username));
  assert.equal(visitor.here, `/console/users/${username}`);
});

claim("a stale edit shows both versions and overwrites nothing", withAndWithout, async (visitor) => {
  const { username } = await makeUser(fresh("stale"));
  await visitor.signIn(admin, `/console/users/${username}`);
  await ask("PATCH", `/User/${username}`, { displayName: "Theirs" });
  await visitor.fill({ displayName: "Mine" });
  await visitor.press(visitor.button(/^Save/), { status: 412 });
  const both = visitor.page.getByRole("region", { name: "Both versions" });
  assert.match(await both.getByRole("row").filter({ hasText: "displayName" }).innerText(), /Theirs\s[^]*Mine/);
  assert.equal((await call("GET", `/User/${username}`)).body.displayName, "Theirs");
  await visitor.press(visitor.page.getByRole("main").getByRole("link", { name: /^Leave mine/ }));
  assert.equal(await visitor.field("displayName").inputValue(), "Theirs");
});

claim("a user who is disabled cannot log in, and its sessions are over", withAndWithout, async (visitor) => {
  const user = await makeUser(fresh("disabled"));
  const client = await makeClient(fresh("for-disabled"));
  const { access_token: token } = await openSession(client, user);
  await visitor.signIn(admin, `/console/users/${user.username}`);
  await visitor.confirm("Disable");
  await assert.rejects(openSession(client, user), /invalid_grant/);
  assert.equal(await userinfo(token), 401);
  await visitor.press(visitor.button("Enable"));
  await openSession(client, user);
  assert.equal(await userinfo(token), 401, "a session that ended stays so");
});

claim("a forced reset shows a link that works once", withAndWithout, async (visitor) => {
  const user = await makeUser(fresh("reset"));
  const client = await makeClient(fresh("for-reset"));
  await visitor.signIn(admin, `/console/users/${user.username}`);
  await visitor.confirm("Force reset");
  const link = (await visitor.text("#secret")).trim();
  if (visitor.way.scripts) assert.equal(await visitor.copy("#secret + button"), link);
  await assert.rejects(openSession(client, user), /invalid_grant/);
  const [page, token] = link.split("#token=");
  assert.equal(page, `${url}/auth/reset-password`);
  const choose = async (newPassword) => (await call("POST", "/auth/reset-password", { body: { token, newPassword } })).status;
  assert.equal(await choose("a password of its own"), 200);
  assert.equal(await choose("a password of a thief"), 400);
  await openSession(client, { username: user.username, password: "a password of its own" });
});

claim("a user is removed with its sessions", withAndWithout, async (visitor) => {
  const user = await makeUser(fresh("removed"));
  const { access_token: token } = await openSession(await makeClient(fresh("for-removed")), user);
  await visitor.signIn(admin, `/console/users/${user.username}`);
  await visitor.confirm("Delete");
  await visitor.page.locator("[role=status].flash").waitFor();
  assert.ok([404, 410].includes((await call("GET", `/User/${user.username}`)).status));
  assert.equal(await userinfo(token), 401);
});
