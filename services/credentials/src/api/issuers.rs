//! The tenant as issuer, and its keys.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::issuer_keys::{
    Command, IssuerKeys, Key, KeyRing, Refusal, Stage,
};
use northstar_eventlog::{AppendError, Fault, TenantLog, now};
use northstar_kernel::{Decider as _, Timestamp, Version};
use northstar_wire::credentials::v1 as wire;
use serde::Serialize;
use tonic::Status;

use super::refusal::Absent;
use crate::codec::field::{instant, moment};
use crate::codec::issuer_keys::{algorithm_to_wire, purpose_to_wire};
use crate::keys;
use crate::projection::issuer::IssuerDocument;
use crate::secrets::Vault;
use crate::standard::did_web::{Did, Host};
use crate::standard::issuer_document::{self, KeySet};

/// Times a decision is taken anew because the keys moved on meanwhile.
const ATTEMPTS: u32 = 4;

/// Gets what the issuer publishes of itself.
pub(crate) async fn get(host: &Host, log: &TenantLog) -> Result<wire::GetIssuerResponse, Status> {
    let (did, issuer) = find(host, log).await?;
    let at = issuer.ring.not_before(now());
    let document = issuer_document::IssuerDocument::new(&did, &issuer.ring, at);
    let jwks = KeySet::new(&did, &issuer.ring, at);
    Ok(wire::GetIssuerResponse {
        did: did.to_string(),
        did_document: written(document)?,
        jwks: written(jwks)?,
        keys: issuer.ring.keys().iter().map(shown).collect(),
    })
}

fn written<T: Serialize, E: std::error::Error + Send + Sync + 'static>(
    published: Result<T, E>,
) -> Result<String, Status> {
    let fault = |error| status::fault(Fault::lasting("writing an issuer's document", error));
    let published = published.map_err(fault)?;
    serde_json::to_string(&published)
        .map_err(|error| status::fault(Fault::lasting("writing an issuer's document", error)))
}

/// The issuer and its name; refused until the registry has named the tenant.
pub(super) async fn find(host: &Host, log: &TenantLog) -> Result<(Did, IssuerDocument), Status> {
    let issuer: Option<IssuerDocument> =
        log.document(IssuerDocument::KEY).await.map_err(status::fault)?;
    issuer
        .and_then(|issuer| Some((issuer.did(host)?, issuer)))
        .ok_or_else(|| status::refused(&Absent::Issuer))
}

/// Publishes keys to follow those in use.
pub(super) async fn rotate(
    principal: &Principal,
    vault: &Vault,
    log: &TenantLog,
    request: &wire::RotateIssuerKeyRequest,
) -> Result<wire::RotateIssuerKeyResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (ring, version) = keys::load(log).await.map_err(status::fault)?;
        let followed = followed(&ring, &request.key_name)?;
        let mut commands = Vec::new();
        for key in &followed {
            let next = keys::next(vault, log, &ring, key.kind(), now()).await;
            commands.push(next.map_err(status::fault)?);
        }
        match decided(principal, log, (&ring, version), commands).await? {
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
            Ok((after, _)) => {
                let waits = |key: &&Key| {
                    stage(key) == Some(Stage::Published)
                        && followed.iter().any(|before| before.kind() == key.kind())
                };
                let waiting = after.keys().iter().filter(waits).map(shown).collect();
                return Ok(wire::RotateIssuerKeyResponse { waiting });
            }
        }
    }
}

/// The keys in use of this name, or all.
fn followed(ring: &KeyRing, name: &str) -> Result<Vec<Key>, Status> {
    let wanted = |key: &&Key| name.is_empty() || key.name == name;
    let in_use = |key: &&Key| stage(key) == Some(Stage::Active);
    let found: Vec<_> = ring.keys().iter().filter(wanted).filter(in_use).cloned().collect();
    match found.is_empty() {
        true if name.is_empty() => Err(status::refused(&Absent::Issuer)),
        true => Err(status::refused(&Refusal::UnknownKey(name.into()))),
        false => Ok(found),
    }
}

/// Ends the trust in a key.
pub(super) async fn compromise(
    principal: &Principal,
    log: &TenantLog,
    request: &wire::CompromiseIssuerKeyRequest,
) -> Result<wire::CompromiseIssuerKeyResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let invalid = |why: String| status::invalid("INSTANT_INVALID", "from", &why);
    let from = request.from.map(|from| instant("from", Some(from)).map_err(invalid));
    let from = from.transpose()?.unwrap_or(Timestamp::from_micros(0));
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (ring, version) = keys::load(log).await.map_err(status::fault)?;
        let command = Command::Compromise { name: request.key_name.clone(), from, at: now() };
        match decided(principal, log, (&ring, version), vec![command]).await? {
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
            Ok((_, compromised)) => return Ok(wire::CompromiseIssuerKeyResponse { compromised }),
        }
    }
}

/// Decides on the keys as they are, and appends; the keys after it, and whether anything changed.
async fn decided(
    principal: &Principal,
    log: &TenantLog,
    (ring, version): (&KeyRing, Version),
    commands: Vec<Command>,
) -> Result<Result<(KeyRing, bool), AppendError>, Status> {
    let (mut ring, mut events) = (ring.clone(), Vec::new());
    for command in commands {
        let more = IssuerKeys::decide(&ring, command).map_err(|why| status::refused(&why))?;
        ring = more.iter().fold(ring, IssuerKeys::evolve);
        events.extend(more);
    }
    if events.is_empty() {
        return Ok(Ok((ring, false)));
    }
    Ok(keys::append(log, version, events, principal.cause()).await.map(|()| (ring, true)))
}

fn stage(key: &Key) -> Option<Stage> {
    key.stages().last().map(|(_, stage)| *stage)
}

fn shown(key: &Key) -> wire::IssuerKey {
    let stage = stage(key).map_or(wire::KeyStage::Unspecified, |stage| match stage {
        Stage::Created => wire::KeyStage::Created,
        Stage::Published => wire::KeyStage::Published,
        Stage::Active => wire::KeyStage::Active,
        Stage::Retired => wire::KeyStage::Retired,
        Stage::Removed => wire::KeyStage::Removed,
        Stage::Compromised => wire::KeyStage::Compromised,
    });
    wire::IssuerKey {
        key_name: key.name.clone(),
        algorithm: algorithm_to_wire(key.algorithm).into(),
        purpose: purpose_to_wire(key.purpose).into(),
        stage: stage.into(),
        since: key.stages().last().map(|(since, _)| moment(*since)),
    }
}
