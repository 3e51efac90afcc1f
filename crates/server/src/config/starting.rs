//! The file that `quickstart` and `demo` write: what is needed, and a word on each key. `default.toml` has the rest.

use std::{collections::BTreeMap, fmt, net::SocketAddr};

use super::BaseUrl;

/// What a first configuration file says.
#[derive(Debug, Clone)]
pub struct StartingFile<'a> {
    /// The address of the place.
    pub base_url: &'a BaseUrl,
    /// Its name.
    pub name: &'a str,
    /// Who looks after it.
    pub contact_name: &'a str,
    /// Where mail about it goes.
    pub contact_email: &'a str,
    /// Other servers on this machine; empty but for trying out.
    pub hosts: BTreeMap<String, SocketAddr>,
}

impl StartingFile<'_> {
    /// Where the server waits: for trying out at the port of its own address, else where a web server in front looks.
    pub fn listen(&self) -> SocketAddr {
        let port = if self.base_url.is_localhost() { self.base_url.as_url().port() } else { None };
        SocketAddr::from(([127, 0, 0, 1], port.unwrap_or(8080)))
    }
}

impl fmt::Display for StartingFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        writeln!(f, "# Every other key, with its default: folkmoot config default")?;
        writeln!(f, "\n# Every id is made from it: it cannot change once an association has been founded.")?;
        writeln!(f, "base_url = {}", quoted(&self.base_url.to_string()))?;
        writeln!(f, "name = {}", quoted(self.name))?;
        writeln!(f, "\n# A web server in front holds the certificate and passes requests on to here.")?;
        writeln!(f, "listen = {}", quoted(&self.listen().to_string()))?;
        writeln!(f, "\n[database]\nurl = \"sqlite://folkmoot.sqlite\"")?;
        writeln!(f, "\n[keys]\n# Keep a copy of this file apart from the copies of the database.")?;
        writeln!(f, "file = \"folkmoot.key\"")?;
        writeln!(f, "\n# Public: whom to write to about this place.\n[contact]")?;
        writeln!(f, "name = {}\nemail = {}", quoted(self.contact_name), quoted(self.contact_email))?;
        writeln!(
            f,
            "\n# Who brings letters away: links to sign in, confirmations, what waits. Without it they are kept."
        )?;
        writeln!(f, "# [mail]\n# server = \"smtps://user:password@mail.example\"")?;
        if !self.hosts.is_empty() {
            writeln!(f, "\n# For trying out: other servers on this machine.\n[federation.hosts]")?;
        }
        for (host, address) in &self.hosts {
            writeln!(f, "{} = {}", quoted(host), quoted(&address.to_string()))?;
        }
        Ok(())
    }
}
