//! The real binary `folkmoot` in processes of its own: set up in a folder, told things by its command line, started,
//! stopped, killed.
//!
//! It knows of an instance only what an operator knows: its files, what its commands answer, whether it listens.
//! Start at [`Place`].

use std::{
    fs::{self, File},
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// Under this name `cargo xtask test` says where the binary is.
const BINARY: &str = "FOLKMOOT_TEST_BINARY";
/// How long a server may take to listen. Generous: machines that test are busy.
const START: Duration = Duration::from_secs(60);
/// How long it may take to end by itself (invariant I13).
const STOP: Duration = Duration::from_secs(30);

/// The file of the binary.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// The binary that was built with these tests.
    pub fn built() -> Result<Self> {
        let file = match std::env::var_os(BINARY) {
            Some(named) => PathBuf::from(named),
            None => beside_this_one()?,
        };
        ensure!(
            file.is_file(),
            "there is no binary at {}: `cargo build` makes it (`cargo xtask test` does so by itself)",
            file.display()
        );
        Ok(Self(file))
    }

    /// A command of it, which ends when it is dropped.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// `target/debug/folkmoot`, seen from `target/debug/deps/it-…` or from `target/debug/bench`.
fn beside_this_one() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.ancestors().skip(1).find(|folder| !folder.ends_with("deps"));
    Ok(folder.context("this program is nowhere")?.join("folkmoot"))
}

/// A port on loopback that nobody used a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// An instance as its operator knows it: a folder with a configuration.
#[derive(Debug)]
pub struct Place {
    program: Program,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    /// Where its server listens.
    pub listen: SocketAddr,
}

impl Place {
    /// Sets one up with `quickstart`. Its one association has the handle `moor`.
    pub async fn set_up(program: Program, folder: &Path, base_url: &str) -> Result<Self> {
        Self::set_up_with(program, folder, base_url, Vec::new()).await
    }

    /// The same behind a web server that passes on to this port, when there are several on one machine.
    pub async fn set_up_behind(program: Program, folder: &Path, base_url: &str, port: u16) -> Result<Self> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let environment = vec![("FOLKMOOT__LISTEN".to_owned(), listen.to_string())];
        Ok(Self { listen, ..Self::set_up_with(program, folder, base_url, environment).await? })
    }

    /// The same with environment variables, which all its processes get.
    pub async fn set_up_with(
        program: Program,
        folder: &Path,
        base_url: &str,
        environment: Vec<(String, String)>,
    ) -> Result<Self> {
        let port = url::Url::parse(base_url)?.port().unwrap_or(8080);
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let place = Self { program, folder: folder.to_owned(), environment, listen };
        let folder = folder.to_str().context("the folder has a name that is no text")?;
        let words = [
            "quickstart",
            "--folder",
            folder,
            "--base-url",
            base_url,
            "--name",
            "Woodhouse",
            "--association",
            "Friends of the Moor",
            "--handle",
            "moor",
            "--organiser",
            "Ruth Okafor",
            "--email",
            "ruth@example.org",
        ];
        let mut quickstart = place.program.command();
        run(quickstart.envs(place.environment.clone()).args(words)).await?;
        Ok(place)
    }

    /// Adds sections to the configuration file: what stands only in the file, where an operator sees it.
    pub fn configure(&self, sections: &str) -> Result<()> {
        let mut file = File::options().append(true).open(self.config())?;
        Ok(write!(file, "\n{sections}\n")?)
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("folkmoot.toml")
    }

    /// The SQLite database that `quickstart` made.
    pub fn database(&self) -> PathBuf {
        self.folder.join("folkmoot.sqlite")
    }

    /// What the server said on standard error, over all its lives.
    pub fn log(&self) -> PathBuf {
        self.folder.join("serve.log")
    }

    /// Writes a file into the folder, and says where it is.
    pub fn write(&self, name: &str, text: &str) -> Result<String> {
        let file = self.folder.join(name);
        fs::write(&file, text)?;
        Ok(file.to_str().context("the folder has a name that is no text")?.to_owned())
    }

    /// Runs one command and gives what it answered: JSON, one object a line.
    pub async fn say(&self, words: &[&str]) -> Result<Vec<Value>> {
        let mut command = self.command();
        let answer = run(command.arg("--json").args(words)).await?;
        let lines = answer.lines().filter(|line| !line.trim().is_empty());
        lines
            .map(|line| {
                serde_json::from_str(line).with_context(|| format!("{words:?} answered no JSON: {answer}"))
            })
            .collect()
    }

    /// The same for a command that answers exactly one object.
    pub async fn say_one(&self, words: &[&str]) -> Result<Value> {
        let mut answer = self.say(words).await?;
        match (answer.pop(), answer.is_empty()) {
            (Some(one), true) => Ok(one),
            (one, _) => {
                bail!("{words:?} answered {} objects, not one", answer.len() + usize::from(one.is_some()))
            }
        }
    }

    /// Starts the server; it may not listen yet.
    pub fn start(&self) -> Result<Server> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let child = self.command().arg("serve").stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Server { child, listen: self.listen, began: Instant::now() })
    }

    /// Starts the server and waits until it listens.
    pub async fn serve(&self) -> Result<Server> {
        let mut server = self.start()?;
        if let Err(error) = server.listens().await {
            bail!("{error:#}\n{}", self.end_of_log());
        }
        Ok(server)
    }

    /// The last lines of the log, for a failure.
    pub fn end_of_log(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let mut lines: Vec<&str> = log.lines().rev().take(60).collect();
        lines.reverse();
        lines.join("\n")
    }

    fn command(&self) -> Command {
        let mut command = self.program.command();
        command.envs(self.environment.clone()).arg("--config").arg(self.config());
        command
    }
}

async fn run(command: &mut Command) -> Result<String> {
    let outcome = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().await?;
    let said = String::from_utf8_lossy(&outcome.stdout).into_owned();
    ensure!(
        outcome.status.success(),
        "{:?} ended with {}: {said}{}",
        command.as_std(),
        outcome.status,
        String::from_utf8_lossy(&outcome.stderr)
    );
    Ok(said)
}

/// A running server. It ends when this is dropped, at once.
#[derive(Debug)]
pub struct Server {
    child: Child,
    listen: SocketAddr,
    /// When it was started.
    pub began: Instant,
}

impl Server {
    /// Waits until it listens.
    pub async fn listens(&mut self) -> Result<()> {
        while TcpStream::connect(self.listen).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it listened");
            }
            ensure!(self.began.elapsed() < START, "the server does not listen after {START:?}");
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Ends it as a power cut would: SIGKILL. An error when it had ended by itself before.
    pub async fn kill(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server had ended by itself, with {status}");
        }
        Ok(self.child.kill().await?)
    }

    /// Asks it to end (SIGTERM), and waits until it has.
    pub async fn stop(mut self) -> Result<ExitStatus> {
        let id = self.id()?;
        run(Command::new("kill").args(["-TERM", &id.to_string()])).await?;
        let ended = timeout(STOP, self.child.wait()).await;
        Ok(ended.with_context(|| format!("the server did not end within {STOP:?}"))??)
    }

    /// Its process.
    pub fn id(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// The processor time it has used until now, in user and kernel, by all its threads.
    pub fn processor_time(&self) -> Result<Duration> {
        processor_time(&self.id()?.to_string())
    }
}

/// The processor time of a process, to a hundredth of a second; `self` is this one.
pub fn processor_time(process: &str) -> Result<Duration> {
    // proc(5): in ticks, of which Linux has 100 a second for its readers on every machine; the name may hold anything.
    let file = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&file)?;
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: Vec<u64> =
        fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
    ensure!(ticks.len() == 2, "{file} reads otherwise than it should");
    Ok(Duration::from_millis(ticks.iter().sum::<u64>() * 10))
}
