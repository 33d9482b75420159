//! The credentials domain, pure: what can be earned, who earned it, and who signs for it.
//!
//! Three aggregates, each a stream of its own: an [`achievement`], an [`award`] (one learner's
//! standing towards one achievement) and an [`issuer`] (a tenant's signing keys). Beside them
//! stands what no single stream decides: the [`status`] lists that all credentials share.

pub mod achievement;
pub mod award;
pub mod credential;
mod definition;
pub mod issuer;
pub mod issuer_keys;
pub mod status;

/// Everything that can be in this context's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// About an achievement.
    Achievement(achievement::Event),
    /// About an award.
    Award(award::Event),
    /// About an issuer.
    Issuer(issuer::Event),
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

impl From<issuer::Event> for Event {
    fn from(event: issuer::Event) -> Self {
        Self::Issuer(event)
    }
}
