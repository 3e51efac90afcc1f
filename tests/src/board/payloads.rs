//! Attacks in every field that somebody can write into, on a board that has samples already.
//!
//! Each sets [`MARK`] on the window when it runs, and has it in its text, so that it can be seen to be shown. Start at
//! [`poison`].

use anyhow::Result;
use folkmoot_app::{App, By, associations, drafts, items, nominations, offers, people, reports};
use folkmoot_domain::{
    ItemId,
    items::{ItemKind, Words},
    nominations::Proposal,
    places::{Coarseness, Place},
    replies::ReplyState,
    reports::{Complaint, Reported},
};
use folkmoot_storage::items as item_rows;

use super::{
    samples::{Samples, reply, stranger},
    waiting::FROM,
};

/// What a payload leaves on the window when it runs.
pub const MARK: &str = "pwnd";

/// For names and titles: closes whatever they may stand in.
const IN_A_LINE: [&str; 4] = [
    "\"'></title></script></textarea><script>pwnd=1</script><img src=x onerror=pwnd=1>",
    "<svg/onload=pwnd=1>' onmouseover='pwnd=1' autofocus onfocus='pwnd=1",
    "</main><iframe srcdoc='<script>parent.pwnd=1</script>'></iframe><base href=//attacker.example>",
    "{{pwnd}}${pwnd}<!--><img src=//attacker.example/pwnd>-->",
];

/// For longer texts: Markdown and HTML that come alive when they are turned into each other.
const IN_A_TEXT: &str = "[pwnd](javascript:pwnd=1) ![pwnd](https://attacker.example/pwnd.png) <https://attacker.example/>

<script>pwnd=1</script><img src=x onerror=pwnd=1><svg onload=pwnd=1><math><mtext><style><img src onerror=pwnd=1></style>

<form action=https://attacker.example/><button formaction=javascript:pwnd=1>pwnd</button></form>
<a href=\"java&#115;cript:pwnd=1\" onclick=pwnd=1 target=_blank>pwnd</a> <p style=\"position:fixed;inset:0\">pwnd</p>

```html
<script>pwnd=1</script>
```
&lt;script&gt;pwnd=1&lt;/script&gt; <meta http-equiv=refresh content=\"0;url=https://attacker.example/pwnd\">";

/// Puts them everywhere.
pub async fn poison(app: &App, samples: &Samples) -> Result<()> {
    let mut lines = IN_A_LINE.into_iter().cycle();
    for home in [samples.trees, samples.repair] {
        let changes = associations::Changes {
            name: lines.next().map(str::to_owned),
            about: Some(IN_A_TEXT.to_owned()),
            ..associations::Changes::default()
        };
        associations::change(app, &By::operator(), home, changes).await?;
    }
    for (name, id) in samples.items.iter().filter(|(name, _)| *name != "call-gone") {
        let line = lines.next().unwrap_or_default();
        reword(app, *id, if *name == "update" { "" } else { line }).await?;
    }
    for person in [&samples.ruth, &samples.imran, &samples.stella] {
        people::change_name(app, person.id, lines.next().unwrap_or_default()).await?;
    }
    answers(app, samples).await?;
    waiting(app, samples).await
}

async fn reword(app: &App, id: ItemId, title: &str) -> Result<()> {
    let kind = item_rows::find(&app.store.rows(), id).await?.map(|item| item.kind);
    let words = Words {
        title: title.to_owned(),
        text: IN_A_TEXT.to_owned(),
        language: None,
        place: if kind == Some(ItemKind::Update) {
            None
        } else {
            Some(Place::parse(IN_A_LINE[0], Some((53.8, -1.56)), Coarseness::Street)?)
        },
        causes: Vec::new(),
    };
    Ok(items::edit(app, &By::operator(), id, words, IN_A_LINE[1]).await?)
}

/// Replies of a stranger with a terrible name: one shown, one held, one for the organisers alone.
async fn answers(app: &App, samples: &Samples) -> Result<()> {
    let eve = stranger(app, "eve", IN_A_LINE[0]).await?;
    // As it arrives: what the door for other servers lets through.
    let html = folkmoot_wire::html::safe(IN_A_TEXT);
    let call = samples.item("call")?;
    for direct in [false, false, true] {
        let reply = reply(app, &eve, call, &html, direct).await?;
        if !direct {
            folkmoot_app::replies::judge(app, &By::operator(), reply, ReplyState::Approved).await?;
        }
    }
    reply(app, &eve, call, &html, false).await?;
    let form = offers::Form {
        needs: &[0],
        name: IN_A_LINE[1],
        phone: "0113 496 0001",
        note: IN_A_TEXT,
        ..offers::Form::default()
    };
    offers::offer(app, FROM, call, &form).await?;
    let form = offers::Form { email: "eve@attacker.example", phone: "", ..form };
    offers::offer(app, FROM, call, &form).await?;
    Ok(())
}

async fn waiting(app: &App, samples: &Samples) -> Result<()> {
    let complaint = Complaint::parse("untrue", IN_A_TEXT, "eve@attacker.example")?;
    reports::make(app, FROM, None, Reported::Item(samples.item("call")?), complaint).await?;
    let proposal = Proposal {
        title: IN_A_LINE[2].to_owned(),
        text: IN_A_TEXT.to_owned(),
        place: None,
        name: IN_A_LINE[0].to_owned(),
        email: "eve@attacker.example".to_owned(),
    };
    nominations::propose(app, FROM, proposal).await?;
    let fields = ["title", "text", "place", "why", "label-1", "causes", "closes-day", "wanted-1"];
    let form = drafts::Form {
        home: samples.trees,
        kind: ItemKind::Call,
        title: IN_A_LINE[0].to_owned(),
        fields: fields.map(|name| (name.to_owned(), IN_A_LINE[0].to_owned())).to_vec(),
    };
    drafts::keep(app, &By::person(samples.ruth.id), app.id(), form).await?;
    Ok(())
}
