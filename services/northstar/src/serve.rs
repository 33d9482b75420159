//! Runs services: ports first, then logs and lanes, and an orderly end.

mod log_service;
mod node;
mod schema;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use northstar_chassis::auth::Verifier;
use northstar_chassis::server::{Api, Drained, Listeners, PlainListener, Readiness};
use northstar_wire::DESCRIPTORS;
use tokio::sync::watch;
use tracing::info;

use crate::config::Config;
use node::Node;

/// How long the collector is given for the last telemetry.
const FLUSH: Duration = Duration::from_secs(3);

/// A server whose ports are open.
pub(crate) struct Server {
    config: Config,
    contexts: Vec<&'static str>,
    listeners: Listeners,
    edge: Option<PlainListener>,
}

impl Server {
    /// Binds the ports that serving `contexts` takes, before anything else is begun.
    pub(crate) async fn bind(config: Config, contexts: Vec<&'static str>) -> anyhow::Result<Self> {
        let listeners = Listeners::bind(&config.server).await?;
        let served = contexts.contains(&northstar_credentials::NAME);
        let edge = match config.credentials.edge.listen.filter(|_| served) {
            Some(address) => {
                let drain = Duration::from_secs(config.server.drain_seconds);
                Some(PlainListener::bind("credentials.edge.listen", address, drain).await?)
            }
            None => None,
        };
        Ok(Self { config, contexts, listeners, edge })
    }

    /// Where the public face of the credentials is, if it is served.
    pub(crate) fn edge_address(&self) -> anyhow::Result<Option<SocketAddr>> {
        let address = self.edge.as_ref().map(PlainListener::address).transpose();
        address.context("asking for the public face's address")
    }

    /// Where the API is.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        self.listeners.api_address().context("asking for the API's address")
    }

    /// Serves until `shutdown`, then drains.
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<Drained> {
        let readiness = Readiness::new();
        readiness.set("schema", Err("not checked yet".to_owned()));
        let verifier = Arc::new(Verifier::open(&self.config.auth).await?);
        let node = Node::build(&self.config, &self.contexts).await?;
        let api = Api { routes: node.routes(), verifier, descriptors: DESCRIPTORS };
        info!(
            api = %self.listeners.api_address()?,
            health = %self.listeners.health_address()?,
            edge = self.edge_address()?.map(|address| address.to_string()),
            contexts = self.contexts.join(" "),
            "listening"
        );
        let (drain, draining) = watch::channel(false);
        let edge = self.edge.and_then(|edge| Some((edge, node.edge(&self.config)?)));
        let shown = tokio::spawn(async move {
            if let Some((edge, router)) = edge {
                edge.serve(router, raised(draining)).await;
            }
        });
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(node.run(readiness.clone(), stopped));
        let shutdown = async {
            shutdown.await;
            drain.send_replace(true);
        };
        let served = self.listeners.serve(api, readiness, shutdown).await;
        drop(drain);
        shown.await.context("stopping the public face")?;
        stop.send_replace(true);
        running.await.context("stopping lanes and relays")?;
        Ok(served?)
    }
}

/// Waits until the flag is raised, or nobody is left who could.
async fn raised(mut flag: watch::Receiver<bool>) {
    drop(flag.wait_for(|raised| *raised).await);
}

/// `northstar serve`: until the process is told to stop.
pub(crate) async fn run(config: Config, contexts: Vec<&'static str>) -> anyhow::Result<Drained> {
    let telemetry = northstar_telemetry::init(&config.telemetry)?;
    let server = Server::bind(config, contexts).await?;
    let drained = server.serve(northstar_chassis::server::termination()).await;
    // Flushing may block for as long as the collector does, so it must not hold an async thread.
    let flushed = tokio::task::spawn_blocking(move || telemetry.finish(FLUSH)).await?;
    if let Err(unflushed) = flushed {
        tracing::warn!(%unflushed, "the last telemetry was lost");
    }
    drained
}
