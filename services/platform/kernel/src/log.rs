//! Places in the log. All count from 1 without holes; 0 is "before the first".

use std::fmt;

macro_rules! places {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u64);

        impl $name {
            /// Before the first.
            pub const START: Self = Self(0);

            /// The next place: the only one that may follow without a gap.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }

            /// The place `count` further on.
            #[must_use]
            pub const fn plus(self, count: u64) -> Self {
                Self(self.0 + count)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

places! {
    /// Place in a shard's log.
    Position,
    /// Place among one tenant's events of one context; what an integrator counts.
    Sequence,
    /// Place within one stream.
    Version,
}

/// What an appender believes of the stream it appends to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// Nothing: append whatever is there.
    Any,
    /// The stream has no events yet.
    NoStream,
    /// The stream's newest event has exactly this version.
    Exactly(Version),
}

impl ExpectedVersion {
    /// Whether a stream at `actual` (0: no events) is as expected.
    pub fn allows(self, actual: Version) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual == Version::START,
            Self::Exactly(version) => actual == version,
        }
    }
}
