//! What happens to a credential.

use northstar_kernel::{AchievementId, CompetencyId, CredentialId, EvidenceId, Timestamp};

use crate::award::MasteryEvent;
use crate::status::Place;

/// What a decision rests on, as it was when a credential was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// The competency that was decided about.
    pub competency: CompetencyId,
    /// The evidence that counted, oldest first.
    pub evidence: Vec<EvidenceId>,
    /// Hash of the policy that was applied; empty if none was.
    pub policy_hash: String,
    /// What had to be met, in words.
    pub criteria: String,
}

/// A credential as it was signed, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The credential, the same in all its editions.
    pub credential: CredentialId,
    /// Its bit in the status lists, the same in all its editions; `None` for one from before there
    /// were lists.
    pub place: Option<Place>,
    /// Counts the tenant's places, from 0: what the place follows from. 0 without one.
    pub serial: u64,
    /// What was earned.
    pub achievement: AchievementId,
    /// What that was called.
    pub achievement_name: String,
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
    /// What the decision rests on.
    pub grounds: Grounds,
    /// Names of the keys that signed it: the document's, then the token's.
    pub key_names: Vec<String>,
    /// The document with its proof inside, byte for byte; empty for one from before there were any.
    pub document: String,
    /// The same as a JSON Web Token.
    pub token: String,
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

/// A moment in the course of a credential that ends by its date, at which something is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// It ends before long: what is still earned is renewed.
    Renewal,
    /// It ended by its date.
    End,
}

/// Longest time before its end that a credential is renewed, in microseconds: thirty days.
const EARLIEST_MICROS: i64 = 30 * 24 * 3_600 * 1_000_000;

impl Edition {
    /// When it is to be renewed: with a tenth of its time left, and at most thirty days; `None` if it
    /// does not end by itself.
    pub fn renewal(&self) -> Option<Timestamp> {
        let until = self.valid_until?.micros();
        let tenth = until.saturating_sub(self.valid_from.micros()) / 10;
        Some(Timestamp::from_micros(until.saturating_sub(tenth.min(EARLIEST_MICROS))))
    }

    /// When that moment of its course comes; `None` if it does not end by itself.
    pub fn comes(&self, moment: Moment) -> Option<Timestamp> {
        match moment {
            Moment::Renewal => self.renewal(),
            Moment::End => self.valid_until,
        }
    }
}

/// What happened to a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A person asked for it, before it was issued.
    Requested {
        /// What is to be issued.
        achievement: AchievementId,
        /// Who, and why; they may give no reason.
        by: Person,
        /// When.
        at: Timestamp,
    },
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
    /// What it is built of is not there any more, though mastery is: it does not count for now.
    Suspended {
        /// The achievements that are missing, in order.
        parts: Vec<AchievementId>,
        /// The facts that are, in order.
        facts: Vec<String>,
        /// When.
        at: Timestamp,
    },
    /// What it is built of is there again.
    Resumed {
        /// When.
        at: Timestamp,
    },
    /// A moment of its course came.
    Came {
        /// Which.
        moment: Moment,
        /// When it was to come.
        due: Timestamp,
        /// When.
        at: Timestamp,
    },
}
