//! The machinery failed. Not an answer to anybody: an alarm.

use std::error::Error;
use std::fmt;

/// A failure of a store or of what it holds, with its whole cause inside.
///
/// The text is for operators; nothing of it may reach a caller.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    retryable: bool,
    cause: Box<dyn Error + Send + Sync>,
}

impl Fault {
    /// A failure that may pass by itself: a lost connection, a server that starts.
    pub fn passing(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing, retryable: true, cause: cause.into() }
    }

    /// A failure that will be the same the next time: bytes that make no sense, a missing table.
    pub fn lasting(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing, retryable: false, cause: cause.into() }
    }

    /// Whether trying again may help.
    pub fn retryable(&self) -> bool {
        self.retryable
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "while {}", self.doing)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}
