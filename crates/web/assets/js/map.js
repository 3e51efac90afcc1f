// The map of what is pinned here: reads map data from this same server, and draws it beside the list that says the same.
//
// Whatever people wrote becomes text, never markup. The kind is told by the shape: a drop is a call, a square an event,
// a diamond a project. What is shown coarsely gets a dashed circle as wide as the doubt.

import L from "leaflet";
import "leaflet.markercluster";

const SHAPES = {
  call: "M20 46C16 38 5 30 5 18a15 15 0 0 1 30 0c0 12-11 20-15 28z",
  event: "M6 6h28v28H6z",
  project: "M20 2l18 18-18 18L2 20z",
};
const ANCHORS = { call: [20, 46], event: [20, 20], project: [20, 20] };

const drawn = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const text = (name, words, attributes = {}) => {
  const element = document.createElement(name);
  element.textContent = words;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

/** A shape with the number that stands in the list. */
const pin = ({ kind, number }) => {
  const svg = drawn("svg", { viewBox: "0 0 40 48", width: 40, height: 48, "aria-hidden": "true" });
  svg.append(drawn("path", { d: SHAPES[kind] ?? SHAPES.event }));
  if (number) {
    const label = drawn("text", { x: 20, y: 25, "text-anchor": "middle" });
    label.textContent = number;
    svg.append(label);
  }
  const anchor = ANCHORS[kind] ?? ANCHORS.event;
  return L.divIcon({ html: svg, className: "pin", iconSize: [40, 48], iconAnchor: anchor, popupAnchor: [0, -20] });
};

/** Only pages of the web are led to. */
const page = (address) => (/^https?:\/\//.test(address) ? address : "#");

const popup = ({ kind, title, page: address, by, place, state, count, language }) => {
  const box = document.createElement("div");
  const word = kind.charAt(0).toUpperCase() + kind.slice(1);
  box.append(text("p", state ? `${word}, ${state.charAt(0).toLowerCase()}${state.slice(1)}` : word, { class: "small quiet" }));
  const heading = document.createElement("h3");
  heading.append(text("a", title, { href: page(address), lang: language ?? "", dir: "auto" }));
  box.append(heading);
  for (const line of [place, count, by]) if (line) box.append(text("p", line, { dir: "auto" }));
  return box;
};

const ring = (cluster) => {
  const html = text("b", cluster.getChildCount());
  return L.divIcon({ html, className: "ring", iconSize: [44, 44] });
};

const draw = (box, features) => {
  box.replaceChildren();
  const map = L.map(box, { attributionControl: false, zoomControl: false, zoomSnap: 0.5, maxZoom: 18, minZoom: 2 });
  L.control.zoom({ zoomInText: "+", zoomOutText: "\u2212" }).addTo(map);
  L.control.scale().addTo(map);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(box.dataset.credit.replaceAll("<", "\u2039")).addTo(map);
  }
  const several = L.markerClusterGroup({ iconCreateFunction: ring, showCoverageOnHover: false, animate: false, maxClusterRadius: 36 });
  // A circle needs a map that knows where it looks.
  const around = ({ geometry: { coordinates: [longitude, latitude] }, properties: { within } }) =>
    L.latLng(latitude, longitude).toBounds(Math.max(400, (within ?? 0) * 1.2));
  const all = features.map(around).reduce((all, place) => all.extend(place), L.latLngBounds([]));
  map.fitBounds(all, { padding: [24, 24], maxZoom: 16 });
  const doubts = new Set();
  for (const { geometry, properties } of features) {
    const [longitude, latitude] = geometry.coordinates;
    const at = L.latLng(latitude, longitude);
    // What is rounded lies at most about this far off. One circle for a place, however much is there: they would add up.
    const doubt = `${at} ${properties.within}`;
    const fresh = properties.within > 100 && !doubts.has(doubt);
    doubts.add(doubt);
    if (fresh) L.circle(at, { radius: properties.within * 0.6, className: "coarse", interactive: false }).addTo(map);
    const number = properties.number ? `${properties.number}: ` : "";
    const marker = L.marker(at, { icon: pin(properties), title: properties.title, alt: number + properties.title, riseOnHover: true });
    several.addLayer(marker.bindPopup(popup(properties), { minWidth: 200 }));
  }
  map.addLayer(several);
};

const box = document.getElementById("map");
if (box) {
  const waiting = box.querySelector(".waiting");
  fetch(box.dataset.src, { headers: { accept: "application/geo+json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then(({ features }) => draw(box, features.filter(({ geometry }) => geometry)))
    .catch((error) => {
      console.warn(error);
      if (waiting) box.replaceChildren(Object.assign(waiting, { textContent: "The map data did not come. The list says the same." }));
    });
}
