//! A real server on free ports, and a caller with a token.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use northstar_chassis::Role;
use northstar_chassis::auth::issuer::Issuer;
use northstar_chassis::auth::{Grant, Verifier};
use northstar_chassis::config::{AuthConfig, ServerConfig};
use northstar_chassis::server::{Api, Drained, Listeners, Readiness, ServeError};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::slow::{Slow, descriptors};

/// The server, and what is needed to talk to it.
pub(crate) struct Running {
    pub(crate) slow: Slow,
    pub(crate) readiness: Readiness,
    pub(crate) api: SocketAddr,
    pub(crate) health: SocketAddr,
    token: String,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<Result<Drained, ServeError>>,
    _folder: TempDir,
}

impl Running {
    /// Starts a server that drains for at most `drain_seconds`.
    pub(crate) async fn start(drain_seconds: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = Issuer::open(&folder.path().join("issuer.pem"), "here", "northstar").unwrap();
        let jwks = folder.path().join("jwks.json");
        std::fs::write(&jwks, serde_json::to_vec(&issuer.jwks()).unwrap()).unwrap();
        let auth = AuthConfig {
            issuer: "here".to_owned(),
            audience: "northstar".to_owned(),
            jwks: jwks.to_str().unwrap().to_owned(),
            clock_skew_seconds: 0,
        };
        let grant = Grant {
            subject: "teacher-7".to_owned(),
            tenant: None,
            roles: BTreeSet::from([Role::Teacher]),
            learners: BTreeSet::new(),
        };
        let config = ServerConfig {
            listen: "127.0.0.1:0".parse().unwrap(),
            health: "127.0.0.1:0".parse().unwrap(),
            drain_seconds,
        };
        let listeners = Listeners::bind(&config).await.unwrap();
        let (api, health) = (listeners.api_address().unwrap(), listeners.health_address().unwrap());
        let slow = Slow::default();
        let readiness = Readiness::new();
        let served = Api {
            routes: Routes::new(slow.clone()),
            verifier: Arc::new(Verifier::open(&auth).await.unwrap()),
            descriptors: descriptors(),
        };
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let server = tokio::spawn(listeners.serve(served, readiness.clone(), shutdown));
        let token = issuer.mint(&grant, Duration::from_secs(600)).unwrap();
        let stop = Some(stop);
        Self { slow, readiness, api, health, token, stop, server, _folder: folder }
    }

    /// Asks the server to stop, as a signal would.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// How the server ended.
    pub(crate) async fn ended(self) -> Drained {
        self.server.await.unwrap().unwrap()
    }

    /// Waits until one more call has reached the service.
    pub(crate) async fn entered(&self) {
        self.slow.entered.acquire().await.unwrap().forget();
    }

    pub(crate) async fn channel(&self) -> Channel {
        Endpoint::try_from(format!("http://{}", self.api)).unwrap().connect().await.unwrap()
    }

    /// A request with a good token.
    pub(crate) fn request(&self) -> Request<()> {
        let mut request = Request::new(());
        let token = format!("Bearer {}", self.token).parse().unwrap();
        request.metadata_mut().insert("authorization", token);
        request
    }

    /// A plain GET on the health port: status and body.
    pub(crate) async fn probe(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.health);
        tokio::task::spawn_blocking(move || {
            let config = ureq::Agent::config_builder().http_status_as_error(false).build();
            let mut response = ureq::Agent::new_with_config(config).get(url).call().unwrap();
            (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
        })
        .await
        .unwrap()
    }
}

/// One call of `path` with an empty message each way.
pub(crate) async fn unary(
    channel: Channel,
    request: Request<()>,
    path: &'static str,
) -> Result<Response<()>, Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<(), ()>::default();
    client.unary(request, PathAndQuery::from_static(path), codec).await
}

/// One call of `path` that is answered with a stream of empty messages.
pub(crate) async fn streaming(
    channel: Channel,
    request: Request<()>,
    path: &'static str,
) -> Result<Streaming<()>, Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let codec = ProstCodec::<(), ()>::default();
    let path = PathAndQuery::from_static(path);
    Ok(client.server_streaming(request, path, codec).await?.into_inner())
}
