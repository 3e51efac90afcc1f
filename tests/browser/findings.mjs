// What was found wrong, and a line for each thing that was looked at.

export class Findings {
  list = [];
  looked = 0;

  /** Something is wrong there. */
  add(where, what) {
    this.list.push({ where, what });
    console.log(`  WRONG ${where}: ${what}`);
  }

  /** The same for several. */
  addAll(where, many) {
    for (const what of many) this.add(where, what);
  }

  /** It must be so. */
  check(where, isSo, what) {
    if (!isSo) this.add(where, what);
    return isSo;
  }

  /** Something was looked at; says how far we are. */
  done(what, of = undefined) {
    this.looked += 1;
    const far = of === undefined ? `${this.looked}` : `${String(this.looked).padStart(String(of).length)}/${of}`;
    console.log(`[${far}] ${what}`);
  }

  sumUp(part, milliseconds) {
    const wrong = this.list.length === 0 ? "nothing is wrong" : `${this.list.length} things are wrong`;
    console.log(`${part}: looked at ${this.looked}, ${wrong}, ${(milliseconds / 1000).toFixed(1)} s`);
  }
}
