// A board on which every name, title and text is an attack, opened page by page in a real browser: nothing runs, nothing
// loads, nothing leads astray. Start at `run`.

import { Seats, forEach, open, signIn } from "./browser.mjs";

export async function run({ browser, job, findings }) {
  const states = {};
  for (const [who, link] of Object.entries(job.signIn)) states[who] = await signIn(browser, job.base, link);
  const seats = new Seats(browser, job.base, states);
  let shown = 0;
  await forEach(job.pages, async ({ name, path, as: who, status = 200 }, worker) => {
    const { page, watch } = await seats.take(worker, who);
    watch.expect(path, status);
    await open(page, path);
    // What would run late is given the time to.
    await page.mouse.move(200, 200);
    await page.waitForTimeout(50);
    const wrong = await page.evaluate(wrongInPage, job.mark);
    shown += wrong.shown;
    findings.addAll(name, wrong.faults);
    findings.addAll(name, watch.faults);
    findings.done(`${name}: ${wrong.shown} payloads shown as text`, job.pages.length);
  });
  findings.check("hostile", shown >= 50, `only ${shown} payloads were shown on all pages: this proves little`);
}

/** Runs in the page. Payloads set `window[mark]`, and carry the mark in their text. */
export function wrongInPage(mark) {
  const faults = [];
  if (window[mark] !== undefined) faults.push("a script of a stranger ran");
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) faults.push(`an attribute that runs: ${element.localName} ${name}=${value.slice(0, 80)}`);
      // Leaflet places its parts by script, which is no attribute of the page as it came.
      const placed = element.closest(".leaflet-container") !== null;
      if (name === "style" && !placed) faults.push(`a style of its own: ${element.localName} ${value.slice(0, 80)}`);
      const leads = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"].includes(name);
      if (leads && /^\s*(javascript|vbscript|data):/i.test(value)) faults.push(`leads to a script: ${value.slice(0, 80)}`);
      const loads = ["src", "srcset", "poster", "data", "background"].includes(name);
      if (loads && new URL(value.split(" ")[0], location.href).origin !== location.origin) faults.push(`loads from elsewhere: ${value}`);
    }
    if (["iframe", "object", "embed", "base", "frame", "marquee", "portal"].includes(element.localName)) {
      const fine = element.localName === "iframe" && new URL(element.src).origin === location.origin;
      if (!fine) faults.push(`a ${element.localName} on the page`);
    }
  }
  for (const form of document.forms) {
    if (new URL(form.action, location.href).origin !== location.origin) faults.push(`a form that leads to ${form.action}`);
  }
  for (const link of document.querySelectorAll("a[href^='http']")) {
    if (new URL(link.href).origin === location.origin) continue;
    if (link.relList.contains("opener") || (link.target && !link.relList.contains("noopener"))) {
      faults.push(`a link that hands over the window: ${link.outerHTML.slice(0, 120)}`);
    }
  }
  const broken = document.querySelectorAll("main").length !== 1 || document.querySelectorAll("body > *").length > 6;
  if (broken) faults.push("the page was broken open");
  const text = document.body.innerText + document.title;
  return { faults, shown: text.split(mark).length - 1 };
}
