//! Posts of ours, and of others for the same reason, begin with their title in bold. Where the title stands on its own it
//! must not stand there twice.

use crate::html;

/// The text without a first paragraph that is nothing but the title.
pub(crate) fn without_title(safe: &str, title: &str) -> String {
    let Some(rest) = safe.strip_prefix("<p><strong>").or_else(|| safe.strip_prefix("<p><b>")) else {
        return safe.to_owned();
    };
    let Some((bold, after)) = rest.split_once("</p>") else { return safe.to_owned() };
    let bold = bold.strip_suffix("</strong>").or_else(|| bold.strip_suffix("</b>"));
    if !title.is_empty() && bold.is_some_and(|bold| html::words(bold) == title) {
        after.trim_start().to_owned()
    } else {
        safe.to_owned()
    }
}
