// What a program does with a client that openapi-typescript made: log in, register a client and a user, look at
// sessions, close one, clean up. The compiler holds every name and type below against the document.
import assert from "node:assert/strict";
import { env } from "node:process";
import createClient from "openapi-fetch";
import type { paths } from "./grantor.js";

interface Credentials {
  id: string;
  secret: string;
}

const baseUrl = told("GRANTOR_URL");
const ours: Credentials = { id: told("GRANTOR_CLIENT"), secret: told("GRANTOR_CLIENT_SECRET") };
const administrator = bearer(await logIn(ours, "admin", told("GRANTOR_ADMIN_PASSWORD")));

const secret = "a secret of the TypeScript scenario";
const password = "a password of the TypeScript scenario";
const client = succeeded(
  await administrator.POST("/Client", { body: { name: "TypeScript", secret, grant_types: ["password"] } }),
);
const user = succeeded(await administrator.POST("/User", { body: { userName: "typescript", password } }));
const clientId = present(client.id);
const userId = present(user.id);
const theirs: Credentials = { id: clientId, secret };

const first = await logIn(theirs, "typescript", password);
const second = await logIn(theirs, "typescript", password);

const found = await sessionsOf(userId);
assert.equal(new Set(found).size, 2, `both sessions are found: ${found}`);

const introspection = await introspect(first);
assert.equal(introspection.active, true);
const session = { params: { path: { id: present(introspection.sid) } } };
assert.ok(found.includes(session.params.path.id), "the token's session is among them");

assert.equal(succeeded(await administrator.GET("/Session/{id}", session)).active, true);
assert.equal(succeeded(await administrator.DELETE("/Session/{id}", session)).active, false);

assert.equal((await introspect(first)).active, false);
const refused = await bearer(first).GET("/auth/userinfo");
assert.equal(refused.response.status, 401);
assert.equal(refused.error?.error, "invalid_token");
assert.equal(succeeded(await bearer(second).GET("/auth/userinfo")).sub, userId, "the other session lives on");

const userPath = { params: { path: { id: userId } } };
succeeded(await administrator.DELETE("/User/{id}", userPath));
succeeded(await administrator.DELETE("/Client/{id}", { params: { path: { id: clientId } } }));
const { response } = await administrator.GET("/User/{id}", userPath);
assert.ok([404, 410].includes(response.status), `a deleted user is answered ${response.status}`);
assert.equal((await bearer(second).GET("/auth/userinfo")).response.status, 401, "its sessions are over");

/** The API for whoever shows these credentials. */
function api(authorization: string) {
  return createClient<paths>({ baseUrl, headers: { authorization } });
}

function bearer(token: string) {
  return api(`Bearer ${token}`);
}

function basic({ id, secret }: Credentials) {
  return api(`Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`);
}

async function logIn(client: Credentials, username: string, password: string): Promise<string> {
  const body = { grant_type: "password", username, password };
  const answer = succeeded(await basic(client).POST("/auth/token", { body }));
  assert.equal(answer.token_type, "Bearer");
  return answer.access_token;
}

async function introspect(token: string) {
  return succeeded(await basic(theirs).POST("/auth/introspect", { body: { token } }));
}

/** The ids of a user's sessions, one a page: all but the first are behind `next`. */
async function sessionsOf(user: string): Promise<string[]> {
  const found: string[] = [];
  let next: string | null = "1";
  while (next !== null) {
    const page = await sessionPage(user, next);
    assert.equal(page.entry.length, 1);
    for (const { resource } of page.entry) {
      assert.ok(resource && "id" in resource && typeof resource.id === "string");
      found.push(resource.id);
    }
    const link = present(page.link).find(({ relation }) => relation === "next");
    next = link === undefined ? null : new URL(link.url).searchParams.get("_page");
  }
  return found;
}

async function sessionPage(user: string, _page: string) {
  return succeeded(await administrator.GET("/Session", { params: { query: { user, _count: 1, _page } } }));
}

/** The content of an answer, which must be one of success. */
function succeeded<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  assert.ok(data !== undefined, `${response.url} answers ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

function present<T>(value: T | null | undefined): T {
  assert.ok(value !== null && value !== undefined, "a member is absent");
  return value;
}

function told(name: string): string {
  return present(env[name]);
}
