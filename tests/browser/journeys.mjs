// The journeys of people, walked and counted: a secretary publishes, a visitor helps, an organiser answers and closes.
//
// Each is walked on a phone and at a desk, with scripts and without. What it did is read from the pages afterwards, and
// from what other servers read. Start at `run`.

import { ask } from "./asking.mjs";
import { DESK, PHONE, signIn } from "./browser.mjs";
import * as keyboard from "./keyboard.mjs";
import * as mistakes from "./mistakes.mjs";
import { Walk, letter } from "./walking.mjs";

const WAYS = [
  { device: PHONE, scripts: true },
  { device: PHONE, scripts: false },
  { device: DESK, scripts: true },
  { device: DESK, scripts: false },
];

export async function run({ browser, job, findings }) {
  await mistakes.run({ browser, job, findings }, await signIn(browser, job.base, job.signIn.ruth));
  await keyboard.run({ browser, job, findings }, job.call);
  for (const [number, way] of WAYS.entries()) {
    const on = `${way.device.name}${way.scripts ? "" : " without scripts"}`;
    const title = `Carry ${number + 2} ladders to the library`;
    const { call, state } = await publish(browser, job, findings, `secretary, ${on}`, way, title);
    const visitor = { name: `Nadia ${number}`, email: `nadia.${number}@example.org` };
    const receipt = await help(browser, job, findings, `visitor, ${on}`, way, call, visitor);
    await answer(browser, job, findings, `organiser, ${on}`, way, { call, title, receipt, visitor, state });
  }
}

/** Journey 1. A secretary asks for a link, opens it from the mail, and publishes a call. Counted from the link on. */
async function publish(browser, job, findings, name, way, title) {
  const walk = await Walk.begin(browser, job, findings, name, way);
  await walk.open("/sign-in");
  await walk.type(/e-mail address/i, job.secretary);
  await walk.tap(walk.button(/send me a link/i));
  const { link } = await letter(browser, job, job.secretary);
  walk.startCounting();
  await walk.open(link);
  await walk.tap(walk.page.locator("main").getByRole("button").first());
  if (!new URL(walk.page.url()).pathname.startsWith("/desk")) await walk.open("/desk");
  await walk.tap(walk.page.locator("main").getByRole("link", { name: /ask for something/i }));
  await walk.type(/say it in one line/i, title);
  await walk.type(/how many/i, "2");
  await walk.type(/what they say to offer it/i, "I can carry");
  const day = new Date(Date.now() + 12 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  await walk.type("Day", day);
  await walk.type(/where\?/i, "Hyde Park library");
  await walk.type(/why does it matter/i, "The roof leaks onto the children’s books.");
  await walk.tap(walk.button(/see it as others will/i));
  await walk.says(title);
  const before = walk.screens;
  await walk.tap(walk.button(/publish this call/i));
  await walk.says("Published");
  await walk.tap(walk.page.locator("main").getByRole("link", { name: "See it" }));
  walk.screens = before;
  await walk.says(title);
  const path = new URL(walk.page.url()).pathname;
  const state = await walk.context.storageState();
  const object = await read(job, path);
  walk.check(object?.type === "Question", `for other servers it is ${object?.type}, not a poll`);
  walk.check(JSON.stringify(object ?? {}).includes(title), `other servers do not read “${title}”`);
  const options = (object?.oneOf ?? object?.anyOf ?? []).map((option) => option.name);
  walk.check(options.includes("I can carry"), `other servers read the options ${options}`);
  await walk.end({ screens: 4, fields: 12 });
  return { call: path, state };
}

/** Journey 2. A visitor without an account helps: from the page, by name and e-mail, confirmed from the mail. */
async function help(browser, job, findings, name, way, call, visitor) {
  const walk = await Walk.begin(browser, job, findings, name, way);
  await walk.open(call);
  const button = walk.link(/^I can help$/);
  const box = await button.boundingBox();
  const low = Math.round(box.y + box.height);
  walk.check(low <= walk.device.viewport.height, `“I can help” ends ${low} px down, below the first view`);
  walk.startCounting();
  await walk.tap(button);
  await walk.type(/your name/i, visitor.name);
  await walk.type(/your e-mail address/i, visitor.email);
  await walk.tap(walk.button(/^I can help$/));
  await walk.says(visitor.email);
  const { link, count } = await letter(browser, job, visitor.email);
  walk.check(count === 1, `${count} letters came, not one`);
  await walk.open(link);
  await walk.tap(walk.button(/yes, I can help/i));
  const receipt = new URL(walk.page.url()).pathname;
  walk.check(receipt.startsWith("/pledges/"), "confirming does not lead to the receipt");
  await walk.says("I can carry");
  await walk.end({ taps: 3, fields: 2 });
  return receipt;
}

/** Journey 4. The organiser sees the pledge, accepts it, thanks, and closes the call with what came of it. */
async function answer(browser, job, findings, name, way, { call, title, receipt, visitor, state }) {
  const walk = await Walk.begin(browser, job, findings, name, { ...way, state });
  await walk.open("/desk");
  const row = walk.page.locator("main li").filter({ hasText: visitor.name });
  walk.check((await row.count()) === 1, `${visitor.name} is on the desk ${await row.count()} times`);
  const item = await row.first().getByRole("link", { name: title }).getAttribute("href");
  walk.startCounting();
  await walk.tap(row.getByRole("button", { name: /^accept$/i }));
  await row.waitFor({ state: "detached" });
  await walk.open(item.startsWith("/desk") ? item : `/desk/items/${item.split("/").pop()}`);
  walk.taps += 1;
  await walk.tap(walk.page.locator("main li").filter({ hasText: visitor.name }).getByRole("button", { name: /thank/i }));
  await walk.tap(walk.page.locator("main").getByRole("link", { name: /close it|what came of it/i }));
  await walk.type(/outcome/i, "Both ladders are there.");
  await walk.type(/thanks to those/i, "Thank you for carrying.");
  await walk.tap(walk.button(/close this call/i));
  const clicks = walk.taps;
  await walk.open(call);
  await walk.says("Both ladders are there.");
  const object = await read(job, call);
  walk.check(Boolean(object?.closed ?? object?.endTime), "other servers do not read that it is closed");
  walk.check(JSON.stringify(object ?? {}).includes("Both ladders are there."), "other servers do not read what came of it");
  await walk.open(receipt);
  await walk.says("thank");
  walk.taps = clicks;
  await walk.end({ taps: 6 });
}

/** What other servers read of an item of this page. */
async function read(job, path) {
  const answer = await ask(job.base, `/ap${path}`, { accept: "application/activity+json" });
  return answer.status === 200 ? JSON.parse(answer.text) : undefined;
}
