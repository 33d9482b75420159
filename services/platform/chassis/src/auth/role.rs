//! What kinds of caller there are.

use std::fmt;
use std::str::FromStr;

/// A role that a token may grant; in claims it is written in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs the deployment; belongs to no tenant.
    PlatformOperator,
    /// Administers a network.
    NetworkAdmin,
    /// Administers a district.
    DistrictAdmin,
    /// Teaches, and records evidence.
    Teacher,
    /// Confirms evidence from outside the school.
    Validator,
    /// Offers work, and confirms what was shown there.
    Employer,
    /// Sees their own record.
    Learner,
    /// Sees the records of the learners in their care.
    Guardian,
    /// A program that subscribes to events or delivers evidence.
    Integrator,
    /// One of our own services.
    Service,
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no role; known are {known}", known = Role::names())]
pub struct UnknownRole(pub String);

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::PlatformOperator,
        Self::NetworkAdmin,
        Self::DistrictAdmin,
        Self::Teacher,
        Self::Validator,
        Self::Employer,
        Self::Learner,
        Self::Guardian,
        Self::Integrator,
        Self::Service,
    ];

    /// As it stands in claims.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformOperator => "platform_operator",
            Self::NetworkAdmin => "network_admin",
            Self::DistrictAdmin => "district_admin",
            Self::Teacher => "teacher",
            Self::Validator => "validator",
            Self::Employer => "employer",
            Self::Learner => "learner",
            Self::Guardian => "guardian",
            Self::Integrator => "integrator",
            Self::Service => "service",
        }
    }

    /// Whether it sees only the learners that the token names.
    pub const fn sees_named_learners_only(self) -> bool {
        matches!(self, Self::Learner | Self::Guardian)
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_and_strangers_do_not() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        let error = "Teacher".parse::<Role>().unwrap_err().to_string();
        assert!(error.contains("\"Teacher\"") && error.contains("network_admin"), "{error}");
    }
}
