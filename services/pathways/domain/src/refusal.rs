//! The reasons for which figures are not taken over, and questions about them not answered.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

/// What the reference tables may not contain, and what may not be asked of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceRefusal {
    /// A code without the shape of its kind.
    InvalidCode {
        /// The field.
        field: &'static str,
        /// A well-formed code.
        example: &'static str,
    },
    /// A number or text outside its bounds.
    OutOfBounds {
        /// The field.
        field: &'static str,
        /// The bounds, in words.
        bounds: &'static str,
    },
    /// The same key twice within one occupation, region or crosswalk.
    Repeated {
        /// The field that must be unique.
        field: &'static str,
    },
    /// A crosswalk without a link, or a region without a wage: it would only hide an older one.
    Empty {
        /// The field.
        field: &'static str,
    },
    /// No wages were published for the region.
    UnknownRegion,
}

impl ReferenceRefusal {
    /// The field at fault, as the protobuf names it.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::InvalidCode { field, .. }
            | Self::OutOfBounds { field, .. }
            | Self::Repeated { field }
            | Self::Empty { field } => field,
            Self::UnknownRegion => "region_code",
        }
    }
}

impl fmt::Display for ReferenceRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidCode { field, example } => {
                write!(f, "{field} has the wrong shape; write it like {example}")
            }
            Self::OutOfBounds { field, bounds } => write!(f, "{field} must be {bounds}"),
            Self::Repeated { field } => write!(f, "the same {field} is given twice; keep one"),
            Self::Empty { field } => write!(f, "there are no {field}; give at least one"),
            Self::UnknownRegion => {
                f.write_str("no wages are known for this region; ListRegions names those that are")
            }
        }
    }
}

impl std::error::Error for ReferenceRefusal {}

impl Refusal for ReferenceRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::InvalidCode { .. } => "INVALID_CODE",
            Self::OutOfBounds { .. } => "OUT_OF_BOUNDS",
            Self::Repeated { .. } => "REPEATED",
            Self::Empty { .. } => "EMPTY",
            Self::UnknownRegion => "UNKNOWN_REGION",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::UnknownRegion => Kind::NotFound,
            _ => Kind::Invalid,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new(self.field(), self.to_string())]
    }
}
