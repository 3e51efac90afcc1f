//! The mailer for real: hands letters to the mail server of the configuration over SMTP.
//!
//! Always by TLS, with certificates checked, unless the server is on this machine. Start at [`of`].

use std::{fs, net::IpAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use async_trait::async_trait;
use folkmoot_app::ports::{Mail, Mailer, Undelivered};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        self, PoolConfig,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};

use crate::config::{Config, MailServer};

/// How long handing over one letter may take. Some servers make strangers wait on purpose.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// What a server answers when it does not know us: our own fault, not the letter's (RFC 4954 6).
const NOT_LET_IN: [u16; 4] = [530, 534, 535, 538];

/// Hands letters to one mail server.
struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    answers_to: Mailbox,
    host: String,
    patience: Duration,
}

/// The mail server of this configuration, if it names one. Nobody is asked for anything yet.
pub fn of(config: &Config, patience: Duration) -> anyhow::Result<Option<Arc<dyn Mailer>>> {
    let Some(server) = &config.mail.server else { return Ok(None) };
    let from = config.mail.from.as_deref().unwrap_or(&config.contact.email);
    let address =
        |text: &str| text.parse().with_context(|| format!("{text} is no address that letters can come from"));
    let base = config.base_url.as_url();
    let host = base.host_str().unwrap_or_default().to_owned();
    Ok(Some(Arc::new(Smtp {
        transport: transport(config, server, &host, patience)
            .with_context(|| format!("letters cannot be handed to {server} (mail.server)"))?,
        from: Mailbox::new(Some(config.name.clone()), address(from)?),
        answers_to: Mailbox::new(Some(config.contact.name.clone()), address(&config.contact.email)?),
        host,
        patience,
    })))
}

fn transport(
    config: &Config,
    server: &MailServer,
    host: &str,
    patience: Duration,
) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let url = server.as_url();
    let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let mut tls = TlsParameters::builder(name.to_owned());
    for file in &config.federation.extra_certificates {
        let shown = || format!("the certificates in {} cannot be read", file.display());
        let pem = fs::read(file).with_context(shown)?;
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).with_context(shown)?);
    }
    let tls = tls.build_rustls()?;
    let (tls, port) = match (url.scheme(), here) {
        ("smtps", _) => (Tls::Wrapper(tls), 465),
        (_, true) => (Tls::Opportunistic(tls), 25),
        (_, false) => (Tls::Required(tls), 587),
    };
    Ok(AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())?
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .hello_name(ClientId::Domain(host.to_owned()))
        .timeout(Some(patience))
        .pool_config(PoolConfig::new().max_size(4))
        .build())
}

impl Smtp {
    fn message(&self, mail: &Mail) -> Result<Message, Undelivered> {
        let never = |error: &dyn std::fmt::Display| Undelivered::Never(error.to_string());
        let to = mail.to.parse().map_err(|error| never(&error))?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .reply_to(self.answers_to.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            // The same whenever it is sent again, so that a reader sees it once (RFC 5322 3.6.4).
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .date_now()
            // No machine shall answer (RFC 3834 5).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if mail.notice {
            let unsubscribe = format!("<mailto:{}?subject=No%20more%20letters>", self.answers_to.email);
            message = message.raw_header(header("List-Unsubscribe", &unsubscribe));
        }
        let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        message.multipart(parts).map_err(|error| never(&error))
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered> {
        let message = self.message(mail)?;
        // The library's own patience ends with the connecting: a server that falls silent later is ours to leave.
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(answer) => answer.map(|_| ()).map_err(|error| undelivered(&error)),
            Err(_) => Err(Undelivered::Later("the mail server took too long".to_owned())),
        }
    }
}

/// A letter that is refused for good is not tried again; a server that does not know us may know us tomorrow.
fn undelivered(error: &smtp::Error) -> Undelivered {
    let ours = error.status().is_some_and(|code| NOT_LET_IN.contains(&u16::from(code)));
    let words = words(error);
    if error.is_permanent() && !ours { Undelivered::Never(words) } else { Undelivered::Later(words) }
}

/// The error with its causes, which alone say what went wrong.
fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    let mut words = error.to_string();
    for cause in causes.map(ToString::to_string).filter(|cause| !cause.is_empty()) {
        if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}
