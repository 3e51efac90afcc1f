//! The association of associations: alliances, members, partners, as a list, a drawn graph and JSON.
//!
//! The list comes first and says everything that the drawing shows. Whom ours listen to is private: it stands on the page
//! of the desk alone. Start at [`page`]; the drawing is in [`drawing`].

mod drawing;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::HeaderMap,
    routing::get,
};
use folkmoot_app::network;
use folkmoot_domain::{
    ActorId,
    network::{Drawing, Network, Node, Relation, Tie},
};
use folkmoot_storage::{associations, people};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Web,
    assets::Sheet,
    documents::Document,
    frame::{Answer, Frame, Section, draw},
    headers,
    problems::Problem,
    sessions::SignedIn,
    words,
};
use drawing::Picture;

pub(crate) fn routes() -> Router<Web> {
    let desk = Router::new()
        .route("/desk/network", get(on_the_desk))
        .layer(axum::middleware::map_response(headers::secret));
    Router::new().route("/network", get(page)).route("/network.json", get(data)).merge(desk)
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The address of an association: only those tied to it.
    #[serde(default)]
    around: String,
}

/// One association of the list.
pub(crate) struct Somebody {
    pub name: String,
    pub href: Option<String>,
    pub address: String,
    pub here: bool,
}

impl Somebody {
    fn new(node: &Node) -> Self {
        let href = if node.here { Some(node.page.path().to_owned()) } else { words::web_link(&node.page) };
        Self { name: node.name.clone(), href, address: node.address.clone(), here: node.here }
    }
}

/// Somebody on the other side of a tie.
pub(crate) struct Other {
    pub who: Somebody,
    /// Who alone says so; none when both do.
    pub only: Option<String>,
    /// The title of the project, and where it is.
    pub project: Option<(String, String)>,
}

/// What one association is to some others: "Member of".
pub(crate) struct Saying {
    pub words: &'static str,
    pub others: Vec<Other>,
}

/// One association with its ties.
pub(crate) struct Row {
    /// Its number in the drawing.
    pub number: Option<usize>,
    pub paper: &'static str,
    pub who: Somebody,
    pub sayings: Vec<Saying>,
}

/// How ties read from either end, in the order in which they are said.
const SAID: [(Relation, bool, &str); 7] = [
    (Relation::Member, false, "Its members:"),
    (Relation::Member, true, "Member of"),
    (Relation::WorksWith, true, "Works with"),
    (Relation::TakesPart, true, "Takes part in"),
    (Relation::TakesPart, false, "In its projects:"),
    (Relation::ListensTo, true, "Listens to"),
    (Relation::ListensTo, false, "Listened to by"),
];

impl Row {
    fn new(network: &Network, place: usize, number: Option<usize>) -> Option<Self> {
        let node = network.nodes.get(place)?;
        let sayings = SAID.into_iter().map(|(relation, from, words)| {
            let ties = network.ties.iter().filter(|tie| tie.relation == relation);
            let ends = ties.filter_map(|tie| match (tie.from == place, tie.to == place) {
                (true, _) if from || relation == Relation::WorksWith => Some((tie, tie.to)),
                (_, true) if !from || relation == Relation::WorksWith => Some((tie, tie.from)),
                _ => None,
            });
            Saying { words, others: ends.filter_map(|(tie, end)| other(network, tie, end)).collect() }
        });
        Some(Self {
            number,
            paper: node.paper.word(),
            who: Somebody::new(node),
            sayings: sayings.filter(|saying| !saying.others.is_empty()).collect(),
        })
    }
}

fn other(network: &Network, tie: &Tie, end: usize) -> Option<Other> {
    let says = network.nodes.get(if tie.said.from { tie.from } else { tie.to })?;
    Some(Other {
        who: Somebody::new(network.nodes.get(end)?),
        only: (!tie.is_confirmed()).then(|| says.name.clone()),
        project: tie.project.as_ref().map(|(title, page)| (title.clone(), page.to_string())),
    })
}

/// An alliance elsewhere that can be founded again here.
pub(crate) struct Again {
    pub name: String,
    pub address: String,
    pub members: usize,
    pub path: String,
    /// What is wrong with its server, as far as is known.
    pub silent: Option<String>,
}

#[derive(Template)]
#[template(path = "network/page.html")]
struct NetworkPage {
    frame: Frame,
    /// Is it the page of the desk?
    mine: bool,
    /// The name of the one it is drawn around.
    around: Option<String>,
    path: &'static str,
    data: String,
    /// The alliances, and this page around each.
    alliances: Vec<(String, String)>,
    rows: Vec<Row>,
    alone: Vec<Somebody>,
    again: Vec<Again>,
    picture: Option<Picture>,
    /// Were some left out of the drawing?
    cut: bool,
}

async fn page(State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let (network, around) = part(network::known(&web.app).await?, &asked)?;
    let mut frame = Frame::new(&web, "Network")
        .describing("Alliances, their members and their partners, as far as they are known here. Nobody is in the middle.")
        .under(Section::Associations)
        .with(Sheet::Drawings)
        .also("application/json", "/network.json", "The network as data");
    frame.page = Some(web.app.addresses.at("/network"));
    draw(&NetworkPage::new(frame, &network, around, &asked))
}

/// The same for an organiser, with what is private to their associations.
async fn on_the_desk(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Query(asked): Query<Asked>,
) -> Answer {
    let rows = web.rows();
    let mut mine: Vec<ActorId> = Vec::new();
    for (association, role) in people::associations_of(&rows, person.id).await? {
        let open = associations::find(&rows, association).await?.is_some_and(|known| known.closed.is_none());
        if open && role == folkmoot_domain::roles::Role::Organiser {
            mine.push(association);
        }
    }
    let (network, around) = part(network::mine(&web.app, &mine).await?, &asked)?;
    let frame = Frame::new(&web, "Your network").secret().with(Sheet::Drawings);
    let mut page = NetworkPage::new(frame, &network, around, &asked);
    let zone = jiff::tz::TimeZone::UTC;
    page.mine = true;
    page.path = "/desk/network";
    page.again = network::alliances_of(&web.app, &mine)
        .await?
        .into_iter()
        .map(|known| Again {
            path: known.founding(),
            name: known.alliance.name.clone(),
            address: known.alliance.address(),
            members: known.members.len(),
            silent: known.problem.as_ref().map(|_| match known.read {
                Some(at) => {
                    format!("Its server has not answered since {}.", words::day(at, web.now(), &zone))
                }
                None => "Its server has never answered when we asked for its members.".to_owned(),
            }),
        })
        .collect();
    draw(&page)
}

/// The part that is asked for, and the name of whom it is around.
fn part(network: Network, asked: &Asked) -> Result<(Network, Option<String>), Problem> {
    let address = asked.around.trim();
    if address.is_empty() {
        return Ok((network, None));
    }
    let wanted = format!("@{}", address.trim_start_matches('@'));
    let centre = network.nodes.iter().position(|node| node.address.eq_ignore_ascii_case(&wanted));
    let centre = centre.ok_or(Problem::Missing)?;
    let name = network.nodes.get(centre).map(|node| node.name.clone());
    Ok((network.around(centre, 1), name))
}

fn query(around: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("around", around);
    query.finish()
}

impl NetworkPage {
    fn new(frame: Frame, network: &Network, around: Option<String>, asked: &Asked) -> Self {
        let tied = |place: usize| network.ties.iter().any(|tie| tie.from == place || tie.to == place);
        let alliances = network.alliances();
        let alone = network.nodes.iter().enumerate();
        let alone = alone.filter(|(place, node)| node.here && !tied(*place) && !alliances.contains(place));
        let (drawn, places) = network.drawable();
        let drawing = Drawing::of(&drawn);
        let mut order: Vec<usize> = drawing.order.iter().filter_map(|at| places.get(*at).copied()).collect();
        let numbered = order.len();
        order.extend(
            (0..network.nodes.len())
                .filter(|at| (tied(*at) || alliances.contains(at)) && !places.contains(at)),
        );
        let rows = order
            .iter()
            .enumerate()
            .filter_map(|(at, place)| Row::new(network, *place, (at < numbered).then_some(at + 1)));
        let data = if asked.around.trim().is_empty() {
            "/network.json".to_owned()
        } else {
            format!("/network.json?{}", query(&asked.around))
        };
        Self {
            frame,
            mine: false,
            path: "/network",
            data,
            rows: rows.collect(),
            alliances: alliances
                .iter()
                .filter_map(|place| network.nodes.get(*place))
                .map(|node| (node.name.clone(), query(&node.address)))
                .collect(),
            alone: alone.map(|(_, node)| Somebody::new(node)).collect(),
            again: Vec::new(),
            cut: (0..network.nodes.len()).filter(|place| tied(*place)).count() > drawn.nodes.len(),
            picture: (!drawn.nodes.is_empty()).then(|| Picture::of(&drawn, &drawing)),
            around,
        }
    }
}

/// The public network for programs, and for pages of others.
async fn data(State(web): State<Web>, Query(asked): Query<Asked>, headers: HeaderMap) -> Answer {
    let (network, _) = part(network::known(&web.app).await?, &asked)?;
    let body = json!({
        "about": web.app.addresses.at("/network"),
        "associations": network.nodes.iter().map(association).collect::<Vec<_>>(),
        "ties": network.ties.iter().filter_map(|tie| said(&network, tie)).collect::<Vec<_>>(),
    });
    let document = Document {
        kind: "application/json; charset=utf-8",
        body: body.to_string(),
        changed: None,
        name: None,
    };
    Ok(document.answer(&headers))
}

fn association(node: &Node) -> Value {
    json!({
        "id": node.uri,
        "name": node.name,
        "address": node.address,
        "page": node.page,
        "kind": node.kind.map(folkmoot_domain::associations::AssociationKind::word),
        "here": node.here,
    })
}

fn said(network: &Network, tie: &Tie) -> Option<Value> {
    let (from, to) = (network.nodes.get(tie.from)?, network.nodes.get(tie.to)?);
    let sides = [(tie.said.from, &from.uri), (tie.said.to, &to.uri)];
    let by: Vec<_> = sides.iter().filter(|(said, _)| *said).map(|(_, uri)| uri).collect();
    Some(json!({
        "from": from.uri,
        "to": to.uri,
        "relation": tie.relation.word(),
        "confirmed": tie.is_confirmed(),
        "saidBy": by,
        "project": tie.project.as_ref().map(|(title, page)| json!({"title": title, "page": page})),
    }))
}
