//! Markdown in, safe HTML out: the only place where HTML of ours is made from what people write.

use std::sync::LazyLock;

use ammonia::Builder;
use comrak::Options;
use folkmoot_domain::text::Prose;

/// Elements that every peer shows and that cannot harm: no pictures, forms, styles or drawings.
const ELEMENTS: [&str; 15] =
    ["p", "br", "strong", "em", "del", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"];

static ALLOW: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut allow = Builder::empty();
    allow
        .tags(ELEMENTS.into())
        .add_tag_attributes("a", ["href"])
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(Some("nofollow noopener noreferrer"));
    allow
});

/// Makes prose of Markdown. Raw HTML in it is shown as text.
pub fn prose(markdown: &str) -> Prose {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    options.render.hardbreaks = true;
    let html = comrak::markdown_to_html(markdown, &options);
    Prose { source: markdown.to_owned(), html: ALLOW.clean(&html).to_string().trim().to_owned() }
}

/// Makes HTML of others safe that is kept as if it had come in today.
pub(crate) fn clean(html: &str) -> String {
    ALLOW.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn markdown_becomes_safe_html() {
        assert_eq!(prose("Bring **gloves**").html, "<p>Bring <strong>gloves</strong></p>");
        let hostile =
            prose("<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](https://a.example/p.png)").html;
        assert!(
            !hostile.contains("<script") && !hostile.contains("javascript:") && !hostile.contains("<img"),
            "{hostile}"
        );
        assert!(prose("https://hyde.example").html.contains(r#"<a href="https://hyde.example""#));
    }
}
