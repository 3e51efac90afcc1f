// Makes built/ of css/, js/, brand/ and what package-lock.json pins: bundled, minified, named by content, and packed
// once for all. It must write the same bytes on every machine, or `--check` could tell nobody that built/ is stale.
//
//   node build.mjs            writes built/
//   node build.mjs --check    writes nothing; fails when built/ is not what would be written
//
// Start at the end of the file. `cargo xtask assets` installs the packages and calls this.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import subsetFont from "subset-font";
import { lean } from "./lean.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "built");

/** One bundle each: a sheet or a script that pages name. */
const BUNDLES = [
  "css/folkmoot.css",
  "css/item.css",
  "css/desk.css",
  "css/drawings.css",
  "css/poster.css",
  "css/map.css",
  "js/folkmoot.js",
];

/** The cluster plugin wants Leaflet as a global; it gets it as an import. */
const MAP = { entryPoints: ["js/map-start.js"], inject: ["js/leaflet-global.js"] };

/** Lucide's drawings that pages use, by Lucide's names. A new one: add its name, and run `cargo xtask assets`. */
const LUCIDE = [
  "arrow-left", "arrow-right", "backpack", "calendar-clock", "calendar-plus", "check", "circle", "circle-alert",
  "circle-check", "circle-dot", "circle-x", "clock", "copy", "eye", "file-text", "flag", "hand-helping",
  "heart-handshake", "image", "info", "key-round", "lightbulb", "link", "list", "lock-keyhole", "log-out", "mail", "map",
  "map-pin", "megaphone", "message-circle", "moon", "octagon-x", "pencil", "phone", "plus", "printer", "repeat-2", "reply",
  "rss", "search", "settings", "share-2", "shield-check", "sliders-horizontal", "smartphone", "trash-2", "triangle-alert",
  "undo-2", "user-plus", "users", "video", "x",
];

/** Arrows point the other way where one reads from the right. */
const FLIPPED = new Set(["arrow-left", "arrow-right", "log-out", "reply", "undo-2"]);

/** What a file is, by its ending, and whether packing makes it smaller. */
const KINDS = {
  css: ["text/css; charset=utf-8", true],
  js: ["text/javascript; charset=utf-8", true],
  svg: ["image/svg+xml", true],
  png: ["image/png", false],
  woff2: ["font/woff2", false],
};

const ending = (name) => name.slice(name.lastIndexOf(".") + 1);
const constant = (name) => name.replaceAll(/[^A-Za-z0-9]/g, "_").toUpperCase();
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);

/**
 * Letters, no hints: those are for the screens of old, and nearly half of a file. The Latin file keeps what English and
 * its neighbours write (U+0020–00FF, a few beyond, and punctuation), the other one all that is in it.
 */
const letters = {
  name: "letters",
  setup(bundler) {
    bundler.onLoad({ filter: /\.woff2$/ }, async ({ path }) => {
      const ranges = path.includes("latin-ext") ? [[0x100, 0x2ff], [0x1e00, 0x1eff], [0x2020, 0x2c7f]] : [
        [0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2010, 0x2026], [0x2030, 0x203a], [0x20ac, 0x20ac],
        [0x2122, 0x2122], [0x2190, 0x2193], [0x2212, 0x2212],
      ];
      const text = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
      const options = { targetFormat: "woff2", noHinting: true };
      const contents = await subsetFont(readFileSync(path), String.fromCodePoint(...text), options);
      return { contents, loader: "file" };
    });
  },
};

const leanPico = {
  name: "lean-pico",
  setup(bundler) {
    bundler.onLoad({ filter: /pico\.min\.css$/ }, ({ path }) => {
      return { contents: lean(readFileSync(path, "utf8")), loader: "css" };
    });
  },
};

/** Bundles what `entries` say; answers esbuild's files and its account of them. */
function bundle(entries) {
  return build({
    absWorkingDir: here,
    ...entries,
    outdir: "built",
    entryNames: "[name].[hash]",
    assetNames: "[name].[hash]",
    publicPath: "/assets/",
    bundle: true,
    minify: true,
    legalComments: "inline",
    format: "iife",
    target: ["chrome109", "firefox115", "safari16"],
    loader: { ".png": "file" },
    plugins: [letters, leanPico],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
}

/** Files by their name in built/, and the constant that names each of those that pages name. */
async function bundles() {
  const files = new Map(), names = new Map();
  for (const made of [await bundle({ entryPoints: BUNDLES }), await bundle(MAP)]) {
    for (const file of made.outputFiles) files.set(file.path.slice(built.length + 1), Buffer.from(file.contents));
    for (const [path, output] of Object.entries(made.metafile.outputs)) {
      const entry = output.entryPoint ?? Object.keys(output.inputs)[0];
      // Extended Latin is asked for by the sheet alone.
      if (output.entryPoint || /latin-\d+-normal\.woff2$/.test(entry)) names.set(constant(shorter(entry)), path.slice("built/".length));
    }
  }
  return { files, names };
}

/** "css/item.css" is ITEM_CSS, ".../atkinson-hyperlegible-latin-400-normal.woff2" is LATIN_400_WOFF2. */
function shorter(path) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace("atkinson-hyperlegible-", "").replace("-normal", "").replace("-start", "");
}

/** The drawings, as the inside of an <svg> on a square of 24. */
function icons() {
  const drawings = [];
  const kinds = readFileSync(join(here, "brand/kinds.svg"), "utf8");
  for (const [, name, inside] of kinds.matchAll(/<symbol id="k-([a-z]+)"[^>]*>(.*?)<\/symbol>/g)) {
    drawings.push([`kind-${name}`, "", inside]);
  }
  for (const name of LUCIDE) {
    const text = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const inside = text.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "");
    const line = inside.replaceAll(/\s+/g, " ").replaceAll(" />", "/>").replaceAll("> <", "><").trim();
    drawings.push([name, FLIPPED.has(name) ? "i flip" : "i", line]);
  }
  return drawings;
}

/** The Rust that embeds it all. */
function table({ files, names }, drawings) {
  const rows = [...files].map(([name]) => {
    const [kind, packs] = KINDS[ending(name)];
    const packed = (suffix) => (packs ? `Some(include_bytes!("${name}.${suffix}"))` : "None");
    return `    Built {\n        name: "${name}",\n        kind: "${kind}",\n        plain: include_bytes!("${name}"),\n`
      + `        brotli: ${packed("br")},\n        gzip: ${packed("gz")},\n    },\n`;
  });
  const paths = [...names].sort().map(([name, file]) => `pub(crate) const ${name}: &str = "/assets/${file}";\n`);
  const shapes = drawings.map(([name, classes, inside]) =>
    `    pub(crate) const ${constant(name)}: Icon = Icon::new("${classes}", r#"${inside}"#);\n`);
  return "//! Written by `cargo xtask assets` from `crates/web/assets`; never by hand. What is bundled, where it is served, and\n"
    + "//! every drawing that pages may use.\n\n"
    + "use super::Built;\n\n"
    + `pub(super) static FILES: &[Built] = &[\n${rows.join("")}];\n\n${paths.join("")}\n`
    + "/// The drawings: the kinds are ours, the rest are Lucide's (ISC licence), under Lucide's names.\n"
    + `#[expect(dead_code, reason = "a few wait for their page")]\npub(crate) mod icon {\n    use crate::assets::Icon;\n\n${shapes.join("")}}\n`;
}

const PACKED = {
  br: {
    pack: (bytes) => brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
    unpack: brotliDecompressSync,
  },
  gz: { pack: (bytes) => gzipSync(bytes, { level: 9 }), unpack: gunzipSync },
};

function kept(name) {
  try {
    return readFileSync(join(built, name));
  } catch {
    return null;
  }
}

/** Packed bytes differ between builds of zlib, so packed files are kept for as long as they hold what they should. */
function holds(name, unpack, bytes) {
  const packed = kept(name);
  try {
    return packed && unpack(packed).equals(bytes) ? packed : null;
  } catch {
    return null;
  }
}

/** All that belongs into built/, by name. */
async function all() {
  const made = await bundles();
  const favicon = readFileSync(join(here, "brand/favicon.svg"));
  const favicons = `favicon.${hash(favicon)}.svg`;
  made.files.set(favicons, favicon);
  made.names.set("FAVICON_SVG", favicons);
  made.files = new Map([...made.files].sort(([one], [other]) => (one < other ? -1 : 1)));
  const whole = new Map(made.files);
  for (const [name, bytes] of made.files) {
    if (!KINDS[ending(name)][1]) continue;
    for (const [suffix, { pack, unpack }] of Object.entries(PACKED)) {
      const packed = `${name}.${suffix}`;
      whole.set(packed, holds(packed, unpack, bytes) ?? pack(bytes));
    }
  }
  return whole.set("table.rs", Buffer.from(table(made, icons())));
}

const whole = await all();
mkdirSync(built, { recursive: true });
const surplus = readdirSync(built).filter((name) => !whole.has(name));
const stale = [...whole].filter(([name, bytes]) => !kept(name)?.equals(bytes)).map(([name]) => name);
if (process.argv.includes("--check")) {
  if (stale.length + surplus.length > 0) {
    console.error(`stale in crates/web/assets/built: ${[...stale, ...surplus].join(", ")}`);
    process.exit(1);
  }
} else {
  // The new files and their table first, so that a compiler that reads meanwhile finds what the table names.
  for (const name of stale.filter((name) => name !== "table.rs")) writeFileSync(join(built, name), whole.get(name));
  if (stale.includes("table.rs")) writeFileSync(join(built, "table.rs"), whole.get("table.rs"));
  for (const name of surplus) rmSync(join(built, name));
}
