// Somebody on their way through pages, with every screen, tap and typed field counted. Start at `Walk`.

import { open, stand, visit } from "./browser.mjs";
import { axe, sideways } from "./measuring.mjs";

export class Walk {
  screens = 0;
  taps = 0;
  fields = 0;

  constructor(name, device, findings, { page, context, watch, close }) {
    Object.assign(this, { name, device, findings, page, context, watch, close });
  }

  static async begin(browser, job, findings, name, options) {
    const walk = new Walk(name, options.device, findings, await visit(browser, job.base, options));
    walk.scripts = options.scripts;
    return walk;
  }

  /** Opens an address, as a link in a mail or a bookmark does. */
  async open(path) {
    await open(this.page, path);
    await this.#look();
  }

  /** Presses something that leads to another page, or changes this one. */
  async tap(locator) {
    this.taps += 1;
    await this.#told(`pressing ${locator}`, () => this.#press(locator.first()));
    await this.#look();
  }

  async #press(target) {
    await target.scrollIntoViewIfNeeded();
    const { page } = this;
    const swapped = page.waitForResponse((answer) => answer.request().headers()["hx-request"] === "true");
    const happened = Promise.any([page.waitForEvent("load"), swapped]);
    await (this.device.hasTouch ? target.tap() : target.click());
    await happened;
    await page.locator(".htmx-request, .htmx-swapping, .htmx-settling").waitFor({ state: "detached" });
    await stand(page);
  }

  /** Ticks or chooses something on the page. */
  async tick(locator) {
    this.taps += 1;
    await (this.device.hasTouch ? locator.first().tap() : locator.first().click());
  }

  async type(label, text) {
    this.fields += 1;
    await this.#told(`typing into ${label}`, () => this.page.getByLabel(label).first().fill(text));
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  link(name) {
    return this.page.getByRole("link", { name });
  }

  /** It must be so here. */
  check(isSo, what) {
    return this.findings.check(this.name, isSo, `${what} (at ${new URL(this.page.url()).pathname})`);
  }

  /** These words must stand on the page. */
  async says(words) {
    const text = await this.page.locator("main").innerText();
    return this.check(text.includes(words), `the page does not say “${words}”: ${text.slice(0, 300)}`);
  }

  /** Ends it, and says how much it took. */
  async end({ screens = Infinity, taps = Infinity, fields = Infinity }) {
    const took = `${this.screens} screens, ${this.taps} taps, ${this.fields} fields`;
    const most = `${screens} screens, ${taps} taps, ${fields} fields`;
    const good = this.screens <= screens && this.taps <= taps && this.fields <= fields;
    this.check(good, `took ${took}, more than ${most}`);
    this.findings.addAll(this.name, this.watch.faults);
    await this.close();
    this.findings.done(`${this.name}: ${took}`);
  }

  startCounting() {
    this.screens = this.taps = this.fields = 0;
  }

  /** What cannot be done is told with what stands on the page instead. */
  async #told(what, act) {
    try {
      await act();
    } catch (error) {
      const text = await this.page.locator("main").innerText();
      const path = new URL(this.page.url()).pathname;
      throw new Error(`${this.name}: ${what} at ${path} failed: ${error.message}\nThere it says: ${text.slice(0, 800)}`);
    }
  }

  async #look() {
    this.screens += 1;
    const where = `${this.name}, ${new URL(this.page.url()).pathname}`;
    // Without scripts there is nothing that could run it, and the page is the same.
    if (this.scripts) this.findings.addAll(where, await axe(this.page));
    this.findings.addAll(where, await sideways(this.page, this.device.viewport.width));
    this.findings.check(where, await this.page.locator("main h1").count(), "a page without a heading");
  }
}

/** The link in the newest letter to somebody, as the page for trying out shows it, and how many there are. */
export async function letter(browser, job, to) {
  const { page, close } = await visit(browser, job.base);
  for (let patience = 50; patience > 0; patience -= 1) {
    await open(page, "/mail");
    const letters = page.locator("main li").filter({ hasText: to });
    const count = await letters.count();
    if (count > 0) {
      await letters.first().getByRole("link").first().click();
      await page.waitForLoadState("load");
      const link = await page.locator("main a.button").first().getAttribute("href");
      await close();
      return { link, count };
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no letter to ${to} came`);
}
