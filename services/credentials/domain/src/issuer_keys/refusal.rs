//! Why something is not done with a key.

use std::fmt;

use northstar_kernel::{Kind, Refusal as Refused, Timestamp, Violation};

use super::{Algorithm, Key, Stage};

/// Why something is not done with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The issuer has no key of this name.
    UnknownKey(String),
    /// The bytes are no public key of the algorithm.
    NoPublicKey {
        /// The algorithm.
        algorithm: Algorithm,
        /// How many bytes came.
        bytes: usize,
    },
    /// The key is not where it would have to be for this.
    WrongStage {
        /// The key.
        name: String,
        /// Where it is.
        stage: Stage,
        /// What was asked: `be retired`.
        wish: &'static str,
    },
    /// It is not published for long enough.
    NotYet {
        /// The key.
        name: String,
        /// From when on it may sign.
        from: Timestamp,
    },
    /// Documents in use were signed by it and would verify no longer.
    StillNeeded {
        /// The key.
        name: String,
        /// How many they are.
        live: u64,
    },
}

impl Refusal {
    pub(super) fn wrong_stage(key: &Key, stage: Stage, wish: &'static str) -> Self {
        Self::WrongStage { name: key.name.clone(), stage, wish }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(name) => write!(f, "the issuer has no key named {name}"),
            Self::NoPublicKey { algorithm, bytes } => {
                let wanted = algorithm.public_bytes();
                write!(f, "a public key of {algorithm} has {wanted} bytes, not {bytes}")
            }
            Self::WrongStage { name, stage, wish } => {
                write!(f, "key {name} is {stage}; it cannot {wish}")
            }
            Self::NotYet { name, from } => write!(
                f,
                "key {name} may sign from {from} on, a day after it was published: until then \
                 verifiers may hold a document without it"
            ),
            Self::StillNeeded { name, live } => write!(
                f,
                "key {name} signed {live} documents in use, which would verify no longer; sign \
                 them anew first, or wait until they end"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownKey(_) => "KEY_UNKNOWN",
            Self::NoPublicKey { .. } => "KEY_INVALID",
            Self::WrongStage { .. } => "KEY_STAGE",
            Self::NotYet { .. } => "KEY_NOT_YET_USABLE",
            Self::StillNeeded { .. } => "KEY_STILL_NEEDED",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::UnknownKey(_) => Kind::NotFound,
            Self::NoPublicKey { .. } => Kind::Invalid,
            Self::WrongStage { .. } | Self::NotYet { .. } | Self::StillNeeded { .. } => {
                Kind::Precondition
            }
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::NoPublicKey { .. } => vec![Violation::new("public", self.to_string())],
            _ => Vec::new(),
        }
    }
}
