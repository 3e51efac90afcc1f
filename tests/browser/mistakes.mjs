// Forms that are sent with something missing come back with what was typed, and say what is wrong where it is wrong
// (look.md, States: Field). Start at `run`.

import { DESK, PHONE, open, stand, visit } from "./browser.mjs";
import { axe, sideways } from "./measuring.mjs";

const TYPED = "As it was typed";

export async function run({ browser, job, findings }, state) {
  for (const { name, path, as: who, button } of job.forms) {
    for (const device of [PHONE, DESK]) {
      const seat = await visit(browser, job.base, { device, state: who && state });
      await sendAlmostEmpty(seat, `mistakes in ${name}, ${device.name}`, path, button, findings);
      findings.addAll(`mistakes in ${name}`, seat.watch.faults);
      await seat.close();
    }
    findings.done(`mistakes in ${name}`);
  }
}

async function sendAlmostEmpty({ page, watch }, where, path, button, findings) {
  watch.expectAny(422);
  await open(page, path);
  // Whoever sends it may have a browser that checks nothing.
  const press = page.locator("main").getByRole("button", { name: new RegExp(button, "i") }).first();
  const kept = await press.evaluate(({ form }, typed) => {
    form.noValidate = true;
    const fields = [...form.querySelectorAll("input[type=text], textarea")].filter((field) => field.checkVisibility());
    const last = fields.at(-1);
    if (last) last.value = typed;
    return last?.name;
  }, TYPED);
  const [answer] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "POST"),
    press.click(),
  ]);
  await page.waitForLoadState("load");
  await stand(page);
  findings.check(where, answer.status() === 422, `is answered with ${answer.status()}, not with 422`);
  findings.addAll(where, await page.evaluate(unlike, { kept, typed: TYPED }));
  findings.addAll(where, await axe(page));
  findings.addAll(where, await sideways(page, page.viewportSize().width));
}

/** Runs in the page: what is not as it should be. */
function unlike({ kept, typed }) {
  const faults = [];
  const note = document.querySelector("main .note[role=alert]");
  const link = note?.querySelector("a[href^='#']");
  if (!link) return ["there is no note at the top that leads to the field"];
  const field = document.querySelector(link.getAttribute("href"));
  if (!field) return [`the note leads to ${link.getAttribute("href")}, which is not there`];
  if (note.compareDocumentPosition(field) !== Node.DOCUMENT_POSITION_FOLLOWING) faults.push("the note comes after the field");
  // WAI-ARIA 1.2 lets a box be wrong, and a group of radio buttons, but not one of them.
  const saysSo = field.type === "radio" || field.getAttribute("aria-invalid") === "true";
  if (!saysSo) faults.push(`${field.id} does not say that it is wrong`);
  const group = field.closest("fieldset");
  const told = `${field.getAttribute("aria-describedby") ?? ""} ${group?.getAttribute("aria-describedby") ?? ""}`;
  const reason = told.split(" ").filter(Boolean).map((id) => document.getElementById(id)).find((one) => one?.matches(".why"));
  if (!reason?.innerText.trim()) faults.push(`${field.id} does not say why`);
  const other = kept && document.getElementsByName(kept)[0];
  if (other && other.value !== typed) faults.push(`what was typed into ${kept} is gone: “${other.value}”`);
  return faults;
}
