//! The life of an issuer's signing keys.
//!
//! A key is created, published, used, retired and removed, in this order. It is published a day
//! before it signs, so that no verifier holds a document without it; it stays published after it
//! has signed its last, because a document without it ends everything it signed. A compromised key
//! is the exception: it goes at once, and what it signed is signed anew.

mod key;
mod refusal;

use northstar_kernel::{Decider, Timestamp};

pub use key::{Algorithm, Key, Purpose, Stage};
pub use refusal::Refusal;

/// How long a key is published before it signs, in microseconds: a day. Caches are far shorter;
/// a day also leaves time to notice a document that is not served.
pub const AHEAD_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// A request about an issuer's keys. `at` is the present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take a new key in. Its name is the month's, so that it tells nothing about the key.
    Create {
        /// How it signs.
        algorithm: Algorithm,
        /// What it signs.
        purpose: Purpose,
        /// The public half: 32 bytes of Ed25519, 33 of a compressed P-256 point.
        public: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// List it, so that verifiers come to know it.
    Publish {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Sign with it, and no longer with the one before it.
    Activate {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// Sign no longer with it. It stays listed.
    Retire {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// List it no longer.
    Remove {
        /// The key.
        name: String,
        /// How many documents signed by it are still in use, as the caller counted them.
        live: u64,
        /// When.
        at: Timestamp,
    },
    /// Somebody else may have signed with it.
    Compromise {
        /// The key.
        name: String,
        /// Since when: what it signed from here on is not to be trusted.
        from: Timestamp,
        /// When this was noticed.
        at: Timestamp,
    },
}

/// What happened to an issuer's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was taken in.
    KeyCreated {
        /// Its name: `ed-2026-11`, the month's second `ed-2026-11-2`.
        name: String,
        /// How it signs.
        algorithm: Algorithm,
        /// What it signs.
        purpose: Purpose,
        /// The public half.
        public: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// It was listed.
    KeyPublished {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It began to sign.
    KeyActivated {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It signs no longer.
    KeyRetired {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It is listed no longer.
    KeyRemoved {
        /// The key.
        name: String,
        /// When.
        at: Timestamp,
    },
    /// It is not to be trusted.
    KeyCompromised {
        /// The key.
        name: String,
        /// Since when.
        from: Timestamp,
        /// When this was noticed.
        at: Timestamp,
    },
}

/// An issuer's keys, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyRing {
    keys: Vec<Key>,
    latest: Option<Timestamp>,
}

impl KeyRing {
    /// Every key there ever was.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key that signs at that moment; `None` if none does.
    pub fn signing_key(
        &self,
        purpose: Purpose,
        algorithm: Algorithm,
        at: Timestamp,
    ) -> Option<&Key> {
        let kind = |key: &&Key| (key.purpose, key.algorithm) == (purpose, algorithm);
        self.keys.iter().filter(kind).find(|key| key.stage(at) == Some(Stage::Active))
    }

    /// The keys that the issuer's document lists at that moment: published, active and retired
    /// ones.
    pub fn listed_keys(&self, at: Timestamp) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.stage(at).is_some_and(Stage::is_listed))
    }

    fn key(&self, name: &str) -> Result<&Key, Refusal> {
        let found = self.keys.iter().find(|key| key.name == name);
        found.ok_or_else(|| Refusal::UnknownKey(name.into()))
    }

    /// From when on a published key may sign. The first of an issuer need not wait: there is no
    /// older document that anybody could hold.
    fn usable_from(&self, key: &Key, published: Timestamp) -> Timestamp {
        let earlier = |other: &Key| other.published_at().is_some_and(|at| at < published);
        if self.keys.iter().any(|other| other.name != key.name && earlier(other)) {
            Timestamp::from_micros(published.micros().saturating_add(AHEAD_MICROS))
        } else {
            published
        }
    }

    /// A key that could sign in the place of this one.
    fn next_after(&self, key: &Key, at: Timestamp) -> Option<&Key> {
        let ready = |other: &&Key| {
            other.name != key.name
                && (other.purpose, other.algorithm) == (key.purpose, key.algorithm)
                && other.now() == Stage::Published
                && other.published_at().is_some_and(|from| self.usable_from(other, from) <= at)
        };
        self.keys.iter().find(ready)
    }
}

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
            Command::Create { algorithm, purpose, public, at } => {
                create(ring, algorithm, purpose, public, not_before(at))
            }
            Command::Publish { name, at } => publish(ring.key(&name)?, not_before(at)),
            Command::Activate { name, at } => activate(ring, ring.key(&name)?, not_before(at)),
            Command::Retire { name, at } => retire(ring.key(&name)?, not_before(at)),
            Command::Remove { name, live, at } => remove(ring.key(&name)?, live, not_before(at)),
            Command::Compromise { name, from, at } => {
                Ok(compromise(ring, ring.key(&name)?, from, not_before(at)))
            }
        }
    }

    fn evolve(mut ring: KeyRing, event: &Event) -> KeyRing {
        let (name, at) = match event {
            Event::KeyCreated { name, algorithm, purpose, public, at } => {
                ring.keys.push(Key::new(name.clone(), *algorithm, *purpose, public.clone(), *at));
                (name, *at)
            }
            Event::KeyPublished { name, at }
            | Event::KeyActivated { name, at }
            | Event::KeyRetired { name, at }
            | Event::KeyRemoved { name, at }
            | Event::KeyCompromised { name, at, .. } => (name, *at),
        };
        ring.latest = ring.latest.max(Some(at));
        if let Some(key) = ring.keys.iter_mut().find(|key| key.name == *name) {
            key.live_through(event);
        }
        ring
    }
}

fn create(
    ring: &KeyRing,
    algorithm: Algorithm,
    purpose: Purpose,
    public: Vec<u8>,
    at: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    if public.len() != algorithm.public_bytes() {
        return Err(Refusal::NoPublicKey { algorithm, bytes: public.len() });
    }
    if ring.keys.iter().any(|key| key.public == public) {
        return Ok(Vec::new());
    }
    let month = key::month_name(algorithm, purpose, at);
    let numbered = |number: u32| match number {
        1 => month.clone(),
        _ => format!("{month}-{number}"),
    };
    let mut number = 1;
    while ring.keys.iter().any(|key| key.name == numbered(number)) {
        number += 1;
    }
    let name = numbered(number);
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
