//! Letters, over a real SMTP server that shares no code with ours: they arrive whole, and none is lost or doubled by a
//! server that is busy, says no, hangs, or offers no encryption.
//!
//! The server is `tests/mail/server.mjs`. Start at [`a_letter_arrives_whole`].

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use folkmoot_app::{
    By, limits, mails as letters, people,
    ports::{Mailer, Undelivered},
};
use folkmoot_domain::{
    mails::MailState,
    moments::{HOUR, MINUTE},
    text::Handle,
};
use folkmoot_server::{config::Config, instance, mailing::Mailing, smtp};
use folkmoot_storage::mails::Stored;
use folkmoot_tests::{database::Database, world::World};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{self, ChildStdout},
    time::timeout,
};

/// How long handing over one letter may take, here.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long anything may take that nothing holds up.
const SOON: Duration = Duration::from_secs(30);
/// Who may hand letters over; the password has what an address must spell otherwise.
const KNOWN: &str = "folkmoot:p%40ss%2Fword@";

/// The mail server, running until it is dropped.
struct Post {
    _child: process::Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: u64,
    folder: tempfile::TempDir,
}

impl Post {
    async fn open(flags: &[&str]) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("mail/server.mjs");
        assert!(
            program.with_file_name("node_modules").is_dir(),
            "the mail server is not installed: `cargo xtask setup` does it, or `npm ci` in tests/mail"
        );
        let folder = tempfile::tempdir().unwrap();
        make_certificates(folder.path());
        let mut child = process::Command::new("node")
            .arg(program)
            .arg("--certificates")
            .arg(folder.path())
            .args(flags)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
        Self { _child: child, lines, port: ready["port"].as_u64().unwrap(), folder }
    }

    /// What it says next.
    async fn says(&mut self) -> Value {
        let line = timeout(SOON, self.lines.next_line()).await.expect("the mail server says something");
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Our side of it, under this name and with this authority.
    fn mailer(&self, known: &str, host: &str, authority: Option<PathBuf>) -> Arc<dyn Mailer> {
        let trusted =
            authority.map(|file| format!("extra_certificates = [{:?}]", file.display().to_string()));
        let text = format!(
            "base_url = \"https://hyde.test\"\nname = \"Hyde Park, Leeds\"\n\
             [contact]\nname = \"Ruth Okafor\"\nemail = \"ruth@hyde.test\"\n\
             [mail]\nserver = \"smtp://{known}{host}:{}\"\nfrom = \"notices@hyde.test\"\n[federation]\n{}\n",
            self.port,
            trusted.unwrap_or_default()
        );
        let config = Config::read(&text, std::iter::empty()).unwrap_or_else(|_| panic!("{text}"));
        smtp::of(&config, PATIENCE).unwrap().unwrap()
    }

    fn trusted(&self) -> Arc<dyn Mailer> {
        self.mailer(KNOWN, "127.0.0.1", Some(self.authority()))
    }
}

/// An authority that lives as long as the test, and the server's certificate for its addresses.
fn make_certificates(folder: &Path) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    let lines = format!(
        "openssl req -x509 {key} -days 2 -subj '/CN=Folkmoot test authority' -addext keyUsage=critical,keyCertSign \
         -keyout ca.key -out ca.pem
         openssl req {key} -subj /CN=mail.test -keyout mail.key -out mail.csr
         printf 'subjectAltName=DNS:mail.test,IP:127.0.0.1,IP:0.0.0.0\\nbasicConstraints=critical,CA:FALSE\\n\
         extendedKeyUsage=serverAuth\\n' > extensions
         openssl x509 -req -in mail.csr -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out mail.pem"
    );
    let made = Command::new("bash").args(["-ec", &lines]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A place whose letters go through this mailer.
struct Office {
    world: World,
    mailing: Mailing,
}

impl Office {
    async fn open(database: Database, mailer: Arc<dyn Mailer>) -> Self {
        folkmoot_server::install_ring();
        let world = World::new(database, ["hyde.test"]).await;
        let text = "base_url = \"https://hyde.test\"\nname = \"Hyde Park, Leeds\"\n\
                    contact = { name = \"Ruth Okafor\", email = \"ruth@hyde.test\" }";
        let config = Config::read(text, std::iter::empty()).unwrap();
        let app = world.home().app.clone();
        Self {
            mailing: Mailing { app, settings: instance::settings(&config).into(), mailer: Some(mailer) },
            world,
        }
    }

    /// Somebody with this address asks for a link.
    async fn asks(&self, name: &str, address: &str) {
        let app = &self.mailing.app;
        let handle = Handle::parse(&address.split('@').next().unwrap().replace('-', "_")).unwrap();
        people::enrol(app, &By::operator(), name, &handle, address).await.unwrap();
        people::ask_for_link(app, limits::HERE, address, Some("/desk")).await.unwrap();
    }

    async fn brings(&self) -> usize {
        timeout(SOON, self.mailing.bring_due()).await.expect("nothing hangs for ever").unwrap()
    }

    async fn letter(&self, address: &str) -> Stored {
        let all = letters::list(&self.mailing.app, None, 100).await.unwrap();
        all.into_iter().map(|(stored, _)| stored).find(|stored| stored.recipient == address).unwrap()
    }

    fn later(&self, milliseconds: i64) {
        self.world.set_clock(self.world.now().plus(milliseconds));
    }
}

on_both_databases!(
    a_letter_arrives_whole,
    a_busy_server_gets_it_later_and_a_no_is_a_no,
    a_server_that_hangs_holds_up_nobody
);

async fn a_letter_arrives_whole(database: Database) {
    let mut post = Post::open(&[]).await;
    let office = Office::open(database, post.trusted()).await;
    office.asks("Zofia Łukasiewicz-Müller \u{202e}", "zofia@aire.test").await;
    let id = office.letter("zofia@aire.test").await.id;
    assert_eq!(office.brings().await, 1);
    let took = post.says().await;
    assert_eq!((&took["took"][0], &took["from"]), (&"zofia@aire.test".into(), &"notices@hyde.test".into()));
    assert_eq!(
        (&took["secure"], &took["user"], &took["hello"]),
        (&true.into(), &"folkmoot".into(), &"hyde.test".into())
    );
    assert_eq!(took["subject"], "Sign in to Hyde Park, Leeds");
    let headers = &took["headers"];
    assert_eq!(headers["message-id"], format!("<{id}@hyde.test>"));
    assert_eq!(headers["auto-submitted"], "auto-generated");
    let sender = &took["sender"][0];
    assert_eq!(
        (&sender["name"], &sender["address"]),
        (&"Hyde Park, Leeds".into(), &"notices@hyde.test".into())
    );
    assert!(headers["reply-to"].as_str().unwrap().contains("<ruth@hyde.test>"));
    assert!(headers["date"].is_string() && headers["list-unsubscribe"].is_null() && headers["bcc"].is_null());
    assert!(headers["content-type"].as_str().unwrap().starts_with("multipart/alternative"));
    let (text, html) = (took["text"].as_str().unwrap(), took["html"].as_str().unwrap());
    assert!(text.contains("Hello Zofia Łukasiewicz-Müller") && html.contains("Zofia Łukasiewicz-Müller"));
    let link = text.split_whitespace().find(|word| word.starts_with("https://hyde.test/sign-in/")).unwrap();
    assert!(link.ends_with("?next=%2Fdesk") && html.contains(link), "{link}");
    // Lines are short enough for every relay (RFC 5322 2.1.1).
    assert!(took["raw"].as_str().unwrap().lines().all(|line| line.len() <= 998));

    let stored = office.letter("zofia@aire.test").await;
    assert_eq!((stored.state, stored.letter.as_str()), (MailState::Sent, ""));
    let page = office.world.home().page(&link.parse().unwrap()).await;
    assert_eq!(page.status, 200);
}

async fn a_busy_server_gets_it_later_and_a_no_is_a_no(database: Database) {
    let mut post = Post::open(&[]).await;
    let office = Office::open(database, post.trusted()).await;
    office.asks("Lena", "later-2-lena@aire.test").await;
    assert_eq!(office.brings().await, 1);
    assert_eq!(post.says().await["code"], 451);
    let stored = office.letter("later-2-lena@aire.test").await;
    assert!(stored.state == MailState::Waiting && stored.problem.unwrap().contains("come back later"));
    assert_eq!(office.brings().await, 0, "not before its time");
    for wait in [MINUTE, 5 * MINUTE] {
        office.later(wait);
        assert_eq!(office.brings().await, 1);
    }
    assert_eq!(post.says().await["code"], 451);
    assert_eq!(post.says().await["took"][0], "later-2-lena@aire.test");
    assert_eq!(office.letter("later-2-lena@aire.test").await.state, MailState::Sent);

    office.asks("Nora", "never-nora@aire.test").await;
    assert_eq!(office.brings().await, 1);
    assert_eq!(post.says().await["code"], 550);
    office.later(HOUR);
    assert_eq!(office.brings().await, 0);
    let stored = office.letter("never-nora@aire.test").await;
    assert_eq!((stored.state, stored.attempts), (MailState::Failed, 1));
    assert!(stored.problem.unwrap().contains("no such mailbox"));
}

async fn a_server_that_hangs_holds_up_nobody(database: Database) {
    let mut post = Post::open(&[]).await;
    let office = Office::open(database, post.trusted()).await;
    office.asks("Hanna", "hang-hanna@aire.test").await;
    office.asks("Ana", "ana@aire.test").await;
    let bringing = tokio::spawn({
        let mailing = office.mailing.clone();
        async move { mailing.bring_due().await.unwrap() }
    });
    let said = [post.says().await, post.says().await];
    assert!(said.iter().any(|line| line["hangs"] == "hang-hanna@aire.test"));
    assert!(said.iter().any(|line| line["took"][0] == "ana@aire.test"), "the other letter went");
    let home = office.world.home();
    assert_eq!(timeout(SOON, home.page(&home.at("/"))).await.unwrap().status, 200);
    assert!(!bringing.is_finished());
    assert_eq!(timeout(SOON, bringing).await.unwrap().unwrap(), 2);
    assert_eq!(office.letter("ana@aire.test").await.state, MailState::Sent);
    assert_eq!(office.letter("hang-hanna@aire.test").await.state, MailState::Waiting);
}

/// Only a server that we can be sure of gets letters, and one that does not know us is no reason to give a letter up.
#[tokio::test]
async fn letters_go_to_nobody_else() {
    let (encrypted, mut plain) = (Post::open(&[]).await, Post::open(&["--plain"]).await);
    let authority = encrypted.authority();
    let dead = Post { port: 1, ..Post::open(&[]).await };
    for (what, mailer) in [
        ("a certificate of nobody we trust", encrypted.mailer(KNOWN, "127.0.0.1", None)),
        ("a wrong password", encrypted.mailer("folkmoot:guess@", "127.0.0.1", Some(authority.clone()))),
        ("no encryption offered, and not this machine", plain.mailer("", "0.0.0.0", Some(authority))),
        ("nobody there", dead.trusted()),
    ] {
        let office = Office::open(Database::Sqlite, mailer).await;
        office.asks("Ana", "ana@aire.test").await;
        assert_eq!(office.brings().await, 1, "{what}");
        let stored = office.letter("ana@aire.test").await;
        assert_eq!(stored.state, MailState::Waiting, "{what}: {:?}", stored.problem);
        assert!(stored.problem.is_some_and(|words| !words.is_empty() && !words.contains("p@ss")), "{what}");
    }
    // On this very machine nobody listens in between.
    let office = Office::open(Database::Sqlite, plain.mailer("", "127.0.0.1", None)).await;
    office.asks("Ana", "ana@aire.test").await;
    office.brings().await;
    assert_eq!(plain.says().await["secure"], false);
}

/// A server that says no to an address that nobody can have is not even asked.
#[tokio::test]
async fn an_address_that_is_none_is_given_up() {
    let post = Post::open(&[]).await;
    let mail = folkmoot_app::ports::Mail {
        id: folkmoot_domain::MailId(uuid::Uuid::from_u128(7)),
        to: "ana@aire.test\r\nBcc: eve@evil.test".to_owned(),
        subject: "Hello\r\nBcc: eve@evil.test".to_owned(),
        text: String::new(),
        html: String::new(),
        notice: true,
    };
    let answer = post.trusted().send(&mail).await;
    assert!(matches!(answer, Err(Undelivered::Never(_))), "{answer:?}");
}
