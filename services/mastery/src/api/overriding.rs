//! Setting, confirming and taking back overrides; all are read from the log itself, so that the
//! second signer finds what the first has set.

use northstar_chassis::{Principal, status};
use northstar_eventlog::{NewEvent, Sealed, Stream, TenantLog, now};
use northstar_kernel::{OverrideId, PersonId, Timestamp};
use northstar_mastery_domain::{
    Override, OverrideCommand, OverrideEvent, OverrideRefusal, Overriding, SetOverride,
};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::instant;
use super::id;
use super::not_found::known_learner;
use super::says::Says;
use super::signer::{Reason, person, signer};
use crate::aggregate::{Done, execute, load};
use crate::codec::{Event, Overridden};
use crate::projection::LevelKey;

/// Longest id of a request.
const REQUEST_ID_BYTES: usize = 512;

pub(super) async fn set(
    caller: &Principal,
    log: &TenantLog,
    request: wire::SetOverrideRequest,
) -> Result<wire::SetOverrideResponse, Status> {
    let by = signer(caller, log)?;
    let draft = Draft::read(log, by, &request)?;
    known_learner(log, draft.key.learner).await?;
    let says = Says::read(log, draft.key, request.says.as_ref()).await?;
    let reason = Reason::seal(log, draft.key.learner, &request.reason).await?;
    let command = |before: &Overriding| {
        OverrideCommand::Set(draft.command(&says, reason.as_ref(), before.0.as_ref()))
    };
    let sealed = reason.as_ref().map(|reason| reason.sealed.clone());
    let write = |event: &OverrideEvent| written(draft.id, draft.key, event, sealed.clone());
    let stream = stream(draft.id);
    let done = execute::<Overriding>(log, &caller.cause(), &stream, command, write).await?;
    let override_id = draft.id.to_string();
    Ok(wire::SetOverrideResponse { override_id, repeated: done.repeated })
}

pub(super) async fn confirm(
    caller: &Principal,
    log: &TenantLog,
    request: wire::ConfirmOverrideRequest,
) -> Result<wire::ConfirmOverrideResponse, Status> {
    let by = signer(caller, log)?;
    let held = existing(log, &request.override_id).await?;
    let at = now();
    let command = OverrideCommand::Confirm { by, at };
    let done = change(caller, log, &held, command, None).await?;
    let override_id = held.terms.id.to_string();
    Ok(wire::ConfirmOverrideResponse { override_id, repeated: done.repeated })
}

pub(super) async fn revoke(
    caller: &Principal,
    log: &TenantLog,
    request: wire::RevokeOverrideRequest,
) -> Result<wire::RevokeOverrideResponse, Status> {
    let by = signer(caller, log)?;
    let held = existing(log, &request.override_id).await?;
    let reason = Reason::seal(log, held.terms.learner, &request.reason).await?;
    let at = now();
    let command =
        OverrideCommand::Revoke { by, reason: reason.as_ref().map(|reason| reason.id), at };
    let done = change(caller, log, &held, command, reason.map(|reason| reason.sealed)).await?;
    let override_id = held.terms.id.to_string();
    Ok(wire::RevokeOverrideResponse { override_id, repeated: done.repeated })
}

/// The stream of one override.
pub(super) fn stream(id: OverrideId) -> Stream {
    Stream::new("override", id.uuid())
}

async fn change(
    caller: &Principal,
    log: &TenantLog,
    held: &Override,
    command: OverrideCommand,
    reason: Option<Sealed>,
) -> Result<Done<Overriding>, Status> {
    let id = held.terms.id;
    let key = LevelKey { learner: held.terms.learner, competency: held.terms.competency };
    let write = |event: &OverrideEvent| written(id, key, event, reason.clone());
    execute::<Overriding>(log, &caller.cause(), &stream(id), |_| command, write).await
}

async fn existing(log: &TenantLog, text: &str) -> Result<Override, Status> {
    let Overriding(held) = load(log, &stream(id("override_id", text)?)).await?;
    held.ok_or_else(|| status::refused(&OverrideRefusal::Unknown))
}

fn written(
    id: OverrideId,
    key: LevelKey,
    event: &OverrideEvent,
    reason: Option<Sealed>,
) -> NewEvent {
    let overridden = Overridden { id, key, event: *event, reason };
    let at = overridden.at();
    Event::Overridden(overridden).write(at)
}

/// A request as it was made.
struct Draft {
    id: OverrideId,
    key: LevelKey,
    by: PersonId,
    second_signer: PersonId,
    from: Option<Timestamp>,
    until: Timestamp,
}

impl Draft {
    fn read(
        log: &TenantLog,
        by: PersonId,
        request: &wire::SetOverrideRequest,
    ) -> Result<Self, Status> {
        let invalid = |field, what: &str| status::invalid("FIELD_INVALID", field, what);
        let request_id = &request.request_id;
        if !(1..=REQUEST_ID_BYTES).contains(&request_id.len()) || request_id.contains('\0') {
            let what = "give an id of your own for this request: 1 to 512 bytes without a NUL";
            return Err(invalid("request_id", what));
        }
        if request.second_signer.is_empty() {
            return Err(invalid("second_signer", "say who is to confirm it"));
        }
        let until = instant("until", request.until.as_ref())?;
        Ok(Self {
            id: OverrideId::derive(log.tenant(), request_id),
            key: LevelKey {
                learner: id("learner_id", &request.learner_id)?,
                competency: id("competency_id", &request.competency_id)?,
            },
            by,
            second_signer: person(log.tenant(), &request.second_signer),
            from: instant("from", request.from.as_ref())?,
            until: until
                .ok_or_else(|| invalid("until", "say when it ends; every override does"))?,
        })
    }

    /// What the request left to the moment is taken from what it came to the first time.
    fn command(
        &self,
        says: &Says,
        reason: Option<&Reason>,
        before: Option<&Override>,
    ) -> SetOverride {
        let before = before.map(|held| held.terms);
        SetOverride {
            id: self.id,
            learner: self.key.learner,
            competency: self.key.competency,
            says: says.finding(before.map(|terms| terms.says)),
            reason: reason.map(|reason| reason.id),
            by: self.by,
            second_signer: self.second_signer,
            from: self.from.or(before.map(|terms| terms.from)).unwrap_or_else(now),
            until: self.until,
        }
    }
}
