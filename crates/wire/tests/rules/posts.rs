//! What holds for every post, and what a poll, a call and an event need besides.

use std::collections::HashSet;

use serde_json::Value;

use super::{Check, PUBLIC, kind, many, moment, same_host, text};

/// All thirteen keys that `PieFed` reads without asking whether they are there.
const PIEFED_NEEDS: [&str; 13] = [
    "startTime",
    "endTime",
    "timezone",
    "maximumAttendeeCapacity",
    "participantCount",
    "onlineLink",
    "joinMode",
    "externalParticipationUrl",
    "anonymousParticipation",
    "isOnline",
    "buyTicketsLink",
    "feeCurrency",
    "feeAmount",
];

impl Check {
    pub(super) fn post(&mut self, post: &Value) {
        for key in [
            "id",
            "attributedTo",
            "to",
            "cc",
            "content",
            "contentMap",
            "url",
            "published",
            "tag",
            "attachment",
            "sensitive",
        ] {
            self.that(
                post.get(key).is_some_and(|value| !value.is_null()),
                &format!("a post has \u{201c}{key}\u{201d}"),
            );
        }
        for key in ["id", "url"] {
            self.that(
                same_host(text(post, key), text(post, "attributedTo")),
                "5: everything of one actor is on one host",
            );
        }
        self.that(!many(post.get("to")).is_empty(), "9: a post is for somebody");
        // Rule 11; a Link shows as a broken picture on Takahē, so there is none.
        let media = |part: &Value| {
            matches!(kind(part), "Image" | "Document")
                && ["mediaType", "url", "name"]
                    .into_iter()
                    .all(|key| part.get(key).is_some_and(Value::is_string))
                && !text(part, "name").trim().is_empty()
                && same_host(text(part, "url"), text(post, "id"))
        };
        self.that(
            post["attachment"].as_array().is_some_and(|list| list.iter().all(media)),
            "11: attachments are whole pictures",
        );
        if let Some(image) = post.get("image") {
            let first = many(post.get("attachment")).first();
            self.that(
                first.is_some_and(|first| text(first, "url") == text(image, "url")),
                "12: the picture of the whole is the first attachment too",
            );
        }
        self.dates(post);
        self.words(post);
        if many(post.get("to")).iter().any(|to| to == PUBLIC) {
            self.public_post(post);
        } else {
            self.direct_post(post);
        }
        if kind(post) == "Question" {
            self.poll(post);
        }
        if kind(post) == "Event" {
            self.event(post);
        }
        if post.get("publishes").is_some() || kind(post) == "Question" {
            self.proposal(post);
        }
    }

    fn dates(&mut self, post: &Value) {
        if let Some(updated) = moment(post, "updated") {
            self.that(
                moment(post, "published").is_some_and(|published| updated > published),
                "14: updated comes later than published",
            );
        }
    }

    fn words(&mut self, post: &Value) {
        if kind(post) != "Event" {
            self.that(
                post.get("name").is_none() && post.get("summary").is_none(),
                "16: a Note or Question has no name and no summary",
            );
        }
        let by_language: Vec<_> = post["contentMap"].as_object().into_iter().flatten().collect();
        self.that(
            by_language.len() == 1 && by_language.iter().all(|(_, text)| **text == post["content"]),
            "contentMap says the content's one language",
        );
        let html = text(post, "content");
        self.that(
            html.starts_with("<p>") && !html.contains("<script") && !html.contains("<img"),
            "the content is paragraphs",
        );
        if let Some(title) = post.get("civ:name").and_then(Value::as_str) {
            let escaped = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            self.that(
                html.starts_with(&format!("<p><strong>{escaped}</strong></p>")),
                "the content begins with the title in bold",
            );
        }
        for tag in many(post.get("tag")).iter().filter(|tag| kind(tag) == "Hashtag") {
            self.that(html.contains(text(tag, "href")), "a hashtag stands in the text too");
        }
        if post.get("civ:cause").is_some() {
            let hashtags = many(post.get("tag")).iter().filter(|tag| kind(tag) == "Hashtag").count();
            self.that(hashtags == many(post.get("civ:cause")).len(), "every cause has its hashtag");
        }
    }

    fn public_post(&mut self, post: &Value) {
        self.public(post);
        let quoting = post.pointer("/interactionPolicy/canQuote/automaticApproval/0");
        self.that(quoting.is_some_and(|who| who == PUBLIC), "17: everyone may quote");
        if post.get("inReplyTo").is_some() {
            let own = many(post.get("tag"))
                .iter()
                .any(|tag| kind(tag) == "Mention" && tag.get("href") == post.get("attributedTo"));
            self.that(own, "an answer to our own item mentions our own Group");
        }
        if let Some(replies) = post.get("replies") {
            let page = &replies["first"];
            self.that(
                kind(replies) == "Collection" && kind(page) == "CollectionPage" && page["items"].is_array(),
                "replies are inline with a first page",
            );
        }
    }

    /// Rule 10.
    pub(super) fn public(&mut self, said: &Value) {
        self.that(many(said.get("to")).iter().any(|to| to == PUBLIC), "10: what is public is public in to");
        self.that(!many(said.get("cc")).iter().any(|cc| cc == PUBLIC), "10: nothing is unlisted");
        self.that(
            many(said.get("cc")).iter().any(|cc| cc.as_str().is_some_and(|cc| cc.ends_with("/followers"))),
            "10: followers are in cc",
        );
    }

    fn direct_post(&mut self, post: &Value) {
        self.that(
            many(post.get("cc")).is_empty() && many(post.get("to")).len() == 1,
            "what is for one is for nobody else",
        );
        for reader in many(post.get("to")) {
            let named = many(post.get("tag"))
                .iter()
                .any(|tag| kind(tag) == "Mention" && tag.get("href") == Some(reader));
            self.that(named, "what is for one mentions them");
        }
        let quiet = ["interactionPolicy", "replies", "likes", "shares"]
            .into_iter()
            .all(|key| post.get(key).is_none());
        self.that(quiet, "what is for one has nothing public about it");
    }

    fn poll(&mut self, poll: &Value) {
        let options = poll["anyOf"].as_array().cloned().unwrap_or_default();
        self.that((2..=5).contains(&options.len()), "a poll has 2 to 5 options");
        let whole = |option: &Value| {
            kind(option) == "Note"
                && option["replies"]["totalItems"].is_u64()
                && kind(&option["replies"]) == "Collection"
        };
        self.that(options.iter().all(whole), "an option is a Note with its tally");
        let names: HashSet<&str> = options.iter().map(|option| text(option, "name")).collect();
        self.that(
            names.len() == options.len() && names.iter().all(|name| (1..=50).contains(&name.chars().count())),
            "options are short and differ",
        );
        self.that(moment(poll, "endTime").is_some(), "a poll always has an endTime");
        self.that(
            poll.get("closed").is_none_or(|closed| Some(closed) == poll.get("endTime")),
            "closed equals endTime",
        );
        self.that(poll["votersCount"].is_u64(), "a poll says how many voted");
        if poll.get("closed").is_none() && poll["civ:state"] == "open" {
            let html = text(poll, "content");
            self.that(
                html.contains("tells the organisers who you are") && html.contains("If you reply"),
                "an open poll says what a vote tells, and to keep our name",
            );
        }
    }

    /// FEP-0837.
    fn proposal(&mut self, call: &Value) {
        self.that(call["purpose"] == "request", "0837: a call is a request");
        let needs: Vec<&Value> =
            [&call["publishes"]].into_iter().chain(many(call.get("civ:needs"))).collect();
        for need in &needs {
            let known = matches!(text(need, "action"), "deliverService" | "transfer");
            let number = need["resourceQuantity"].get("hasNumericalValue").is_none_or(Value::is_string);
            self.that(
                kind(need) == "Intent" && known && need["resourceQuantity"]["hasUnit"] == "one" && number,
                "0837: an intent is whole",
            );
        }
        let id = text(call, "id");
        self.that(
            text(&call["publishes"], "id") == format!("{id}#primary"),
            "0837: the primary intent is #primary",
        );
        let numbered = many(call.get("civ:needs"))
            .iter()
            .enumerate()
            .all(|(n, need)| text(need, "id") == format!("{id}#need-{}", n + 1));
        self.that(numbered && needs.len() != 2, "several needs are #need-n; one is #primary alone");
    }

    fn event(&mut self, event: &Value) {
        for key in PIEFED_NEEDS {
            self.that(event.get(key).is_some(), &format!("PieFed needs \u{201c}{key}\u{201d}"));
        }
        self.that(
            (3..=200).contains(&text(event, "name").chars().count()),
            "Mobilizon wants a name of 3 to 200 characters",
        );
        self.that(moment(event, "startTime") < moment(event, "endTime"), "an event ends after it begins");
        self.that(
            matches!(text(event, "joinMode"), "free" | "restricted" | "invite" | "external"),
            "Mobilizon knows four join modes",
        );
        let both = matches!(
            (text(event, "status"), text(event, "eventStatus")),
            ("CONFIRMED", "EventScheduled") | ("CANCELLED", "EventCancelled")
        );
        self.that(both, "both words for the status agree");
        self.that(
            event["draft"] == false && event["contacts"].is_array() && event["category"].is_string(),
            "Mobilizon fails on null",
        );
        self.that(
            event["organizers"]["items"] == Value::Array(vec![event["attributedTo"].clone()]),
            "8a8e: the organizers are named",
        );
        if let Some(place) = event.get("location") {
            let floats =
                ["latitude", "longitude"].into_iter().all(|key| place.get(key).is_none_or(Value::is_f64));
            self.that(
                kind(place) == "Place" && place["address"].is_string() && floats,
                "a place has an address, and its degrees are floats",
            );
        }
        let summary = text(event, "summary");
        self.that(
            !summary.is_empty() && !summary.contains(['<', '>']) && !summary.contains("://"),
            "the summary is plain text",
        );
        if event["status"] == "CANCELLED" {
            self.that(
                summary.starts_with("Called off") && text(event, "content").contains("Called off"),
                "who calls off says so first",
            );
        }
    }
}
