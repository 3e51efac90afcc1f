// Every page, on a phone and on a desk, light and dark: what axe says, whether anything runs off to the side, moves,
// is too small or hides its focus, how heavy it is; and pictures of it all. Start at `run`.

import { mkdirSync } from "node:fs";

import { DESK, PHONE, Seats, forEach, open, signIn, stand, visit } from "./browser.mjs";
import { axe, hiddenFocus, shift, sideways, small, squeezed, weigh } from "./measuring.mjs";

/** The most that the first view of a page may weigh, in bytes (experience.md). Pictures of people and maps come on top. */
const MOST = 50 * 1024;
const APART = /^\/(media|map)\b/;

export async function run({ browser, job, findings }) {
  const states = {};
  for (const [who, link] of Object.entries(job.signIn)) states[who] = await signIn(browser, job.base, link);
  if (job.pictures) mkdirSync(job.pictures, { recursive: true });
  const only = process.env.ONLY?.split(",");
  const pages = job.pages.filter(({ name }) => !only || only.some((part) => name.includes(part)));
  const seats = new Seats(browser, job.base, states);
  await forEach(pages, async (target, worker) => {
    try {
      const seat = (device) => seats.take(worker, target.as, { device, lenient: target.lenient });
      findings.done(await look(seat, job, target, findings), pages.length);
    } catch (error) {
      findings.add(target.name, `cannot be looked at: ${error.stack}`);
    }
  });
  await keyboard(browser, job, findings);
}

/** Looks at one page in every way. */
async function look(seat, job, target, findings) {
  const { name, path, status = 200 } = target;
  const phone = await seat(PHONE);
  phone.watch.expect(path, status);
  const files = await weigh(phone);
  const answer = await open(phone.page, path);
  findings.check(name, answer.status() === status, `answered with ${answer.status()} instead of ${status}`);
  const moved = await shift(phone.page);
  findings.check(name, moved === 0, `what is shown moves while it loads: ${moved}`);
  const weight = weighUp(files, findings, target);
  await inBothSchemes(phone.page, PHONE, job, name, findings);
  findings.addAll(`${name} on a phone`, phone.watch.faults);

  const desk = await seat(DESK);
  desk.watch.expect(path, status);
  await open(desk.page, path);
  await inBothSchemes(desk.page, DESK, job, name, findings);
  findings.addAll(name, await hiddenFocus(desk.page));
  // 200 % of 1280 and of 640; 320 is also the narrowest phone (WCAG 1.4.10).
  for (const width of [640, 320]) {
    await desk.page.setViewportSize({ width, height: 800 });
    await stand(desk.page);
    findings.addAll(name, await sideways(desk.page, width));
    findings.addAll(`${name} at ${width} px`, await squeezed(desk.page));
  }
  findings.addAll(name, await small(desk.page));
  findings.addAll(`${name} at a desk`, desk.watch.faults);
  return `${name}: ${(weight / 1024).toFixed(1)} KB`;
}

async function inBothSchemes(page, device, job, name, findings) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    const where = `${name} ${device.name} ${scheme}`;
    // In the dark only the colours are others.
    findings.addAll(where, await axe(page, { contrast: scheme === "dark", letter: name === "letter-html" }));
    findings.addAll(where, await sideways(page, device.viewport.width));
    if (scheme === "light") findings.addAll(where, await squeezed(page));
    if (job.pictures) {
      const path = `${job.pictures}/${name}-${device.name}-${scheme}.jpeg`;
      await page.screenshot({ path, fullPage: true, quality: 70 });
    }
  }
}

function weighUp(files, findings, { name, path }) {
  const counted = files.filter(({ url }) => !APART.test(new URL(url).pathname));
  const weight = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  const list = counted.map(({ url, bytes, coded }) => `${new URL(url).pathname} ${coded} ${bytes}`).join(", ");
  const mapped = APART.test(path);
  findings.check(name, counted.length > 0 || mapped, "nothing came over the wire: this proves nothing");
  findings.check(name, mapped || weight <= MOST, `weighs ${weight} bytes, more than ${MOST}: ${list}`);
  const packable = counted.filter(({ type }) => ["Document", "Stylesheet", "Script"].includes(type));
  const unpacked = packable.filter(({ coded }) => coded !== "br").map(({ url, coded }) => `${url} (${coded})`);
  findings.check(name, unpacked.length === 0, `comes unpacked: ${unpacked.join(", ")}`);
  return weight;
}

/** The first thing that a keyboard reaches leads past the sign, and the whole page can be walked with it. */
async function keyboard(browser, job, findings) {
  const { page, watch, close } = await visit(browser, job.base);
  await open(page, "/");
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => {
    const { left, top, right, bottom, height } = document.activeElement.getBoundingClientRect();
    const shown = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && height > 20;
    return { href: document.activeElement.getAttribute("href"), shown };
  });
  findings.check("keyboard", first.href === "#main", `the first stop leads to ${first.href}, not to #main`);
  findings.check("keyboard", first.shown, "the first stop cannot be seen while it has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => document.querySelector("main").contains(document.activeElement));
  findings.check("keyboard", inMain, "after the skip link, the next stop is not in the main part");
  findings.addAll("keyboard", watch.faults);
  await close();
  findings.done("keyboard");
}
