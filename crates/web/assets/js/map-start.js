// The map. The rule on what may become HTML comes in with Leaflet (leaflet-global.js), before it.
import "./map.js";
