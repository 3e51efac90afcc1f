// Journey 2 with nothing but a keyboard. Start at `run`.

import { DESK, open, stand, visit } from "./browser.mjs";

export async function run({ browser, job, findings }, call) {
  const { page, watch, close } = await visit(browser, job.base, { device: DESK });
  await open(page, call);
  await reach(page, /^I can help$/);
  await enter(page);
  await reach(page, /^name$/);
  await page.keyboard.type("Keyboard Kim");
  await reach(page, /^email$/);
  await page.keyboard.type("kim@example.org");
  await reach(page, /^I can help$/);
  await enter(page);
  const text = await page.locator("main").innerText();
  findings.check("keyboard", text.includes("kim@example.org"), `does not end with a letter: ${text.slice(0, 300)}`);
  findings.addAll("keyboard", watch.faults);
  await close();
  findings.done("visitor, by keyboard alone");
}

/** Presses Tab until something of this name has the focus, and shows it. */
async function reach(page, name) {
  const passed = [];
  for (let stops = 60; stops > 0; stops -= 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const shown = outlineStyle !== "none" || boxShadow !== "none";
      return { name: (element.name || element.innerText || "").trim(), shown };
    });
    if (!here.shown) throw new Error(`the focus does not show on “${here.name}”`);
    if (name.test(here.name)) return;
    passed.push(here.name);
  }
  throw new Error(`Tab does not reach ${name}: ${passed.join(", ")}`);
}

async function enter(page) {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await stand(page);
}
