//! Events about endorsements.

use bytes::Bytes;
use northstar_credentials_domain::credential::Person;
use northstar_credentials_domain::endorsement::{Event, Received, Request, Signed, What};
use northstar_credentials_domain::status::Place;
use northstar_kernel::LearnerId;
use northstar_wire::credentials::v1 as wire;

use super::field::{id, instant, moment, present};
use super::{bytes, found, message, sealed};

pub(super) fn encode(Event { endorsement, what }: &Event) -> (&'static str, Bytes) {
    let endorsement_id = endorsement.to_string();
    match what {
        What::Requested(request) => {
            ("endorsement_requested", bytes(&requested(endorsement_id, request)))
        }
        What::Given(signed) => {
            let Signed { serial, place: Place { list, index }, .. } = *signed;
            let given = wire::EndorsementGiven {
                endorsement_id,
                place: Some(wire::StatusPlace { serial, list, index }),
                valid_from: Some(moment(signed.valid_from)),
                key_name: signed.key_name.clone(),
                document: signed.document.clone(),
            };
            ("endorsement_given", bytes(&given))
        }
        What::Received(it) => {
            let received = wire::EndorsementReceived {
                endorsement_id,
                subject: it.subject.clone(),
                endorser: it.endorser.clone(),
                document: Some(sealed::to_wire(&it.document)),
                learner_id: text(it.learner),
                checks: found::to_wire(&it.checks),
                word: it.word.as_deref().map(sealed::to_wire),
                actor: it.actor.clone(),
                at: Some(moment(it.at)),
            };
            ("endorsement_received", bytes(&received))
        }
        What::Withdrawn { by, at } => {
            let withdrawn = wire::EndorsementWithdrawn {
                endorsement_id,
                actor: by.actor.clone(),
                words: Some(sealed::to_wire(&by.reason)),
                at: Some(moment(*at)),
            };
            ("endorsement_withdrawn", bytes(&withdrawn))
        }
    }
}

fn requested(endorsement_id: String, request: &Request) -> wire::EndorsementRequested {
    wire::EndorsementRequested {
        endorsement_id,
        subject: request.subject.clone(),
        comment: request.comment.clone(),
        valid_until: request.valid_until.map(moment),
        learner_id: text(request.learner),
        actor: request.actor.clone(),
        at: Some(moment(request.at)),
    }
}

fn text(learner: Option<LearnerId>) -> String {
    learner.map(|learner| learner.to_string()).unwrap_or_default()
}

fn learner(text: &str) -> Result<Option<LearnerId>, String> {
    (!text.is_empty()).then(|| id(text)).transpose()
}

/// The event of this type; `None` if it is not one of these.
pub(super) fn decode(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    Some(match event_type {
        "endorsement_requested" => message(payload).and_then(read_request),
        "endorsement_given" => message(payload).and_then(read_given),
        "endorsement_received" => message(payload).and_then(read_received),
        "endorsement_withdrawn" => message(payload).and_then(|it: wire::EndorsementWithdrawn| {
            let reason = sealed::from_wire(present("words", it.words)?)?;
            let by = Person { actor: it.actor, reason };
            let what = What::Withdrawn { by, at: instant("at", it.at)? };
            Ok(Event { endorsement: id(&it.endorsement_id)?, what })
        }),
        _ => return None,
    })
}

fn read_request(it: wire::EndorsementRequested) -> Result<Event, String> {
    let until = it.valid_until.map(|until| instant("valid_until", Some(until))).transpose()?;
    let request = Request {
        subject: it.subject,
        comment: it.comment,
        valid_until: until,
        learner: learner(&it.learner_id)?,
        actor: it.actor,
        at: instant("at", it.at)?,
    };
    Ok(Event { endorsement: id(&it.endorsement_id)?, what: What::Requested(request) })
}

fn read_given(it: wire::EndorsementGiven) -> Result<Event, String> {
    let wire::StatusPlace { serial, list, index } = present("place", it.place)?;
    let signed = Signed {
        serial,
        place: Place { list, index },
        valid_from: instant("valid_from", it.valid_from)?,
        key_name: it.key_name,
        document: it.document,
    };
    Ok(Event { endorsement: id(&it.endorsement_id)?, what: What::Given(signed) })
}

fn read_received(it: wire::EndorsementReceived) -> Result<Event, String> {
    let received = Received {
        subject: it.subject,
        endorser: it.endorser,
        document: sealed::from_wire(present("document", it.document)?)?,
        learner: learner(&it.learner_id)?,
        checks: found::from_wire(it.checks)?,
        word: it.word.map(sealed::from_wire).transpose()?,
        actor: it.actor,
        at: instant("at", it.at)?,
    };
    Ok(Event { endorsement: id(&it.endorsement_id)?, what: What::Received(received) })
}
