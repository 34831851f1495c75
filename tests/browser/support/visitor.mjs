// Somebody with a browser of their own, who is shown nothing but sound pages.
import assert from "node:assert/strict";
import { audit } from "./audit.mjs";
import { conventions } from "./conventions.mjs";
import { takePicture } from "./screenshots.mjs";
import { url } from "./server.mjs";
import { watch } from "./watch.mjs";
import { weigh } from "./weight.mjs";

/** How long a page that is there may take to do what a case waits for; longer means that it never will. */
const PATIENCE = 10_000;
/** How long a page may take to come, on a busy machine. */
const PATIENCE_FOR_PAGES = 60_000;

export class Visitor {
  /** What must not have happened. */
  faults = [];
  #origin;
  #context;
  #screenshots;
  #arrive;
  #answer;

  /** Opens a window that nobody has used before. */
  static async arrive(browser, { way, screenshots, arrive, origin = url }) {
    const visitor = new Visitor();
    visitor.way = way;
    visitor.#origin = origin;
    visitor.#screenshots = screenshots;
    visitor.#arrive = arrive;
    const { width, height, scripts } = way;
    visitor.#context = await browser.newContext({
      baseURL: origin,
      viewport: { width, height },
      javaScriptEnabled: scripts,
      colorScheme: "light",
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    visitor.#context.setDefaultTimeout(PATIENCE);
    visitor.#context.setDefaultNavigationTimeout(PATIENCE_FOR_PAGES);
    await watch(visitor.#context, origin, visitor.faults);
    visitor.page = await visitor.tab();
    return visitor;
  }

  /** Somebody else, with cookies of their own. */
  another(options) {
    return this.#arrive(options);
  }

  /** A second tab with the same cookies, which becomes the one that is worked with. */
  async tab() {
    const page = await this.#context.newPage();
    page.on("response", (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.#answer = response;
    });
    this.page = page;
    return page;
  }

  /** Goes back to a tab. */
  turnTo(page) {
    this.page = page;
  }

  /** Goes to a path, and looks. */
  async visit(path, options) {
    await this.page.goto(path);
    await this.look(options);
  }

  /** Presses what leads to another page, and looks. */
  async press(target, options) {
    await Promise.all([this.page.waitForEvent("load"), this.find(target).click()]);
    await this.look(options);
  }

  /** Opens what says what will happen, presses the button in it, and looks. */
  async confirm(name, options) {
    const summary = this.page.locator("summary", { hasText: new RegExp(`^\\s*${name}\\s*$`) });
    const details = this.page.locator("main details.confirm", { has: summary }).first();
    await details.locator("summary").click();
    await this.press(details.locator("button"), options);
  }

  /** Presses what copies, and says what is copied. */
  async copy(target) {
    await this.#context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.find(target).click();
    await this.page.locator("[role=status]", { hasText: "Copied" }).waitFor();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Uses the button of the browser, and looks. */
  async back(options) {
    await this.page.goBack();
    await this.look(options);
  }

  /** Asks for the same page again, and looks. */
  async reload(options) {
    await this.page.reload();
    await this.look(options);
  }

  /** Writes into fields, chooses, and ticks: `{ username: "amy", active: true }`, by the names of the fields. */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) await this.#write(name, value);
  }

  async #write(name, value) {
    const field = this.field(name);
    const type = await field.first().getAttribute("type");
    if (type === "radio") return this.page.locator(`[name="${name}"][value="${value}"]`).check();
    if (type === "checkbox") return field.setChecked(value);
    const isSelect = await field.evaluate((element) => element.localName === "select");
    return isSelect ? field.selectOption(value) : field.fill(String(value));
  }

  /** Keeps the browser from judging what is written, which is the server's to do. */
  async withoutItsOwnChecks() {
    await this.page.locator("main form").evaluateAll((forms) => forms.forEach((form) => (form.noValidate = true)));
  }

  /** The field with a name, which is not a hidden one. */
  field(name) {
    return this.page.locator(`main [name="${name}"]:not([type=hidden])`);
  }

  /** What a selector means, or what was found already. */
  find(target) {
    return typeof target === "string" ? this.page.locator(target) : target;
  }

  /** A button or link of the page's main part with this name. */
  button(name) {
    return this.page.getByRole("main").getByRole("button", { name });
  }

  link(name) {
    return this.page.getByRole("main").getByRole("link", { name });
  }

  /**
   * Looks at the page that is there now, as every page is: its status, weight, what axe-core and the house ask for;
   * and keeps a picture of it. Pages that are not the console's may leave something out.
   */
  async look({ status = 200, weight, accessible = true, console = true } = {}) {
    const { page } = this;
    await this.#screenshots.take(page);
    const answered = this.#answer?.status();
    assert.ok([status].flat().includes(answered), `${page.url()} is answered ${answered}`);
    const found = [
      ...(await weigh(page, weight)),
      ...(accessible ? await audit(page, this.way) : []),
      ...(console ? await conventions(page) : []),
    ];
    this.faults.push(...found.map((fault) => `${page.url()}: ${fault}`));
  }

  /** Makes one of the pictures of the documentation, which show a desk in the light. */
  async picture(name) {
    if (this.way.width === 1280 && this.way.scripts) await takePicture(this.page, name);
  }

  /** The path and query that are shown. */
  get here() {
    const { origin, pathname, search } = new URL(this.page.url());
    assert.equal(origin, this.#origin);
    return pathname + search;
  }

  /** The headers of the page that is shown. */
  get headers() {
    return this.#answer.headers();
  }

  /** What the page says, as it is read. */
  text(target = "body") {
    return this.find(target).innerText();
  }

  /** Everything the page is made of. */
  source() {
    return this.page.content();
  }

  cookies() {
    return this.#context.cookies();
  }

  /** Goes on with the cookies of before, or of somebody else. */
  async takeCookies(cookies) {
    await this.#context.clearCookies();
    await this.#context.addCookies(cookies);
  }

  /** Sends a request with the cookies of this browser and reads what is answered, without showing it. */
  async send(method, path, { headers, ...options } = {}) {
    // Chromium knows that 127.0.0.1 is as safe as https, Playwright does not, and would keep `Secure` cookies back.
    const cookie = (await this.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const all = cookie === "" ? headers : { cookie, ...headers };
    return this.#context.request.fetch(path, { method, maxRedirects: 0, ...options, headers: all });
  }

  /** The value that binds forms to this browser. */
  csrf() {
    return this.page.locator("input[name=csrf]").first().inputValue();
  }

  /** Signs in, and is where it wanted to go. Home is for those who may do something there. */
  async signIn({ username, password }, to = username === "admin" ? "/console" : "/console/account") {
    await this.visit(`/auth/login?to=${encodeURIComponent(to)}`);
    await this.fill({ username, password });
    await this.press("#sign-in");
    assert.equal(this.here, to);
  }

  /** What there was to be seen when a case failed. */
  async fail() {
    const pages = this.#context.pages();
    const seen = pages.map(async (page) => {
      const path = await this.#screenshots.take(page, "failed").catch(() => "no picture");
      return `it was at ${page.url()}, see ${path}`;
    });
    return (await Promise.all(seen)).join("\n");
  }

  leave() {
    return this.#context.close();
  }
}
