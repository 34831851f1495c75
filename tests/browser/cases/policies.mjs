import assert from "node:assert/strict";
import { claim, everyWay, withAndWithout } from "../support/claims.mjs";
import { admin, ask, call, makeUser } from "../support/server.mjs";

const METHOD = "request.request-method";
const URI = "request.uri";
const USER = "request.user-id";

let count = 0;
const fresh = (name) => `${name}-${(count += 1)}`;

/** Allows everybody to search clients. */
const engine = { engine: "matcho", matcho: { "request-method": "get", uri: "#^/Client" } };

claim("the tester says yes or no, and why", everyWay, async (visitor) => {
  const { username } = await makeUser(fresh("asked"));
  const id = fresh("permits");
  await ask("PUT", `/AccessPolicy/${id}`, { ...engine, link: [{ resourceType: "User", id: username }] });
  await visitor.signIn(admin, "/console/policies/test");
  await visitor.fill({ [METHOD]: "get", [URI]: "/Client", [USER]: username });
  await visitor.press(visitor.button("Ask"));
  assert.match(await visitor.text("#decision"), /^Permitted/);
  assert.match(await visitor.text("#reasons"), new RegExp(`${id}\\s+permit`));
  await visitor.picture("policy-tester");
  await visitor.fill({ [METHOD]: "delete", [URI]: "/Client/root" });
  await visitor.press(visitor.button("Ask"));
  assert.match(await visitor.text("#decision"), /^Refused/);
  assert.ok((await visitor.page.locator("#reasons tbody tr").count()) > 0, "nothing says why");
  assert.doesNotMatch(await visitor.text("#reasons"), new RegExp(`${id}\\s+permit`));
  assert.equal(await visitor.field(USER).inputValue(), username, "the form keeps what was asked");
  assert.equal(await visitor.field(METHOD).inputValue(), "delete");
});

claim("a question that makes no sense is answered at its field", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, "/console/policies/test");
  for (const [field, wrong] of [
    ["request.body", "{"],
    ["policy", "engine: sql"],
  ]) {
    await visitor.fill({ [URI]: "/Client", "request.body": "", policy: "", [field]: wrong });
    await visitor.press(visitor.button("Ask"), { status: [400, 422] });
    await visitor.page.getByRole("alert").getByRole("link").first().waitFor();
    assert.equal(await visitor.field(field).getAttribute("aria-invalid"), "true", field);
    assert.equal((await visitor.field(field).inputValue()).trim(), wrong);
  }
});

claim("a policy is tried before it is saved", withAndWithout, async (visitor) => {
  const id = fresh("tried");
  const { username } = await makeUser(fresh("tries"));
  await visitor.signIn(admin, "/console/policies/new");
  await visitor.fill({ id, engine: "matcho", matcho: "uri: '#^/Role'" });
  await visitor.press(visitor.button("Test it first"));
  await visitor.fill({ [USER]: username, [METHOD]: "get", [URI]: "/Role" });
  await visitor.press(visitor.button("Ask"));
  assert.match(await visitor.text("#decision"), /^Permitted/);
  await visitor.fill({ [URI]: "/User" });
  await visitor.press(visitor.button("Ask"));
  assert.match(await visitor.text("#decision"), /^Refused/);
  assert.equal((await call("GET", `/AccessPolicy/${id}`)).status, 404);
});

claim("a policy that makes no sense is told at its field, as it was written", withAndWithout, async (visitor) => {
  const id = fresh("nonsense");
  await visitor.signIn(admin, "/console/policies/new");
  await visitor.fill({ id, engine: "cedar", policy: "permit(everything);" });
  await visitor.press(visitor.button(/^Create/), { status: [400, 422] });
  assert.equal(await visitor.field("policy").getAttribute("aria-invalid"), "true");
  assert.equal((await visitor.field("policy").inputValue()).trim(), "permit(everything);");
  assert.equal((await call("GET", `/AccessPolicy/${id}`)).status, 404);
});

claim("a policy is made, found, edited and removed", withAndWithout, async (visitor) => {
  const id = fresh("written");
  await visitor.signIn(admin, "/console/policies/new");
  await visitor.fill({ id, description: `Policy ${id}`, engine: "allow" });
  await visitor.press(visitor.button(/^Create/));
  await visitor.visit("/console/policies");
  await visitor.fill({ "description:contains": `Policy ${id}` });
  await visitor.press(visitor.button("Search"));
  assert.equal(await visitor.page.locator("#policies tbody tr").count(), 1);
  await visitor.press(visitor.link(id));
  await visitor.fill({ description: "Edited in a browser" });
  await visitor.press(visitor.button(/^Save/));
  assert.equal((await call("GET", `/AccessPolicy/${id}`)).body.description, "Edited in a browser");
  await visitor.confirm("Delete");
  assert.ok([404, 410].includes((await call("GET", `/AccessPolicy/${id}`)).status));
});
