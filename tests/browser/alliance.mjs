// Journey 6: an alliance of three associations on three instances, in two minutes in all.
//
// One organiser founds it in one form; the organisers of the other two say yes on their own boards. Clicks and seconds
// are counted from the founder's desk to the moment at which all three say that they belong to it.

import { DESK, signIn, visit } from "./browser.mjs";
import { Walk } from "./walking.mjs";

/** All of it: for all three together. */
const MOST = { seconds: 120, taps: 12, fields: 4 };
/** A typist's pace, in milliseconds for a letter: what is filled in at once would have taken so long. */
const PACE = 250;

export async function run({ browser, job, findings }) {
  const states = [];
  for (const board of job.boards) states.push(await signIn(browser, board.base, board.signIn));
  const began = Date.now();
  const [first, ...others] = job.boards;
  const taken = { taps: 0, fields: 0, typed: 0 };

  const walk = await Walk.begin(browser, { ...job, base: first.base }, findings, "founder", {
    device: DESK, scripts: true, state: states[0],
  });
  await walk.open("/desk");
  await walk.tap(walk.link(/^Alliances$/));
  await walk.tap(walk.link(/found an alliance/i));
  const words = [["Its name", "Leeds Together"], ["Who is asked in", job.members.join("\n")], ["What it is for", "Trees for every street."]];
  for (const [label, text] of words) {
    await walk.type(label, text);
    taken.typed += text.length;
  }
  await walk.tap(walk.button(/found it and ask them in/i));
  await walk.says("Leeds Together");
  taken.taps += walk.taps;
  taken.fields += walk.fields;
  await walk.end({});

  for (const [number, board] of others.entries()) {
    const member = await Walk.begin(browser, { ...job, base: board.base }, findings, `member ${number + 1}`, {
      device: DESK, scripts: true, state: states[number + 1],
    });
    await until(member, "/desk", "Leeds Together");
    await member.tap(member.page.locator("main .note").getByRole("link", { name: /read and answer/i }));
    await member.says("Trees for every street.");
    await member.tap(member.page.locator("main").getByRole("button", { name: /^Yes/ }));
    await member.says("You are a member");
    taken.taps += member.taps;
    await member.end({});
  }

  const founder = await visit(browser, first.base, { state: states[0] });
  const page = { open: (path) => founder.page.goto(path), text: () => founder.page.locator("main").innerText() };
  let both = false;
  for (let patience = 120; patience > 0 && !both; patience -= 1) {
    await page.open("/@leeds-together");
    const text = await page.text();
    both = job.names.every((name) => text.includes(name));
    if (!both) await new Promise((done) => setTimeout(done, 500));
  }
  await founder.close();
  const seconds = Math.round((Date.now() - began + taken.typed * PACE) / 1000);
  findings.check("alliance", both, "its page does not name all three members");
  const told = `${seconds} s at a typist's pace, ${taken.taps} taps, ${taken.fields} fields`;
  const good = seconds <= MOST.seconds && taken.taps <= MOST.taps && taken.fields <= MOST.fields;
  findings.check("alliance", good, `took ${told}, more than ${JSON.stringify(MOST)}`);
  findings.done(`alliance of three on three instances: ${told}`);
}

/** Opens a page again and again until these words stand there: they come from another server. */
async function until(walk, path, words) {
  for (let patience = 120; patience > 0; patience -= 1) {
    await walk.page.goto(path);
    if ((await walk.page.locator("main").innerText()).includes(words)) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  await walk.says(words);
}
