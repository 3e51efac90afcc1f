//! What strangers write, made safe to show: HTML through an allow-list, and names as plain text.
//!
//! The allow-list has no `svg`, `math`, `style`, `img` or `form`, nothing that loads, runs or posts. Text
//! that would cost too much to parse is shown as it was typed instead. Sanitising comes last: what leaves
//! here is stored and shown without further change.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
pub use folkmoot_domain::{
    characters::{calm, plain_line as one_line},
    posts::{as_typed, escaped},
};

/// More tags than this are no prose. (An HTML parser may need the square of the number of open tags.)
const TAGS: usize = 4_000;
/// More ampersands than this are no prose either.
const AMPERSANDS: usize = 5_000;
/// Formatting tags with attributes, of which a parser opens every one again in each new paragraph.
const FORMATTING: usize = 30;
/// No honest text grows to this many bytes by being tidied.
const GROWN: usize = 400 * 1024;

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "span",
            "a",
            "del",
            "s",
            "pre",
            "blockquote",
            "code",
            "b",
            "strong",
            "u",
            "i",
            "em",
            "ul",
            "ol",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ruby",
            "rt",
            "rp",
        ]))
        .clean_content_tags(HashSet::from(["script", "style", "title", "template", "noscript"]))
        .add_tag_attributes("a", &["href"])
        .add_allowed_classes("a", &["mention", "hashtag", "u-url"])
        .add_allowed_classes("span", &["h-card", "invisible", "ellipsis"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener noreferrer"));
    builder
});

static NO_TAGS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder.clean_content_tags(HashSet::from(["script", "style", "title", "template", "noscript"]));
    builder
});

/// HTML of a stranger as HTML that may be shown.
pub fn safe(html: &str) -> String {
    if !is_prose(html) {
        return calm(&as_typed(html));
    }
    let clean = ALLOWED.clean(html).to_string();
    // Fewer letters that mark or turn others, and nothing else: no text becomes a tag by that.
    calm(&if clean.len() > GROWN { as_typed(html) } else { clean.trim().to_owned() })
}

/// The words of a piece of HTML, without any tags.
pub fn words(html: &str) -> String {
    let spaced = html.replace("</p", " </p").replace("<br", " <br").replace("</li", " </li");
    let bare = if is_prose(&spaced) { NO_TAGS.clean(&spaced).to_string() } else { spaced };
    let text = bare.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    one_line(&text.replace("&amp;", "&"))
}

/// Cheap enough to parse?
fn is_prose(html: &str) -> bool {
    let count = |byte| html.bytes().filter(|b| *b == byte).count();
    count(b'<') <= TAGS && count(b'&') <= AMPERSANDS && formatting_with_attributes(html) <= FORMATTING
}

/// Counts what may be a formatting tag with attributes (HTML, 13.2.4.3). Counting too many does no harm.
fn formatting_with_attributes(html: &str) -> usize {
    const NAMES: [&str; 13] =
        ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    html.split('<')
        .skip(1)
        .filter(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            !after.starts_with('>') && NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_stays_prose() {
        let mention = r#"<p><span class="h-card"><a href="https://a.example/@b" class="u-url mention">@<span>b</span></a></span> I can <strong>help</strong></p>"#;
        assert_eq!(
            safe(mention),
            r#"<p><span class="h-card"><a href="https://a.example/@b" class="u-url mention" rel="nofollow ugc noopener noreferrer">@<span>b</span></a></span> I can <strong>help</strong></p>"#
        );
        assert_eq!(safe("<p>one<p>two"), "<p>one</p><p>two</p>");
    }

    #[test]
    fn nothing_that_loads_runs_or_posts_survives() {
        for bad in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "<template><script>alert(1)</script></template>",
            "<form action=https://evil.example><input name=a></form>",
            "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
            "<base href=https://evil.example><link rel=stylesheet href=https://evil.example>",
            "<iframe src=https://evil.example></iframe>",
            "<!-- --><![CDATA[<script>alert(1)</script>]]>",
            "<a href=\"javascript:alert(1)\" onclick=alert(1) style=\"position:fixed\">x</a>",
            "<a href=\"data:text/html,x\">x</a><a href=\"/relative\">x</a>",
            "<p style=\"color:red\" class=\"ours\" id=\"ours\">x</p>",
        ] {
            let clean = safe(bad);
            for word in [
                "<script",
                "<img",
                "<svg",
                "<style",
                "<form",
                "<meta",
                "<base",
                "<link",
                "<iframe",
                "onerror=",
                "onclick=",
                "style=",
                "javascript:",
                "data:",
                "relative",
                "class=\"ours\"",
                "id=",
            ] {
                let live = clean.replace("&lt;", "").replace("&gt;", "");
                assert!(!live.contains(word), "{bad} became {clean}");
            }
            assert_eq!(safe(&clean), clean, "sanitising twice changes nothing");
        }
    }

    #[test]
    fn what_costs_too_much_is_shown_as_typed() {
        let formatting: Vec<String> = (0..200).map(|n| format!("<b id={n}>")).collect();
        let formatting = formatting.concat();
        for bomb in [
            "<div>".repeat(20_000),
            "&".repeat(100_000),
            "<".repeat(100_000),
            format!("<p>{formatting}{}", "</p><p>x".repeat(1_000)),
        ] {
            let shown = safe(&bomb);
            assert!(shown.starts_with("<p>&"), "{}", &shown[..40]);
            assert!(!shown.contains("<b"));
            let _ = words(&bomb);
        }
        let long = "<p>One <b>honest</b> &amp; very long text.</p>".repeat(900);
        assert!(safe(&long).contains("<b>honest</b>"));
    }

    #[test]
    fn names_are_plain_text() {
        assert_eq!(words("<p>Tom &amp; &lt;Jerry&gt;</p><p>two</p>"), "Tom & <Jerry> two");
        assert_eq!(words("a<br>b"), "a b");
        assert_eq!(words("&amp;lt;script&gt;"), "&lt;script>");
        assert_eq!(one_line("  A\n\u{202e}evil\u{200b} name\u{0} "), "A evil name");
        assert_eq!(one_line("\u{200b}\u{2066}"), "");
        assert_eq!(as_typed("a < b\n\n'c'"), "<p>a &lt; b</p><p>&#39;c&#39;</p>");
    }
}
