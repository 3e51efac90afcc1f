//! The text of a post, paragraph by paragraph: what an organiser wrote between what every reader needs to know.
//!
//! Everything plain is escaped here; only [`Paragraphs::html`] takes HTML, which `app` has made safe.

use url::Url;

use crate::{actors::Actor, causes::Cause};

/// HTML that grows by paragraphs.
#[derive(Debug, Default)]
pub struct Paragraphs(String);

impl Paragraphs {
    /// The title in bold: many peers show no other.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        if title.is_empty() { self } else { self.raw(&format!("<strong>{}</strong>", escaped(title))) }
    }

    /// One paragraph of plain text; nothing when it is empty.
    #[must_use]
    pub fn say(self, text: &str) -> Self {
        if text.trim().is_empty() { self } else { self.raw(&escaped(text.trim())) }
    }

    /// A label in front of plain text; nothing when there is no text.
    #[must_use]
    pub fn fact(self, label: &str, text: &str) -> Self {
        if text.trim().is_empty() { self } else { self.say(&format!("{label}: {}", text.trim())) }
    }

    /// Plain text of several lines, each a paragraph.
    #[must_use]
    pub fn lines(mut self, text: &str) -> Self {
        self.0.push_str(&as_typed(text));
        self
    }

    /// Safe HTML as it is.
    #[must_use]
    pub fn html(mut self, html: &str) -> Self {
        self.0.push_str(html.trim());
        self
    }

    /// A link with words.
    #[must_use]
    pub fn link(self, to: &Url, words: &str) -> Self {
        self.raw(&anchor(to, words))
    }

    /// Whose something is, by name and as a mention, and the link to it.
    #[must_use]
    pub fn credit(self, to: &Actor, page: &Url, title: &str) -> Self {
        let name = if to.name.trim().is_empty() { &to.handle } else { &to.name };
        self.raw(&format!("{} ({}): {}", escaped(name.trim()), mention(to), anchor(page, title)))
    }

    /// Words, and then whom they are for as a mention, so that nobody wonders why it came.
    #[must_use]
    pub fn greeting(self, words: &str, to: &Actor) -> Self {
        self.raw(&format!("{} {}", escaped(words), mention(to)))
    }

    /// The hashtags, last, as peers expect them.
    #[must_use]
    pub fn hashtags(self, causes: &[Cause]) -> Self {
        let links: Vec<String> = causes
            .iter()
            .map(|cause| {
                let to = escaped(cause.page.as_str());
                format!(
                    "<a href=\"{to}\" class=\"mention hashtag\" rel=\"tag\">#<span>{}</span></a>",
                    escaped(&cause.tag)
                )
            })
            .collect();
        if links.is_empty() { self } else { self.raw(&links.join(" ")) }
    }

    /// The whole text.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    fn raw(mut self, inner: &str) -> Self {
        self.0.push_str("<p>");
        self.0.push_str(inner);
        self.0.push_str("</p>");
        self
    }
}

fn mention(to: &Actor) -> String {
    format!(
        "<span class=\"h-card\"><a href=\"{}\" class=\"u-url mention\">@<span>{}</span></a></span>",
        escaped(to.page.as_str()),
        escaped(&to.handle)
    )
}

fn anchor(to: &Url, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(to.as_str()), escaped(words))
}

/// Text for an HTML text node or a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Plain text as HTML that shows it exactly as typed, each line a paragraph.
pub fn as_typed(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        html.push_str("<p>");
        html.push_str(&escaped(line));
        html.push_str("</p>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_plain() {
        let text =
            Paragraphs::default().title("A <b> & \"c\"").fact("Where", " ").fact("Why", "1 < 2").finish();
        assert_eq!(text, "<p><strong>A &lt;b&gt; &amp; &quot;c&quot;</strong></p><p>Why: 1 &lt; 2</p>");
    }
}
