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
use northstar_chassis::server::{Api, Drained, Listeners, Readiness};
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
    listeners: Listeners,
}

impl Server {
    /// Binds both ports, before anything else is begun.
    pub(crate) async fn bind(config: Config) -> anyhow::Result<Self> {
        let listeners = Listeners::bind(&config.server).await?;
        Ok(Self { config, listeners })
    }

    /// Where the API is.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        self.listeners.api_address().context("asking for the API's address")
    }

    /// Serves `contexts` until `shutdown`, then drains.
    pub(crate) async fn serve(
        self,
        contexts: &[&'static str],
        shutdown: impl Future<Output = ()>,
    ) -> anyhow::Result<Drained> {
        let readiness = Readiness::new();
        readiness.set("schema", Err("not checked yet".to_owned()));
        let verifier = Arc::new(Verifier::open(&self.config.auth).await?);
        let node = Node::build(&self.config, contexts).await?;
        let api = Api { routes: node.routes(), verifier, descriptors: DESCRIPTORS };
        info!(
            api = %self.listeners.api_address()?,
            health = %self.listeners.health_address()?,
            contexts = contexts.join(" "),
            "listening"
        );
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(node.run(readiness.clone(), stopped));
        let served = self.listeners.serve(api, readiness, shutdown).await;
        stop.send_replace(true);
        running.await.context("stopping lanes and relays")?;
        Ok(served?)
    }
}

/// `northstar serve`: until the process is told to stop.
pub(crate) async fn run(config: Config, contexts: Vec<&'static str>) -> anyhow::Result<Drained> {
    let telemetry = northstar_telemetry::init(&config.telemetry)?;
    let server = Server::bind(config).await?;
    let drained = server.serve(&contexts, northstar_chassis::server::termination()).await;
    // Flushing may block for as long as the collector does, so it must not hold an async thread.
    let flushed = tokio::task::spawn_blocking(move || telemetry.finish(FLUSH)).await?;
    if let Err(unflushed) = flushed {
        tracing::warn!(%unflushed, "the last telemetry was lost");
    }
    drained
}
