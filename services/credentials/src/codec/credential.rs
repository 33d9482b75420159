//! What happens to credentials, on the wire.

use bytes::Bytes;
use northstar_credentials_domain::award::{Claim, Event, MasteryEvent};
use northstar_credentials_domain::credential::{self, Cause, Edition, Grounds, Order, Person};
use northstar_credentials_domain::status::Place;
use northstar_kernel::{Sequence, Timestamp};
use northstar_wire::credentials::v1 as wire;

use super::course;
use super::field::{id, instant, moment, present};
use super::sealed;
use super::{bytes, message};

/// Type, version and payload.
pub(super) fn encode(event: &Event) -> (&'static str, u16, Bytes) {
    let claim = &event.claim;
    match &event.what {
        credential::Event::Requested { achievement, by, at } => {
            course::requested(claim, *achievement, by, *at)
        }
        credential::Event::Suspended { parts, facts, at } => {
            course::suspended(claim, parts, facts, *at)
        }
        credential::Event::Resumed { at } => course::resumed(claim, *at),
        credential::Event::Came { moment, due, at } => course::came(claim, *moment, *due, *at),
        credential::Event::Issued(edition) => ("credential_issued", 2, issued(claim, edition)),
        credential::Event::Superseded(edition) => {
            ("credential_superseded", 2, issued(claim, edition))
        }
        credential::Event::Renewed(edition) => ("credential_renewed", 2, issued(claim, edition)),
        credential::Event::HoldPlaced { by, at } => {
            let [credential_id, award_id, learner_id] = ids(claim);
            let (actor, words, at) = ordered(by, *at);
            let held =
                wire::CredentialHeld { credential_id, award_id, learner_id, actor, words, at };
            ("credential_held", 1, bytes(&held))
        }
        credential::Event::HoldLifted { by, at } => {
            let [credential_id, award_id, learner_id] = ids(claim);
            let (actor, words, at) = ordered(by, *at);
            let released =
                wire::CredentialReleased { credential_id, award_id, learner_id, actor, words, at };
            ("credential_released", 1, bytes(&released))
        }
        credential::Event::ReviewOpened { decision, until, at } => {
            let [credential_id, award_id, learner_id] = ids(claim);
            let opened = wire::CredentialReviewOpened {
                credential_id,
                award_id,
                learner_id,
                mastery_event_id: decision.id.to_string(),
                mastery_sequence: decision.sequence.0,
                until: Some(moment(*until)),
                at: Some(moment(*at)),
            };
            ("credential_review_opened", 1, bytes(&opened))
        }
        credential::Event::Reinstated { decision, at } => {
            let [credential_id, award_id, learner_id] = ids(claim);
            let reinstated = wire::CredentialReinstated {
                credential_id,
                award_id,
                learner_id,
                mastery_event_id: decision.id.to_string(),
                mastery_sequence: decision.sequence.0,
                at: Some(moment(*at)),
            };
            ("credential_reinstated", 1, bytes(&reinstated))
        }
        credential::Event::Revoked { cause, at } => {
            ("credential_revoked", 2, revoked(claim, cause, *at))
        }
    }
}

pub(super) fn ids(claim: &Claim) -> [String; 3] {
    [claim.credential.to_string(), claim.award.to_string(), claim.learner.to_string()]
}

type Ordered =
    (String, Option<northstar_wire::platform::v1::Sealed>, Option<prost_types::Timestamp>);

fn ordered(by: &Person, at: Timestamp) -> Ordered {
    (by.actor.clone(), Some(sealed::to_wire(&by.reason)), Some(moment(at)))
}

fn issued(claim: &Claim, edition: &Edition) -> Bytes {
    let [credential_id, award_id, learner_id] = ids(claim);
    let place = edition.place.map(|Place { list, index }| wire::StatusPlace {
        serial: edition.serial,
        list,
        index,
    });
    bytes(&wire::CredentialIssued {
        credential_id,
        award_id,
        achievement_id: edition.achievement.to_string(),
        learner_id,
        competency_id: edition.grounds.competency.to_string(),
        level: edition.level,
        mastery_event_id: edition.decision.id.to_string(),
        compact_jws: edition.token.clone(),
        key_name: String::new(),
        mastery_sequence: edition.decision.sequence.0,
        achievement_name: edition.achievement_name.clone(),
        document: edition.document.clone(),
        valid_from: Some(moment(edition.valid_from)),
        valid_until: edition.valid_until.map(moment),
        place,
        achievement_version: edition.achievement_version,
        evidence_ids: edition.grounds.evidence.iter().map(ToString::to_string).collect(),
        policy_hash: edition.grounds.policy_hash.clone(),
        criteria: edition.grounds.criteria.clone(),
        key_names: edition.key_names.clone(),
    })
}

fn revoked(claim: &Claim, cause: &Cause, at: Timestamp) -> Bytes {
    let [credential_id, award_id, learner_id] = ids(claim);
    let mut revoked = wire::CredentialRevoked {
        credential_id,
        award_id,
        learner_id,
        reason: cause.code().into(),
        at: Some(moment(at)),
        ..Default::default()
    };
    match cause {
        Cause::MasteryWithdrawn(decision) => {
            revoked.mastery_event_id = decision.id.to_string();
            revoked.mastery_sequence = decision.sequence.0;
        }
        Cause::Ordered(Order::KeyCompromised { key_name, from }) => {
            revoked.key_name = key_name.clone();
            revoked.compromised_from = Some(moment(*from));
        }
        Cause::Ordered(Order::Person(by)) => {
            revoked.actor = by.actor.clone();
            revoked.words = Some(sealed::to_wire(&by.reason));
        }
    }
    bytes(&revoked)
}

/// The event of this type and version; `None` if it is not one of these. What version 1 leaves to
/// the envelope is when: `observed_at`.
pub(super) fn decode(
    event_type: &str,
    schema_version: u16,
    payload: &Bytes,
    observed_at: Timestamp,
) -> Option<Result<Event, String>> {
    Some(match (event_type, schema_version) {
        ("credential_issued", 1) => message(payload).and_then(|it| first_version(it, observed_at)),
        ("credential_issued", 2) => {
            message(payload).and_then(|it| edition(it, credential::Event::Issued))
        }
        ("credential_superseded", 2) => {
            message(payload).and_then(|it| edition(it, credential::Event::Superseded))
        }
        ("credential_renewed", 2) => {
            message(payload).and_then(|it| edition(it, credential::Event::Renewed))
        }
        ("credential_revoked", 1) => {
            message(payload).and_then(|it| revocation(it, |_| Ok(observed_at)))
        }
        ("credential_revoked", 2) => {
            message(payload).and_then(|it| revocation(it, |it| instant("at", it.at)))
        }
        ("credential_held", 1) => message(payload).and_then(|it: wire::CredentialHeld| {
            let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
            let (by, at) = (person(it.actor, it.words)?, instant("at", it.at)?);
            Ok(Event { claim, what: credential::Event::HoldPlaced { by, at } })
        }),
        ("credential_released", 1) => message(payload).and_then(|it: wire::CredentialReleased| {
            let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
            let (by, at) = (person(it.actor, it.words)?, instant("at", it.at)?);
            Ok(Event { claim, what: credential::Event::HoldLifted { by, at } })
        }),
        ("credential_review_opened", 1) => message(payload).and_then(review_opened),
        ("credential_reinstated", 1) => message(payload).and_then(reinstated),
        _ => return course::decode(event_type, schema_version, payload),
    })
}

pub(super) fn claim(credential: &str, award: &str, learner: &str) -> Result<Claim, String> {
    Ok(Claim { credential: id(credential)?, award: id(award)?, learner: id(learner)? })
}

fn person(
    actor: String,
    words: Option<northstar_wire::platform::v1::Sealed>,
) -> Result<Person, String> {
    Ok(Person { actor, reason: sealed::from_wire(present("words", words)?)? })
}

fn decision(event_id: &str, sequence: u64) -> Result<MasteryEvent, String> {
    Ok(MasteryEvent { id: id(event_id)?, sequence: Sequence(sequence) })
}

/// One from before credentials had lives: a token alone, without a place in a list.
fn first_version(mut it: wire::CredentialIssued, observed_at: Timestamp) -> Result<Event, String> {
    let (seconds, _) = observed_at.parts();
    it.valid_from = Some(prost_types::Timestamp { seconds, nanos: 0 });
    it.achievement_version = 1;
    it.key_names = vec![std::mem::take(&mut it.key_name)];
    edition(it, credential::Event::Issued)
}

fn edition(
    it: wire::CredentialIssued,
    what: impl FnOnce(Edition) -> credential::Event,
) -> Result<Event, String> {
    let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
    let evidence = it.evidence_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?;
    let until = it.valid_until.map(|until| instant("valid_until", Some(until))).transpose()?;
    let edition = Edition {
        credential: claim.credential,
        place: it.place.map(|place| Place { list: place.list, index: place.index }),
        serial: it.place.map_or(0, |place| place.serial),
        achievement: id(&it.achievement_id)?,
        achievement_name: it.achievement_name,
        achievement_version: it.achievement_version,
        level: it.level,
        decision: decision(&it.mastery_event_id, it.mastery_sequence)?,
        valid_from: instant("valid_from", it.valid_from)?,
        valid_until: until,
        grounds: Grounds {
            competency: id(&it.competency_id)?,
            evidence,
            policy_hash: it.policy_hash,
            criteria: it.criteria,
        },
        key_names: it.key_names,
        document: it.document,
        token: it.compact_jws,
    };
    Ok(Event { claim, what: what(edition) })
}

fn revocation(
    it: wire::CredentialRevoked,
    at: impl FnOnce(&wire::CredentialRevoked) -> Result<Timestamp, String>,
) -> Result<Event, String> {
    let at = at(&it)?;
    let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
    let cause = match it.reason.as_str() {
        "mastery_withdrawn" => {
            Cause::MasteryWithdrawn(decision(&it.mastery_event_id, it.mastery_sequence)?)
        }
        "key_compromised" => Cause::Ordered(Order::KeyCompromised {
            key_name: it.key_name,
            from: instant("compromised_from", it.compromised_from)?,
        }),
        "decided_by_person" => Cause::Ordered(Order::Person(person(it.actor, it.words)?)),
        unknown => return Err(format!("the reason {unknown:?} is not known here")),
    };
    Ok(Event { claim, what: credential::Event::Revoked { cause, at } })
}

fn review_opened(it: wire::CredentialReviewOpened) -> Result<Event, String> {
    let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
    let decision = decision(&it.mastery_event_id, it.mastery_sequence)?;
    let (until, at) = (instant("until", it.until)?, instant("at", it.at)?);
    Ok(Event { claim, what: credential::Event::ReviewOpened { decision, until, at } })
}

fn reinstated(it: wire::CredentialReinstated) -> Result<Event, String> {
    let claim = claim(&it.credential_id, &it.award_id, &it.learner_id)?;
    let decision = decision(&it.mastery_event_id, it.mastery_sequence)?;
    let at = instant("at", it.at)?;
    Ok(Event { claim, what: credential::Event::Reinstated { decision, at } })
}
