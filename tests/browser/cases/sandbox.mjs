import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { env } from "node:process";
import { claim, everyWay, wide, withAndWithout } from "../support/claims.mjs";
import { admin, call, makeClient, userinfo } from "../support/server.mjs";

const STEPS = "/console/sandbox/password";
const STEPS_OF_CLIENTS = "/console/sandbox/client-credentials";

/** The request and the answer that a card shows, as text. */
async function messages(visitor, name) {
  const read = (what) => visitor.text(visitor.page.locator(`#${what}, #${name}-${what}`));
  return { request: await read("request"), answer: await read("answer") };
}

/** Sends the request with this name of the step that is shown. */
async function send(visitor, name) {
  await visitor.press(visitor.page.locator(`#send, #send-${name}`));
  return messages(visitor, name);
}

/** Sends a request that is answered with this status. */
async function sendFor(status, visitor, name) {
  const { request, answer } = await send(visitor, name);
  assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${request}\n\n${answer}`);
  return { request, answer };
}

/** Goes on to a step by the stepper, which marks it. */
async function step(visitor, number) {
  await visitor.press(visitor.page.locator(`ol.steps a[href$="/${number}"]`));
  const current = visitor.page.locator("ol.steps a[aria-current=step]");
  assert.match(await current.getAttribute("href"), new RegExp(`/${number}$`));
}

/** Makes a client and a user of their own, and is at the third step. */
async function beginWith(visitor, name, client = {}) {
  const id = `${name}-${visitor.way.name}`;
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  await visitor.fill({ id, ...client });
  await sendFor(201, visitor, "client");
  await step(visitor, 2);
  await visitor.fill({ id: `${id}-user`, email: `${id}@mail.example` });
  await sendFor(201, visitor, "user");
  await step(visitor, 3);
  return id;
}

/** What a shell makes of a command: the arguments of curl, and then what it is given to read. */
function argumentsOf(command) {
  const script = `curl() { printf '%s\\n' "$@"; cat; }\n${command}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8", input: "", env: { ...env, ADMIN_TOKEN: "$ADMIN_TOKEN" } });
}

/** Asserts that a command sends this very request. */
function assertSends(command, request) {
  const sent = argumentsOf(command);
  const [head, body = ""] = request.split("\n\n");
  const [line, host, ...headers] = head.split("\n");
  const [method, path] = line.split(" ");
  const said = [`http://${host.slice("Host: ".length)}${path}`, ...headers, ...body.split("\n")];
  for (const part of said) assert.ok(sent.includes(part), `"${part}" is not sent by ${command}`);
  assert.equal(sent.split("\n")[0] === "-X" ? sent.split("\n")[1] : body ? "POST" : "GET", method);
}

for (const { kind, jwt } of [
  { kind: "opaque", jwt: false },
  { kind: "JWT", jwt: true },
]) {
  claim(`the resource owner grant is walked through with ${kind} tokens`, everyWay, async (visitor) => {
    await visitor.signIn(admin);
    await visitor.visit(STEPS);
    assert.equal(visitor.here, `${STEPS}/1`);
    const [id, username] = [`sandbox-${kind}-${visitor.way.name}`, `user-${kind}-${visitor.way.name}`];
    await visitor.fill({
      id,
      token_format: jwt ? "jwt" : "opaque",
      access_token_expiration: 600,
      refresh_token_expiration: 86400,
      refresh_token: true,
      secret_required: true,
    });
    const put = await sendFor(201, visitor, "client");
    assert.match(put.request, new RegExp(`^PUT /Client/${id} HTTP/1\\.1\n`));
    const client = (await call("GET", `/Client/${id}`)).body;
    assert.equal(client.auth.password.access_token_expiration, 600);
    assert.equal(client.auth.password.refresh_token_expiration, 86400);
    assert.equal(client.auth.password.token_format === "jwt", jwt);
    await visitor.picture(`sandbox-client-${kind.toLowerCase()}`);

    await step(visitor, 2);
    await visitor.fill({ id: username, email: `${username}@mail.example` });
    await sendFor(201, visitor, "user");
    await step(visitor, 3);
    const asked = await sendFor(200, visitor, "token");
    assert.match(asked.request, /^POST \/auth\/token HTTP\/1\.1\n[^]*grant_type=password/);
    assert.match(asked.answer, /"access_token"/);

    await visitor.visit(STEPS);
    assert.equal(visitor.here, `${STEPS}/4`, "it goes on where it was left");
    const token = await visitor.text("#access-token");
    assert.match(token, jwt ? /^[\w-]+\.[\w-]+\.[\w-]+$/ : /^gat_/);
    assert.match(await visitor.text("#userinfo"), new RegExp(`"${username}"`));
    const countdown = visitor.page.locator("#signature time[data-countdown]");
    assert.match(await countdown.innerText(), /^in (10 min|9 min \d+ s)/);
    if (jwt) {
      assert.match(await visitor.text("#signature"), /The signature is valid/);
      const rows = await visitor.page.locator("main table tbody tr").allInnerTexts();
      for (const [name, value] of [["alg", ""], ["kid", ""], ["sub", username], ["client_id", id], ["exp", ""]]) {
        assert.ok(rows.some((row) => row.includes(name) && row.includes(value)), `${name} is not decoded: ${rows}`);
      }
    }
    await visitor.picture(`sandbox-answer-${kind.toLowerCase()}`);

    await step(visitor, 5);
    assert.match((await sendFor(200, visitor, "userinfo")).answer, new RegExp(`"${username}"`));
    assert.match((await sendFor(200, visitor, "introspection")).answer, /"active": true/);
    assert.match((await sendFor(200, visitor, "sessions")).request, /^GET \/Session HTTP/);
    await step(visitor, 6);
    assert.match((await sendFor(200, visitor, "refresh")).request, /grant_type=refresh_token/);
    await step(visitor, 7);
    assert.match((await sendFor(200, visitor, "close")).request, /^DELETE \/Session HTTP/);
    await step(visitor, 8);
    await sendFor(401, visitor, "dead-userinfo");
    assert.match((await sendFor(200, visitor, "dead-introspection")).answer, /"active": false/);
    await visitor.picture(`sandbox-proof-${kind.toLowerCase()}`);
    const proof = await messages(visitor, "dead-userinfo");
    await visitor.reload();
    assert.deepEqual(await messages(visitor, "dead-userinfo"), proof, "the state survives a reload");
    assert.equal(await visitor.page.locator("ol.steps li.done").count(), 8);
    assert.equal(await userinfo(token), 401);

    await visitor.confirm("Clean up");
    await visitor.page.locator("[role=status].flash").waitFor();
    for (const path of [`/Client/${id}`, `/User/${username}`]) {
      assert.ok([404, 410].includes((await call("GET", path)).status), `${path} is still there`);
    }
    assert.equal(await visitor.page.locator("ol.steps li.done").count(), 0);
  });
}

claim("the body of the request follows the form, in JSON and in YAML", wide, async (visitor) => {
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  const preview = visitor.page.locator("#request");
  const follows = (text) => preview.filter({ hasText: text }).waitFor();
  await visitor.fill({ id: "previewed", access_token_expiration: 1234 });
  await follows('"access_token_expiration": 1234');
  await visitor.fill({ token_format: "jwt", refresh_token: false, secret_required: false, scope: "read write" });
  await follows(/PUT \/Client\/previewed [^]*"read",\s+"write"[^]*"token_format": "jwt"[^]*"secret_required": false/);
  await visitor.fill({ format: "yaml" });
  await follows(/Content-Type: text\/yaml[^]*access_token_expiration: 1234/);
  const shown = await preview.innerText();
  const command = await visitor.page.locator("#request-curl").textContent();
  const { request } = await sendFor(201, visitor, "client");
  assert.equal(request, shown, "what was previewed is what was sent");
  assert.equal(await visitor.page.locator("#request-curl").textContent(), command);
  await step(visitor, 2);
  await visitor.fill({ id: "previewed-user", password: "it's \"secret\"", email: "previewed@mail.example" });
  await follows(/PUT \/User\/previewed-user [^]*"password": "it's \\"secret\\""/);
  assertSends(await visitor.page.locator("#request-curl").textContent(), await preview.innerText());
});

claim("a request is copied as it is, and as curl", wide, async (visitor) => {
  await beginWith(visitor, "copied");
  await sendFor(200, visitor, "token");
  const asIs = visitor.page.getByRole("button", { name: "Copy: Request" });
  const asCurl = visitor.page.getByRole("button", { name: "Copy as curl" });
  for (const number of [1, 2, 3]) {
    await step(visitor, number);
    const request = await visitor.text("#request");
    assert.equal(await visitor.copy(asIs), request);
    assertSends(await visitor.copy(asCurl), request);
  }
  for (const [number, name] of [
    [5, "introspection"],
    [7, "close"],
  ]) {
    await step(visitor, number);
    const card = visitor.page.locator(`#${name}`);
    const request = await card.locator("figure.http pre").first().innerText();
    assertSends(await visitor.copy(card.getByRole("button", { name: "Copy as curl" })), request);
  }
});

claim("all four forms of the request bring a token with the scope that is asked for", withAndWithout, async (visitor) => {
  await beginWith(visitor, "four", { secret_required: false, scope: "read write" });
  const forms = {
    basic: /Authorization: Basic [^]*\n\ngrant_type=password&username=/,
    json: /Content-Type: application\/json[^]*"client_secret": "/,
    form: /\n\ngrant_type=password&client_id=[^&]+&client_secret=/,
    public: /\n\ngrant_type=password&client_id=[^&]+&username=/,
  };
  for (const [way, form] of Object.entries(forms)) {
    await visitor.fill({ way, scope: "read" });
    const { request, answer } = await sendFor(200, visitor, "token");
    assert.match(request, form);
    assert.match(answer, /"access_token"[^]*"scope": "read"/);
  }
});

claim("a token's end comes nearer", wide, async (visitor) => {
  await beginWith(visitor, "counting");
  await sendFor(200, visitor, "token");
  await step(visitor, 4);
  const countdown = visitor.page.locator("#signature time[data-countdown]");
  const before = await countdown.innerText();
  assert.match(before, /^in /);
  await visitor.page.waitForFunction((before) => document.querySelector("#signature time").textContent !== before, before);
});

claim("a refresh token that is shown again closes the session", withAndWithout, async (visitor) => {
  await beginWith(visitor, "replayed");
  await sendFor(200, visitor, "token");
  await step(visitor, 6);
  await sendFor(200, visitor, "refresh");
  await sendFor(200, visitor, "use-new");
  assert.match((await sendFor(400, visitor, "replay")).answer, /"invalid_grant"/);
  assert.match(await visitor.text("#replay .verdict"), /the session is closed/);
  await sendFor(401, visitor, "use-new");
});

claim("what the API refuses is shown, and what was written stays", withAndWithout, async (visitor) => {
  const id = `refused-${visitor.way.name}`;
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  await visitor.fill({ id, access_token_expiration: "-5" });
  const { answer } = await send(visitor, "client");
  assert.match(answer, /^HTTP\/1\.1 4\d\d [^]*"auth\.password\.access_token_expiration"/);
  assert.equal(await visitor.field("id").inputValue(), id);
  assert.equal(await visitor.field("access_token_expiration").inputValue(), "-5");
  assert.equal((await call("GET", `/Client/${id}`)).status, 404);
});

claim("somebody else's client is replaced only when that is said, and never removed", withAndWithout, async (visitor) => {
  const { id } = await makeClient(`theirs-${visitor.way.name}`, { name: "Theirs" });
  const name = async () => (await call("GET", `/Client/${id}`)).body.name;
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  await visitor.fill({ id });
  await visitor.press("#send");
  assert.match(await visitor.text(visitor.page.getByRole("alert")), new RegExp(`There is a client ${id} already`));
  assert.equal(await name(), "Theirs");
  await visitor.press(visitor.button("Replace it"));
  assert.match((await messages(visitor, "client")).answer, /^HTTP\/1\.1 200 /);
  assert.equal(await name(), undefined);
  await visitor.confirm("Clean up");
  assert.equal((await call("GET", `/Client/${id}`)).status, 200);
});

claim("a step that is not ready says which one comes first", withAndWithout, async (visitor) => {
  await visitor.signIn(admin, `${STEPS}/6`);
  assert.equal(await visitor.button("Send request").count(), 0);
  await visitor.press(visitor.page.locator(".need").getByRole("link", { name: "Step 3: Token" }));
  assert.equal(visitor.here, `${STEPS}/3`);
  assert.match(await visitor.text("main"), /The client was not sent yet[^]*The user was not sent yet/);
  await visitor.visit(`${STEPS}/9`, { status: 404 });
});

claim("two tabs and the back button break no step", withAndWithout, async (visitor) => {
  const id = `tabs-${visitor.way.name}`;
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  await visitor.fill({ id });
  await sendFor(201, visitor, "client");
  const first = visitor.page;
  await visitor.tab();
  await visitor.visit(`${STEPS}/2`);
  await visitor.fill({ id: `${id}-user`, email: `${id}@mail.example` });
  await sendFor(201, visitor, "user");
  const second = visitor.page;
  visitor.turnTo(first);
  await step(visitor, 3);
  await sendFor(200, visitor, "token");
  visitor.turnTo(second);
  await sendFor(200, visitor, "user");
  await step(visitor, 3);
  assert.match((await messages(visitor, "token")).answer, /"access_token"/, "what another tab did is kept");
  visitor.turnTo(first);
  await visitor.back();
  await sendFor(200, visitor, "token");
  await step(visitor, 4);
  await visitor.back();
  assert.match((await messages(visitor, "token")).answer, /"access_token"/);
});

claim("client credentials are walked through, and every tab leads somewhere", withAndWithout, async (visitor) => {
  const id = `service-${visitor.way.name}`;
  await visitor.signIn(admin);
  await visitor.visit(STEPS);
  const tabs = visitor.page.locator("nav[aria-label=Grants] a");
  assert.deepEqual(await tabs.allInnerTexts(), ["Resource Owner", "Client credentials"]);
  await visitor.press(tabs.last());
  assert.equal(visitor.here, `${STEPS_OF_CLIENTS}/1`);
  await visitor.fill({ id });
  await sendFor(201, visitor, "client");
  await step(visitor, 2);
  const { request, answer } = await sendFor(200, visitor, "token");
  assert.match(request, /grant_type=client_credentials/);
  const [, token] = answer.match(/"access_token": "([^"]+)"/);
  await step(visitor, 3);
  assert.match((await sendFor(200, visitor, "introspection")).answer, /"active": true/);
  await step(visitor, 4);
  await sendFor(200, visitor, "close");
  await sendFor(401, visitor, "dead-userinfo");
  assert.match((await sendFor(200, visitor, "dead-introspection")).answer, /"active": false/);
  assert.equal(await userinfo(token), 401);
  await visitor.confirm("Clean up");
  assert.ok([404, 410].includes((await call("GET", `/Client/${id}`)).status));
});
