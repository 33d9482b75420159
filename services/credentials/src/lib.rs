//! What was earned, the signed statement of it, its status.
//!
//! One consumer follows mastery and issues or revokes; the API defines what can be earned, shows
//! credentials and verifies them. The rules are in `northstar-credentials-domain`.

mod api;
pub mod codec;
mod projection;
mod reactor;
mod secrets;
pub mod standard;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_eventlog::Log;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsServiceServer;
use serde::Deserialize;
use tonic::service::Routes;

pub use api::Api;
use reactor::wallet::Wallet;
use standard::did_web::Host;

/// The context's name.
pub const NAME: &str = "credentials";

/// What a deployment decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where issuers' DID documents are served. It is part of every credential's issuer: once
    /// credentials are out, it must not change.
    pub host: Host,
}

/// The service over its log.
pub fn build(log: Log, config: Config) -> Context {
    let api = Api::new(log, config.host.clone());
    Context {
        name: NAME,
        routes: Routes::new(CredentialsServiceServer::new(api)),
        handlers: vec![Arc::new(Wallet::new(config.host))],
        timed: Vec::new(),
    }
}
