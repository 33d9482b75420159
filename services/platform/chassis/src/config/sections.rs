//! The sections that the chassis reads.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

/// Section `server`: where to listen, and how long to take leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address of the gRPC API; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Address of the plain HTTP port for probes and metrics; port 0 takes any free one.
    pub health: SocketAddr,
    /// How long calls in flight may go on after the signal to stop, in seconds. Keep it below the
    /// orchestrator's own patience.
    pub drain_seconds: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { listen: local(7400), health: local(7401), drain_seconds: 20 }
    }
}

/// Section `auth`: whose tokens are believed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// The `iss` that every token must carry.
    pub issuer: String,
    /// The `aud` that every token must carry, alone or among others.
    pub audience: String,
    /// The issuer's public keys as a JWKS: path of a file, or a URL with `http://` or `https://`.
    pub jwks: String,
    /// How far the issuer's clock may be from ours, in seconds; at most 600.
    #[serde(default = "default_skew")]
    pub clock_skew_seconds: u64,
}

fn default_skew() -> u64 {
    30
}
