//! What may be wrong with a method as somebody wrote it down.

use std::fmt;

use super::Method;

/// One thing that is wrong with a method's name or parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MethodFlaw {
    /// No method was named.
    MethodMissing,
    /// No method has that name.
    MethodUnknown(String),
    /// The method needs the parameter.
    Missing(&'static str),
    /// The method has no such parameter.
    Unused(String),
    /// The parameter is of another shape.
    WrongShape {
        /// The parameter.
        parameter: &'static str,
        /// The shape it must have: "a whole number".
        expected: &'static str,
    },
    /// The number is too small or too large.
    OutOfRange {
        /// The parameter.
        parameter: &'static str,
        /// What was given.
        given: i64,
        /// The smallest that is accepted.
        least: i64,
        /// The largest that is accepted.
        most: i64,
    },
    /// The word is none of those that mean something here.
    WordUnknown {
        /// The parameter.
        parameter: &'static str,
        /// What was given.
        given: String,
        /// The words that mean something.
        known: &'static [&'static str],
    },
    /// A name is empty or longer than 100 bytes, or there are more than 100 names.
    NamesInvalid(&'static str),
    /// `m` of the last `n` with more asked for than are looked at.
    MoreThanLast {
        /// So many are asked for.
        m: i64,
        /// So many are looked at.
        n: i64,
    },
}

impl MethodFlaw {
    /// The parameter at fault; `None` if it is the method's name.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::MethodMissing | Self::MethodUnknown(_) => None,
            Self::Missing(parameter) | Self::NamesInvalid(parameter) => Some(parameter),
            Self::Unused(parameter) => Some(parameter),
            Self::WrongShape { parameter, .. }
            | Self::OutOfRange { parameter, .. }
            | Self::WordUnknown { parameter, .. } => Some(parameter),
            Self::MoreThanLast { .. } => Some("m"),
        }
    }
}

/// What is wrong and what would be right.
impl fmt::Display for MethodFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods = || Method::NAMES.join(", ");
        match self {
            Self::MethodMissing => write!(f, "name a method: {}", methods()),
            Self::MethodUnknown(name) => {
                write!(f, "there is no method {name:?}; there are {}", methods())
            }
            Self::Missing(parameter) => write!(f, "the method needs the parameter {parameter}"),
            Self::Unused(parameter) => {
                write!(f, "the method has no parameter {parameter:?}; leave it out")
            }
            Self::WrongShape { parameter, expected } => {
                write!(f, "{parameter} must be {expected}")
            }
            Self::OutOfRange { parameter, given, least, most } => {
                write!(f, "{parameter} must be from {least} to {most}, not {given}")
            }
            Self::WordUnknown { parameter, given, known } => {
                write!(f, "{parameter} must be one of {}, not {given:?}", known.join(", "))
            }
            Self::NamesInvalid(parameter) => {
                write!(f, "{parameter} must be at most 100 names of 1 to 100 bytes each")
            }
            Self::MoreThanLast { m, n } => {
                write!(f, "asks for {m} of the last {n}; m must not be above n")
            }
        }
    }
}
