//! What each letter says, in plain words: a subject, a few paragraphs, one link, and what to do when it was not meant.
//!
//! Nothing here is HTML. What people wrote stands in [`Part::Said`] and [`Part::List`], apart from what we say.

mod ties;

use folkmoot_app::mails::Letter;

/// A letter in words.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub subject: String,
    /// Whom we greet by name.
    pub name: Option<String>,
    pub parts: Vec<Part>,
    pub link: Option<Link>,
    /// What to do when it was not meant, or when it was too much.
    pub after: Vec<String>,
    /// Does it tell of something that its reader did not ask for just now?
    pub notice: bool,
}

/// One piece of a letter.
#[derive(Debug)]
pub(super) enum Part {
    /// A paragraph of ours.
    Ours(String),
    /// What somebody wrote, line by line.
    Said(Vec<String>),
    /// What somebody chose.
    List(Vec<String>),
}

/// The one thing to press.
#[derive(Debug)]
pub(super) struct Link {
    pub label: &'static str,
    pub address: String,
}

impl Words {
    fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), ..Self::default() }
    }

    fn to(mut self, name: &str) -> Self {
        self.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        self
    }

    fn say(mut self, paragraph: impl Into<String>) -> Self {
        self.parts.push(Part::Ours(paragraph.into()));
        self
    }

    /// What somebody wrote; nothing when they wrote nothing.
    fn quote(mut self, words: &str) -> Self {
        let lines: Vec<String> = words.trim().lines().map(|line| line.trim_end().to_owned()).collect();
        if lines.iter().any(|line| !line.is_empty()) {
            self.parts.push(Part::Said(lines));
        }
        self
    }

    /// The same with a sentence before it.
    fn quote_after(self, before: &str, words: &str) -> Self {
        if words.trim().is_empty() { self } else { self.say(before).quote(words) }
    }

    fn list(mut self, things: &[String]) -> Self {
        if !things.is_empty() {
            self.parts.push(Part::List(things.to_vec()));
        }
        self
    }

    fn link(mut self, label: &'static str, address: &str) -> Self {
        self.link = Some(Link { label, address: address.to_owned() });
        self
    }

    fn after(mut self, sentence: impl Into<String>) -> Self {
        self.after.push(sentence.into());
        self
    }

    fn notice(mut self) -> Self {
        self.notice = true;
        self
    }
}

/// The letter in words. `place` is the name of the board.
pub(super) fn words(letter: &Letter, place: &str) -> Words {
    match letter {
        Letter::SignIn { .. }
        | Letter::NewAddress { .. }
        | Letter::AddressChanged { .. }
        | Letter::PasswordChanged { .. }
        | Letter::Invitation { .. } => coming_in(letter, place),
        Letter::PledgeWaits { .. }
        | Letter::ReplyWaits { .. }
        | Letter::Reported { .. }
        | Letter::Nominated { .. } => to_do(letter),
        Letter::PartnershipWaits { .. }
        | Letter::PartnershipAnswered { .. }
        | Letter::PartnershipEnded { .. }
        | Letter::IdeaTakenUp { .. } => together(letter),
        Letter::TieProposed { .. }
        | Letter::TieAnswered { .. }
        | Letter::DecisionAsked { .. }
        | Letter::DecisionClosed { .. } => ties::words(letter),
        _ => answers(letter),
    }
}

/// To people with an account, or who shall get one.
fn coming_in(letter: &Letter, place: &str) -> Words {
    match letter {
        Letter::SignIn { name, link } => Words::new(format!("Sign in to {place}"))
            .to(name)
            .say("This link signs you in. It works once, within an hour.")
            .link("Sign in", link)
            .after("If you did not ask for it, do nothing: nobody gets in without this letter."),
        Letter::NewAddress { name, link } => Words::new(format!("Confirm your new address for {place}"))
            .to(name)
            .say(format!(
                "You asked that letters from {place} come to this address. They do as soon as you confirm it."
            ))
            .link("Use this address", link)
            .after("The link works once, within an hour. If you did not ask for it, do nothing."),
        Letter::AddressChanged { name } => Words::new(format!("Your address at {place} has changed"))
            .to(name)
            .say("Letters go to your new address from now on; this one is the last that comes here.")
            .after("If it was not you who changed it, answer this letter at once."),
        Letter::PasswordChanged { name, link } => Words::new(format!("Your password at {place} has changed"))
            .to(name)
            .say("You are signed out on every other device.")
            .link("Go to sign in", link)
            .after(
                "If it was not you, ask for a link there, sign in with it, and answer this letter at once.",
            ),
        Letter::Invitation { inviter, association, link } => {
            invitation(inviter.as_deref(), association.as_ref(), place)
                .link("Come in", link)
                .after("The link works once, within seven days. If you expected no invitation, do nothing.")
        }
        _ => Words::default(),
    }
}

fn invitation(inviter: Option<&str>, association: Option<&(String, String)>, place: &str) -> Words {
    let who = inviter.map_or_else(|| "You are asked".to_owned(), |name| format!("{name} asks you"));
    match association {
        Some((name, role)) => {
            let (what, can) = match role.as_str() {
                "steward" => ("a steward", "A steward looks at what people write back, and at reports."),
                _ => (
                    "an organiser",
                    "An organiser publishes calls, projects and events, and answers whoever offers help.",
                ),
            };
            Words::new(format!("{who} in: {name}"))
                .say(format!("{who} to be {what} of {name}, on {place}."))
                .say(can)
        }
        None => Words::new(format!("{who} in: {place}"))
            .say(format!("{who} to come in to {place}, a noticeboard of associations and groups."))
            .say("With an account you can found an association here and publish its calls, projects and events."),
    }
}

/// To organisers and stewards: something waits for them.
fn to_do(letter: &Letter) -> Words {
    match letter {
        Letter::PledgeWaits { association, giver, call, needs, note, link } => {
            Words::new(format!("{giver} can help: {call}"))
                .say(format!("{giver} answered \u{201c}{call}\u{201d}, which {association} published:"))
                .list(needs)
                .quote_after("They wrote besides:", note)
                .link("Answer on your desk", link)
        }
        Letter::ReplyWaits { association, author, about, link } => {
            Words::new(format!("{author} wrote about {about}"))
                .say(format!(
                    "{author} wrote back to \u{201c}{about}\u{201d}, which {association} published. Nobody else sees it \
                     before you have looked."
                ))
                .link("Look at it on your desk", link)
        }
        Letter::Reported { association, what, category, words, link } => {
            let of = association.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
            Words::new(format!("Reported: {what}"))
                .say(format!("Somebody asks you to look at \u{201c}{what}\u{201d}{of}. The reason: {category}."))
                .quote_after("They wrote:", words)
                .link("Look and decide", link)
        }
        Letter::Nominated { title, name, link } => Words::new(format!("Proposed: {title}"))
            .say(format!("{name} proposes a project that nobody here runs yet: \u{201c}{title}\u{201d}."))
            .link("Look and decide", link),
        _ => Words::default(),
    }
    .notice()
}

/// To organisers: what others do with them.
fn together(letter: &Letter) -> Words {
    match letter {
        Letter::PartnershipWaits { association, partner, role, project, words, link } => {
            Words::new(format!("{partner} would take part: {project}"))
                .say(format!(
                    "{partner} offers to take part in \u{201c}{project}\u{201d}, which {association} runs, as: {role}."
                ))
                .quote_after("They wrote:", words)
                .say("When you say yes, their name stands on the project's page, and they can publish calls and events for it.")
                .link("Say yes or no", link)
        }
        Letter::PartnershipAnswered { association, home, role, project, state, words, link } => {
            let (subject, said) = match state.as_str() {
                "accepted" => (
                    format!("{home} say yes: {project}"),
                    format!(
                        "{association} now take part in \u{201c}{project}\u{201d} as: {role}. You can publish calls and \
                         events for it."
                    ),
                ),
                _ => (
                    format!("Not this time: {project}"),
                    format!("{home} thank {association} for offering to take part in \u{201c}{project}\u{201d}. They say no this time."),
                ),
            };
            Words::new(subject).say(said).quote_after("They wrote:", words).link("See it on your desk", link)
        }
        Letter::PartnershipEnded { association, other, role, project, link } => {
            Words::new(format!("No longer together: {project}"))
                .say(format!(
                    "{other} ended what you did together: {association} and \u{201c}{project}\u{201d} ({role}). What was \
                     published stays; nothing new is published under it."
                ))
                .link("See it on your desk", link)
        }
        Letter::IdeaTakenUp { association, project, by, child, link } => {
            Words::new(format!("{by} takes up your idea: {project}"))
                .say(format!(
                    "{by} has started \u{201c}{child}\u{201d}, and says that the idea is from {association}: \
                     \u{201c}{project}\u{201d}."
                ))
                .say("You choose whether it is shown on your project's page.")
                .link("Look at it", link)
        }
        _ => Words::default(),
    }
    .notice()
}

/// To people who helped, reported or proposed something.
fn answers(letter: &Letter) -> Words {
    match letter {
        Letter::ConfirmOffer { name, association, call, needs, link } => {
            Words::new(format!("Confirm that you can help: {call}"))
                .to(name)
                .say(format!("You told {association} that you can help with \u{201c}{call}\u{201d}:"))
                .list(needs)
                .link("Yes, I can help", link)
                .after(format!(
                    "The link works once, within 48 hours. Without it {association} never hear of you, and what you wrote \
                     is forgotten."
                ))
        }
        Letter::Receipt { name, association, call, needs, link } => {
            Words::new(format!("{association} know that you can help: {call}"))
                .to(name)
                .say(format!("{association} know that you can help with \u{201c}{call}\u{201d}:"))
                .list(needs)
                .say("They answer you by a letter like this one.")
                .link("See your pledge", link)
                .after("When something comes up, take your pledge back there. Keep this letter: whoever has the link can.")
        }
        Letter::PledgeAnswered { name, association, call, state, words, link } => {
            pledge_answered((association, call), state)
                .to(name)
                .quote_after(&format!("{association} wrote:"), words)
                .link("See your pledge", link)
        }
        Letter::ConfirmComing { .. } | Letter::RsvpStands { .. } | Letter::EventOff { .. } => comings(letter),
        Letter::CallOver { name, association, call, how, words, thanks, link } => {
            call_over((association, call), how, words).to(name).quote_after(&format!("{association} thank you:"), thanks).link("Read about it", link).notice()
        }
        Letter::ReportDecided { what, decision } => Words::new(format!("What you reported: {what}"))
            .say(format!("You asked us to look at \u{201c}{what}\u{201d}. This is what was decided:"))
            .quote(decision)
            .after("If you think that this is wrong, answer this letter."),
        Letter::NominationDecided { name, title, link, reason } => {
            nomination_decided(title, link.as_deref(), reason).to(name)
        }
        _ => Words::default(),
    }
}

/// To people who want to come to an event.
fn comings(letter: &Letter) -> Words {
    match letter {
        Letter::ConfirmComing { name, association, event, when, link } => {
            Words::new(format!("Confirm that you come: {event}"))
                .to(name)
                .say(format!("You told {association} that you come to \u{201c}{event}\u{201d}: {when}."))
                .link("Yes, I will come", link)
                .after(format!(
                    "The link works once, within 48 hours. Without it {association} never hear of you, and what you wrote \
                     is forgotten."
                ))
        }
        Letter::RsvpStands { name, association, event, when, state, words, link } => {
            rsvp_stands((association, event, when), state)
                .to(name)
                .quote_after(&format!("{association} wrote:"), words)
                .link("See it, or take it back", link)
                .after("When something comes up, say there that you cannot come: somebody else may wait for your place.")
        }
        Letter::EventOff { name, association, event, when, reason, link } => {
            Words::new(format!("Called off: {event}"))
                .to(name)
                .say(format!("{association} have called off \u{201c}{event}\u{201d}, which would have been on {when}."))
                .quote_after("They wrote:", reason)
                .link("Read about it", link)
                .notice()
        }
        _ => Words::default(),
    }
}

fn rsvp_stands((association, event, when): (&str, &str, &str), state: &str) -> Words {
    match state {
        "going" => Words::new(format!("You are coming: {event}"))
            .say(format!("You have a place at \u{201c}{event}\u{201d}: {when}. {association} look forward to seeing you.")),
        "waiting" => Words::new(format!("You are on the waiting list: {event}")).say(format!(
            "All places at \u{201c}{event}\u{201d} are taken. You are on the waiting list, and get a letter as soon as one is \
             free: {when}."
        )),
        "maybe" => Words::new(format!("You may come: {event}"))
            .say(format!("{association} know that you may come to \u{201c}{event}\u{201d}: {when}.")),
        _ => Words::new(format!("No place this time: {event}"))
            .say(format!("{association} cannot take you at \u{201c}{event}\u{201d} this time.")),
    }
}

fn pledge_answered((association, call): (&str, &str), state: &str) -> Words {
    match state {
        "accepted" => Words::new(format!("{association} say yes: {call}"))
            .say(format!("{association} are glad of your help with \u{201c}{call}\u{201d} and count on you.")),
        "declined" => Words::new(format!("Not this time: {call}")).say(format!(
            "{association} thank you for offering help with \u{201c}{call}\u{201d}. This time they do not need it."
        )),
        _ => Words::new(format!("Thank you: {call}"))
            .say(format!("{association} noted that you helped with \u{201c}{call}\u{201d}.")),
    }
}

fn call_over((association, call): (&str, &str), how: &str, words: &str) -> Words {
    match how {
        "cancelled" => Words::new(format!("Cancelled: {call}"))
            .say(format!("{association} have cancelled \u{201c}{call}\u{201d}. Your help is not needed for it any more."))
            .quote_after("They wrote:", words),
        "another-day" => Words::new(format!("Left for another day: {call}"))
            .say(format!("{association} have left \u{201c}{call}\u{201d} for another day. You need do nothing for now."))
            .quote_after("They wrote:", words),
        _ => Words::new(format!("What came of it: {call}"))
            .say(format!("\u{201c}{call}\u{201d}, to which you pledged help, is over."))
            .quote_after(&format!("{association} say what came of it:"), words),
    }
}

fn nomination_decided(title: &str, link: Option<&str>, reason: &str) -> Words {
    match link {
        Some(link) => Words::new(format!("Pinned: {title}"))
            .say(format!("The project that you proposed, \u{201c}{title}\u{201d}, is pinned to the board for somebody to run."))
            .link("See it", link),
        None => Words::new(format!("Not pinned: {title}"))
            .say(format!("The project that you proposed, \u{201c}{title}\u{201d}, was not pinned to the board."))
            .quote_after("The reason:", reason)
            .after("If you think that this is wrong, answer this letter."),
    }
}
