//! The one bridge between the domain's events and their protobuf form.
//!
//! `encode` and `decode` are total: a new event does not compile until both know it, and a stored
//! one that they do not know is reported, never guessed at.

mod achievement;
mod course;
mod credential;
mod disclosure;
mod endorsement;
pub(crate) mod field;
pub(crate) mod found;
mod import;
pub(crate) mod incoming;
pub(crate) mod issuer_keys;
mod record;
pub(crate) mod sealed;
mod share;
mod wallet;

use bytes::Bytes;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement as earned;
use northstar_credentials_domain::credential::{Replaced, ReviewWindow};
use northstar_credentials_domain::fact;
use northstar_credentials_domain::status::{self, Published};
use northstar_eventlog::{Malformed, NewEvent, Recorded};
use northstar_kernel::Timestamp;
use northstar_wire::credentials::v1 as wire;
use prost::Message;

pub(crate) use achievement::{from_wire, rule_from_wire, to_wire};
use field::{id, instant, moment, present};

/// The event as it is appended; `observed_at` is when it was so, `None` for now.
pub fn encode(event: &Event, observed_at: Option<Timestamp>) -> NewEvent {
    let (event_type, schema_version, payload) = match event {
        Event::Achievement(earned::Event::Defined(achievement)) => {
            let achievement = Some(to_wire(achievement));
            ("achievement_defined", 1, bytes(&wire::AchievementDefined { achievement }))
        }
        Event::Achievement(earned::Event::Offered { achievement, competency, up_to }) => {
            let offered = wire::AchievementOffered {
                achievement_id: achievement.to_string(),
                competency_id: competency.to_string(),
                up_to_learner_id: up_to.to_string(),
            };
            ("achievement_offered", 1, bytes(&offered))
        }
        Event::Award(event) => credential::encode(event),
        Event::Issuer(event) => {
            let (event_type, payload) = issuer_keys::encode(event);
            (event_type, 1, payload)
        }
        Event::Fact(fact::Stated { learner, name, times, actor }) => {
            let stated = wire::FactStated {
                learner_id: learner.to_string(),
                name: name.clone(),
                times: *times,
                actor: actor.clone(),
            };
            ("fact_stated", 1, bytes(&stated))
        }
        Event::WalletClient(client) => versioned(wallet::encode_client(client)),
        Event::Wallet(event) => versioned(wallet::encode(event)),
        Event::Received(received) => versioned(wallet::encode_received(received)),
        Event::Share(event) => {
            let (event_type, payload) = share::encode(event);
            (event_type, 1, payload)
        }
        Event::Disclosure(event) => {
            let (event_type, payload) = disclosure::encode(event);
            (event_type, 1, payload)
        }
        Event::ReviewWindow(ReviewWindow { days }) => {
            ("review_window_set", 1, bytes(&wire::ReviewWindowSet { days: u32::from(*days) }))
        }
        Event::Replaced(Replaced { key_name, from, up_to: (learner, credential) }) => {
            let replaced = wire::CredentialsReplaced {
                key_name: key_name.clone(),
                from: Some(moment(*from)),
                up_to_learner_id: learner.to_string(),
                up_to_credential_id: credential.to_string(),
            };
            ("credentials_replaced", 1, bytes(&replaced))
        }
        Event::RevocationList(status::RevocationList { published }) => {
            let set = wire::RevocationListSet { published: *published };
            ("revocation_list_set", 1, bytes(&set))
        }
        Event::Published(Published { edition, document }) => {
            let &status::Edition { list, epoch, count: set } = edition;
            let document = document.clone();
            let published = wire::StatusListPublished { list, epoch, set, document };
            ("status_list_published", 1, bytes(&published))
        }
        Event::Record(event) => versioned(record::encode(event)),
        Event::Endorsement(event) => versioned(endorsement::encode(event)),
        Event::Import(event) => versioned(import::encode(event)),
    };
    NewEvent { event_type, schema_version, observed_at, key_id: None, payload }
}

/// The event as it was stored.
///
/// # Errors
/// The type or version is unknown, or the payload makes no sense.
pub fn decode(recorded: &Recorded) -> Result<Event, Malformed> {
    read(&recorded.event_type, recorded.schema_version, &recorded.payload, recorded.observed_at)
        .map_err(|why| Malformed::new(&*recorded.event_type, why))
}

/// The event as it is about to be stored.
///
/// # Errors
/// As for [`decode`].
pub(crate) fn decode_new(new: &NewEvent) -> Result<Event, Malformed> {
    read(new.event_type, new.schema_version, &new.payload, new.observed_at.unwrap_or_default())
        .map_err(|why| Malformed::new(new.event_type, why))
}

/// The event of this type and version with this payload, observed then.
pub(crate) fn read(
    event_type: &str,
    schema_version: u16,
    payload: &Bytes,
    observed_at: Timestamp,
) -> Result<Event, String> {
    match (event_type, schema_version) {
        ("achievement_defined", 1) => {
            let defined: wire::AchievementDefined = message(payload)?;
            let achievement = from_wire(present("achievement", defined.achievement)?)?;
            Ok(earned::Event::Defined(achievement).into())
        }
        ("achievement_offered", 1) => {
            let offered: wire::AchievementOffered = message(payload)?;
            Ok(Event::Achievement(earned::Event::Offered {
                achievement: id(&offered.achievement_id)?,
                competency: id(&offered.competency_id)?,
                up_to: id(&offered.up_to_learner_id)?,
            }))
        }
        ("fact_stated", 1) => {
            let wire::FactStated { learner_id, name, times, actor } = message(payload)?;
            Ok(Event::Fact(fact::Stated { learner: id(&learner_id)?, name, times, actor }))
        }
        ("revocation_list_set", 1) => {
            let wire::RevocationListSet { published } = message(payload)?;
            Ok(Event::RevocationList(status::RevocationList { published }))
        }
        ("review_window_set", 1) => {
            let wire::ReviewWindowSet { days } = message(payload)?;
            ReviewWindow::of(days).map(Event::ReviewWindow).map_err(|error| error.to_string())
        }
        ("credentials_replaced", 1) => {
            let it: wire::CredentialsReplaced = message(payload)?;
            let from = instant("from", it.from)?;
            let up_to = (id(&it.up_to_learner_id)?, id(&it.up_to_credential_id)?);
            Ok(Event::Replaced(Replaced { key_name: it.key_name, from, up_to }))
        }
        ("status_list_published", 1) => {
            let wire::StatusListPublished { list, epoch, set, document } = message(payload)?;
            let edition = status::Edition { list, epoch, count: set };
            Ok(Event::Published(Published { edition, document }))
        }
        (_, version) => credential::decode(event_type, version, payload, observed_at)
            .map(|event| event.map(Event::Award))
            .or_else(|| issuer_key(event_type, version, payload))
            .or_else(|| shared(event_type, version, payload))
            .or_else(|| (version == 1).then(|| beside(event_type, payload)).flatten())
            .or_else(|| disclosed(event_type, version, payload))
            .unwrap_or_else(|| Err(unknown_version(schema_version))),
    }
}

fn issuer_key(event_type: &str, version: u16, payload: &Bytes) -> Option<Result<Event, String>> {
    let event = (version == 1).then(|| issuer_keys::decode(event_type, payload)).flatten()?;
    Some(event.map(Event::Issuer))
}

fn versioned((event_type, payload): (&'static str, Bytes)) -> (&'static str, u16, Bytes) {
    (event_type, 1, payload)
}

fn shared(event_type: &str, version: u16, payload: &Bytes) -> Option<Result<Event, String>> {
    if version != 1 {
        return None;
    }
    let shared = share::decode(event_type, payload).map(|event| event.map(Event::Share));
    shared.or_else(|| wallet::decode(event_type, payload))
}

/// What stands beside badges: records, endorsements, imported credentials.
fn beside(event_type: &str, payload: &Bytes) -> Option<Result<Event, String>> {
    record::decode(event_type, payload)
        .map(|event| event.map(Event::from))
        .or_else(|| endorsement::decode(event_type, payload).map(|event| event.map(Event::from)))
        .or_else(|| import::decode(event_type, payload).map(|event| event.map(Event::from)))
}

fn disclosed(event_type: &str, version: u16, payload: &Bytes) -> Option<Result<Event, String>> {
    let event = (version == 1).then(|| disclosure::decode(event_type, payload)).flatten()?;
    Some(event.map(Event::Disclosure))
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
