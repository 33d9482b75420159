//! What was earned, the signed statement of it, its status.
//!
//! One consumer follows mastery and issues or revokes; the API defines what can be earned, shows
//! credentials and verifies them. The rules are in `northstar-credentials-domain`.

mod api;
mod awards;
mod beside;
pub mod codec;
mod course;
pub mod edge;
mod keys;
mod links;
mod merit;
mod packing;
mod projection;
mod publishing;
mod reactor;
mod records;
mod removal;
mod reviews;
mod rotation;
mod secrets;
pub mod standard;
mod wallets;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_eventlog::Log;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsServiceServer;
use serde::Deserialize;
use tonic::service::Routes;

pub use api::Api;
use course::Course;
pub use edge::EdgeConfig;
use publishing::Publishing;
use reactor::wallet::Wallet;
use removal::Removal;
use reviews::Reviews;
use rotation::Rotation;
use secrets::Vault;
use standard::did_web::Host;

/// The context's name.
pub const NAME: &str = "credentials";

/// What a deployment decides.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where issuers' DID documents are served. It is part of every credential's issuer: once
    /// credentials are out, it must not change.
    pub host: Host,
    /// How many days a key signs before another follows it.
    pub key_days: u16,
    /// What tokens are signed by.
    pub token_algorithm: TokenAlgorithm,
    /// The public face.
    pub edge: EdgeConfig,
}

/// What tokens are signed by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenAlgorithm {
    /// ECDSA over P-256, which every verifier of Open Badges takes.
    #[default]
    Es256,
    /// Ed25519, which 1EdTech's own validator does not take.
    EdDsa,
}

impl From<TokenAlgorithm> for Algorithm {
    fn from(algorithm: TokenAlgorithm) -> Self {
        match algorithm {
            TokenAlgorithm::Es256 => Self::P256,
            TokenAlgorithm::EdDsa => Self::Ed25519,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: Host::default(),
            key_days: 90,
            token_algorithm: TokenAlgorithm::default(),
            edge: EdgeConfig::default(),
        }
    }
}

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// The service over its log.
pub fn build(log: Log, config: Config) -> Context {
    let vault = Arc::new(Vault::default());
    let tokens = config.token_algorithm.into();
    let api = Api::new(log, config.host.clone()).with_tokens_by(tokens);
    let life_micros = i64::from(config.key_days.max(1)) * DAY_MICROS;
    Context {
        name: NAME,
        routes: Routes::new(CredentialsServiceServer::new(api)),
        handlers: vec![Arc::new(Wallet {
            host: config.host.clone(),
            vault: Arc::clone(&vault),
            token_algorithm: tokens,
        })],
        timed: vec![
            Arc::new(Publishing { host: config.host, vault: Arc::clone(&vault) }),
            Arc::new(Reviews),
            Arc::new(Course),
            Arc::new(Removal),
            Arc::new(Rotation { vault, life_micros }),
        ],
    }
}
