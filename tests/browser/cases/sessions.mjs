import assert from "node:assert/strict";
import { claim, everyWay, withAndWithout } from "../support/claims.mjs";
import { admin, ask, makeClient, makeUser, openSession, userinfo } from "../support/server.mjs";

let count = 0;

/** A user with two sessions through one client and one through another. */
async function threeSessions() {
  count += 1;
  const [web, app] = [await makeClient(`web-${count}`), await makeClient(`app-${count}`)];
  const amy = await makeUser(`amy-${count}`);
  const opened = [await openSession(web, amy), await openSession(web, amy), await openSession(app, amy)];
  return { web, app, amy, opened };
}

const rows = (visitor) => visitor.page.locator("main table tbody tr");

claim("sessions are found by user, client and whether they live", everyWay, async (visitor) => {
  const { web, amy, opened } = await threeSessions();
  await ask("DELETE", `/Session/${opened[0].id}`);
  await visitor.signIn(admin, "/console/sessions");
  await visitor.fill({ user: amy.username });
  await visitor.press(visitor.button("Search"));
  assert.equal(await rows(visitor).count(), 3);
  await visitor.picture("sessions");
  await visitor.fill({ client: web.id });
  await visitor.press(visitor.button("Search"));
  assert.equal(await rows(visitor).count(), 2);
  await visitor.fill({ active: "true" });
  await visitor.press(visitor.button("Search"));
  assert.equal(await rows(visitor).count(), 1);
  assert.equal(await visitor.field("client").inputValue(), web.id, "the form keeps what was asked");
  await visitor.reload();
  assert.equal(await rows(visitor).count(), 1, "the search is in the address");
});

claim("a search that makes no sense says what is wrong at the field", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, "/console/sessions");
  await visitor.visit("/console/sessions?active=perhaps&user=amy", { status: 400 });
  assert.equal(await visitor.field("active").getAttribute("aria-invalid"), "true");
  assert.equal(await visitor.field("user").inputValue(), "amy", "the form keeps what was asked");
});

claim("a session is read and closed, and its token is dead", everyWay, async (visitor) => {
  const { web, amy, opened } = await threeSessions();
  await visitor.signIn(admin);
  await visitor.visit(`/console/sessions?user=${amy.username}&client=${web.id}`);
  await visitor.press(rows(visitor).first().getByRole("link").first());
  assert.match(visitor.here, /^\/console\/sessions\/[^/]+$/);
  const id = visitor.here.split("/").at(-1);
  const source = await visitor.source();
  for (const { access_token } of opened) assert.ok(!source.includes(access_token), "a token is shown");
  await visitor.confirm("Close session");
  assert.match(await visitor.text("[role=status].flash"), /closed/i);
  const closed = opened.find((session) => session.id === id);
  assert.equal(await userinfo(closed.access_token), 401);
  for (const other of opened.filter((session) => session !== closed)) {
    assert.equal(await userinfo(other.access_token), 200);
  }
});

claim("all sessions of a user are closed at once", withAndWithout, async (visitor) => {
  const { amy, opened } = await threeSessions();
  await visitor.signIn(admin);
  await visitor.visit(`/console/users/${amy.username}`);
  await visitor.confirm("Close all sessions");
  for (const { access_token } of opened) assert.equal(await userinfo(access_token), 401);
});

claim("all sessions of a client are closed at once, and nobody else's", withAndWithout, async (visitor) => {
  const { web, opened } = await threeSessions();
  await visitor.signIn(admin);
  await visitor.visit(`/console/clients/${web.id}`);
  await visitor.confirm("Close all sessions");
  const answered = await Promise.all(opened.map(({ access_token }) => userinfo(access_token)));
  assert.deepEqual(answered, [401, 401, 200]);
});

claim("a session that is closed meanwhile is shown as closed, not as an error", withAndWithout, async (visitor) => {
  const { opened } = await threeSessions();
  await visitor.signIn(admin);
  await visitor.visit(`/console/sessions/${opened[0].id}`);
  await ask("DELETE", `/Session/${opened[0].id}`);
  await visitor.confirm("Close session");
  assert.match(await visitor.text("main"), /closed/i);
});

claim("a session that never was is not found", withAndWithout, async (visitor) => {
  await visitor.signIn(admin);
  await visitor.visit("/console/sessions/01234567-89ab-7cde-8f01-23456789abcd", { status: 404 });
  assert.match(await visitor.text("h1"), /nothing here/i);
});
