//! Letters to organisers here about ties: what is proposed to them, what was answered, what ended.

use folkmoot_domain::{
    ActorId,
    affiliations::{Affiliation, TieKind, TieState},
    roles::Role,
};
use folkmoot_storage::{actors, people};

use crate::{Doing, Result, mails::Letter};

/// A tie is proposed to one of ours; nobody hears of one that is proposed to somebody elsewhere.
pub(super) async fn proposed(doing: &Doing<'_>, tie: &Affiliation) -> Result<()> {
    write(doing, tie, tie.asked(), |association, other, how, link| Letter::TieProposed {
        association,
        other,
        how,
        mandate: tie.mandate.clone(),
        link,
    })
    .await
}

/// One side said something: the other side's organisers here hear of it.
pub(super) async fn said(doing: &Doing<'_>, tie: &Affiliation, by: ActorId) -> Result<()> {
    let state = match tie.state {
        TieState::Proposed => return Ok(()),
        state => state.word().to_owned(),
    };
    write(doing, tie, tie.other(by), |association, other, how, link| Letter::TieAnswered {
        association,
        other,
        how,
        state,
        link,
    })
    .await
}

async fn write(
    doing: &Doing<'_>,
    tie: &Affiliation,
    reader: ActorId,
    letter: impl FnOnce(String, String, String, String) -> Letter,
) -> Result<()> {
    let rows = doing.tx.rows();
    let sides = actors::many(&rows, [tie.member, tie.umbrella]).await?;
    let (Some(side), Some(other)) = (sides.get(&reader), sides.get(&tie.other(reader))) else {
        return Ok(());
    };
    if !side.local {
        return Ok(());
    }
    let how = match tie.kind {
        TieKind::Partner => "partner",
        TieKind::Member if reader == tie.member => "join",
        TieKind::Member => "take-in",
    };
    let link = doing.app.addresses.at("/desk/alliances").into();
    let letter = letter(side.name.clone(), name(other), how.to_owned(), link);
    for (person, roles) in people::of_association(&rows, reader).await? {
        if roles.contains(&Role::Organiser) {
            doing.write_to(&person.email, &letter).await?;
        }
    }
    Ok(())
}

/// "Leeds Trees (@trees@leeds.example)": who is from elsewhere is named with where.
fn name(other: &folkmoot_domain::actors::Actor) -> String {
    if other.local { other.name.clone() } else { format!("{} ({})", other.name, other.address()) }
}
