// What these tests see. A check that finds nothing anywhere would look like pages that are sound.
import assert from "node:assert/strict";
import { claim, narrow, wide, withAndWithout } from "../support/claims.mjs";
import { onStage, soundPage } from "../support/stage.mjs";

claim("nothing is found in a sound page", withAndWithout, async (visitor) => {
  const main = "<p>Nothing is wrong here.</p><form method='post'><input type='hidden' name='csrf' value='1'></form>";
  await finds(visitor, { "/": soundPage({ main }) }, []);
});

claim("a console error and a page error are seen", wide, async (visitor) => {
  const script = { type: "text/javascript", body: "console.error('first'); throw new Error('second')" };
  const page = soundPage({ head: "<script defer src='/broken.js'></script>" });
  await finds(visitor, { "/": page, "/broken.js": script }, [/console error.*first/, /page error.*second/]);
});

claim("an inline style is seen", withAndWithout, async (visitor) => {
  const page = soundPage({ main: "<p style='color: black'>Black</p>" });
  const heard = visitor.way.scripts ? [/CSP violation.*style-src/] : [];
  await finds(visitor, { "/": page }, [...heard, /console error.*Content Security Policy/, /attribute style/]);
});

claim("an inline script is seen", wide, async (visitor) => {
  const page = soundPage({ main: "<script>document.title = 'x'</script>" });
  await finds(visitor, { "/": page }, [/CSP violation.*script-src/, /console error.*inline script/, /: inline script/]);
});

claim("a request to another host is seen", wide, async (visitor) => {
  const page = soundPage({ main: "<img alt='' src='http://127.0.0.2:9/picture.png'>" });
  await finds(visitor, { "/": page }, [/CSP violation.*img-src/, /console error.*image/, /foreign request/]);
});

claim("a visit to another host is seen", withAndWithout, async (visitor) => {
  const page = soundPage({ main: "<a href='http://localhost:9/'>Away</a>" });
  await onStage({ "/": page }, async (origin) => {
    const guest = await visitor.another({ origin });
    await guest.visit("/");
    await guest.page.getByRole("link").click({ noWaitAfter: true });
    await guest.page.waitForEvent("requestfailed").catch(() => {});
    hold(guest, [/foreign request/]);
  });
});

claim("a failing server is seen", withAndWithout, async (visitor) => {
  const page = soundPage({ head: "<link rel='stylesheet' href='/broken.css'>" });
  const broken = { status: 503, type: "text/css", body: "" };
  await finds(visitor, { "/": page, "/broken.css": broken }, [/status 503.*broken\.css/, /console error.*503/]);
});

claim("a status that was not expected is seen", withAndWithout, async (visitor) => {
  await onStage({ "/": { status: 403, body: soundPage() } }, async (origin) => {
    const guest = await visitor.another({ origin });
    await assert.rejects(guest.visit("/"), /answered 403/);
    await guest.visit("/", { status: 403 });
    hold(guest, []);
  });
});

claim("a page that is too heavy is seen, also when it comes from the cache", withAndWithout, async (visitor) => {
  const page = soundPage({ head: "<link rel='stylesheet' href='/big.css'>" });
  const big = { type: "text/css", body: `/* ${"x".repeat(61_000)} */` };
  await finds(visitor, { "/": page, "/big.css": big }, [/weighs 6\d{4} bytes/]);
});

claim("what some people cannot use is seen", withAndWithout, async (visitor) => {
  const page = soundPage({ main: "<input name='nameless'>" });
  await finds(visitor, { "/": page }, [/axe critical label/]);
});

claim("what is too faint in the dark is seen", withAndWithout, async (visitor) => {
  const css = "body { background: #fff } @media (prefers-color-scheme: dark) { p { color: #ddd } }";
  const page = soundPage({ head: "<link rel='stylesheet' href='/dark.css'>", main: "<p>Faint</p>" });
  await finds(visitor, { "/": page, "/dark.css": { type: "text/css", body: css } }, [/in the dark: axe serious color-/]);
});

claim("a page that is wider than the window is seen", narrow, async (visitor) => {
  const page = soundPage({ main: `<p>${"m".repeat(200)}</p>` });
  await finds(visitor, { "/": page }, [/wide in a window of 360/]);
});

claim("a form that is not bound to its browser is seen", withAndWithout, async (visitor) => {
  const page = soundPage({ main: "<form method='post'></form>" });
  await finds(visitor, { "/": page }, [/form without csrf/]);
});

claim("a password in a URL is seen", withAndWithout, async (visitor) => {
  const form = "<form><label>Word <input type='password' name='password' value='1'></label><button>Go</button></form>";
  await onStage({ "/": soundPage({ main: form }) }, async (origin) => {
    const guest = await visitor.another({ origin });
    await guest.visit("/");
    await guest.press("button");
    hold(guest, [/a password would get into the URL/, /secret in a URL/]);
  });
});

claim("a cookie of the server comes back by pages and by what is sent aside, and goes when it is taken", withAndWithout, async (visitor) => {
  const cookie = "__Host-door=1; Secure; HttpOnly; SameSite=Strict; Path=/";
  const told = (request) => soundPage({ main: `<p>${request.headers.cookie ?? "none"}</p>` });
  const answers = {
    "/door": { headers: { "set-cookie": cookie }, body: soundPage() },
    "/": { body: told },
  };
  await onStage(answers, async (origin) => {
    const guest = await visitor.another({ origin });
    await guest.visit("/door");
    await guest.visit("/");
    assert.equal(await guest.text("p"), "__Host-door=1");
    assert.match(await (await guest.send("GET", "/")).text(), /<p>__Host-door=1</);
    const [{ name, httpOnly, secure, sameSite }] = await guest.cookies();
    assert.deepEqual([name, httpOnly, secure, sameSite], ["__Host-door", true, true, "Strict"]);
    const cookies = await guest.cookies();
    await guest.takeCookies([]);
    await guest.reload();
    assert.equal(await guest.text("p"), "none");
    await guest.takeCookies(cookies);
    await guest.reload();
    assert.equal(await guest.text("p"), "__Host-door=1");
  });
});

claim("forms of every kind are filled in, and what was done is gone back from", withAndWithout, async (visitor) => {
  const field = (label, control) => `<label>${label} ${control}</label>`;
  const form = `<form method="get">${[
    field("Name", '<input name="name">'),
    field("Note", '<textarea name="auth.note"></textarea>'),
    field("Kind", '<select name="kind"><option>a</option><option>b</option></select>'),
    field("On", '<input type="checkbox" name="on" value="true" checked>'),
    field("X", '<input type="radio" name="way" value="x" checked>'),
    field("Y", '<input type="radio" name="way" value="y">'),
  ].join("")}<details class="confirm"><summary>Go</summary><button>Go on</button></details></form>`;
  await onStage({ "/": soundPage({ main: form }) }, async (origin) => {
    const guest = await visitor.another({ origin });
    await guest.visit("/");
    await guest.fill({ name: "amy", "auth.note": 7, kind: "b", on: false, way: "y" });
    await guest.confirm("Go");
    assert.equal(guest.here, "/?name=amy&auth.note=7&kind=b&way=y");
    await guest.back();
    assert.equal(guest.here, "/");
  });
});

/** Shows a page to somebody else, in whom these faults are found and no others. */
async function finds(visitor, answers, expected) {
  await onStage(answers, async (origin) => {
    const guest = await visitor.another({ origin });
    await guest.visit("/");
    hold(guest, expected);
  });
}

/** Holds that exactly these were found, and forgives them. */
function hold(guest, expected) {
  const found = guest.faults.splice(0);
  for (const fault of expected) {
    assert.ok(found.some((one) => fault.test(one)), `${fault} is not among ${JSON.stringify(found, null, 1)}`);
  }
  const others = found.filter((one) => !expected.some((fault) => fault.test(one)));
  assert.deepEqual(others, []);
}
