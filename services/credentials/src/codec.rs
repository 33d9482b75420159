//! The one bridge between the domain's events and their protobuf form.
//!
//! `encode` and `decode` are total: a new event does not compile until both know it, and a stored
//! one that they do not know is reported, never guessed at.

pub(crate) mod field;
pub(crate) mod incoming;
pub(crate) mod issuer_keys;

use bytes::Bytes;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement::{self, Achievement, Alignment};
use northstar_credentials_domain::award::{self, Credential, MasteryEvent, Reason, Revocation};
use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_kernel::{Sequence, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message;

use field::{id, present};

/// Shape of every payload so far.
const SCHEMA_VERSION: u16 = 1;

/// The event as it is appended; `observed_at` is when it was so, `None` for now.
pub fn encode(event: &Event, observed_at: Option<Timestamp>) -> NewEvent {
    let (event_type, payload) = match event {
        Event::Achievement(achievement::Event::Defined(achievement)) => {
            let achievement = Some(to_wire(achievement));
            ("achievement_defined", bytes(&wire::AchievementDefined { achievement }))
        }
        Event::Achievement(achievement::Event::Offered { achievement, competency, up_to }) => {
            let offered = wire::AchievementOffered {
                achievement_id: achievement.to_string(),
                competency_id: competency.to_string(),
                up_to_learner_id: up_to.to_string(),
            };
            ("achievement_offered", bytes(&offered))
        }
        Event::Award(award::Event::Issued(credential)) => {
            ("credential_issued", bytes(&issued_to_wire(credential)))
        }
        Event::Award(award::Event::Revoked(revocation)) => {
            ("credential_revoked", bytes(&revoked_to_wire(revocation)))
        }
        Event::Issuer(event) => issuer_keys::encode(event),
    };
    NewEvent { event_type, schema_version: SCHEMA_VERSION, observed_at, key_id: None, payload }
}

/// The event as it was stored.
///
/// # Errors
/// The type or version is unknown, or the payload makes no sense.
pub fn decode(recorded: &Recorded) -> Result<Event, Malformed> {
    read(&recorded.event_type, recorded.schema_version, &recorded.payload)
        .map_err(|why| Malformed::new(&*recorded.event_type, why))
}

/// The event as it is about to be stored.
///
/// # Errors
/// As for [`decode`].
pub(crate) fn decode_new(new: &NewEvent) -> Result<Event, Malformed> {
    read(new.event_type, new.schema_version, &new.payload)
        .map_err(|why| Malformed::new(new.event_type, why))
}

/// The event of this type and version with this payload.
pub(crate) fn read(
    event_type: &str,
    schema_version: u16,
    payload: &Bytes,
) -> Result<Event, String> {
    match (event_type, schema_version) {
        ("achievement_defined", 1) => {
            let defined: wire::AchievementDefined = message(payload)?;
            let achievement = from_wire(present("achievement", defined.achievement)?)?;
            Ok(achievement::Event::Defined(achievement).into())
        }
        ("achievement_offered", 1) => {
            let offered: wire::AchievementOffered = message(payload)?;
            Ok(Event::Achievement(achievement::Event::Offered {
                achievement: id(&offered.achievement_id)?,
                competency: id(&offered.competency_id)?,
                up_to: id(&offered.up_to_learner_id)?,
            }))
        }
        ("credential_issued", 1) => {
            Ok(award::Event::Issued(issued_from_wire(message(payload)?)?).into())
        }
        ("credential_revoked", 1) => {
            Ok(award::Event::Revoked(revoked_from_wire(message(payload)?)?).into())
        }
        (_, 1) => issuer_keys::decode(event_type, payload)
            .unwrap_or_else(|| Err(unknown_version(schema_version)))
            .map(Event::Issuer),
        _ => Err(unknown_version(schema_version)),
    }
}

fn unknown_version(schema_version: u16) -> String {
    format!("version {schema_version} of it is not known here")
}

fn bytes(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

pub(crate) fn message<M: Message + Default>(payload: &[u8]) -> Result<M, String> {
    M::decode(payload).map_err(|error| error.to_string())
}

/// The achievement as the API and the log have it.
pub(crate) fn to_wire(achievement: &Achievement) -> wire::Achievement {
    let alignment = &achievement.alignment;
    wire::Achievement {
        achievement_id: achievement.id.to_string(),
        key: achievement.key.clone(),
        name: achievement.name.clone(),
        description: achievement.description.clone(),
        criteria: achievement.criteria.clone(),
        alignment: Some(wire::Alignment {
            competency_id: alignment.competency.to_string(),
            code: alignment.code.clone(),
            name: alignment.name.clone(),
            uri: alignment.uri.clone(),
        }),
        required_level: achievement.required_level,
    }
}

/// What [`to_wire`] wrote.
pub(crate) fn from_wire(achievement: wire::Achievement) -> Result<Achievement, String> {
    let alignment = present("alignment", achievement.alignment)?;
    Ok(Achievement {
        id: id(&achievement.achievement_id)?,
        key: achievement.key,
        name: achievement.name,
        description: achievement.description,
        criteria: achievement.criteria,
        alignment: Alignment {
            competency: id(&alignment.competency_id)?,
            code: alignment.code,
            name: alignment.name,
            uri: alignment.uri,
        },
        required_level: achievement.required_level,
    })
}

fn issued_to_wire(credential: &Credential) -> wire::CredentialIssued {
    wire::CredentialIssued {
        credential_id: credential.id.to_string(),
        award_id: credential.award.to_string(),
        achievement_id: credential.achievement.to_string(),
        learner_id: credential.learner.to_string(),
        competency_id: credential.competency.to_string(),
        level: credential.level,
        mastery_event_id: credential.mastery_event.id.to_string(),
        compact_jws: credential.compact_jws.clone(),
        key_name: credential.key_name.clone(),
        mastery_sequence: credential.mastery_event.sequence.0,
        achievement_name: credential.achievement_name.clone(),
    }
}

fn issued_from_wire(issued: wire::CredentialIssued) -> Result<Credential, String> {
    Ok(Credential {
        id: id(&issued.credential_id)?,
        award: id(&issued.award_id)?,
        achievement: id(&issued.achievement_id)?,
        achievement_name: issued.achievement_name,
        learner: id(&issued.learner_id)?,
        competency: id(&issued.competency_id)?,
        level: issued.level,
        mastery_event: mastery_event(&issued.mastery_event_id, issued.mastery_sequence)?,
        compact_jws: issued.compact_jws,
        key_name: issued.key_name,
    })
}

fn revoked_to_wire(revocation: &Revocation) -> wire::CredentialRevoked {
    wire::CredentialRevoked {
        credential_id: revocation.credential.to_string(),
        award_id: revocation.award.to_string(),
        learner_id: revocation.learner.to_string(),
        reason: revocation.reason.code().into(),
        mastery_event_id: revocation.mastery_event.id.to_string(),
        mastery_sequence: revocation.mastery_event.sequence.0,
    }
}

fn revoked_from_wire(revoked: wire::CredentialRevoked) -> Result<Revocation, String> {
    let unknown = || format!("the reason {:?} is not known here", revoked.reason);
    Ok(Revocation {
        credential: id(&revoked.credential_id)?,
        award: id(&revoked.award_id)?,
        learner: id(&revoked.learner_id)?,
        reason: Reason::of_code(&revoked.reason).ok_or_else(unknown)?,
        mastery_event: mastery_event(&revoked.mastery_event_id, revoked.mastery_sequence)?,
    })
}

fn mastery_event(event_id: &str, sequence: u64) -> Result<MasteryEvent, String> {
    Ok(MasteryEvent { id: id(event_id)?, sequence: Sequence(sequence) })
}
