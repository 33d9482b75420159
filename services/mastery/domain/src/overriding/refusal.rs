//! Why an override is not accepted.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

/// The ways to say no to an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideRefusal {
    /// There is no such override.
    Unknown,
    /// It was set before, with other content.
    AlreadySet,
    /// No reason was given.
    ReasonMissing,
    /// The second signer is the first.
    SameSigner,
    /// A signer is the learner.
    OwnRecord,
    /// It would end before it begins, or at once.
    EndsBeforeItBegins,
    /// It would show that nothing was observed.
    SaysNothing,
    /// It has a value, but says that nothing can be said.
    ValueWithoutStanding,
    /// Its value is below zero or beyond a million.
    ValueOutOfRange,
    /// Somebody else is to confirm it.
    NotTheSecondSigner,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Over,
}

impl OverrideRefusal {
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::ReasonMissing => Some("reason"),
            Self::SameSigner | Self::OwnRecord => Some("second_signer"),
            Self::EndsBeforeItBegins => Some("until"),
            Self::SaysNothing => Some("says.standing"),
            Self::ValueWithoutStanding | Self::ValueOutOfRange => Some("says.value_milli"),
            _ => None,
        }
    }
}

impl fmt::Display for OverrideRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such override",
            Self::AlreadySet => "the override was set before with other content; use a new id",
            Self::ReasonMissing => "give a reason",
            Self::SameSigner => "the second signer must be another person than the first",
            Self::OwnRecord => "nobody signs an override of what is held of themselves",
            Self::EndsBeforeItBegins => "the end must come after the beginning",
            Self::SaysNothing => {
                "what was observed cannot be made not observed; retract the evidence, or set the \
                 result aside with not_enough_evidence"
            }
            Self::ValueWithoutStanding => "not_enough_evidence has no value; leave it out",
            Self::ValueOutOfRange => "a value is from 0 to 1000000000 thousandths",
            Self::NotTheSecondSigner => "only the second signer it names can confirm it",
            Self::Revoked => "the override was taken back",
            Self::Over => "the time of the override is over",
        })
    }
}

impl std::error::Error for OverrideRefusal {}

impl Refusal for OverrideRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "OVERRIDE_UNKNOWN",
            Self::AlreadySet => "OVERRIDE_ALREADY_SET",
            Self::ReasonMissing => "OVERRIDE_REASON_MISSING",
            Self::SameSigner => "OVERRIDE_SAME_SIGNER",
            Self::OwnRecord => "OVERRIDE_OWN_RECORD",
            Self::EndsBeforeItBegins => "OVERRIDE_ENDS_BEFORE_IT_BEGINS",
            Self::SaysNothing => "OVERRIDE_SAYS_NOTHING",
            Self::ValueWithoutStanding => "OVERRIDE_VALUE_WITHOUT_STANDING",
            Self::ValueOutOfRange => "OVERRIDE_VALUE_OUT_OF_RANGE",
            Self::NotTheSecondSigner => "OVERRIDE_NOT_THE_SECOND_SIGNER",
            Self::Revoked => "OVERRIDE_REVOKED",
            Self::Over => "OVERRIDE_OVER",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Unknown => Kind::NotFound,
            Self::AlreadySet => Kind::AlreadyExists,
            Self::OwnRecord | Self::NotTheSecondSigner => Kind::Forbidden,
            Self::Revoked | Self::Over => Kind::Precondition,
            Self::ReasonMissing
            | Self::SameSigner
            | Self::EndsBeforeItBegins
            | Self::SaysNothing
            | Self::ValueWithoutStanding
            | Self::ValueOutOfRange => Kind::Invalid,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        let violation = |field| Violation::new(field, self.to_string());
        self.field().map(violation).into_iter().collect()
    }
}
