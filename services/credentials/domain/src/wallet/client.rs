//! Programs that wallets are.

use northstar_kernel::{Digest, Timestamp, WalletClientId};

use super::Scope;

/// A program that registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its name in requests.
    pub id: WalletClientId,
    /// Of its secret.
    pub secret: Digest,
    /// What it calls itself.
    pub name: String,
    /// The host that all its addresses are on; of a program on the person's own computer, the
    /// loopback address.
    pub host: String,
    /// Where people can be sent back to it.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<Scope>,
    /// What it said of itself, whole (JSON).
    pub metadata: String,
    /// When it registered.
    pub at: Timestamp,
}
