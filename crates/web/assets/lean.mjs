// Pico without the parts that no page here uses: half of it, and it goes out with every first view. Its rules are taken
// or left whole; nothing is rewritten. A page that needs one of these parts takes it off the list.

const UNUSED = new RegExp([
  String.raw`\[data-theme=`, "dropdown", "data-tooltip", "dialog", "modal", "breadcrumb", "aria-busy", "hgroup",
  String.raw`\[role=(?:group|search|switch|button|document)`, "type=(?:range|color|button|reset)",
  String.raw`\.(?:grid|container|secondary|contrast|outline|overflow)`,
  String.raw`\b(?:kbd|samp|ins|audio|video|canvas|iframe)\b`, "::-(?:moz|webkit|ms)-(?:range|color|slider)",
].join("|"));

/** The style sheet without rules whose every selector names something unused. */
export function lean(css) {
  return blocks(css.replace(/^@charset[^;]*;/, "")).map((block) => {
    const open = block.indexOf("{");
    const [head, body] = [block.slice(0, open).trim(), block.slice(open + 1, -1)];
    if (/^@(?:media|supports)/.test(head)) {
      const inside = lean(body);
      return inside && `${head}{${inside}}`;
    }
    if (head.startsWith("@")) return block;
    const kept = selectors(head).filter((selector) => !UNUSED.test(selector.replaceAll(/:not\([^)]*\)/g, "")));
    return kept.length > 0 ? `${kept.join(",")}{${body}}` : "";
  }).join("");
}

/** The outermost `…{…}` of a minified sheet; braces within quotes count for nothing. */
function blocks(css) {
  const found = [];
  let depth = 0, start = 0, quote = "";
  for (let at = 0; at < css.length; at += 1) {
    const character = css[at];
    if (quote) {
      if (character === "\\") at += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth === 0) {
        found.push(css.slice(start, at + 1));
        start = at + 1;
      }
    }
  }
  return found;
}

/** A list of selectors, split at its outer commas. */
function selectors(list) {
  return list.match(/(?:[^,([]|\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])+/g) ?? [];
}
