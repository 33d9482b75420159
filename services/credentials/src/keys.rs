//! An issuer's keys in their stream: loaded, decided about, appended.

use northstar_credentials_domain::Event;
use northstar_credentials_domain::issuer_keys::{
    self, Algorithm, Command, IssuerKeys, KINDS, KeyRing, NewKey, Purpose,
};
use northstar_eventlog::{Append, AppendError, Cause, Fault, RequestKey, Stream, TenantLog};
use northstar_kernel::{Decider as _, Digest, ExpectedVersion, TenantId, Timestamp, Version};

use crate::codec;
use crate::secrets::Vault;

/// The stream of a tenant's keys.
pub(crate) fn stream(tenant: TenantId) -> Stream {
    Stream::new("issuer", tenant.uuid())
}

/// The keys as the log has them, and how many events that took.
pub(crate) async fn load(log: &TenantLog) -> Result<(KeyRing, Version), Fault> {
    let recorded = log.stream(&stream(log.tenant())).await?;
    let mut ring = KeyRing::default();
    for event in &recorded {
        let event = codec::decode(event).map_err(|why| Fault::lasting("reading keys", why))?;
        if let Event::Issuer(event) = event {
            ring = IssuerKeys::evolve(ring, &event);
        }
    }
    Ok((ring, Version(recorded.len() as u64)))
}

/// Appends behind `version`. The request's id is the place in the stream: of two replicas that do
/// the same at the same time, the second one is told that it is done.
///
/// # Errors
/// Somebody was faster with something else, or the store fails.
pub(crate) async fn append(
    log: &TenantLog,
    version: Version,
    events: Vec<issuer_keys::Event>,
    cause: Cause,
) -> Result<(), AppendError> {
    let id = format!("issuer-keys/{}", version.0);
    let expected = match version {
        Version::START => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exactly(version),
    };
    let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
    let request = Some(RequestKey { content: Digest::of(id.as_bytes()), id });
    let stream = stream(log.tenant());
    log.append(Append { stream, expected, events, request, cause }).await.map(|_| ())
}

/// Makes a key of each kind that the issuer has none of.
pub(crate) async fn first(
    vault: &Vault,
    log: &TenantLog,
    ring: &KeyRing,
    at: Timestamp,
) -> Result<Command, Fault> {
    let mut keys = Vec::new();
    for kind in KINDS {
        if !ring.keys().iter().any(|key| key.kind() == kind) {
            keys.push(new_key(vault, log, ring, kind, at).await?);
        }
    }
    Ok(Command::Begin { keys, at })
}

/// Makes the key that follows the one of its kind.
pub(crate) async fn next(
    vault: &Vault,
    log: &TenantLog,
    ring: &KeyRing,
    kind: (Algorithm, Purpose),
    at: Timestamp,
) -> Result<Command, Fault> {
    Ok(Command::Succeed { key: new_key(vault, log, ring, kind, at).await?, at })
}

/// The secret is kept under the name that the key will have: whoever decides the same after a crash
/// finds it again.
async fn new_key(
    vault: &Vault,
    log: &TenantLog,
    ring: &KeyRing,
    (algorithm, purpose): (Algorithm, Purpose),
    at: Timestamp,
) -> Result<NewKey, Fault> {
    let name = ring.next_name(algorithm, purpose, at);
    let public = vault.make(log, algorithm, &name).await?;
    Ok(NewKey { algorithm, purpose, public })
}
