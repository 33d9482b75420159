//! Services behind a real server: TCP, tokens, and all that the chassis puts around a call.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use northstar_chassis::Role;
use northstar_chassis::auth::issuer::Issuer;
use northstar_chassis::auth::{Grant, Verifier};
use northstar_chassis::config::{AuthConfig, ServerConfig};
use northstar_chassis::server::{Api, Listeners, Readiness};
use northstar_wire::DESCRIPTORS;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::{Interceptor, Routes};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use super::sample::tenant;

const TOKEN_LIFE: Duration = Duration::from_secs(3_600);

/// A server, until it is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// The token of one caller who may do all that is measured.
    pub bearer: Bearer,
    server: JoinHandle<()>,
    _keys: TempDir,
}

impl Served {
    /// Serves these routes on a free port.
    ///
    /// # Errors
    /// When the server does not start.
    pub async fn start(routes: Routes) -> anyhow::Result<Self> {
        let keys = tempfile::tempdir()?;
        let issuer = Issuer::open(&keys.path().join("issuer.pem"), "here", "northstar")?;
        let jwks = keys.path().join("jwks.json");
        std::fs::write(&jwks, serde_json::to_vec(&issuer.jwks())?)?;
        let auth = AuthConfig {
            issuer: "here".to_owned(),
            audience: "northstar".to_owned(),
            jwks: jwks.display().to_string(),
            clock_skew_seconds: 0,
        };
        let any: SocketAddr = "127.0.0.1:0".parse()?;
        let config = ServerConfig { listen: any, health: any, drain_seconds: 1 };
        let listeners = Listeners::bind(&config).await?;
        let address = listeners.api_address()?;
        let verifier = Arc::new(Verifier::open(&auth).await?);
        let api = Api { routes, verifier, descriptors: DESCRIPTORS };
        let serving = listeners.serve(api, Readiness::new(), std::future::pending());
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                eprintln!("the measured server ended: {error}");
            }
        });
        let bearer = Bearer::of(&issuer.mint(&grant(), TOKEN_LIFE)?)?;
        Ok(Self { address, bearer, server, _keys: keys })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// One caller who may do all that is measured.
fn grant() -> Grant {
    Grant {
        subject: "measurement".to_owned(),
        tenant: Some(tenant()),
        roles: [Role::NetworkAdmin, Role::Teacher, Role::Service].into(),
        learners: [].into(),
    }
}

/// A connection of its own.
///
/// # Errors
/// When nobody listens there.
pub async fn connect(address: SocketAddr) -> anyhow::Result<Channel> {
    Ok(Endpoint::try_from(format!("http://{address}"))?.connect().await?)
}

/// Shows the token with each call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Bearer {
    /// Shows this one.
    ///
    /// # Errors
    /// When it is no token.
    pub fn of(token: &str) -> anyhow::Result<Self> {
        Ok(Self(format!("Bearer {token}").parse()?))
    }

    /// The token alone.
    pub fn token(&self) -> String {
        let text = self.0.to_str().unwrap_or_default();
        text.trim_start_matches("Bearer ").to_owned()
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}
