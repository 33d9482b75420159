//! What a verification of something foreign came to, and whether that is enough to take it in.

use northstar_kernel::Violation;

/// What one check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As it must be, or nothing to check.
    Passed,
    /// There was nothing to check.
    Absent,
    /// Something that is needed was not at hand.
    Unknown,
    /// Not as it must be.
    Failed,
}

/// One check, as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was looked at.
    pub name: String,
    /// What it came to.
    pub outcome: Outcome,
    /// What was seen, or why nothing was.
    pub detail: String,
}

/// What may be missing for want of an issuer's documents alone: whose the key is, and with it the
/// arithmetic; what was published since; and both of what is carried inside.
const OF_DOCUMENTS: [&str; 4] = ["key owner", "arithmetic", "status", "endorsements"];

/// Why something foreign is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not verify.
    #[error("it does not verify, at the check {name:?}: {detail}")]
    NotVerified {
        /// The field of the request that it came in.
        field: &'static str,
        /// The check that failed.
        name: String,
        /// What was seen.
        detail: String,
    },
    /// It could not be looked at whole, and nobody who may gave their word.
    #[error(
        "the check {name:?} could not be made: {detail}. Hand in the issuer's documents, or have an \
         administrator give their word"
    )]
    Unresolved {
        /// The field of the request that it came in.
        field: &'static str,
        /// The check that was not made.
        name: String,
        /// What is not at hand.
        detail: String,
    },
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotVerified { .. } => "CREDENTIAL_NOT_VERIFIED",
            Self::Unresolved { .. } => "CREDENTIAL_UNRESOLVED",
        }
    }

    fn kind(&self) -> northstar_kernel::Kind {
        match self {
            Self::NotVerified { .. } => northstar_kernel::Kind::Invalid,
            Self::Unresolved { .. } => northstar_kernel::Kind::Precondition,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        let (Self::NotVerified { field, .. } | Self::Unresolved { field, .. }) = self;
        vec![Violation::new(*field, self.to_string())]
    }
}

/// Whether what was found of what came in `field` is enough, given that an administrator gave their
/// word or not. True if the word was needed.
///
/// # Errors
/// A check failed, or was not made and there is no word for it, or none that could be given.
pub fn accept(field: &'static str, checks: &[Found], word_given: bool) -> Result<bool, Refusal> {
    let of = |outcome: Outcome| checks.iter().find(move |check| check.outcome == outcome);
    let told = |check: &Found| (check.name.clone(), check.detail.clone());
    if let Some((name, detail)) = of(Outcome::Failed).map(told) {
        return Err(Refusal::NotVerified { field, name, detail });
    }
    let beyond = |check: &&Found| {
        check.outcome == Outcome::Unknown && !OF_DOCUMENTS.contains(&check.name.as_str())
    };
    if let Some((name, detail)) = checks.iter().find(beyond).map(told) {
        return Err(Refusal::NotVerified { field, name, detail });
    }
    match of(Outcome::Unknown).map(told) {
        None => Ok(false),
        Some(_) if word_given => Ok(true),
        Some((name, detail)) => Err(Refusal::Unresolved { field, name, detail }),
    }
}
