//! A learner's record: credentials of theirs as they stood, signed as one document for one purpose.
//!
//! It is made once and never changes; it ends by itself after [`DAYS`], because what it shows ages.

use northstar_kernel::{CredentialId, LearnerId, Timestamp};

/// How many days a record holds.
pub const DAYS: i64 = 90;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 200;

/// A record was assembled and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    /// Which.
    pub record: CredentialId,
    /// Whose.
    pub learner: LearnerId,
    /// What it is called.
    pub name: String,
    /// The credentials in it, in their order.
    pub credentials: Vec<CredentialId>,
    /// Whether there was more to tell of the learner.
    pub partial: bool,
    /// From when on it holds.
    pub valid_from: Timestamp,
    /// When it ends by itself.
    pub valid_until: Timestamp,
    /// Who asked for it, as their token names them.
    pub actor: String,
    /// What it is for; a sealed text.
    pub purpose: String,
    /// On whose consent it rests; a sealed text.
    pub consent: String,
    /// Names of the keys that signed it: the document's, then the token's.
    pub key_names: Vec<String>,
    /// The document with its proof inside.
    pub document: Packed,
    /// The same as a JSON Web Token.
    pub token: Token,
}

/// A text that is kept compressed; the domain does not look into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(pub Vec<u8>);

/// A token in its three parts, as they stand in it but for what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// How it is signed.
    pub header: String,
    /// What it says.
    pub payload: Packed,
    /// The signature.
    pub signature: String,
}

/// What a learner's credentials come to in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Those in it, in the order of their ids.
    pub credentials: Vec<CredentialId>,
    /// Whether there is more to tell of the learner.
    pub partial: bool,
}

/// One of a learner's credentials, as far as a record cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub credential: CredentialId,
    /// Whether it may be shown: it holds, has not ended, and has a document to show.
    pub shows: bool,
    /// Whether it ended for good: there is nothing to tell of it then.
    pub ended: bool,
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing to show.
    #[error("the learner has no credential that holds, so there is nothing to make a record of")]
    Empty,
    /// Asked for one that is not there or does not hold.
    #[error("credential {0} does not hold or is not the learner's: leave it out")]
    NotShown(CredentialId),
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "RECORD_EMPTY",
            Self::NotShown(_) => "CREDENTIAL_NOT_SHOWN",
        }
    }

    fn kind(&self) -> northstar_kernel::Kind {
        northstar_kernel::Kind::Precondition
    }
}

/// Selects what a record has: the `wanted` ones, or all that may be shown if none is named. It is
/// partial as soon as anything is left out that has not ended for good, also if that is held.
///
/// # Errors
/// A wanted one cannot be shown, or nothing is left.
pub fn select(wanted: &[CredentialId], known: &[Candidate]) -> Result<Selection, Refusal> {
    let shows = |id: &CredentialId| known.iter().any(|one| one.credential == *id && one.shows);
    if let Some(other) = wanted.iter().find(|id| !shows(id)) {
        return Err(Refusal::NotShown(*other));
    }
    let chosen =
        |one: &&Candidate| one.shows && (wanted.is_empty() || wanted.contains(&one.credential));
    let mut credentials: Vec<_> = known.iter().filter(chosen).map(|one| one.credential).collect();
    credentials.sort_unstable();
    if credentials.is_empty() {
        return Err(Refusal::Empty);
    }
    let left_out = |one: &Candidate| !one.ended && !credentials.contains(&one.credential);
    let partial = known.iter().any(left_out);
    Ok(Selection { credentials, partial })
}
