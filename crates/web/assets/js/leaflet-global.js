// The cluster plugin was written for pages where Leaflet is the global `L`; the bundler hands it this instead, before
// anything else on the page: so the rule on what may become HTML stands here, in front of Leaflet.
import "./trusted-text.js";
export { default as L } from "leaflet";
