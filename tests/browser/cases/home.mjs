import assert from "node:assert/strict";
import { claim, everyWay, wide } from "../support/claims.mjs";
import { admin, makeClient, makeUser, openSession } from "../support/server.mjs";

claim("an administrator sees what happened, as plots and as tables, and what to mind", everyWay, async (visitor) => {
  await openSession(await makeClient("of-home"), await makeUser("at-home"));
  await visitor.signIn(admin);
  const { page } = visitor;
  assert.equal(await page.locator("main svg[role=img][aria-labelledby]").count(), 5);
  assert.match(await page.locator("#p-live-desc").textContent(), /^Live sessions(: not counted yet|, counted every hour)/);
  await page.locator("main details summary").first().click();
  await page.locator("main details table").first().waitFor();
  assert.match(await visitor.text("main"), /guessed without end/, "nothing throttles logins here");
  await visitor.picture("home");
});

claim("the first key leads past the navigation", wide, async (visitor) => {
  await visitor.signIn(admin);
  await visitor.page.keyboard.press("Tab");
  assert.equal(await visitor.page.evaluate(() => document.activeElement?.getAttribute("href")), "#main");
});

claim("every page of the navigation is there", everyWay, async (visitor) => {
  await visitor.signIn(admin);
  const links = await visitor.page.locator("nav[aria-label=Main] a").evaluateAll((all) => all.map((one) => one.pathname));
  assert.ok(links.length >= 8, `${links}`);
  for (const path of links) {
    await visitor.visit(path);
    const current = visitor.page.locator("nav[aria-label=Main] [aria-current=page]");
    assert.equal(await current.count(), 1, path);
  }
});
