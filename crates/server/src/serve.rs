//! `folkmoot serve`: answers and works until it is told to stop, then finishes what is under way.
//!
//! Start at [`run`]; [`Running`] is the same for whoever has more than one instance, or a test.

use std::time::Duration;

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinHandle,
    time::Instant,
};

use crate::{
    config::Config, instance::Instance, key_file, listening::listen, ports::Ports, telemetry,
    workers::Workers,
};

/// How long stopping may take in all (quality.md, I13: 30 s), with some seconds to spare.
const PATIENCE: Duration = Duration::from_secs(27);

/// Serves until told to stop.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    for sentence in config.relaxations() {
        tracing::warn!("{sentence}");
    }
    if key_file::is_open_to_others(&config.keys.file) {
        tracing::warn!("others on this machine can read the key file; say `chmod 600` of it");
    }
    // Before the doors open, so that nobody is turned away by a signal in between.
    let told = told_to_stop()?;
    let instance = Instance::build(config, Ports::real(), None).await?;
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "nobody can be answered at {}: is something else, or another folkmoot, listening there?",
            config.listen
        )
    })?;
    let running = Running::start(instance, listener);
    tracing::info!(listen = %config.listen, base_url = %config.base_url, "folkmoot serves");
    told.await;
    tracing::info!("told to stop; what is under way is finished first");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// An instance that answers on a socket and works.
pub struct Running {
    /// The instance.
    pub instance: Instance,
    say_stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    workers: Workers,
}

impl Running {
    /// Starts answering and working.
    pub fn start(instance: Instance, listener: TcpListener) -> Self {
        let (say_stop, stop) = watch::channel(false);
        let workers = instance.spawn_workers(&stop);
        let answering = listen(listener, instance.router.clone(), instance.head_time, stop);
        let server = tokio::spawn(answering);
        Self { instance, say_stop, server, workers }
    }

    /// Takes nothing new, finishes what is under way within the time there is, and closes the database.
    pub async fn stop(self) {
        let deadline = Instant::now() + PATIENCE;
        self.say_stop.send_replace(true);
        let mut server = self.server;
        match tokio::time::timeout_at(deadline, &mut server).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the server fell over"),
            Err(_) => {
                server.abort();
                tracing::warn!("some requests took too long and were cut off");
            }
        }
        let left = self.workers.end(deadline.saturating_duration_since(Instant::now())).await;
        if left > 0 {
            tracing::warn!(
                left,
                "some workers took too long; what they held is taken up again at the next start"
            );
        }
        if let Err(error) = self.instance.app.store.close().await {
            tracing::error!(%error, "the database could not be closed; what was committed is safe");
        }
    }
}

/// Ends when the process is told to: Ctrl-C, or SIGTERM as service managers send it.
pub fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let cannot = "the system does not let us listen for its signals";
    let mut interrupt = signal(SignalKind::interrupt()).context(cannot)?;
    let mut terminate = signal(SignalKind::terminate()).context(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
