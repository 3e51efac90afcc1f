// Follows every link as anybody and as each who can sign in: none leads nowhere, and each kind of page that is reached is
// one that `pages.mjs` looks at. Start at `run`.

import { follow } from "./asking.mjs";
import { forEach, signIn } from "./browser.mjs";

/** Of each kind of page, so many are opened. */
const OF_A_KIND = 6;

export async function run({ browser, job, findings }) {
  const looked = new Set(job.pages.map(({ path }) => kind(new URL(path, job.base))));
  const people = [[undefined, undefined], ...Object.entries(job.signIn)];
  for (const [who = "anybody", link] of people) {
    const state = link && (await signIn(browser, job.base, link));
    await walk(job, state, who, looked, findings);
  }
}

async function walk(job, state, who, looked, findings) {
  const opened = new Map();
  let links = 0;
  let next = ["/"];
  while (next.length > 0) {
    const found = new Set();
    await forEach(next, async (path) => {
      const answer = await follow(job.base, path, { state });
      links += 1;
      const [type] = (answer.headers["content-type"] ?? "").split(";");
      // What is one person's own is linked for all, and says to others how to sign in.
      const asks = who === "anybody" && answer.status === 403 && /^\/(desk|me)\b/.test(answer.url.pathname);
      if (!findings.check(`link for ${who}`, answer.status < 400 || asks, `${path} is answered with ${answer.status}`)) return;
      if (type !== "text/html") return;
      const here = answer.url;
      findings.check(`link for ${who}`, looked.has(kind(here)), `${here.pathname} is reached and nobody looks at it`);
      for (const [, href] of answer.text.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)) {
        const url = new URL(href.replaceAll("&amp;", "&"), here);
        if (url.origin === here.origin) found.add(`${url.pathname}${url.search}`);
      }
    });
    next = [...found].filter((path) => {
      const url = new URL(path, job.base);
      const of = opened.get(kind(url)) ?? new Set();
      opened.set(kind(url), of);
      return !of.has(path) && of.size < OF_A_KIND && of.add(path);
    });
  }
  findings.done(`${links} links as ${who}, ${opened.size} kinds of pages`);
  findings.check(`link for ${who}`, opened.size >= 8, `only ${opened.size} kinds of pages are linked: this proves little`);
}

/** `/calls/0190…/help` and `/@moor` are one kind of page each, whatever they are about. */
function kind(url) {
  const parts = url.pathname.split("/").map((part) => {
    if (/^@/.test(part)) return "@";
    if (/^[0-9a-z_-]{20,}$/i.test(part) && /\d/.test(part)) return "*";
    return part;
  });
  if (parts[1] === "causes" && parts[2]) parts[2] = "*";
  return parts.join("/");
}
