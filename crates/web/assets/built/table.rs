//! Written by `cargo xtask assets` from `crates/web/assets`; never by hand. What is bundled, where it is served, and
//! every drawing that pages may use.

use super::Built;

pub(super) static FILES: &[Built] = &[
    Built {
        name: "atkinson-hyperlegible-latin-400-normal.XZ22I6ZV.woff2",
        kind: "font/woff2",
        plain: include_bytes!("atkinson-hyperlegible-latin-400-normal.XZ22I6ZV.woff2"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "atkinson-hyperlegible-latin-700-normal.2PEDTV2Q.woff2",
        kind: "font/woff2",
        plain: include_bytes!("atkinson-hyperlegible-latin-700-normal.2PEDTV2Q.woff2"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "atkinson-hyperlegible-latin-ext-400-normal.EIZ7RIVZ.woff2",
        kind: "font/woff2",
        plain: include_bytes!("atkinson-hyperlegible-latin-ext-400-normal.EIZ7RIVZ.woff2"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "atkinson-hyperlegible-latin-ext-700-normal.DE2ONC45.woff2",
        kind: "font/woff2",
        plain: include_bytes!("atkinson-hyperlegible-latin-ext-700-normal.DE2ONC45.woff2"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "desk.NDRTB7LV.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("desk.NDRTB7LV.css"),
        brotli: Some(include_bytes!("desk.NDRTB7LV.css.br")),
        gzip: Some(include_bytes!("desk.NDRTB7LV.css.gz")),
    },
    Built {
        name: "drawings.HLPRQ76D.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("drawings.HLPRQ76D.css"),
        brotli: Some(include_bytes!("drawings.HLPRQ76D.css.br")),
        gzip: Some(include_bytes!("drawings.HLPRQ76D.css.gz")),
    },
    Built {
        name: "favicon.d1769ef9d6.svg",
        kind: "image/svg+xml",
        plain: include_bytes!("favicon.d1769ef9d6.svg"),
        brotli: Some(include_bytes!("favicon.d1769ef9d6.svg.br")),
        gzip: Some(include_bytes!("favicon.d1769ef9d6.svg.gz")),
    },
    Built {
        name: "folkmoot.GUJF5U3O.js",
        kind: "text/javascript; charset=utf-8",
        plain: include_bytes!("folkmoot.GUJF5U3O.js"),
        brotli: Some(include_bytes!("folkmoot.GUJF5U3O.js.br")),
        gzip: Some(include_bytes!("folkmoot.GUJF5U3O.js.gz")),
    },
    Built {
        name: "folkmoot.GXLFNEBP.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("folkmoot.GXLFNEBP.css"),
        brotli: Some(include_bytes!("folkmoot.GXLFNEBP.css.br")),
        gzip: Some(include_bytes!("folkmoot.GXLFNEBP.css.gz")),
    },
    Built {
        name: "item.VSU3VXT3.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("item.VSU3VXT3.css"),
        brotli: Some(include_bytes!("item.VSU3VXT3.css.br")),
        gzip: Some(include_bytes!("item.VSU3VXT3.css.gz")),
    },
    Built {
        name: "layers-2x.TBM42ERR.png",
        kind: "image/png",
        plain: include_bytes!("layers-2x.TBM42ERR.png"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "layers.55W3Q4RM.png",
        kind: "image/png",
        plain: include_bytes!("layers.55W3Q4RM.png"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "map-start.PTPQLPRB.js",
        kind: "text/javascript; charset=utf-8",
        plain: include_bytes!("map-start.PTPQLPRB.js"),
        brotli: Some(include_bytes!("map-start.PTPQLPRB.js.br")),
        gzip: Some(include_bytes!("map-start.PTPQLPRB.js.gz")),
    },
    Built {
        name: "map.3LJFEF7Y.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("map.3LJFEF7Y.css"),
        brotli: Some(include_bytes!("map.3LJFEF7Y.css.br")),
        gzip: Some(include_bytes!("map.3LJFEF7Y.css.gz")),
    },
    Built {
        name: "marker-icon.2V3QKKVC.png",
        kind: "image/png",
        plain: include_bytes!("marker-icon.2V3QKKVC.png"),
        brotli: None,
        gzip: None,
    },
    Built {
        name: "poster.PWK6BQXU.css",
        kind: "text/css; charset=utf-8",
        plain: include_bytes!("poster.PWK6BQXU.css"),
        brotli: Some(include_bytes!("poster.PWK6BQXU.css.br")),
        gzip: Some(include_bytes!("poster.PWK6BQXU.css.gz")),
    },
];

pub(crate) const DESK_CSS: &str = "/assets/desk.NDRTB7LV.css";
pub(crate) const DRAWINGS_CSS: &str = "/assets/drawings.HLPRQ76D.css";
pub(crate) const FAVICON_SVG: &str = "/assets/favicon.d1769ef9d6.svg";
pub(crate) const FOLKMOOT_CSS: &str = "/assets/folkmoot.GXLFNEBP.css";
pub(crate) const FOLKMOOT_JS: &str = "/assets/folkmoot.GUJF5U3O.js";
pub(crate) const ITEM_CSS: &str = "/assets/item.VSU3VXT3.css";
pub(crate) const LATIN_400_WOFF2: &str = "/assets/atkinson-hyperlegible-latin-400-normal.XZ22I6ZV.woff2";
pub(crate) const LATIN_700_WOFF2: &str = "/assets/atkinson-hyperlegible-latin-700-normal.2PEDTV2Q.woff2";
pub(crate) const MAP_CSS: &str = "/assets/map.3LJFEF7Y.css";
pub(crate) const MAP_JS: &str = "/assets/map-start.PTPQLPRB.js";
pub(crate) const POSTER_CSS: &str = "/assets/poster.PWK6BQXU.css";

/// The drawings: the kinds are ours, the rest are Lucide's (ISC licence), under Lucide's names.
#[expect(dead_code, reason = "a few wait for their page")]
pub(crate) mod icon {
    use crate::assets::Icon;

    pub(crate) const KIND_CALL: Icon = Icon::new("", r#"<path d="M7.4 12.2V5.4a1.35 1.35 0 0 1 2.7 0V10h.6V3.2a1.35 1.35 0 0 1 2.7 0V10h.6V4.4a1.35 1.35 0 0 1 2.7 0V11h.6V7.2a1.3 1.3 0 0 1 2.6 0v8.1c0 4-2.7 6.9-6.7 6.9-3 0-4.8-1.2-6.3-3.8L3.3 13c-.9-1.7 1.1-3 2.3-1.6z"/>"#);
    pub(crate) const KIND_PROJECT: Icon = Icon::new("", r#"<path d="M11 22v-7.1C5.6 15 2.6 12 2.3 6.6c5.1-.2 8.2 1.9 9.3 5.6C12.3 7.4 15.6 4.3 21.7 4.2c.2 6.3-3.1 10-8.7 10.3V22z"/>"#);
    pub(crate) const KIND_EVENT: Icon = Icon::new("", r#"<path fill-rule="evenodd" d="M7 1.8a1.2 1.2 0 0 1 1.2 1.2V4h7.6V3a1.2 1.2 0 0 1 2.4 0v1H20a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h1.8V3A1.2 1.2 0 0 1 7 1.8zM4.4 9.4v10.2h15.2V9.4zM13 13h4v4h-4z"/>"#);
    pub(crate) const KIND_ASK: Icon = Icon::new("", r#"<path fill-rule="evenodd" d="M4 2h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-6.5L8 22.5V18H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm8 2.6c-2.3 0-3.8 1.3-4 3.4h2.2c.1-1 .8-1.6 1.8-1.6 1 0 1.7.5 1.7 1.4 0 .8-.4 1.2-1.3 1.7-1.1.7-1.5 1.3-1.5 2.5v.4h2.1v-.3c0-.7.3-1 1.2-1.5 1.2-.7 1.8-1.6 1.8-2.9 0-1.9-1.6-3.1-4-3.1zm-.1 8.8a1.35 1.35 0 1 0 0 2.7 1.35 1.35 0 0 0 0-2.7z"/>"#);
    pub(crate) const KIND_OFFER: Icon = Icon::new("", r#"<path fill-rule="evenodd" d="M15.5 1.5a7 7 0 1 1-2.2 13.65L11.5 17H9v2.5H6.5V22H2v-4.3l7-7A7 7 0 0 1 15.5 1.5zm1.7 3.3a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z"/>"#);
    pub(crate) const KIND_UPDATE: Icon = Icon::new("", r#"<path d="M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm2 4v2h10V7zm0 4v2h10v-2zm0 4v2h6v-2z"/>"#);
    pub(crate) const ARROW_LEFT: Icon = Icon::new("i flip", r#"<path d="m12 19-7-7 7-7"/><path d="M19 12H5"/>"#);
    pub(crate) const ARROW_RIGHT: Icon = Icon::new("i flip", r#"<path d="M5 12h14"/><path d="m12 5 7 7-7 7"/>"#);
    pub(crate) const BACKPACK: Icon = Icon::new("i", r#"<path d="M4 10a4 4 0 0 1 4-4h8a4 4 0 0 1 4 4v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/><path d="M8 10h8"/><path d="M8 18h8"/><path d="M8 22v-6a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v6"/><path d="M9 6V4a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v2"/>"#);
    pub(crate) const CALENDAR_CLOCK: Icon = Icon::new("i", r#"<path d="M16 14v2.2l1.6 1"/><path d="M16 2v3"/><path d="M21 7.338V5a2 2 0 00-2-2H5a2 2 0 00-2 2v14a2 2 0 002 2h2.338"/><path d="M3 9h5.859"/><path d="M8 2v3"/><circle cx="16" cy="16" r="6"/>"#);
    pub(crate) const CALENDAR_PLUS: Icon = Icon::new("i", r#"<path d="M16 18h6"/><path d="M16 2v3"/><path d="M19 15v6"/><path d="M21 11.5V5a2 2 0 00-2-2H5a2 2 0 00-2 2v14a2 2 0 002 2h8.3"/><path d="M3 9h18"/><path d="M8 2v3"/>"#);
    pub(crate) const CHECK: Icon = Icon::new("i", r#"<path d="M20 6 9 17l-5-5"/>"#);
    pub(crate) const CIRCLE: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/>"#);
    pub(crate) const CIRCLE_ALERT: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/><line x1="12" x2="12" y1="8" y2="12"/><line x1="12" x2="12.01" y1="16" y2="16"/>"#);
    pub(crate) const CIRCLE_CHECK: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/><path d="m16 9-5.5 5.5L8 12"/>"#);
    pub(crate) const CIRCLE_DOT: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="1"/><circle cx="12" cy="12" r="10"/>"#);
    pub(crate) const CIRCLE_X: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/><path d="m15 9-6 6"/><path d="m9 9 6 6"/>"#);
    pub(crate) const CLOCK: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>"#);
    pub(crate) const COPY: Icon = Icon::new("i", r#"<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>"#);
    pub(crate) const EYE: Icon = Icon::new("i", r#"<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>"#);
    pub(crate) const FILE_TEXT: Icon = Icon::new("i", r#"<path d="M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z"/><path d="M14 2v5a1 1 0 0 0 1 1h5"/><path d="M10 9H8"/><path d="M16 13H8"/><path d="M16 17H8"/>"#);
    pub(crate) const FLAG: Icon = Icon::new("i", r#"<path d="M4 22V4a1 1 0 0 1 .4-.8A6 6 0 0 1 8 2c3 0 5 2 7.333 2q2 0 3.067-.8A1 1 0 0 1 20 4v10a1 1 0 0 1-.4.8A6 6 0 0 1 16 16c-3 0-5-2-8-2a6 6 0 0 0-4 1.528"/>"#);
    pub(crate) const HAND_HELPING: Icon = Icon::new("i", r#"<path d="M11 12h2a2 2 0 1 0 0-4h-3c-.6 0-1.1.2-1.4.6L3 14"/><path d="m7 18 1.6-1.4c.3-.4.8-.6 1.4-.6h4c1.1 0 2.1-.4 2.8-1.2l4.6-4.4a2 2 0 0 0-2.75-2.91l-4.2 3.9"/><path d="m2 13 6 6"/>"#);
    pub(crate) const HEART_HANDSHAKE: Icon = Icon::new("i", r#"<path d="M19.414 14.414C21 12.828 22 11.5 22 9.5a5.5 5.5 0 0 0-9.591-3.676.6.6 0 0 1-.818.001A5.5 5.5 0 0 0 2 9.5c0 2.3 1.5 4 3 5.5l5.535 5.362a2 2 0 0 0 2.879.052 2.12 2.12 0 0 0-.004-3 2.124 2.124 0 1 0 3-3 2.124 2.124 0 0 0 3.004 0 2 2 0 0 0 0-2.828l-1.881-1.882a2.41 2.41 0 0 0-3.409 0l-1.71 1.71a2 2 0 0 1-2.828 0 2 2 0 0 1 0-2.828l2.823-2.762"/>"#);
    pub(crate) const IMAGE: Icon = Icon::new("i", r#"<rect width="18" height="18" x="3" y="3" rx="2" ry="2"/><circle cx="9" cy="9" r="2"/><path d="m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21"/>"#);
    pub(crate) const INFO: Icon = Icon::new("i", r#"<circle cx="12" cy="12" r="10"/><path d="M12 16v-4"/><path d="M12 8h.01"/>"#);
    pub(crate) const KEY_ROUND: Icon = Icon::new("i", r#"<path d="M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z"/><circle cx="16.5" cy="7.5" r=".5" fill="currentColor"/>"#);
    pub(crate) const LIGHTBULB: Icon = Icon::new("i", r#"<path d="M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 1.5 2.5"/><path d="M9 18h6"/><path d="M10 22h4"/>"#);
    pub(crate) const LINK: Icon = Icon::new("i", r#"<path d="M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71"/><path d="M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71"/>"#);
    pub(crate) const LIST: Icon = Icon::new("i", r#"<path d="M3 5h.01"/><path d="M3 12h.01"/><path d="M3 19h.01"/><path d="M8 5h13"/><path d="M8 12h13"/><path d="M8 19h13"/>"#);
    pub(crate) const LOCK_KEYHOLE: Icon = Icon::new("i", r#"<circle cx="12" cy="16" r="1"/><rect x="3" y="10" width="18" height="12" rx="2"/><path d="M7 10V7a5 5 0 0 1 10 0v3"/>"#);
    pub(crate) const LOG_OUT: Icon = Icon::new("i flip", r#"<path d="m16 17 5-5-5-5"/><path d="M21 12H9"/><path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"/>"#);
    pub(crate) const MAIL: Icon = Icon::new("i", r#"<path d="m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7"/><rect x="2" y="4" width="20" height="16" rx="2"/>"#);
    pub(crate) const MAP: Icon = Icon::new("i", r#"<path d="M14.106 5.553a2 2 0 0 0 1.788 0l3.659-1.83A1 1 0 0 1 21 4.619v12.764a1 1 0 0 1-.553.894l-4.553 2.277a2 2 0 0 1-1.788 0l-4.212-2.106a2 2 0 0 0-1.788 0l-3.659 1.83A1 1 0 0 1 3 19.381V6.618a1 1 0 0 1 .553-.894l4.553-2.277a2 2 0 0 1 1.788 0z"/><path d="M15 5.764v15"/><path d="M9 3.236v15"/>"#);
    pub(crate) const MAP_PIN: Icon = Icon::new("i", r#"<path d="M20 10c0 4.993-5.539 10.193-7.399 11.799a1 1 0 0 1-1.202 0C9.539 20.193 4 14.993 4 10a8 8 0 0 1 16 0"/><circle cx="12" cy="10" r="3"/>"#);
    pub(crate) const MEGAPHONE: Icon = Icon::new("i", r#"<path d="M11 6a13 13 0 0 0 8.4-2.8A1 1 0 0 1 21 4v12a1 1 0 0 1-1.6.8A13 13 0 0 0 11 14H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z"/><path d="M6 14a12 12 0 0 0 2.4 7.2 2 2 0 0 0 3.2-2.4A8 8 0 0 1 10 14"/><path d="M8 6v8"/>"#);
    pub(crate) const MESSAGE_CIRCLE: Icon = Icon::new("i", r#"<path d="M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719"/>"#);
    pub(crate) const MOON: Icon = Icon::new("i", r#"<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>"#);
    pub(crate) const OCTAGON_X: Icon = Icon::new("i", r#"<path d="m15 9-6 6"/><path d="M2.586 16.726A2 2 0 0 1 2 15.312V8.688a2 2 0 0 1 .586-1.414l4.688-4.688A2 2 0 0 1 8.688 2h6.624a2 2 0 0 1 1.414.586l4.688 4.688A2 2 0 0 1 22 8.688v6.624a2 2 0 0 1-.586 1.414l-4.688 4.688a2 2 0 0 1-1.414.586H8.688a2 2 0 0 1-1.414-.586z"/><path d="m9 9 6 6"/>"#);
    pub(crate) const PENCIL: Icon = Icon::new("i", r#"<path d="M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z"/><path d="m15 5 4 4"/>"#);
    pub(crate) const PHONE: Icon = Icon::new("i", r#"<path d="M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384"/>"#);
    pub(crate) const PLUS: Icon = Icon::new("i", r#"<path d="M5 12h14"/><path d="M12 5v14"/>"#);
    pub(crate) const PRINTER: Icon = Icon::new("i", r#"<path d="M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2"/><path d="M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6"/><rect x="6" y="14" width="12" height="8" rx="1"/>"#);
    pub(crate) const REPEAT_2: Icon = Icon::new("i", r#"<path d="m2 9 3-3 3 3"/><path d="M13 18H7a2 2 0 0 1-2-2V6"/><path d="m22 15-3 3-3-3"/><path d="M11 6h6a2 2 0 0 1 2 2v10"/>"#);
    pub(crate) const REPLY: Icon = Icon::new("i flip", r#"<path d="M20 18v-2a4 4 0 0 0-4-4H4"/><path d="m9 17-5-5 5-5"/>"#);
    pub(crate) const RSS: Icon = Icon::new("i", r#"<path d="M4 11a9 9 0 0 1 9 9"/><path d="M4 4a16 16 0 0 1 16 16"/><circle cx="5" cy="19" r="1"/>"#);
    pub(crate) const SEARCH: Icon = Icon::new("i", r#"<path d="m21 21-4.34-4.34"/><circle cx="11" cy="11" r="8"/>"#);
    pub(crate) const SETTINGS: Icon = Icon::new("i", r#"<path d="M9.671 4.136a2.34 2.34 0 0 1 4.659 0 2.34 2.34 0 0 0 3.319 1.915 2.34 2.34 0 0 1 2.33 4.033 2.34 2.34 0 0 0 0 3.831 2.34 2.34 0 0 1-2.33 4.033 2.34 2.34 0 0 0-3.319 1.915 2.34 2.34 0 0 1-4.659 0 2.34 2.34 0 0 0-3.32-1.915 2.34 2.34 0 0 1-2.33-4.033 2.34 2.34 0 0 0 0-3.831A2.34 2.34 0 0 1 6.35 6.051a2.34 2.34 0 0 0 3.319-1.915"/><circle cx="12" cy="12" r="3"/>"#);
    pub(crate) const SHARE_2: Icon = Icon::new("i", r#"<circle cx="18" cy="5" r="3"/><circle cx="6" cy="12" r="3"/><circle cx="18" cy="19" r="3"/><line x1="8.59" x2="15.42" y1="13.51" y2="17.49"/><line x1="15.41" x2="8.59" y1="6.51" y2="10.49"/>"#);
    pub(crate) const SHIELD_CHECK: Icon = Icon::new("i", r#"<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"/><path d="m9 12 2 2 4-4"/>"#);
    pub(crate) const SLIDERS_HORIZONTAL: Icon = Icon::new("i", r#"<path d="M10 5H3"/><path d="M12 19H3"/><path d="M14 3v4"/><path d="M16 17v4"/><path d="M21 12h-9"/><path d="M21 19h-5"/><path d="M21 5h-7"/><path d="M8 10v4"/><path d="M8 12H3"/>"#);
    pub(crate) const SMARTPHONE: Icon = Icon::new("i", r#"<rect width="14" height="20" x="5" y="2" rx="2" ry="2"/><path d="M12 18h.01"/>"#);
    pub(crate) const TRASH_2: Icon = Icon::new("i", r#"<path d="M10 11v6"/><path d="M14 11v6"/><path d="M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6"/><path d="M3 6h18"/><path d="M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>"#);
    pub(crate) const TRIANGLE_ALERT: Icon = Icon::new("i", r#"<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>"#);
    pub(crate) const UNDO_2: Icon = Icon::new("i flip", r#"<path d="M9 14 4 9l5-5"/><path d="M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11"/>"#);
    pub(crate) const USER_PLUS: Icon = Icon::new("i", r#"<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><circle cx="9" cy="7" r="4"/><line x1="19" x2="19" y1="8" y2="14"/><line x1="22" x2="16" y1="11" y2="11"/>"#);
    pub(crate) const USERS: Icon = Icon::new("i", r#"<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><path d="M16 3.128a4 4 0 0 1 0 7.744"/><path d="M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>"#);
    pub(crate) const VIDEO: Icon = Icon::new("i", r#"<path d="m16 13 5.223 3.482a.5.5 0 0 0 .777-.416V7.87a.5.5 0 0 0-.752-.432L16 10.5"/><rect x="2" y="6" width="14" height="12" rx="2"/>"#);
    pub(crate) const X: Icon = Icon::new("i", r#"<path d="M18 6 6 18"/><path d="m6 6 12 12"/>"#);
}
