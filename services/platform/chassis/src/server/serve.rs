//! Binding, serving, draining.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use super::calls::CallsLayer;
use super::drain::{Drained, Phase, reached};
use super::methods::Methods;
use super::{Readiness, health, limits, mirror};
use crate::auth::{AuthLayer, Verifier};
use crate::config::ServerConfig;

/// The descriptors of gRPC's own health service.
const HEALTH: &[u8] = tonic_health::pb::FILE_DESCRIPTOR_SET;

/// What is served on the API port.
pub struct Api {
    /// The services, without health and reflection, which are added.
    pub routes: Routes,
    /// Who decides which tokens are believed.
    pub verifier: Arc<Verifier>,
    /// The encoded file descriptor set of all services, for reflection and for naming methods.
    pub descriptors: &'static [u8],
}

/// Why a server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A port could not be bound.
    #[error("{key}: cannot listen on {address}")]
    Bind {
        /// The configuration key: `server.listen`.
        key: &'static str,
        /// The address wanted.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The descriptors of the services make no sense.
    #[error("the service descriptors cannot be decoded")]
    Descriptors(#[from] prost::DecodeError),
    /// Reflection cannot be built from them.
    #[error("the service descriptors cannot be reflected")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The API port failed.
    #[error("serving the API")]
    Transport(#[from] tonic::transport::Error),
}

/// Both ports, bound but not served yet.
pub struct Listeners {
    api: TcpListener,
    health: TcpListener,
    drain: Duration,
}

impl Listeners {
    /// Binds both ports, before anything else is begun.
    ///
    /// # Errors
    ///
    /// [`ServeError::Bind`] when one of them cannot be had.
    pub async fn bind(config: &ServerConfig) -> Result<Self, ServeError> {
        Ok(Self {
            api: bind("server.listen", config.listen).await?,
            health: bind("server.health", config.health).await?,
            drain: Duration::from_secs(config.drain_seconds),
        })
    }

    /// Where the API is; tells the port that was chosen for port 0.
    ///
    /// # Errors
    ///
    /// When the socket has lost its address.
    pub fn api_address(&self) -> io::Result<SocketAddr> {
        self.api.local_addr()
    }

    /// Where probes and metrics are.
    ///
    /// # Errors
    ///
    /// When the socket has lost its address.
    pub fn health_address(&self) -> io::Result<SocketAddr> {
        self.health.local_addr()
    }

    /// Serves `api` until `shutdown`, then lets calls in flight finish until the drain's deadline.
    ///
    /// The health port answers from the first moment to the last.
    ///
    /// # Errors
    ///
    /// When the descriptors make no sense or the API port fails.
    pub async fn serve(
        self,
        api: Api,
        readiness: Readiness,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Drained, ServeError> {
        // What runs beside the API ends with it.
        let mut helpers = JoinSet::new();
        helpers.spawn(probes(self.health, readiness.clone()));
        let methods = Arc::new(Methods::read(&[api.descriptors, HEALTH])?);
        let (reporter, health_service) = tonic_health::server::health_reporter();
        let services = methods.services().to_vec();
        mirror::report(&reporter, &services, false).await;
        helpers.spawn(mirror::follow(readiness.clone(), reporter, services));
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(api.descriptors)
            .register_encoded_file_descriptor_set(HEALTH)
            .build_v1()?;
        let routes = api.routes.add_service(health_service).add_service(reflection).prepare();

        let (phase, phases) = watch::channel(Phase::Serving);
        let open = Arc::new(AtomicUsize::new(0));
        let calls = CallsLayer { methods, phase: phases.clone(), open: Arc::clone(&open) };
        let incoming = TcpIncoming::from(self.api).with_nodelay(Some(true));
        let serving = transport()
            .layer(calls)
            .layer(AuthLayer::new(api.verifier))
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, reached(phases, Phase::Draining));
        readiness.started();
        let drain = Drain { phase, open, readiness, patience: self.drain };
        drain.run(serving, shutdown).await
    }
}

pub(super) async fn bind(
    key: &'static str,
    address: SocketAddr,
) -> Result<TcpListener, ServeError> {
    let failed = |source| ServeError::Bind { key, address, source };
    TcpListener::bind(address).await.map_err(failed)
}

async fn probes(listener: TcpListener, readiness: Readiness) {
    if let Err(error) = axum::serve(listener, health::routes(readiness)).await {
        tracing::error!(%error, "the health port failed");
    }
}

fn transport() -> Server {
    Server::builder()
        .initial_stream_window_size(limits::STREAM_WINDOW)
        .initial_connection_window_size(limits::CONNECTION_WINDOW)
        .max_concurrent_streams(limits::MAX_STREAMS_PER_CONNECTION)
        .http2_max_header_list_size(limits::MAX_HEADER_BYTES)
        .http2_keepalive_interval(Some(limits::KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(limits::KEEPALIVE_TIMEOUT))
}

struct Drain {
    phase: watch::Sender<Phase>,
    open: Arc<AtomicUsize>,
    readiness: Readiness,
    patience: Duration,
}

impl Drain {
    /// Not ready, no new calls, the old ones up to the deadline, then their end.
    async fn run(
        self,
        serving: impl Future<Output = Result<(), tonic::transport::Error>>,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Drained, ServeError> {
        let mut serving = std::pin::pin!(serving);
        tokio::select! {
            ended = &mut serving => {
                ended?;
                return Ok(Drained::InTime);
            }
            () = shutdown => {}
        }
        self.readiness.drain();
        self.phase.send_replace(Phase::Draining);
        if let Ok(ended) = timeout(self.patience, &mut serving).await {
            ended?;
            tracing::info!("every call has finished");
            return Ok(Drained::InTime);
        }
        let calls = self.open.load(Ordering::Relaxed);
        tracing::warn!(calls, limit = ?self.patience, "drain deadline hit: calls are ended");
        self.phase.send_replace(Phase::Ending);
        if timeout(limits::FAREWELL, &mut serving).await.is_err() {
            tracing::warn!(limit = ?limits::FAREWELL, "connections that would not close are left");
        }
        Ok(Drained::Cut { calls })
    }
}
