//! The life of one credential: issued, held, reviewed, replaced, renewed, revoked.
//!
//! A credential keeps its id through all its editions: a level-up and a renewal are new editions of
//! the same credential, with a later `validFrom`, and share its bit in the status list. When
//! mastery is withdrawn, a review opens: the credential is held, and ends with the review unless
//! mastery returns before. How long that is, is the tenant's to say; with no days at all it ends
//! at once. What is revoked stays revoked: whoever earns it again gets another credential.

mod decide;
mod event;
mod refusal;
mod state;

pub use decide::Credentials;
pub use event::{Cause, Edition, Event, Grounds, Moment, Order, Person};
pub use refusal::Refusal;
pub use state::{Life, Review, Standing};

use northstar_kernel::{AchievementId, CredentialId, LearnerId, Timestamp};

use crate::award::MasteryEvent;

/// Longest review, in days.
pub const MOST_REVIEW_DAYS: u16 = 365;

/// How long a withdrawn mastery is looked at before the credential ends: a tenant's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewWindow {
    /// Days; with none it ends at once.
    pub days: u16,
}

impl ReviewWindow {
    /// Checks the days.
    ///
    /// # Errors
    /// More than [`MOST_REVIEW_DAYS`].
    pub fn of(days: u32) -> Result<Self, Refusal> {
        match u16::try_from(days) {
            Ok(days) if days <= MOST_REVIEW_DAYS => Ok(Self { days }),
            other => Err(Refusal::ReviewTooLong(other.unwrap_or(u16::MAX))),
        }
    }
}

/// What a compromised key signed was replaced, up to one credential; the others follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The key.
    pub key_name: String,
    /// Since when it is not to be trusted.
    pub from: Timestamp,
    /// The last learner and credential that were looked at; they go by learner, then by id.
    pub up_to: (LearnerId, CredentialId),
}

/// A request about a credential. `at` is the present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A person asks for it, where it does not come by itself.
    Request {
        /// What is to be issued.
        achievement: AchievementId,
        /// Who, and why; the reason may be empty.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// A mastery decision earned this: issue it, or replace the edition with a lower level.
    Issue(Edition),
    /// It ends, or has ended, by its date, and mastery still stands: issue it with a later end.
    Renew(Edition),
    /// A mastery decision no longer carries it.
    Withdraw {
        /// The decision.
        decision: MasteryEvent,
        /// The tenant's review window, in days.
        review_days: u16,
        /// When.
        at: Timestamp,
    },
    /// A mastery decision carries it again.
    Restore {
        /// The decision.
        decision: MasteryEvent,
        /// When.
        at: Timestamp,
    },
    /// End the review, if its time is over.
    CloseReview {
        /// When.
        at: Timestamp,
    },
    /// A person wants it not to count for now.
    Hold {
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// A person lifts what a person placed.
    Release {
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
    /// End it now.
    Revoke {
        /// On what ground; a withdrawn decision comes as [`Command::Withdraw`].
        order: Order,
        /// When.
        at: Timestamp,
    },
    /// What it is built of is missing, though mastery is there.
    Suspend {
        /// The achievements that are missing.
        parts: Vec<AchievementId>,
        /// The facts that are.
        facts: Vec<String>,
        /// When.
        at: Timestamp,
    },
    /// What it is built of is there again.
    Resume {
        /// When.
        at: Timestamp,
    },
    /// Note the moments of its course that have come.
    Remind {
        /// When.
        at: Timestamp,
    },
}
