import assert from "node:assert/strict";
import { claim, everyWay, withAndWithout } from "../support/claims.mjs";
import { admin, ask, call, makeUser } from "../support/server.mjs";

let count = 0;
const fresh = (name) => `${name}-${(count += 1)}`;

claim("a role is given to a user from its page, edited and taken away", everyWay, async (visitor) => {
  const { username } = await makeUser(fresh("bearer"));
  const id = fresh("given");
  await visitor.signIn(admin, `/console/users/${username}`);
  await visitor.press(visitor.link("Give a role"));
  assert.equal(await visitor.field("user").inputValue(), username);
  await visitor.fill({ id, name: "support" });
  await visitor.press(visitor.button(/^Create/));
  await visitor.visit(`/console/users/${username}`);
  await visitor.press(visitor.link(id));
  await visitor.fill({ description: "Given in a browser" });
  await visitor.press(visitor.button(/^Save/));
  const role = (await call("GET", `/Role/${id}`)).body;
  assert.deepEqual([role.name, role.user.id, role.description], ["support", username, "Given in a browser"]);
  await visitor.confirm("Delete");
  assert.ok([404, 410].includes((await call("GET", `/Role/${id}`)).status));
});

claim("mistakes come back at their fields, with what was written", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, "/console/roles/new");
  await visitor.fill({ name: "kept", user: "", context: "{" });
  await visitor.withoutItsOwnChecks();
  await visitor.press(visitor.button(/^Create/), { status: [400, 422] });
  assert.equal(await visitor.field("context").getAttribute("aria-invalid"), "true");
  assert.equal((await visitor.field("context").inputValue()).trim(), "{");
  await visitor.fill({ context: "" });
  await visitor.withoutItsOwnChecks();
  await visitor.press(visitor.button(/^Create/), { status: [400, 422] });
  assert.equal(await visitor.field("user").getAttribute("aria-invalid"), "true");
  assert.equal(await visitor.field("name").inputValue(), "kept");
});

claim("the list finds the roles of a user", withAndWithout, async (visitor) => {
  const { username } = await makeUser(fresh("searched"));
  const id = fresh("found");
  await ask("PUT", `/Role/${id}`, { name: "support", user: { resourceType: "User", id: username } });
  await visitor.signIn(admin, "/console/roles");
  await visitor.fill({ user: username });
  await visitor.press(visitor.button("Search"));
  assert.equal(await visitor.page.locator("#roles tbody tr").count(), 1);
  await visitor.press(visitor.link(id));
  assert.equal(visitor.here, `/console/roles/${id}`);
});
