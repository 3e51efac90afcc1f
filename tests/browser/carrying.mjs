// Journey 5: an organiser finds what an association elsewhere published, and carries it with a reason. Counted from the
// list of events on.

import { DESK, PHONE, signIn } from "./browser.mjs";
import { Walk } from "./walking.mjs";

const WAYS = [
  { device: PHONE, scripts: true },
  { device: DESK, scripts: false },
];

export async function run({ browser, job, findings }) {
  for (const [number, way] of WAYS.entries()) {
    const { title, reason } = { title: job.carried[number], reason: `Their beck is ours, too (${number})` };
    const name = `cross-post, ${way.device.name}${way.scripts ? "" : " without scripts"}`;
    const state = await signIn(browser, job.base, number === 0 ? job.signIn.ruth : job.again);
    const walk = await Walk.begin(browser, job, findings, name, { ...way, state });
    await walk.open("/events");
    walk.startCounting();
    await walk.tap(walk.link(title));
    await walk.says("Read it where it was published");
    await walk.tap(walk.link(/carry it to the followers of your association/i));
    await walk.says("boosted");
    await walk.type(/why do you stand behind it/i, reason);
    await walk.tap(walk.button(/^carry it$/i));
    await walk.says("is passed on");
    await walk.says(reason);
    const { taps } = walk;
    // What their followers read, and how it is ended.
    await walk.tap(walk.button(/take it down/i));
    walk.check(!(await walk.page.locator("main").innerText()).includes(reason), "it is passed on still");
    walk.taps = taps;
    await walk.end({ taps: 4, fields: 1 });
  }
}
