//! `1EdTechRevocationList`: the issuer names what it revoked. Older displayers know only this; it
//! tells everybody the ids of revoked credentials, and so is for tenants that ask for it.

use std::collections::BTreeSet;

use northstar_kernel::CredentialId;
use serde::Serialize;
use serde_json::Value;

use super::Finding;
use super::list::members;
use crate::standard::did_web::Did;

/// The type of an entry, as `credentialStatus` and in the certification of Open Badges.
pub const TYPE: &str = "1EdTechRevocationList";

/// Most credentials that are looked at in somebody's list.
const MOST: usize = 1_000_000;

/// The `credentialStatus` that leads to a revocation list.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Entry {
    /// An entry for the list at this URL.
    pub fn new(list_url: String) -> Self {
        Self { id: list_url, kind: TYPE }
    }
}

/// A tenant's revocation list; serialized, it is the JSON document. It carries no signature: it is
/// as good as the connection it comes over.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationList {
    id: String,
    issuer: String,
    revoked_credential: Vec<RevokedCredential>,
}

#[derive(Debug, Clone, Serialize)]
struct RevokedCredential {
    id: String,
    revoked: bool,
}

impl RevocationList {
    /// The list at `url`. Reasons are not published.
    pub fn new(url: String, issuer: &Did, revoked: &BTreeSet<CredentialId>) -> Self {
        let id = |id: &CredentialId| format!("urn:uuid:{id}");
        let revoked = revoked.iter().map(|of| RevokedCredential { id: id(of), revoked: true });
        Self { id: url, issuer: issuer.to_string(), revoked_credential: revoked.collect() }
    }
}

/// What `list` says about the credential with this id. A credential that is named with no word on
/// whether it is revoked is revoked. The specification's text says `revokedCredentials` where its
/// validator reads `revokedCredential`; either counts, and so do both.
pub fn look_up(credential_id: &str, list: &Value) -> Finding {
    if !list.is_object() {
        return Finding::Malformed("the revocation list is not an object".into());
    }
    let names = ["revokedCredential", "revokedCredentials"];
    let mut known = names.into_iter().filter_map(|name| list.get(name)).peekable();
    if known.peek().is_none() {
        return Finding::Malformed("the revocation list has no revokedCredential".into());
    }
    let mut finding = Finding::NotRevoked;
    for (place, revoked) in known.flat_map(members).enumerate() {
        match names_it(revoked, credential_id) {
            _ if place >= MOST => return Finding::Malformed(format!("more than {MOST} are named")),
            Ok(true) => finding = Finding::Revoked,
            Ok(false) => {}
            Err(wrong) => return Finding::Malformed(format!("revokedCredential {place}: {wrong}")),
        }
    }
    finding
}

fn names_it(revoked: &Value, credential_id: &str) -> Result<bool, &'static str> {
    let id = revoked["id"].as_str().ok_or("its id is not a text")?;
    let holds = match revoked.get("revoked") {
        None => true,
        Some(value) => value.as_bool().ok_or("its revoked is neither true nor false")?,
    };
    Ok(holds && id == credential_id)
}
