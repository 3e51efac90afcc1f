// Looks at a running board in a real browser. `node main.mjs PART < job.json`; the parts stand below.
//
// The job says where the board is, who can sign in, and what to look at (tests/src/board.rs fills it). One line is
// printed for each thing looked at, and the exit code is 0 only when nothing was found. Start at the part you want.

import { launch } from "./browser.mjs";
import { Findings } from "./findings.mjs";

const PARTS = {
  selfcheck: () => import("./selfcheck.mjs"),
  pages: () => import("./pages.mjs"),
  links: () => import("./links.mjs"),
  journeys: () => import("./journeys.mjs"),
  alliance: () => import("./alliance.mjs"),
  carrying: () => import("./carrying.mjs"),
  hostile: () => import("./hostile.mjs"),
};

/** The longest that a part may take, in milliseconds. */
const PATIENCE = 600_000;

const name = process.argv[2];
if (!(name in PARTS)) {
  console.error(`Which part? ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
const text = (await process.stdin.toArray()).join("");
const job = text.trim() === "" ? {} : JSON.parse(text);
const began = Date.now();
const findings = new Findings();
const browser = await launch();
// What hangs must not hang the whole suite: its last line says where.
const patience = setTimeout(() => {
  console.log(`${name}: does not end after ${PATIENCE / 1000} s`);
  process.exit(1);
}, PATIENCE);
try {
  const part = await PARTS[name]();
  await part.run({ browser, job, findings });
} catch (error) {
  findings.add(name, error.stack ?? String(error));
} finally {
  await browser.close();
}
clearTimeout(patience);
findings.sumUp(name, Date.now() - began);
process.exit(findings.list.length === 0 ? 0 : 1);
