//! What does not count.

use northstar_kernel::Timestamp;

use crate::{Observation, Policy};

/// Why an observation does not count; if for several reasons, the first of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It was made later than the instant that was asked about.
    NotYet,
    /// The policy excludes the role in which it was judged.
    RoleExcluded,
    /// The policy asks for a sign-off by a second person, and it has none.
    NotValidated,
    /// It is as old as the policy's expiry, or older.
    Expired,
}

impl LeftOut {
    /// All reasons.
    pub const ALL: [Self; 4] =
        [Self::NotYet, Self::RoleExcluded, Self::NotValidated, Self::Expired];

    /// The name in a derivation: `role_excluded`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotYet => "not_yet",
            Self::RoleExcluded => "role_excluded",
            Self::NotValidated => "not_validated",
            Self::Expired => "expired",
        }
    }

    /// Why `observation` does not count under `policy` at `at`; `None` if it does.
    pub fn why(policy: &Policy, observation: &Observation, at: Timestamp) -> Option<Self> {
        if observation.observed_at > at {
            Some(Self::NotYet)
        } else if !policy.counts(observation.role) {
            Some(Self::RoleExcluded)
        } else if !may_count(policy, observation) {
            Some(Self::NotValidated)
        } else {
            expiry(policy, observation).filter(|end| *end <= at).map(|_| Self::Expired)
        }
    }
}

/// Whether it counts from when it was made until it expires.
pub(super) fn may_count(policy: &Policy, observation: &Observation) -> bool {
    policy.counts(observation.role) && (observation.validated || !policy.validated_only())
}

/// From when on it no longer counts; `None` if it always will.
pub(super) fn expiry(policy: &Policy, observation: &Observation) -> Option<Timestamp> {
    let end = observation.observed_at.micros().checked_add(policy.lifetime_micros()?)?;
    Some(Timestamp::from_micros(end))
}
