//! What the service itself refuses, before or beside the domain.

use northstar_chassis::status;
use northstar_kernel::{Kind, Violation};
use tonic::Status;

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// An id that is no UUID.
    #[error("{field} is not a UUID")]
    IdMalformed {
        /// The field of the request.
        field: &'static str,
    },
    /// No such framework, as far as this caller may know.
    #[error("there is no framework with this id")]
    FrameworkUnknown,
    /// No such learner, as far as this caller may know.
    #[error("there is no learner with this id")]
    LearnerUnknown,
    /// An upload of nothing.
    #[error("nothing was sent; send the file in pieces")]
    NothingSent,
    /// A piece that does not say which file it is of.
    #[error("a piece names no file, or one with a name longer than 255 bytes")]
    FileNameless,
    /// An upload larger than is taken.
    #[error("more than {mebibytes} MiB were sent; divide the import")]
    TooLarge {
        /// The limit.
        mebibytes: usize,
    },
    /// An upload of more files than a set has.
    #[error("more than {most} files were sent; send one set at a time")]
    TooManyFiles {
        /// The limit.
        most: usize,
    },
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::IdMalformed { .. } => "ID_MALFORMED",
            Self::FrameworkUnknown => "FRAMEWORK_UNKNOWN",
            Self::LearnerUnknown => "LEARNER_UNKNOWN",
            Self::NothingSent => "NOTHING_SENT",
            Self::FileNameless => "FILE_NAMELESS",
            Self::TooLarge { .. } => "UPLOAD_TOO_LARGE",
            Self::TooManyFiles { .. } => "UPLOAD_TOO_MANY_FILES",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::FrameworkUnknown | Self::LearnerUnknown => Kind::NotFound,
            Self::IdMalformed { .. }
            | Self::NothingSent
            | Self::FileNameless
            | Self::TooLarge { .. }
            | Self::TooManyFiles { .. } => Kind::Invalid,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::IdMalformed { field } => vec![Violation::new(*field, self.to_string())],
            Self::FileNameless => vec![Violation::new("file_name", self.to_string())],
            _ => Vec::new(),
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        status::refused(&refusal)
    }
}
