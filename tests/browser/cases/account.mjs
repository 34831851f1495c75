import assert from "node:assert/strict";
import { claim, everyWay, withAndWithout } from "../support/claims.mjs";
import { makeClient, makeUser, openSession, userinfo } from "../support/server.mjs";

let count = 0;

/** A user without rights, and a session of it elsewhere. */
async function plainUser() {
  count += 1;
  const user = await makeUser(`plain-${count}`);
  const client = await makeClient(`of-plain-${count}`);
  return { user, client, elsewhere: await openSession(client, user) };
}

claim("a user sees its own sessions and its password form, and nothing else", everyWay, async (visitor) => {
  const { user } = await plainUser();
  const other = await plainUser();
  await visitor.signIn(user);
  const text = await visitor.text();
  assert.doesNotMatch(text, new RegExp(other.user.username));
  const links = await visitor.page.locator("nav[aria-label=Main] a").allInnerTexts();
  for (const name of ["Clients", "Users", "Roles", "Policies", "Audit", "Keys", "Sandbox"]) {
    assert.ok(!links.includes(name), `${name} is offered`);
  }
  await visitor.visit("/console/account");
  await visitor.picture("account");
  assert.equal(await visitor.page.locator("main table tbody tr").count(), 2, "this session and the one elsewhere");
});

for (const path of [
  "clients", "clients/root", "clients/new", "users", "users/admin", "roles", "policies", "policies/test", "audit", "keys",
]) {
  claim(`a user may not see /console/${path}`, withAndWithout, async (visitor) => {
    const { user } = await plainUser();
    await visitor.signIn(user);
    const answer = await visitor.send("GET", `/console/${path}`);
    assert.ok([403, 404].includes(answer.status()), `answered ${answer.status()}`);
    await visitor.visit(`/console/${path}`, { status: answer.status() });
    assert.equal(await visitor.page.locator("main table, main form:not([action*=sign-out])").count(), 0);
  });
}

claim("a user closes a session of its own, and nobody else's", withAndWithout, async (visitor) => {
  const { user, elsewhere } = await plainUser();
  const other = await plainUser();
  await visitor.signIn(user);
  await visitor.visit(`/console/sessions/${other.elsewhere.id}`, { status: 404 });
  await visitor.visit(`/console/sessions/${elsewhere.id}`);
  await visitor.confirm("Close session");
  assert.equal(await userinfo(elsewhere.access_token), 401);
  assert.equal(await userinfo(other.elsewhere.access_token), 200);
});

claim("a user changes its password, which ends its sessions elsewhere", withAndWithout, async (visitor) => {
  const { user, client, elsewhere } = await plainUser();
  await visitor.signIn(user, "/console/account");
  const password = "another thing altogether, 42 of them";
  await visitor.fill({ current_password: user.password, new_password: password, repeated_password: password });
  await visitor.press(visitor.button(/^Change password/));
  assert.equal(await userinfo(elsewhere.access_token), 401);
  await openSession(client, { ...user, password });
});

claim("a password that is easy to guess is refused at its field, with what to change", withAndWithout, async (visitor) => {
  const { user } = await plainUser();
  await visitor.signIn(user, "/console/account");
  await visitor.fill({ current_password: user.password, new_password: "password1", repeated_password: "password1" });
  await visitor.press(visitor.button(/^Change password/), { status: [400, 422] });
  await visitor.page.locator("main [aria-invalid=true]").first().waitFor();
  assert.doesNotMatch(await visitor.source(), /password1/);
});
