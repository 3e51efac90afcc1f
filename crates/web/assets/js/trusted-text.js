// For pages with `require-trusted-types-for 'script'` and a library that hands words to innerHTML (Leaflet does, for its
// credits and its + and −): text may pass, markup may not, but for what Leaflet itself writes. It stands before Leaflet,
// which tries one of them as soon as it is loaded.
const ITS_OWN = ["<svg/>", '<span aria-hidden="true">&#215;</span>'];

const text = (words) => {
  if (words.includes("<") && !ITS_OWN.includes(words)) throw new TypeError("only text becomes HTML on this page");
  return words;
};
window.trustedTypes?.createPolicy("default", { createHTML: text });
