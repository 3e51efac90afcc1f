// Proves that what we look for is found: a page on which everything is wrong, and one on which nothing is.

import { createServer } from "node:http";
import { once } from "node:events";

import { open, visit } from "./browser.mjs";
import { wrongInPage } from "./hostile.mjs";
import { axe, hiddenFocus, shift, sideways, small, squeezed, weigh } from "./measuring.mjs";

const GOOD = `<!doctype html><html lang="en"><head><title>Good</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"></head>
<body><main><h1>Good</h1><p>Nothing is wrong with <a href="/">this</a>.</p></main></body></html>`;

const BAD = `<!doctype html><html><head><title>Bad</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/bad.css">
<script src="/bad.js"></script></head>
<body><div id="top"></div><h1>Bad</h1><img src="/slow.png"><p class="wide">wide</p><button class="tiny">x</button><button class="tiny">y</button>
<p class="pale">pale</p><p class="thin">squeezed</p><script>window.inline = true;</script><p onclick="alert(1)">moves</p></body></html>`;

const ATTACKED = `<!doctype html><html lang="en"><head><title>Attacked</title><link rel="icon" href="data:,">
<script src="/attack.js"></script></head><body><main><h1>marked</h1><p onclick="x()">a</p><p style="color:red">b</p>
<a href="javascript:x()">c</a><form action="https://attacker.example/"><button>d</button></form>
<a href="https://attacker.example/" target="_blank" rel="opener">e</a></main><main></main></body></html>`;

const FILES = {
  "/good": ["text/html", GOOD],
  "/bad": ["text/html", BAD],
  "/attacked": ["text/html", ATTACKED],
  "/attack.js": ["text/javascript", "window.marked = 1"],
  "/bad.css": ["text/css", ".wide { width: 2000px } .tiny { font-size: 5px; padding: 0; outline: 0 !important } .pale { color: #bbb } .thin { width: 1em; overflow-wrap: anywhere }"],
  "/bad.js": [
    "text/javascript",
    `console.error("loud"); alert("look"); setTimeout(() => { throw new Error("thrown") });
     new Image().src = "http://other.localhost:" + location.port + "/pixel"; fetch("/missing"); open("/good");
     setTimeout(() => document.getElementById("top").append("moves ".repeat(900)), 150);`,
  ],
  "/slow.png": ["image/png", "no picture"],
};

export async function run({ browser, findings }) {
  const server = createServer((request, answer) => {
    const [type, text] = FILES[request.url] ?? ["text/plain", "no"];
    const csp = "default-src 'self'; script-src 'self'; img-src * data:";
    answer.writeHead(request.url in FILES ? 200 : 404, { "content-type": type, "content-security-policy": csp });
    setTimeout(() => answer.end(text), request.url === "/slow.png" ? 600 : 0);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://check.localhost:${server.address().port}`;
  const good = await lookAt(browser, base, "/good");
  findings.check("selfcheck", good.faults.length === 0, `the good page: ${good.faults.join("; ")}`);
  findings.check("selfcheck", good.weight > 300 && good.weight < 900, `the good page weighs ${good.weight}`);
  findings.done("a page on which nothing is wrong");

  const bad = await lookAt(browser, base, "/bad");
  for (const wanted of [
    "console error: loud",
    "a dialog opened: look",
    "script error: thrown",
    "request to somebody else: http://other.localhost",
    "answered with 404: http://check.localhost",
    "refused by the policy: script-src-elem inline",
    "a window opened",
    "what is shown moves",
    "scrolls sideways: ",
    "too small to press: button",
    "focus does not show: button",
    "squeezed: “squeezed”",
    "axe image-alt",
    "axe html-has-lang",
    "axe target-size",
    "axe color-contrast",
  ]) {
    const found = bad.faults.some((fault) => fault.includes(wanted));
    findings.check("selfcheck", found, `not noticed: ${wanted}\n${bad.faults.join("\n")}`);
  }
  findings.done("a page on which everything is wrong");
  await attacked(browser, base, findings);
  server.close();
  server.closeAllConnections();
}

async function attacked(browser, base, findings) {
  const { page, close } = await visit(browser, base);
  await open(page, "/attacked");
  const { faults, shown } = await page.evaluate(wrongInPage, "marked");
  await close();
  for (const wanted of [
    "a script of a stranger ran",
    "an attribute that runs: p onclick",
    "a style of its own: p",
    "leads to a script: javascript:x()",
    "a form that leads to https://attacker.example/",
    "a link that hands over the window",
    "the page was broken open",
  ]) {
    const found = faults.some((fault) => fault.includes(wanted));
    findings.check("selfcheck", found, `not noticed: ${wanted}\n${faults.join("\n")}`);
  }
  findings.check("selfcheck", shown === 1, `the payload is shown ${shown} times, not once`);
  findings.done("a page that was attacked");
}

async function lookAt(browser, base, path) {
  const seat = await visit(browser, base);
  const { page, watch, close } = seat;
  const files = await weigh(seat);
  await open(page, path);
  const moved = await shift(page);
  const faults = [moved > 0 ? `what is shown moves: ${moved}` : []].flat();
  await page.setViewportSize({ width: 320, height: 800 });
  for (const measure of [axe, hiddenFocus, small, squeezed]) faults.push(...(await measure(page)));
  faults.push(...(await sideways(page, 320)), ...watch.faults);
  await close();
  return { faults, weight: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
