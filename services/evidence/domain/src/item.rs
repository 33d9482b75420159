//! An item of evidence as a caller states it, checked for shape and not yet against the registry.

use std::fmt;
use std::str::FromStr;

use northstar_kernel::{CompetencyId, CriterionId, LearnerId, Timestamp};

use crate::refusal::Refusal;
use crate::value::Milli;

/// What was shown, and who judged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whose evidence it is.
    pub learner: LearnerId,
    /// What it speaks of.
    pub competency: CompetencyId,
    /// The dimension of a rubric that was judged; `None` for the competency as a whole.
    pub criterion: Option<CriterionId>,
    /// The judgement.
    pub judgement: Judgement,
    /// Where or how it was shown: classroom, work-based …; at most [`Item::KIND_CHARACTERS`].
    pub kind: String,
    /// Who judged.
    pub assessor: Assessor,
    /// When it was so.
    pub observed_at: Timestamp,
    /// What was seen, sealed under the learner's key.
    pub note: Option<SealedNote>,
}

impl Item {
    /// The longest kind, in characters.
    pub const KIND_CHARACTERS: usize = 100;
    /// The longest note, in characters.
    pub const NOTE_CHARACTERS: usize = 4_000;

    /// Checks a kind.
    ///
    /// # Errors
    /// Too long, or with characters that do not print.
    pub fn check_kind(kind: &str) -> Result<(), Refusal> {
        check_text("item.kind", kind, Self::KIND_CHARACTERS)
    }

    /// Checks a note before it is sealed.
    ///
    /// # Errors
    /// Longer than [`Item::NOTE_CHARACTERS`].
    pub fn check_note(note: &str) -> Result<(), Refusal> {
        // Bytes bound characters from above, so most notes are never counted.
        if note.len() <= Self::NOTE_CHARACTERS {
            return Ok(());
        }
        match note.chars().count() {
            count if count > Self::NOTE_CHARACTERS => Err(Refusal::NoteTooLong { count }),
            _ => Ok(()),
        }
    }
}

/// How well it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// A rung of the scale, from 1 at the bottom.
    Level(u32),
    /// A score on the scale.
    Score {
        /// The score.
        value: Milli,
        /// The top of the scale it is on: needed where the framework gives none, else the same.
        max: Option<Milli>,
    },
}

/// Who judged, in which role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessor {
    /// UUID of a person, or another system's id.
    pub id: String,
    /// The role they judged in.
    pub role: AssessorRole,
}

impl Assessor {
    /// The longest id, in characters.
    pub const ID_CHARACTERS: usize = 200;

    /// An assessor of `learner`. Who assesses themselves need not repeat the learner's id.
    ///
    /// # Errors
    /// A missing or overlong id, or a self-assessment in another's name.
    pub fn of(learner: LearnerId, id: &str, role: AssessorRole) -> Result<Self, Refusal> {
        if role == AssessorRole::Themselves {
            let own = id.is_empty() || id.parse() == Ok(learner);
            return if own {
                Ok(Self { id: learner.to_string(), role })
            } else {
                Err(Refusal::AssessorMismatch)
            };
        }
        if id.is_empty() {
            return Err(Refusal::invalid("item.assessor_id", "say who judged"));
        }
        check_text("item.assessor_id", id, Self::ID_CHARACTERS)?;
        Ok(Self { id: id.to_owned(), role })
    }
}

/// The role somebody judged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssessorRole {
    /// A teacher of the learner.
    Teacher,
    /// An employer or mentor at work.
    Employer,
    /// The learner.
    Themselves,
    /// Another learner.
    Peer,
    /// Somebody appointed to validate evidence.
    Validator,
    /// A program.
    Tool,
}

impl AssessorRole {
    /// Every role, as named in requests and events.
    pub const NAMES: [(Self, &'static str); 6] = [
        (Self::Teacher, "teacher"),
        (Self::Employer, "employer"),
        (Self::Themselves, "self"),
        (Self::Peer, "peer"),
        (Self::Validator, "validator"),
        (Self::Tool, "tool"),
    ];

    /// The role's name in requests and events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Employer => "employer",
            Self::Themselves => "self",
            Self::Peer => "peer",
            Self::Validator => "validator",
            Self::Tool => "tool",
        }
    }
}

impl FromStr for AssessorRole {
    type Err = Refusal;

    fn from_str(name: &str) -> Result<Self, Refusal> {
        Self::NAMES
            .into_iter()
            .find_map(|(role, known)| (known == name).then_some(role))
            .ok_or_else(|| Refusal::UnknownAssessorRole { role: name.to_owned() })
    }
}

/// A note that only the learner's key opens. The domain carries it and never looks inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedNote {
    /// The sixteen bytes of the key's UUID.
    pub key_id: [u8; 16],
    /// The sealed bytes.
    pub sealed: Vec<u8>,
}

/// The caller's name for a request, unique for ever within a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The longest request id, in characters.
    pub const CHARACTERS: usize = 200;

    /// Takes a request id.
    ///
    /// # Errors
    /// Empty, too long, or with characters that do not print.
    pub fn new(id: String) -> Result<Self, Refusal> {
        if id.is_empty() {
            return Err(Refusal::RequestIdMissing);
        }
        check_text("request_id", &id, Self::CHARACTERS)?;
        Ok(Self(id))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_text(field: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, "leave out control characters"));
    }
    if text.len() > most && text.chars().count() > most {
        return Err(Refusal::invalid(field, format!("at most {most} characters")));
    }
    Ok(())
}
