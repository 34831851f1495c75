// The server of this subject, and its API for whatever a case needs to be there before it looks.
import assert from "node:assert/strict";
import { env } from "node:process";

/** Where it answers, without a trailing slash. It is the issuer too. There is none while cases are only listed. */
export const url = env.GRANTOR_URL;
/** The user who administers. */
export const admin = { username: "admin", password: env.GRANTOR_ADMIN_PASSWORD };

const root = { id: "root", secret: env.GRANTOR_ROOT_SECRET };

/** The answer to a request of client `root`, or of whoever `authorization` shows. */
export async function call(method, path, { body, headers, authorization = basic(root) } = {}) {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(url + path, {
    method,
    headers: { authorization, ...json, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** What `call` brings when it must succeed. */
export async function ask(method, path, body) {
  const answer = await call(method, path, { body });
  assert.ok(answer.status < 300, `${method} ${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Makes a client that may use the password grant. */
export async function makeClient(id, attributes = {}) {
  const body = { secret: `the secret of ${id}`, grant_types: ["password"], ...attributes };
  await ask("PUT", `/Client/${id}`, body);
  return { id, secret: body.secret };
}

/** Makes a user, who may do nothing but what everybody may. */
export async function makeUser(username, attributes = {}) {
  const password = `the password of ${username}`;
  await ask("PUT", `/User/${username}`, { userName: username, password, ...attributes });
  return { username, password };
}

/** Opens a session by the password grant, and says the tokens and the session's id. */
export async function openSession(client, { username, password }) {
  const body = { grant_type: "password", username, password };
  const answer = await call("POST", "/auth/token", { body, authorization: basic(client) });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const introspection = await introspect(answer.body.access_token, client);
  return { ...answer.body, id: introspection.sid };
}

/** What the server says about a token to the client it was given to. */
export async function introspect(token, client) {
  const answer = await call("POST", "/auth/introspect", { body: { token }, authorization: basic(client) });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

/** The status that userinfo answers to a token. */
export async function userinfo(token) {
  return (await call("GET", "/auth/userinfo", { authorization: `Bearer ${token}` })).status;
}

function basic({ id, secret }) {
  const halves = [id, secret].map(encodeURIComponent).join(":");
  return `Basic ${Buffer.from(halves).toString("base64")}`;
}
