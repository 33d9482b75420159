//! Why something is not done with a credential.

use std::fmt;

use northstar_kernel::{Kind, Refusal as Refused, Timestamp};

use super::MOST_REVIEW_DAYS;

/// Why something is not done with a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is none yet.
    NotIssued,
    /// It was revoked, for the cause with this code; that cannot be undone.
    Ended(&'static str),
    /// A person holds it, or what it is built of is missing.
    Held,
    /// A review is open, and decides.
    UnderReview {
        /// When it ends.
        until: Timestamp,
    },
    /// The edition is one of another credential, or has another bit.
    OtherCredential,
    /// The edition would not replace the one that counts.
    NotLater {
        /// From when on that one holds.
        current: Timestamp,
    },
    /// A renewal would lower the level.
    Lower {
        /// The renewal's.
        level: u32,
        /// The one that counts.
        current: u32,
    },
    /// A renewal would not end later.
    NoLaterEnd,
    /// A renewal rests on a decision that another has overtaken.
    Outdated,
    /// It would end before it begins.
    EndsBeforeItBegins,
    /// The review window is out of bounds.
    ReviewTooLong(u16),
    /// A person must be named, and must say why.
    NoReason,
    /// The compromised key did not sign it in the time in question.
    OtherKey {
        /// The key of the edition that counts.
        signed_by: String,
        /// The compromised one.
        key_name: String,
        /// Since when it is.
        from: Timestamp,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotIssued => f.write_str("the credential was not issued"),
            Self::Ended(cause) => write!(
                f,
                "the credential was revoked ({cause}) and does not come back; a new one needs a \
                 new id"
            ),
            Self::Held => f.write_str(
                "the credential is held: release it first, or bring back what it is built of",
            ),
            Self::UnderReview { until } => write!(
                f,
                "mastery was withdrawn, and the review is open until {until}: mastery that \
                 returns ends it, or revoking the credential does"
            ),
            Self::OtherCredential => {
                f.write_str("the edition has another credential's id or place in the status list")
            }
            Self::NotLater { current } => {
                write!(f, "the edition must be valid from later than {current} to replace it")
            }
            Self::Lower { level, current } => {
                write!(f, "a renewal at level {level} would lower the credential from {current}")
            }
            Self::NoLaterEnd => f.write_str("a renewal must end later than what it renews"),
            Self::Outdated => f.write_str("a later mastery decision than this one was answered"),
            Self::EndsBeforeItBegins => f.write_str("the edition ends before it begins"),
            Self::ReviewTooLong(days) => {
                write!(f, "a review takes 0 to {MOST_REVIEW_DAYS} days, not {days}")
            }
            Self::NoReason => f.write_str("say who decides this, and why"),
            Self::OtherKey { signed_by, key_name, from } => write!(
                f,
                "key {key_name} did not sign the credential since {from}; {signed_by} signs it now"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotIssued => "CREDENTIAL_NOT_ISSUED",
            Self::Ended(_) => "CREDENTIAL_SPENT",
            Self::Held => "CREDENTIAL_HELD",
            Self::UnderReview { .. } => "CREDENTIAL_UNDER_REVIEW",
            Self::OtherCredential => "CREDENTIAL_OTHER",
            Self::NotLater { .. } => "EDITION_NOT_LATER",
            Self::Lower { .. } => "EDITION_LOWER",
            Self::NoLaterEnd => "EDITION_NO_LATER_END",
            Self::Outdated => "EDITION_OUTDATED",
            Self::EndsBeforeItBegins => "EDITION_INVALID",
            Self::ReviewTooLong(_) => "REVIEW_TOO_LONG",
            Self::NoReason => "REASON_MISSING",
            Self::OtherKey { .. } => "CREDENTIAL_OF_OTHER_KEY",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NotIssued => Kind::NotFound,
            Self::EndsBeforeItBegins | Self::ReviewTooLong(_) | Self::NoReason => Kind::Invalid,
            _ => Kind::Precondition,
        }
    }
}
