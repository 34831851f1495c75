import assert from "node:assert/strict";
import { claim, everyWay, wide, withAndWithout } from "../support/claims.mjs";
import { admin, makeClient, makeUser, openSession } from "../support/server.mjs";

/** What a wrong password is answered. */
const WRONG = [400, 401];

claim("whoever is nobody is sent to the form, and then where it wanted to go", everyWay, async (visitor) => {
  await visitor.visit("/console/sessions?active=true");
  assert.match(visitor.here, /^\/auth\/login\?/);
  await visitor.picture("login");
  await visitor.fill(admin);
  await visitor.press("#sign-in");
  assert.equal(visitor.here, "/console/sessions?active=true");
});

claim("the form has what password managers and other doors look for", wide, async (visitor) => {
  await visitor.visit("/auth/login");
  const { page } = visitor;
  assert.equal(await page.getByLabel(/^User name/).getAttribute("id"), "username");
  assert.equal(await page.locator("#login-form #username").getAttribute("autocomplete"), "username");
  assert.equal(await page.locator("#login-form #password").getAttribute("autocomplete"), "current-password");
  assert.equal(await page.locator("#password").getAttribute("type"), "password");
  assert.match(visitor.headers["content-security-policy"], /frame-ancestors 'none'/);
  assert.match(visitor.headers["cache-control"], /no-store/);
});

claim("keys alone sign in", wide, async (visitor) => {
  await visitor.visit("/auth/login");
  const { keyboard } = visitor.page;
  await visitor.page.locator("#username").focus();
  await keyboard.type(admin.username);
  await keyboard.press("Tab");
  await keyboard.type(admin.password);
  await Promise.all([visitor.page.waitForEvent("load"), keyboard.press("Enter")]);
  await visitor.look();
  assert.equal(visitor.here, "/console");
});

claim("a wrong password keeps the name, says so to everybody, and is not echoed", everyWay, async (visitor) => {
  await visitor.visit("/auth/login?to=/console/keys");
  await visitor.fill({ username: "admin", password: "not-the-password" });
  await visitor.press("#sign-in", { status: WRONG });
  assert.match(await visitor.text("#login-error[role=alert]"), /password/i);
  assert.equal(await visitor.field("username").inputValue(), "admin");
  assert.equal(await visitor.field("password").inputValue(), "");
  assert.doesNotMatch(await visitor.source(), /not-the-password/);
  await visitor.fill({ password: admin.password });
  await visitor.press("#sign-in");
  assert.equal(visitor.here, "/console/keys");
});

claim("names that exist and names that do not are told apart by nothing", wide, async (visitor) => {
  const said = [];
  for (const username of ["admin", "nobody-at-all"]) {
    await visitor.visit("/auth/login");
    await visitor.fill({ username, password: "not-the-password" });
    await visitor.press("#sign-in", { status: WRONG });
    said.push(await visitor.text("#login-error"));
  }
  assert.equal(said[0], said[1]);
});

claim("a name that looks like HTML stays a name", withAndWithout, async (visitor) => {
  const username = `"><script src="/x.js"></script><b id=injected>`;
  await visitor.visit("/auth/login");
  await visitor.fill({ username, password: "x" });
  await visitor.press("#sign-in", { status: WRONG });
  assert.equal(await visitor.field("username").inputValue(), username);
  assert.equal(await visitor.page.locator("#injected").count(), 0);
});

claim("signing in brings a new cookie that scripts and other sites do not get", withAndWithout, async (visitor) => {
  await visitor.visit("/auth/login");
  const before = await visitor.cookies();
  await visitor.signIn(admin);
  const after = await visitor.cookies();
  const session = after.filter(({ name, value }) => !before.some((old) => old.name === name && old.value === value));
  assert.ok(session.length > 0, "no cookie is new");
  for (const cookie of session) {
    // The server of these cases is reached without TLS: no `__Host-`, which the tests of the adapter look at.
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.path], ["grantor", true, "/"]);
    assert.match(cookie.sameSite, /^(Lax|Strict)$/);
  }
  await visitor.takeCookies(before);
  await visitor.visit("/console");
  assert.match(visitor.here, /^\/auth\/login/, "the cookies of before the login are nobody's");
});

for (const to of [
  "https://elsewhere.example/console",
  "//elsewhere.example/console",
  "/\\elsewhere.example/console",
  "/console/../auth/userinfo",
  "/console\r\nX-Injected: yes",
  "/consoles",
  "javascript:alert(1)",
]) {
  claim(`nobody is sent to ${JSON.stringify(to)}`, wide, async (visitor) => {
    await visitor.visit(`/auth/login?to=${encodeURIComponent(to)}`);
    await visitor.fill(admin);
    await visitor.press("#sign-in");
    assert.equal(visitor.here, "/console");
  });
}

claim("a login from another site, or with another browser's form, is refused", wide, async (visitor) => {
  await visitor.visit("/auth/login");
  const form = { ...admin, csrf: await visitor.csrf(), to: "/console" };
  const stranger = await visitor.another();
  await stranger.visit("/auth/login");
  const attempts = [
    [visitor, form, { origin: "http://elsewhere.example" }],
    [visitor, form, { "sec-fetch-site": "cross-site" }],
    [visitor, { ...form, csrf: "" }, {}],
    [visitor, { ...form, csrf: await stranger.csrf() }, {}],
    [stranger, form, {}],
  ];
  for (const [who, body, headers] of attempts) {
    const answer = await who.send("POST", "/auth/login", { form: body, headers });
    assert.ok([400, 403].includes(answer.status()), `${JSON.stringify(headers)} is answered ${answer.status()}`);
    await who.visit("/console");
    assert.match(who.here, /^\/auth\/login/);
  }
});

claim("signing out ends the session: nothing behind the back button, and the cookie is dead", withAndWithout, async (visitor) => {
  const amy = await makeUser("amy-signs-out");
  await openSession(await makeClient("signs-out"), amy);
  await visitor.signIn(admin);
  await visitor.visit("/console/sessions?user=amy-signs-out");
  assert.match(await visitor.text("main"), /amy-signs-out/);
  const cookies = await visitor.cookies();
  await visitor.press("#sign-out");
  assert.match(visitor.here, /^\/auth\/login/);
  await visitor.back();
  assert.match(visitor.here, /^\/auth\/login/);
  assert.equal(await visitor.page.locator("table").count(), 0, "nothing of before is shown");
  await visitor.takeCookies(cookies);
  await visitor.visit("/console");
  assert.match(visitor.here, /^\/auth\/login/);
});

claim("a sign-out from another site does nothing", wide, async (visitor) => {
  await visitor.signIn(admin);
  const headers = { origin: "http://elsewhere.example", "sec-fetch-site": "cross-site" };
  const answer = await visitor.send("POST", "/console/sign-out", { form: {}, headers });
  assert.ok([400, 403].includes(answer.status()), `answered ${answer.status()}`);
  await visitor.visit("/console");
  assert.equal(visitor.here, "/console");
});

claim("a session that is lost leads back to the page it was lost at", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, "/console/clients");
  await visitor.takeCookies([]);
  await visitor.press(visitor.page.locator("nav[aria-label=Main]").getByRole("link", { name: "Users" }));
  assert.match(visitor.here, /^\/auth\/login\?to=/);
  await visitor.fill(admin);
  await visitor.press("#sign-in");
  assert.equal(visitor.here, "/console/users");
});
