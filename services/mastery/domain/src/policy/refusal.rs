//! Why a policy is not accepted.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

use super::{
    ENGINE, HIGHEST_THRESHOLD_MILLI, LONGEST_EXPIRY_DAYS, MOST_OBSERVATIONS, Order, ROUNDINGS_MILLI,
};
use crate::{AssessorRole, MethodFlaw};

/// One thing that is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It was written for an engine that this is not.
    EngineUnknown(i64),
    /// The name is too long or has other letters than it may.
    NameInvalid(String),
    /// The method or one of its parameters is no good.
    Method(MethodFlaw),
    /// No order has that name.
    OrderUnknown(String),
    /// Results cannot be rounded to that.
    RoundingUnknown(i64),
    /// The threshold is not above zero, or beyond a million.
    MasteryOutOfRange(i64),
    /// The threshold of exceeding is not above that of mastery, or beyond a million.
    ExceedsOutOfRange {
        /// As given.
        exceeds: i64,
        /// The threshold of mastery as given.
        mastery: i64,
    },
    /// The method gives no value as high as mastery asks for.
    MasteryOutOfReach {
        /// The threshold of mastery.
        mastery: i64,
        /// The highest value the method gives.
        top: i64,
    },
    /// The method gives no value as high as exceeding asks for.
    ExceedsOutOfReach {
        /// The threshold of exceeding.
        exceeds: i64,
        /// The highest value the method gives.
        top: i64,
    },
    /// The minimum is not from 1 to 100 observations.
    MinimumOutOfRange(i64),
    /// The minimum is not from 1 to 100 assessors.
    AssessorsOutOfRange(i64),
    /// The minimum is not from 1 to 100 kinds.
    KindsOutOfRange(i64),
    /// No role has that name.
    RoleUnknown(String),
    /// Every role is left out.
    NobodyCounts,
    /// Judgements would expire before they are made, or later than in a hundred years.
    ExpiryOutOfRange(i64),
}

impl Flaw {
    /// The field of the policy's document at fault, after `policy.`.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::EngineUnknown(_) => "policy.engine",
            Self::NameInvalid(_) => "policy.name",
            Self::Method(_) => "policy.method",
            Self::OrderUnknown(_) => "policy.order",
            Self::RoundingUnknown(_) => "policy.round_to_milli",
            Self::MasteryOutOfRange(_) | Self::MasteryOutOfReach { .. } => "policy.mastery_milli",
            Self::ExceedsOutOfRange { .. } | Self::ExceedsOutOfReach { .. } => {
                "policy.exceeds_milli"
            }
            Self::MinimumOutOfRange(_) => "policy.minimum_observations",
            Self::AssessorsOutOfRange(_) => "policy.minimum_assessors",
            Self::KindsOutOfRange(_) => "policy.minimum_kinds",
            Self::RoleUnknown(_) | Self::NobodyCounts => "policy.excluded_roles",
            Self::ExpiryOutOfRange(_) => "policy.expires_after_days",
        }
    }
}

/// What is wrong and what would be right.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EngineUnknown(given) => write!(f, "must be {ENGINE}, not {given}"),
            Self::NameInvalid(given) => {
                write!(f, "must be up to 40 of a-z, 0-9 and -, or empty, not {given:?}")
            }
            Self::Method(flaw) => flaw.fmt(f),
            Self::OrderUnknown(given) => {
                let names = Order::ALL.map(Order::name).join(", ");
                write!(f, "there is no order {given:?}; there are {names}")
            }
            Self::RoundingUnknown(given) => {
                let steps = ROUNDINGS_MILLI.map(|step| step.to_string()).join(", ");
                write!(f, "must be one of {steps} thousandths, not {given}")
            }
            Self::MasteryOutOfRange(given) => {
                write!(f, "must be from 1 to {HIGHEST_THRESHOLD_MILLI} thousandths, not {given}")
            }
            Self::ExceedsOutOfRange { exceeds, mastery } => write!(
                f,
                "must be above the threshold of mastery, {mastery}, and at most \
                 {HIGHEST_THRESHOLD_MILLI} thousandths, or 0 for no such state, not {exceeds}"
            ),
            Self::MasteryOutOfReach { mastery: given, top }
            | Self::ExceedsOutOfReach { exceeds: given, top } => {
                write!(f, "the method gives at most {top} thousandths, which never reaches {given}")
            }
            Self::MinimumOutOfRange(given) => between_1_and_most(f, "observations", *given),
            Self::AssessorsOutOfRange(given) => between_1_and_most(f, "assessors", *given),
            Self::KindsOutOfRange(given) => between_1_and_most(f, "kinds", *given),
            Self::RoleUnknown(name) => {
                let names = AssessorRole::NAMED.map(AssessorRole::name).join(", ");
                write!(f, "there is no role {name:?}; there are {names}")
            }
            Self::NobodyCounts => f.write_str("leaves out every role, so nothing would ever count"),
            Self::ExpiryOutOfRange(given) => {
                write!(
                    f,
                    "must be from 1 to {LONGEST_EXPIRY_DAYS} days or 0 for never, not {given}"
                )
            }
        }
    }
}

fn between_1_and_most(f: &mut fmt::Formatter<'_>, what: &str, given: i64) -> fmt::Result {
    write!(f, "must be from 1 to {MOST_OBSERVATIONS} {what}, not {given}")
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
