//! The credentials domain, pure: what can be earned, who earned it, and who signs for it.
//!
//! Three aggregates, each a stream of its own: an [`achievement`], an [`award`] (one learner's
//! standing towards one achievement) and an issuer's keys through their lives ([`issuer_keys`]).
//!
//! One more says what the service does not decide by yet: a [`credential`] through its whole life.
//! Beside them stands what no single stream decides: the [`status`] lists that all credentials share, and the [`criteria`] of achievements
//! that one competency does not earn.

pub mod achievement;
pub mod award;
pub mod credential;
pub mod criteria;
mod definition;
pub mod issuer_keys;
pub mod status;

/// Everything that can be in this context's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// About an achievement.
    Achievement(achievement::Event),
    /// About an award.
    Award(award::Event),
    /// About an issuer's keys.
    Issuer(issuer_keys::Event),
}

impl From<achievement::Event> for Event {
    fn from(event: achievement::Event) -> Self {
        Self::Achievement(event)
    }
}

impl From<award::Event> for Event {
    fn from(event: award::Event) -> Self {
        Self::Award(event)
    }
}

impl From<issuer_keys::Event> for Event {
    fn from(event: issuer_keys::Event) -> Self {
        Self::Issuer(event)
    }
}
