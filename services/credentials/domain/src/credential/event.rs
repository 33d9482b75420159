//! What happens to a credential.

use northstar_kernel::{CredentialId, Timestamp};

use crate::award::MasteryEvent;
use crate::status::Place;

/// A credential as it was signed, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The credential, the same in all its editions.
    pub credential: CredentialId,
    /// Its bit in the status lists, the same in all its editions.
    pub place: Place,
    /// Which version of the achievement's definition it states.
    pub achievement_version: u32,
    /// The rung of the scale that it states, from 1.
    pub level: u32,
    /// The mastery decision that earned it.
    pub decision: MasteryEvent,
    /// From when on it holds. The later one of two editions replaces the other.
    pub valid_from: Timestamp,
    /// When it ends by itself; `None` if it does not.
    pub valid_until: Option<Timestamp>,
    /// Name of the key that signed it.
    pub key_name: String,
    /// The signed document, byte for byte.
    pub document: String,
}

/// Whoever may decide about credentials, and decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who, as the caller's token names them.
    pub actor: String,
    /// Why, in a sentence; it stays inside.
    pub reason: String,
}

/// A ground to end a credential now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Its signature proves nothing any more.
    KeyCompromised {
        /// The key.
        key_name: String,
        /// Since when.
        from: Timestamp,
    },
    /// Somebody who may decided so.
    Person(Person),
}

/// Why a credential ended. There is no other ground: evidence alone, for one, is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The mastery it rested on was withdrawn, by this decision.
    MasteryWithdrawn(MasteryEvent),
    /// It was ordered.
    Ordered(Order),
}

impl Cause {
    /// The stable code, as stored and shown.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MasteryWithdrawn(_) => "mastery_withdrawn",
            Self::Ordered(Order::KeyCompromised { .. }) => "key_compromised",
            Self::Ordered(Order::Person(_)) => "decided_by_person",
        }
    }
}

/// What happened to a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was issued.
    Issued(Edition),
    /// An edition with a higher level took the place of the one before.
    Superseded(Edition),
    /// An edition with a later end took the place of the one before.
    Renewed(Edition),
    /// A person placed a hold.
    HoldPlaced {
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// A person lifted the hold.
    HoldLifted {
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// Mastery was withdrawn; the credential is held while this is looked at.
    ReviewOpened {
        /// The decision that withdrew it.
        decision: MasteryEvent,
        /// When the review ends, and the credential with it.
        until: Timestamp,
        /// When.
        at: Timestamp,
    },
    /// Mastery returned while the review was open.
    Reinstated {
        /// The decision that carries it again.
        decision: MasteryEvent,
        /// When.
        at: Timestamp,
    },
    /// It ended, for good.
    Revoked {
        /// Why.
        cause: Cause,
        /// When.
        at: Timestamp,
    },
}
