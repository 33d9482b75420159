//! Why a policy is not accepted.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

use super::{HIGHEST_THRESHOLD_MILLI, MOST_OBSERVATIONS};
use crate::{AssessorRole, Method};

/// One thing that is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// No method was named.
    MethodMissing,
    /// No method has that name.
    MethodUnknown(String),
    /// The newest weight is not from 1 to 99 percent.
    WeightOutOfRange(u32),
    /// A newest weight was given to a method that has none.
    WeightUnused(Method),
    /// The threshold is not above zero, or beyond a million.
    ThresholdOutOfRange(i64),
    /// The minimum is not from 1 to 100 observations.
    MinimumOutOfRange(u32),
    /// No role has that name.
    RoleUnknown(String),
    /// Every role is left out.
    NobodyCounts,
}

impl Flaw {
    /// The field of the policy at fault, as in the protobuf.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::MethodMissing | Self::MethodUnknown(_) => "policy.method",
            Self::WeightOutOfRange(_) | Self::WeightUnused(_) => "policy.newest_weight_percent",
            Self::ThresholdOutOfRange(_) => "policy.threshold_milli",
            Self::MinimumOutOfRange(_) => "policy.minimum_observations",
            Self::RoleUnknown(_) | Self::NobodyCounts => "policy.excluded_roles",
        }
    }
}

/// What is wrong and what would be right.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MethodMissing => {
                f.write_str("name a method: highest, latest, mean or decaying_average")
            }
            Self::MethodUnknown(name) => write!(
                f,
                "there is no method {name:?}; there are highest, latest, mean, decaying_average"
            ),
            Self::WeightOutOfRange(given) => {
                write!(f, "a decaying average needs a weight from 1 to 99 percent, not {given}")
            }
            Self::WeightUnused(method) => {
                write!(f, "the method {} has no newest weight; leave it at 0", method.name())
            }
            Self::ThresholdOutOfRange(given) => {
                write!(f, "must be from 1 to {HIGHEST_THRESHOLD_MILLI} thousandths, not {given}")
            }
            Self::MinimumOutOfRange(given) => {
                write!(f, "must be from 1 to {MOST_OBSERVATIONS} observations, not {given}")
            }
            Self::RoleUnknown(name) => {
                let names = AssessorRole::NAMED.map(AssessorRole::name).join(", ");
                write!(f, "there is no role {name:?}; there are {names}")
            }
            Self::NobodyCounts => f.write_str("leaves out every role, so nothing would ever count"),
        }
    }
}

/// The draft is no valid policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRefusal {
    /// All that is wrong with it, at least one thing.
    pub flaws: Vec<Flaw>,
}

impl fmt::Display for PolicyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policy is not valid")?;
        let mut separator = ": ";
        for flaw in &self.flaws {
            write!(f, "{separator}{} {flaw}", flaw.field())?;
            separator = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for PolicyRefusal {}

impl Refusal for PolicyRefusal {
    fn reason(&self) -> &'static str {
        "POLICY_INVALID"
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        self.flaws.iter().map(|flaw| Violation::new(flaw.field(), flaw.to_string())).collect()
    }
}
