// Chromium, and somebody who sits in front of it. Start at `visit`.

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { chromium } from "playwright-core";

import { watch } from "./watching.mjs";

export const PHONE = { name: "390", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
export const DESK = { name: "1280", viewport: { width: 1280, height: 900 } };

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

function program() {
  const folders = (process.env.PATH ?? "").split(":");
  const found = NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(existsSync);
  if (found === undefined) throw new Error("there is no Chromium on PATH: `cargo xtask setup` installs it");
  return found;
}

export function launch() {
  // Root has no sandbox, and nothing but our own pages is opened.
  const root = process.getuid() === 0;
  return chromium.launch({ executablePath: program(), chromiumSandbox: !root });
}

/**
 * Somebody with a browser of their own: a phone or a desk, light or dark, with or without scripts, signed in or not.
 * What goes wrong in there is in `watch.faults`.
 */
export async function visit(browser, base, { device = DESK, scripts = true, state, lenient = false } = {}) {
  const { name: _, ...size } = device;
  const context = await browser.newContext({
    ...size,
    baseURL: base,
    javaScriptEnabled: scripts,
    storageState: state,
    colorScheme: "light",
    // A letter runs no scripts at all, and so none of ours either, unless its policy is left aside.
    bypassCSP: lenient,
    // Colours that are on their way would be measured halfway.
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/London",
  });
  context.setDefaultTimeout(120_000);
  const watching = await watch(context, base, scripts);
  const page = await context.newPage();
  return { context, page, watch: watching, close: () => context.close() };
}

/** Opens a page and waits until it stands still. */
export async function open(page, path) {
  const answer = await page.goto(path, { waitUntil: "load" });
  await stand(page);
  return answer;
}

/** Waits until what was opened stands still. Where scripts are forbidden no promise is kept, so that this looks again and again. */
export async function stand(page) {
  for (let looks = 100; looks > 0 && (await page.evaluate(() => document.fonts.status)) !== "loaded"; looks -= 1) {
    await page.waitForTimeout(20);
  }
}

/** Signs somebody in by their link, and gives what their browser then keeps. */
export async function signIn(browser, base, link) {
  const { page, context, watch: watching, close } = await visit(browser, base);
  await open(page, link);
  await page.locator("main form button").first().click();
  await page.waitForLoadState();
  const state = await context.storageState();
  const { faults } = watching;
  await close();
  if (state.cookies.length !== 1) throw new Error(`signing in left ${state.cookies.length} cookies, not one`);
  if (faults.length > 0) throw new Error(`signing in: ${faults.join("; ")}`);
  return state;
}

/** Does it for each, as many at once as there are processors; each of those who work has a number. */
export async function forEach(list, act) {
  const waiting = [...list];
  const worker = async (_, number) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next, number);
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker));
}

/** Browsers that are opened once for each way of looking, and used again: a context costs more than a page. */
export class Seats {
  #seats = new Map();

  constructor(browser, base, states) {
    Object.assign(this, { browser, base, states });
  }

  /** The seat of this worker for whoever looks, with nothing wrong in it yet. */
  async take(worker, who, options = {}) {
    const { device = DESK, lenient = false } = options;
    const key = [worker, who, device.name, lenient].join();
    if (!this.#seats.has(key)) {
      this.#seats.set(key, visit(this.browser, this.base, { state: this.states[who], ...options }));
    }
    const seat = await this.#seats.get(key);
    await seat.page.setViewportSize(device.viewport);
    await seat.page.emulateMedia({ colorScheme: "light" });
    seat.watch.begin();
    return seat;
  }
}
