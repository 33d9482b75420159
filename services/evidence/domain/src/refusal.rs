//! Every way evidence says no.

use std::fmt;

use northstar_kernel::{
    CompetencyId, CriterionId, EvidenceId, Kind, LearnerId, Timestamp, Violation,
};

use crate::command::RetractionReason;
use crate::item::{AssessorRole, Item};
use crate::value::Milli;

/// The closed list of this context's business rules, each with a stable reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A command without a request id could not be repeated safely.
    RequestIdMissing,
    /// The request id was used before, for something else.
    RequestIdReused {
        /// The id.
        request_id: String,
    },
    /// A field that cannot be read, whatever the registry holds.
    FieldInvalid {
        /// Path of the field.
        field: &'static str,
        /// What would be right.
        description: String,
    },
    /// Neither level nor score.
    JudgementMissing,
    /// Nobody of this id is a learner here.
    UnknownLearner {
        /// The id.
        learner: LearnerId,
    },
    /// No published competency has this id.
    UnknownCompetency {
        /// The id.
        competency: CompetencyId,
    },
    /// No published criterion of this id judges the competency.
    UnknownCriterion {
        /// The id.
        criterion: CriterionId,
    },
    /// The scale has no such rung.
    UnknownLevel {
        /// The rung asked for.
        level: u32,
        /// The rungs there are, for people.
        levels: String,
    },
    /// The score lies outside the scale.
    ScoreOutOfScale {
        /// The score.
        score: Milli,
        /// The lowest there is.
        bottom: Milli,
        /// The highest there is.
        top: Milli,
    },
    /// The framework gives no scale, so a score must bring its own.
    ScaleMissing,
    /// The score is on another scale than the framework's.
    ScaleMismatch {
        /// The top of the score's scale.
        max: Milli,
        /// The top of the framework's scale.
        top: Milli,
    },
    /// Observed later than now.
    ObservedInFuture {
        /// When it claims to have been observed.
        observed_at: Timestamp,
    },
    /// Evidence of this id was recorded before.
    EvidenceExists {
        /// The id.
        evidence: EvidenceId,
    },
    /// No evidence of this id.
    EvidenceNotFound {
        /// The id.
        evidence: EvidenceId,
    },
    /// The evidence was withdrawn for good.
    EvidenceRetracted {
        /// The id.
        evidence: EvidenceId,
    },
    /// A correction that would move the evidence to another learner.
    LearnerMismatch,
    /// A correction that would move the evidence to another competency.
    CompetencyMismatch,
    /// Not a role somebody can judge in.
    UnknownAssessorRole {
        /// The role as given.
        role: String,
    },
    /// A self-assessment in another's name.
    AssessorMismatch,
    /// A learner's token may only speak for that learner, as self.
    SelfEvidenceOnly,
    /// Who judged cannot sign it off as well.
    OwnJudgement,
    /// The note is too long.
    NoteTooLong {
        /// Its length in characters.
        count: usize,
    },
    /// Not a reason to withdraw evidence.
    UnknownRetractionReason {
        /// The reason as given.
        reason: String,
    },
}

impl Refusal {
    /// A field that cannot be read; `description` says what would be right.
    pub fn invalid(field: &'static str, description: impl Into<String>) -> Self {
        Self::FieldInvalid { field, description: description.into() }
    }

    /// Path of the field at fault, as in the protobuf; empty if it is not about one.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::RequestIdMissing | Self::RequestIdReused { .. } => "request_id",
            Self::FieldInvalid { field, .. } => field,
            Self::JudgementMissing => "item.judgement",
            Self::UnknownLearner { .. } | Self::LearnerMismatch => "item.learner_id",
            Self::UnknownCompetency { .. } | Self::CompetencyMismatch => "item.competency_id",
            Self::UnknownCriterion { .. } => "item.criterion_id",
            Self::UnknownLevel { .. } => "item.level",
            Self::ScoreOutOfScale { .. } => "item.score",
            Self::ScaleMissing | Self::ScaleMismatch { .. } => "item.score_max",
            Self::ObservedInFuture { .. } => "item.observed_at",
            Self::EvidenceExists { .. }
            | Self::EvidenceNotFound { .. }
            | Self::EvidenceRetracted { .. }
            | Self::OwnJudgement => "evidence_id",
            Self::UnknownAssessorRole { .. } | Self::SelfEvidenceOnly => "item.assessor_role",
            Self::AssessorMismatch => "item.assessor_id",
            Self::NoteTooLong { .. } => "item.note",
            Self::UnknownRetractionReason { .. } => "reason",
        }
    }

    /// Whether the same request may be accepted later: what it names may still be on its way.
    pub const fn retryable(&self) -> bool {
        matches!(
            self,
            Self::UnknownLearner { .. }
                | Self::UnknownCompetency { .. }
                | Self::UnknownCriterion { .. }
                | Self::EvidenceNotFound { .. }
                | Self::ObservedInFuture { .. }
        )
    }
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::RequestIdMissing => "REQUEST_ID_MISSING",
            Self::RequestIdReused { .. } => "REQUEST_ID_REUSED",
            Self::FieldInvalid { .. } => "FIELD_INVALID",
            Self::JudgementMissing => "JUDGEMENT_MISSING",
            Self::UnknownLearner { .. } => "UNKNOWN_LEARNER",
            Self::UnknownCompetency { .. } => "UNKNOWN_COMPETENCY",
            Self::UnknownCriterion { .. } => "UNKNOWN_CRITERION",
            Self::UnknownLevel { .. } => "UNKNOWN_LEVEL",
            Self::ScoreOutOfScale { .. } => "SCORE_OUT_OF_SCALE",
            Self::ScaleMissing => "SCALE_MISSING",
            Self::ScaleMismatch { .. } => "SCALE_MISMATCH",
            Self::ObservedInFuture { .. } => "OBSERVED_IN_FUTURE",
            Self::EvidenceExists { .. } => "EVIDENCE_EXISTS",
            Self::EvidenceNotFound { .. } => "EVIDENCE_NOT_FOUND",
            Self::EvidenceRetracted { .. } => "EVIDENCE_RETRACTED",
            Self::LearnerMismatch => "LEARNER_MISMATCH",
            Self::CompetencyMismatch => "COMPETENCY_MISMATCH",
            Self::UnknownAssessorRole { .. } => "UNKNOWN_ASSESSOR_ROLE",
            Self::AssessorMismatch => "ASSESSOR_MISMATCH",
            Self::SelfEvidenceOnly => "SELF_EVIDENCE_ONLY",
            Self::OwnJudgement => "OWN_JUDGEMENT",
            Self::NoteTooLong { .. } => "NOTE_TOO_LONG",
            Self::UnknownRetractionReason { .. } => "UNKNOWN_RETRACTION_REASON",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::UnknownLearner { .. }
            | Self::UnknownCompetency { .. }
            | Self::UnknownCriterion { .. }
            | Self::EvidenceNotFound { .. } => Kind::NotFound,
            Self::RequestIdReused { .. } | Self::EvidenceExists { .. } => Kind::AlreadyExists,
            Self::EvidenceRetracted { .. } => Kind::Precondition,
            Self::SelfEvidenceOnly | Self::OwnJudgement => Kind::Forbidden,
            _ => Kind::Invalid,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self.kind() {
            Kind::Precondition | Kind::Forbidden => Vec::new(),
            _ => vec![Violation::new(self.field(), self.to_string())],
        }
    }
}

/// What is wrong and what to do, in a sentence.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestIdReused { request_id: id } => {
                write!(f, "the request id {id} was used for something else; take a new one")
            }
            Self::UnknownLearner { learner } => {
                write!(f, "there is no learner {learner}; import the roster first")
            }
            Self::UnknownCompetency { competency } => {
                write!(f, "there is no competency {competency}; import its framework first")
            }
            Self::UnknownCriterion { criterion } => {
                write!(f, "no criterion {criterion} judges this competency")
            }
            Self::UnknownLevel { level, levels } => {
                write!(f, "there is no level {level}; the levels are: {levels}")
            }
            Self::ScoreOutOfScale { score, bottom, top } => {
                write!(f, "the score {score} is not on the scale from {bottom} to {top}")
            }
            Self::ScaleMismatch { max, top } => {
                write!(f, "the score is out of {max}, but this competency's scale ends at {top}")
            }
            Self::ObservedInFuture { observed_at } => {
                write!(f, "{observed_at} is in the future; send it when it has happened")
            }
            Self::EvidenceExists { evidence } => {
                write!(f, "the evidence {evidence} was recorded before; correct it instead")
            }
            Self::EvidenceNotFound { evidence } => write!(f, "there is no evidence {evidence}"),
            Self::EvidenceRetracted { evidence } => {
                write!(f, "the evidence {evidence} was withdrawn; record it anew")
            }
            Self::UnknownAssessorRole { role } => {
                write!(f, "{role:?} is no assessor role; the roles are: ")?;
                list(f, AssessorRole::NAMES.map(|(_, name)| name))
            }
            Self::NoteTooLong { count } => {
                write!(f, "the note has {count} characters, at most {}", Item::NOTE_CHARACTERS)
            }
            Self::UnknownRetractionReason { reason } => {
                write!(f, "{reason:?} is no reason; the reasons are: ")?;
                list(f, RetractionReason::NAMES.map(|(_, name)| name))
            }
            Self::FieldInvalid { description, .. } => f.write_str(description),
            Self::RequestIdMissing => {
                f.write_str("give an id, so that this can be repeated safely")
            }
            Self::JudgementMissing => f.write_str("give a level or a score"),
            Self::ScaleMissing => f.write_str(
                "the framework gives no scale; give a score and the top of its scale, score_max",
            ),
            Self::LearnerMismatch => f.write_str(
                "the evidence is another learner's; retract it and record it for this one",
            ),
            Self::CompetencyMismatch => f.write_str(
                "the evidence is of another competency; retract it and record it for this one",
            ),
            Self::AssessorMismatch => f.write_str("in the role self, the assessor is the learner"),
            Self::OwnJudgement => {
                f.write_str("you judged this yourself; a second person must sign it off")
            }
            Self::SelfEvidenceOnly => {
                f.write_str("learners record evidence about themselves, in the role self")
            }
        }
    }
}

impl std::error::Error for Refusal {}

fn list<const N: usize>(f: &mut fmt::Formatter<'_>, names: [&str; N]) -> fmt::Result {
    f.write_str(&names.join(", "))
}
