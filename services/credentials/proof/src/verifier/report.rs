//! What a verification came to.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// What is looked at; every report has each once, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Strict JSON in a closed world, or a strict token whose claims say what its members say.
    Form,
    /// A signature over these bytes by the key that is named.
    Arithmetic,
    /// The key is the issuer's own, for assertions, by the issuer's document.
    KeyOwner,
    /// The structure that Open Badges and CLR prescribe.
    Schema,
    /// What the issuer has published since.
    Status,
    /// Valid now.
    Time,
    /// What others say of it, and credentials carried in it.
    Endorsements,
    /// The verifier's own terms.
    Policy,
}

impl Name {
    const ALL: [Self; 8] = [
        Self::Form,
        Self::Arithmetic,
        Self::KeyOwner,
        Self::Schema,
        Self::Status,
        Self::Time,
        Self::Endorsements,
        Self::Policy,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Arithmetic => "arithmetic",
            Self::KeyOwner => "key owner",
            Self::Schema => "schema",
            Self::Status => "status",
            Self::Time => "time",
            Self::Endorsements => "endorsements",
            Self::Policy => "policy",
        }
    }
}

/// What one check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As it must be.
    Passed,
    /// Not checked: there is nothing to check. Does not count against the credential.
    Absent,
    /// Not checked: something that is needed is not at hand. The credential is not verified.
    Unknown,
    /// Not as it must be.
    Failed,
}

impl Outcome {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Absent | Self::Unknown => "not checked",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    #[serde(serialize_with = "as_word")]
    pub name: Name,
    /// What it came to.
    #[serde(serialize_with = "as_words")]
    pub outcome: Outcome,
    /// What was seen, or why nothing was, for people.
    pub detail: String,
}

fn as_word<S: Serializer>(name: &Name, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name.word())
}

fn as_words<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(outcome.words())
}

/// What a credential came to that another carries, or that was handed beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// Where it is: a JSON pointer into the credential, or `beside/0`.
    pub place: String,
    /// Its id, as far as it could be read; believe it only as far as the checks go.
    pub id: String,
    /// Whether everything that there is to check passed.
    pub verified: bool,
    /// Each [`Name`] once, in their order.
    pub checks: Vec<Check>,
    /// What it carries itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
}

/// All checks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Whether everything that there is to check passed.
    pub verified: bool,
    /// Each [`Name`] once, in their order.
    pub checks: Vec<Check>,
    /// What each credential came to that it carries, or that was handed beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
    /// What was read, without the claims of a token; `None` if the form is not sound. Believe it only
    /// as far as the checks go.
    #[serde(skip)]
    pub credential: Option<Value>,
}

impl Report {
    pub(super) fn new(
        findings: [(Name, Finding); 8],
        carried: Vec<Carried>,
        credential: Value,
    ) -> Self {
        let check = |(name, Finding { outcome, detail })| Check { name, outcome, detail };
        Self { carried, ..Self::of(findings.map(check).into(), Some(credential)) }
    }

    /// Of something that cannot be read; nothing else can be looked at then.
    pub(super) fn without_form(why: String) -> Self {
        let check = |name| match name {
            Name::Form => Check { name, outcome: Outcome::Failed, detail: why.clone() },
            _ => Check { name, outcome: Outcome::Unknown, detail: "the form is not sound".into() },
        };
        Self::of(Name::ALL.map(check).into(), None)
    }

    fn of(checks: Vec<Check>, credential: Option<Value>) -> Self {
        let sound = |check: &Check| matches!(check.outcome, Outcome::Passed | Outcome::Absent);
        let verified = checks.iter().all(sound);
        Self { verified, checks, carried: Vec::new(), credential }
    }

    /// The check of this name.
    pub fn check(&self, name: Name) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The same, as of one that another carries.
    pub(super) fn at(self, place: String) -> Carried {
        let Self { verified, checks, carried, credential } = self;
        let id = credential.and_then(|one| one["id"].as_str().map(ToOwned::to_owned));
        Carried { place, id: id.unwrap_or_default(), verified, checks, carried }
    }

    /// The check that speaks most against the credential, if any does.
    pub fn worst(&self) -> Option<&Check> {
        let against = |check: &&Check| check.outcome >= Outcome::Unknown;
        // Of equals the first, which the others may follow from.
        self.checks.iter().filter(against).rev().max_by_key(|check| check.outcome)
    }
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) outcome: Outcome,
    pub(super) detail: String,
}

impl Finding {
    pub(super) fn passed(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Passed, detail: detail.into() }
    }

    pub(super) fn absent(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Absent, detail: detail.into() }
    }

    pub(super) fn unknown(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Unknown, detail: detail.into() }
    }

    pub(super) fn failed(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Failed, detail: detail.into() }
    }

    /// The same, saying of what.
    pub(super) fn within(self, what: &str) -> Self {
        Self { detail: format!("{what}: {}", self.detail), ..self }
    }

    /// Of several, the first of the worst; nothing to check if there is none.
    pub(super) fn worst(findings: impl IntoIterator<Item = Self>) -> Self {
        let worse = |one: Self, other: Self| if other.outcome > one.outcome { other } else { one };
        findings.into_iter().reduce(worse).unwrap_or_else(|| Self::absent("there is none"))
    }
}
