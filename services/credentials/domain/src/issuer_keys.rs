//! The life of an issuer's signing keys.
//!
//! A key is created, published, used, retired and removed, in this order. It is published a day
//! before it signs, so that no verifier holds a document without it; it stays published after it
//! has signed its last, because a document without it ends everything it signed. A compromised key
//! is the exception: it goes at once, and what it signed is signed anew.

mod event;
mod key;
mod refusal;
mod ring;
mod rotation;

use northstar_kernel::{Decider, Timestamp};

pub use event::{Command, Event, NewKey};
pub use key::{Algorithm, Key, Purpose, Stage};
pub use refusal::Refusal;
pub use ring::{Inherited, KeyRing};
pub use rotation::Turn;

/// How long a key is published before it signs, in microseconds: a day. Caches are far shorter;
/// a day also leaves time to notice a document that is not served.
pub const AHEAD_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// The kinds of key that every issuer signs with.
pub const KINDS: [(Algorithm, Purpose); 3] = [
    (Algorithm::Ed25519, Purpose::Credentials),
    (Algorithm::P256, Purpose::Credentials),
    (Algorithm::Ed25519, Purpose::StatusLists),
];

/// Decides about an issuer's keys. No event is dated before the one it follows, whatever clocks
/// say.
#[derive(Debug)]
pub struct IssuerKeys;

impl Decider for IssuerKeys {
    type State = KeyRing;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(ring: &KeyRing, command: Command) -> Result<Vec<Event>, Refusal> {
        let not_before = |at: Timestamp| ring.latest.map_or(at, |latest| latest.max(at));
        match command {
            Command::Begin { keys, at } => begin(ring, keys, not_before(at)),
            Command::Succeed { key, at } => succeed(ring, key, not_before(at)),
            Command::Create { algorithm, purpose, public, at } => {
                create(ring, NewKey { algorithm, purpose, public }, not_before(at))
            }
            Command::Publish { name, at } => publish(ring.key(&name)?, not_before(at)),
            Command::Activate { name, at } => activate(ring, ring.key(&name)?, not_before(at)),
            Command::Retire { name, at } => retire(ring.key(&name)?, not_before(at)),
            Command::Remove { name, live, at } => remove(ring.key(&name)?, live, not_before(at)),
            Command::Compromise { name, from, at } if ring.has_inherited(&name) => {
                Ok(vec![Event::KeyCompromised { name, from, at: not_before(at) }])
            }
            Command::Compromise { name, from, at } => {
                Ok(compromise(ring, ring.key(&name)?, from, not_before(at)))
            }
        }
    }

    fn evolve(mut ring: KeyRing, event: &Event) -> KeyRing {
        let (name, at) = match event {
            Event::KeyInherited { name, jwk } => {
                ring.inherited.push(Inherited { name: name.clone(), jwk: jwk.clone() });
                return ring;
            }
            Event::KeyCreated { name, algorithm, purpose, public, at } => {
                ring.keys.push(Key::new(name.clone(), *algorithm, *purpose, public.clone(), *at));
                (name, *at)
            }
            Event::KeyPublished { name, at }
            | Event::KeyActivated { name, at }
            | Event::KeyRetired { name, at }
            | Event::KeyRemoved { name, at } => (name, *at),
            Event::KeyCompromised { name, at, .. } => {
                ring.inherited.retain(|key| key.name != *name);
                (name, *at)
            }
        };
        ring.latest = ring.latest.max(Some(at));
        if let Some(key) = ring.keys.iter_mut().find(|key| key.name == *name) {
            key.live_through(event);
        }
        ring
    }
}

fn begin(ring: &KeyRing, keys: Vec<NewKey>, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let (mut ring, mut events) = (ring.clone(), Vec::new());
    let had = ring.keys.clone();
    for key in keys {
        let kind = (key.algorithm, key.purpose);
        if had.iter().any(|known| known.kind() == kind) {
            continue;
        }
        let name = ring.next_name(key.algorithm, key.purpose, at);
        let NewKey { algorithm, purpose, public } = key;
        for command in [
            Command::Create { algorithm, purpose, public, at },
            Command::Publish { name: name.clone(), at },
            Command::Activate { name, at },
        ] {
            let more = IssuerKeys::decide(&ring, command)?;
            ring = more.iter().fold(ring, IssuerKeys::evolve);
            events.extend(more);
        }
    }
    Ok(events)
}

fn succeed(ring: &KeyRing, key: NewKey, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    if ring.waiting((key.algorithm, key.purpose)).is_some() {
        return Ok(Vec::new());
    }
    let name = ring.next_name(key.algorithm, key.purpose, at);
    let mut events = create(ring, key, at)?;
    if !events.is_empty() {
        events.push(Event::KeyPublished { name, at });
    }
    Ok(events)
}

fn create(ring: &KeyRing, key: NewKey, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let NewKey { algorithm, purpose, public } = key;
    if public.len() != algorithm.public_bytes() {
        return Err(Refusal::NoPublicKey { algorithm, bytes: public.len() });
    }
    if ring.keys.iter().any(|key| key.public == public) {
        return Ok(Vec::new());
    }
    let name = ring.next_name(algorithm, purpose, at);
    Ok(vec![Event::KeyCreated { name, algorithm, purpose, public, at }])
}

fn publish(key: &Key, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    match key.now() {
        Stage::Created => Ok(vec![Event::KeyPublished { name: key.name.clone(), at }]),
        Stage::Published | Stage::Active | Stage::Retired => Ok(Vec::new()),
        stage => Err(Refusal::wrong_stage(key, stage, "be published")),
    }
}

fn activate(ring: &KeyRing, key: &Key, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    let published = match (key.now(), key.published_at()) {
        (Stage::Active, _) => return Ok(Vec::new()),
        (Stage::Published, Some(published)) => published,
        (stage, _) => return Err(Refusal::wrong_stage(key, stage, "begin to sign")),
    };
    let from = ring.usable_from(key, published);
    if at < from {
        return Err(Refusal::NotYet { name: key.name.clone(), from });
    }
    let before = ring.signing_key(key.purpose, key.algorithm, at);
    let retired = before.map(|before| Event::KeyRetired { name: before.name.clone(), at });
    let activated = Event::KeyActivated { name: key.name.clone(), at };
    Ok(retired.into_iter().chain([activated]).collect())
}

fn retire(key: &Key, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    match key.now() {
        Stage::Active => Ok(vec![Event::KeyRetired { name: key.name.clone(), at }]),
        Stage::Retired => Ok(Vec::new()),
        stage => Err(Refusal::wrong_stage(key, stage, "be retired")),
    }
}

fn remove(key: &Key, live: u64, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    match key.now() {
        Stage::Removed | Stage::Compromised => Ok(Vec::new()),
        Stage::Active => Err(Refusal::wrong_stage(key, Stage::Active, "be removed")),
        _ if live > 0 => Err(Refusal::StillNeeded { name: key.name.clone(), live }),
        _ => Ok(vec![Event::KeyRemoved { name: key.name.clone(), at }]),
    }
}

/// Where it was the one that signs and another waits its turn, that one begins.
fn compromise(ring: &KeyRing, key: &Key, from: Timestamp, at: Timestamp) -> Vec<Event> {
    if key.compromised_from().is_some_and(|known| known <= from) {
        return Vec::new();
    }
    let compromised = Event::KeyCompromised { name: key.name.clone(), from, at };
    let next = ring.next_after(key, at).filter(|_| key.now() == Stage::Active);
    let activated = next.map(|next| Event::KeyActivated { name: next.name.clone(), at });
    [compromised].into_iter().chain(activated).collect()
}
