//! The two APIs, alike but for what they hand out: badges (Open Badges 3.0) and records (CLR 2.0).

use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::wallet::Scope;
use serde_json::Value;

use crate::standard::baking::LONGEST_CREDENTIAL;
use crate::standard::{clr, open_badges};

/// Longest record that a wallet may bring, in bytes: sealed and written as text, it must pass in one
/// event.
const LONGEST_RECORD: usize = 600_000;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    /// Open Badges 3.0.
    Badges,
    /// CLR 2.0.
    Records,
}

impl Api {
    /// Where it is, under a tenant's address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Badges => "ims/ob/v3p0",
            Self::Records => "ims/clr/v2p0",
        }
    }

    /// The specification's version.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Badges => "3.0",
            Self::Records => "2.0",
        }
    }

    /// What it is, for people.
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Badges => "Open Badges 3.0: credentials of this network's learners.",
            Self::Records => "CLR 2.0: records that were made of learners' credentials here.",
        }
    }

    /// What a token must be for to read, to bring, and to see the profile.
    pub(super) fn scopes(self) -> [Scope; 3] {
        match self {
            Self::Badges => [Scope::ReadCredentials, Scope::BringCredentials, Scope::ReadProfile],
            Self::Records => [Scope::ReadRecords, Scope::BringRecords, Scope::ReadRecordsProfile],
        }
    }

    /// The contexts that a profile is written in.
    pub(super) fn contexts(self) -> &'static [&'static str] {
        match self {
            Self::Badges => &open_badges::CONTEXTS[..2],
            Self::Records => &clr::CONTEXTS[..3],
        }
    }

    /// How many a page has if nobody says how many, and at most: a record is as long as many badges.
    pub(super) fn page(self) -> (usize, usize) {
        match self {
            Self::Badges => (50, 500),
            Self::Records => (5, 20),
        }
    }

    /// As many as one learner may have brought.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Badges => 1_000,
            Self::Records => 100,
        }
    }

    /// Longest body, in bytes.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Badges => LONGEST_CREDENTIAL,
            Self::Records => LONGEST_RECORD,
        }
    }

    /// How much work one that is brought may ask for.
    pub(super) fn limits(self) -> Limits {
        match self {
            Self::Badges => Limits::BADGE,
            Self::Records => Limits::RECORD,
        }
    }

    /// The types of what it takes, of which one must be there.
    pub(super) fn types(self) -> &'static [&'static str] {
        match self {
            Self::Badges => &["AchievementCredential", "OpenBadgeCredential"],
            Self::Records => &["ClrCredential"],
        }
    }

    /// Whether this is for it: what a credential says of its own type decides.
    pub(super) fn takes(self, credential: &Value) -> bool {
        let types = &credential["type"];
        let many = types.as_array().map_or(std::slice::from_ref(types), Vec::as_slice);
        many.iter().any(|one| self.types().iter().any(|known| one == known))
    }
}
