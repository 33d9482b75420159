//! What may be asked of a piece of evidence, with all that the answer depends on.

use std::str::FromStr;
use std::sync::Arc;

use northstar_kernel::{EvidenceId, PersonId, Timestamp};

use crate::item::{Assessor, Item};
use crate::refusal::Refusal;
use crate::scale::{Competency, Criterion};

/// Why evidence is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetractionReason {
    /// It was recorded for the wrong learner.
    MistakenLearner,
    /// The same thing was recorded twice.
    Duplicate,
    /// It does not show what it claims to.
    Invalid,
    /// Anything else.
    Other,
}

impl RetractionReason {
    /// Every reason, as named in requests and events.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::MistakenLearner, "mistaken_learner"),
        (Self::Duplicate, "duplicate"),
        (Self::Invalid, "invalid"),
        (Self::Other, "other"),
    ];

    /// The reason's name in requests and events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MistakenLearner => "mistaken_learner",
            Self::Duplicate => "duplicate",
            Self::Invalid => "invalid",
            Self::Other => "other",
        }
    }
}

impl FromStr for RetractionReason {
    type Err = Refusal;

    fn from_str(name: &str) -> Result<Self, Refusal> {
        Self::NAMES
            .into_iter()
            .find_map(|(reason, known)| (known == name).then_some(reason))
            .ok_or_else(|| Refusal::UnknownRetractionReason { reason: name.to_owned() })
    }
}

/// What may be asked of a piece of evidence.
#[derive(Debug, Clone)]
pub enum Command {
    /// Record it; there is none of this id yet.
    Record {
        /// Its id, derived from the request's.
        id: EvidenceId,
        /// What it says.
        item: Item,
        /// What is known around it.
        facts: Facts,
    },
    /// Let it say something else, for the same learner and competency.
    Correct {
        /// Its id.
        id: EvidenceId,
        /// What it should have said.
        item: Item,
        /// What is known around it.
        facts: Facts,
    },
    /// Make it say what a source says now: record, correct, or leave it as it is.
    Restate {
        /// Its id, derived from the source's own key.
        id: EvidenceId,
        /// What the source says.
        item: Item,
        /// What is known around it.
        facts: Facts,
    },
    /// Sign it off as it stands.
    Validate {
        /// Its id.
        id: EvidenceId,
        /// Who does.
        validator: Validator,
    },
    /// Withdraw it.
    Retract {
        /// Its id.
        id: EvidenceId,
        /// Why.
        reason: RetractionReason,
    },
}

/// Who signs evidence off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validator {
    /// As their token names them.
    pub id: String,
    /// The person of the roster that this names, if it names one.
    pub person: PersonId,
}

impl Validator {
    /// Whether it is they who judged: nobody is a second person beside themselves.
    pub fn judged_as(&self, assessor: &Assessor) -> bool {
        assessor.id == self.id || assessor.id.parse() == Ok(self.person)
    }
}

/// What a decision needs to know from outside the stream.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The time of the decision.
    pub now: Timestamp,
    /// Whether the roster has the item's learner.
    pub learner_known: bool,
    /// The scale of the item's competency, empty if its framework gives none, and that framework;
    /// `None` if the competency is not published.
    pub competency: Option<Arc<Competency>>,
    /// The item's criterion; `None` if it names none or none that is published.
    pub criterion: Option<Arc<Criterion>>,
}

impl Facts {
    /// How far ahead of ours the clock of a caller may run, in microseconds: one minute.
    pub const CLOCK_SKEW_MICROS: i64 = 60_000_000;
}
