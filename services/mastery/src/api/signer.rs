//! People who decide: who they are, and their reasons.

use northstar_chassis::{Principal, Role, status};
use northstar_eventlog::{Fault, Sealed, TenantLog};
use northstar_kernel::{Digest, LearnerId, PersonId, ReasonId, TenantId};
use tonic::Status;

/// Who may sign an override, decide on an advancement, and read the reasons of others.
const SIGNERS: [Role; 4] =
    [Role::Teacher, Role::Validator, Role::DistrictAdmin, Role::NetworkAdmin];
/// The sealed field's name; boxes are bound to it.
const FIELD: &str = "reason";
/// Longest reason.
const REASON_BYTES: usize = 2_000;

/// Demands a caller who may sign; says who they are.
pub(super) fn signer(caller: &Principal, log: &TenantLog) -> Result<PersonId, Status> {
    caller.require(&SIGNERS)?;
    Ok(person(log.tenant(), caller.subject()))
}

/// Whether the caller may read reasons.
pub(super) fn reads_reasons(caller: &Principal) -> bool {
    caller.require(&SIGNERS).is_ok()
}

/// A person by UUID, or by the roster's own id.
pub(super) fn person(tenant: TenantId, text: &str) -> PersonId {
    text.parse().unwrap_or_else(|_| PersonId::derive(tenant, text))
}

/// A reason that was given.
#[derive(Debug, Clone)]
pub(super) struct Reason {
    /// Names it. Two that are the same, for the same learner, have the same name.
    pub(super) id: ReasonId,
    /// Its words.
    pub(super) sealed: Sealed,
}

impl Reason {
    /// Seals the words under the learner's key, which is made if there is none; `None` if there are
    /// no words.
    ///
    /// The name is taken from the box, not from the words: these could be guessed.
    pub(super) async fn seal(
        log: &TenantLog,
        learner: LearnerId,
        words: &str,
    ) -> Result<Option<Self>, Status> {
        let words = words.trim();
        if words.is_empty() {
            return Ok(None);
        }
        if words.len() > REASON_BYTES {
            let what = format!("give at most {REASON_BYTES} bytes, not {}", words.len());
            return Err(status::invalid("FIELD_INVALID", "reason", &what));
        }
        let sealed = log.seal(learner.uuid(), FIELD, words.as_bytes()).await;
        let sealed = sealed.map_err(status::fault)?;
        let id = ReasonId::derive(log.tenant(), &Digest::of(&sealed.bytes).to_string());
        Ok(Some(Self { id, sealed }))
    }
}

/// The words of a reason; empty if the learner's key was destroyed.
pub(super) async fn words(
    log: &TenantLog,
    learner: LearnerId,
    sealed: &Sealed,
) -> Result<String, Fault> {
    let bytes = log.open(learner.uuid(), FIELD, sealed).await?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|why| Fault::lasting("opening a reason", why))
}
