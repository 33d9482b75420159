//! What happens to credentials in the course of time, on the wire: asked for, held back for want of a
//! part, due to be renewed, ended by their date.

use bytes::Bytes;
use northstar_credentials_domain::award::{Claim, Event};
use northstar_credentials_domain::credential::{self, Moment, Person};
use northstar_kernel::{AchievementId, Timestamp};
use northstar_wire::credentials::v1 as wire;

use super::credential::{claim, ids};
use super::field::{id, instant, moment};
use super::{bytes, message, sealed};

/// Type, version and payload.
type Encoded = (&'static str, u16, Bytes);

pub(super) fn requested(
    claim: &Claim,
    achievement: AchievementId,
    by: &Person,
    at: Timestamp,
) -> Encoded {
    let [credential_id, award_id, learner_id] = ids(claim);
    let requested = wire::CredentialRequested {
        credential_id,
        award_id,
        learner_id,
        achievement_id: achievement.to_string(),
        actor: by.actor.clone(),
        words: (!by.reason.is_empty()).then(|| sealed::to_wire(&by.reason)),
        at: Some(moment(at)),
    };
    ("credential_requested", 1, bytes(&requested))
}

pub(super) fn suspended(
    claim: &Claim,
    parts: &[AchievementId],
    facts: &[String],
    at: Timestamp,
) -> Encoded {
    let [credential_id, award_id, learner_id] = ids(claim);
    let suspended = wire::CredentialSuspended {
        credential_id,
        award_id,
        learner_id,
        achievement_ids: parts.iter().map(ToString::to_string).collect(),
        facts: facts.to_vec(),
        at: Some(moment(at)),
    };
    ("credential_suspended", 1, bytes(&suspended))
}

pub(super) fn resumed(claim: &Claim, at: Timestamp) -> Encoded {
    let [credential_id, award_id, learner_id] = ids(claim);
    let at = Some(moment(at));
    let resumed = wire::CredentialResumed { credential_id, award_id, learner_id, at };
    ("credential_resumed", 1, bytes(&resumed))
}

pub(super) fn came(claim: &Claim, which: Moment, due: Timestamp, at: Timestamp) -> Encoded {
    let [credential_id, award_id, learner_id] = ids(claim);
    let (due_at, at) = (Some(moment(due)), Some(moment(at)));
    match which {
        Moment::Renewal => {
            let due =
                wire::CredentialRenewalDue { credential_id, award_id, learner_id, due_at, at };
            ("credential_renewal_due", 1, bytes(&due))
        }
        Moment::End => {
            let over = wire::CredentialExpired { credential_id, award_id, learner_id, due_at, at };
            ("credential_expired", 1, bytes(&over))
        }
    }
}

/// The event of this type and version; `None` if it is not one of these.
pub(super) fn decode(
    event_type: &str,
    schema_version: u16,
    payload: &Bytes,
) -> Option<Result<Event, String>> {
    if schema_version != 1 {
        return None;
    }
    Some(match event_type {
        "credential_requested" => message(payload).and_then(|it: wire::CredentialRequested| {
            let reason = it.words.map(sealed::from_wire).transpose()?.unwrap_or_default();
            let by = Person { actor: it.actor, reason };
            let (achievement, at) = (id(&it.achievement_id)?, instant("at", it.at)?);
            let what = credential::Event::Requested { achievement, by, at };
            Ok(Event { claim: claim(&it.credential_id, &it.award_id, &it.learner_id)?, what })
        }),
        "credential_suspended" => message(payload).and_then(|it: wire::CredentialSuspended| {
            let parts = it.achievement_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?;
            let at = instant("at", it.at)?;
            let what = credential::Event::Suspended { parts, facts: it.facts, at };
            Ok(Event { claim: claim(&it.credential_id, &it.award_id, &it.learner_id)?, what })
        }),
        "credential_resumed" => message(payload).and_then(|it: wire::CredentialResumed| {
            let what = credential::Event::Resumed { at: instant("at", it.at)? };
            Ok(Event { claim: claim(&it.credential_id, &it.award_id, &it.learner_id)?, what })
        }),
        "credential_renewal_due" => message(payload).and_then(|it: wire::CredentialRenewalDue| {
            let (due, at) = (instant("due_at", it.due_at)?, instant("at", it.at)?);
            let what = credential::Event::Came { moment: Moment::Renewal, due, at };
            Ok(Event { claim: claim(&it.credential_id, &it.award_id, &it.learner_id)?, what })
        }),
        "credential_expired" => message(payload).and_then(|it: wire::CredentialExpired| {
            let (due, at) = (instant("due_at", it.due_at)?, instant("at", it.at)?);
            let what = credential::Event::Came { moment: Moment::End, due, at };
            Ok(Event { claim: claim(&it.credential_id, &it.award_id, &it.learner_id)?, what })
        }),
        _ => return None,
    })
}
