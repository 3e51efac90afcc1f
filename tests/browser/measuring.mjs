// What is measured on a page that stands in front of us. Everything here answers a list of what is wrong, or a number.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds at WCAG 2.2 AA, and against its best practice; with `contrast`, only what colours decide. */
export async function axe(page, { contrast = false, letter = false } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const runOnly = contrast ? { type: "rule", values: ["color-contrast"] } : { type: "tag", values: RULES };
  // The heading of a letter is its subject, which the reader's own program shows.
  const rules = { "page-has-heading-one": { enabled: !letter } };
  const violations = await page.evaluate(async ({ runOnly, rules }) => {
    const options = { runOnly, rules, resultTypes: ["violations"], iframes: false };
    return (await window.axe.run(document, options)).violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
      count: nodes.length,
    }));
  }, { runOnly, rules });
  return violations.map(({ id, help, nodes, count }) => `axe ${id}: ${help} (${count}) ${nodes.join(" | ")}`);
}

/** What is wider than the window, when the page can be scrolled sideways. */
export function sideways(page, width) {
  return page.evaluate((width) => {
    const all = document.scrollingElement.scrollWidth;
    if (all <= width) return [];
    const name = (element) => `${element.localName}.${[...element.classList].join(".")}`;
    const wide = [...document.body.querySelectorAll("*")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > width + 0.5 || box.left < -0.5);
    });
    return [`scrolls sideways: ${all} px at ${width} px (${wide.slice(-3).map(name).join(", ")})`];
  }, width);
}

/** Words that are squeezed into a column of single letters. */
export function squeezed(page) {
  return page.evaluate(() => {
    const faults = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      const { writingMode, fontSize } = getComputedStyle(parentElement);
      if (data.trim().length < 5 || writingMode !== "horizontal-tb" || !parentElement.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const lines = [...range.getClientRects()].filter(({ width }) => width > 1);
      const widest = Math.max(...lines.map(({ width }) => width));
      if (lines.length < 3 || widest > 3 * parseFloat(fontSize)) continue;
      faults.add(`squeezed: “${data.trim().slice(0, 30)}” stands on ${lines.length} lines of ${Math.round(widest)} px`);
    }
    return [...faults].slice(0, 5);
  });
}

/** How much what was shown moved while the page loaded. */
export function shift(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
        });
        observer.observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
      }),
  );
}

/** What is pressed and is smaller than a thumb: buttons and fields under 44 px. */
export function small(page) {
  return page.evaluate(() => {
    const pressed = "button, a[role=button], summary, select, textarea, input:not([type=hidden])";
    const least = 43.5;
    const faults = [];
    for (const element of document.querySelectorAll(pressed)) {
      const choice = ["checkbox", "radio"].includes(element.type);
      const box = ((choice && element.closest("label")) || element).getBoundingClientRect();
      if (box.width === 0 || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      // WCAG 2.5.8: what stands within a line of text may be as high as the line.
      if (element.closest("p, nav, footer")?.matches("nav, footer")) continue;
      if (box.height < least) {
        const words = (element.innerText || element.name || element.type || "").slice(0, 40);
        faults.push(`too small to press: ${element.localName} “${words}” is ${Math.round(box.height)} px high`);
      }
    }
    return faults;
  });
}

/** What can be reached by keyboard and does not show it. */
export function hiddenFocus(page) {
  return page.evaluate(() => {
    const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const edge = (style) =>
      `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor} ${style.boxShadow} ${style.borderColor}`;
    const faults = [];
    for (const element of document.querySelectorAll(reached)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
      const box = (element.type === "radio" || element.type === "checkbox") && element.closest("label");
      const before = edge(getComputedStyle(element)) + (box ? edge(getComputedStyle(box)) : "");
      element.focus({ focusVisible: true, preventScroll: true });
      if (document.activeElement !== element) continue;
      const after = edge(getComputedStyle(element)) + (box ? edge(getComputedStyle(box)) : "");
      const words = (element.innerText || element.name || "").trim().slice(0, 40);
      if (before === after) faults.push(`focus does not show: ${element.localName} “${words}”`);
      element.blur();
    }
    return faults.slice(0, 5);
  });
}

/** Counts what comes over the wire, from now on, for a browser that has kept nothing. */
export async function weigh(seat) {
  const files = [];
  if (seat.wire === undefined) {
    seat.wire = await seat.context.newCDPSession(seat.page);
    const kinds = new Map();
    seat.wire.on("Network.responseReceived", ({ requestId, type, response }) => {
      const coded = response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "plain";
      kinds.set(requestId, { type, url: response.url, coded });
    });
    seat.wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const kind = kinds.get(requestId);
      if (kind && !kind.url.startsWith("data:")) seat.files.push({ ...kind, bytes: encodedDataLength });
    });
    await seat.wire.send("Network.enable");
    await seat.wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  }
  seat.files = files;
  return files;
}
