//! Why a document cannot be read.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

/// What a document should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// A policy.
    Policy,
    /// The rules of a roll-up.
    Rollup,
    /// A calendar.
    PacePlan,
}

impl DocumentKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Policy => "the policy document",
            Self::Rollup => "the roll-up document",
            Self::PacePlan => "the calendar",
        }
    }

    /// A refusal of such a document.
    pub(super) fn refusal(self) -> impl Fn(Vec<DocumentProblem>) -> DocumentRefusal {
        move |problems| DocumentRefusal { document: self, problems }
    }

    /// What was read, unless there are problems.
    pub(super) fn checked<T>(
        self,
        read: T,
        problems: Vec<DocumentProblem>,
    ) -> Result<T, DocumentRefusal> {
        if problems.is_empty() { Ok(read) } else { Err(self.refusal()(problems)) }
    }
}

/// One thing about a document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// Where: `policy` for the whole, `policy.method.count` for a field.
    pub path: String,
    /// What is wrong and what would be right.
    pub what: String,
}

/// The text is no such document. Whether what it says is sensible is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRefusal {
    /// What it should have been.
    pub document: DocumentKind,
    /// All that is wrong with it, at least one thing.
    pub problems: Vec<DocumentProblem>,
}

impl fmt::Display for DocumentRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be read", self.document.name())?;
        let mut separator = ": ";
        for DocumentProblem { path, what } in &self.problems {
            write!(f, "{separator}{path} {what}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for DocumentRefusal {}

impl Refusal for DocumentRefusal {
    fn reason(&self) -> &'static str {
        match self.document {
            DocumentKind::Policy => "POLICY_DOCUMENT_INVALID",
            DocumentKind::Rollup => "ROLLUP_DOCUMENT_INVALID",
            DocumentKind::PacePlan => "PACE_PLAN_DOCUMENT_INVALID",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        let violation = |problem: &DocumentProblem| Violation::new(&*problem.path, &*problem.what);
        self.problems.iter().map(violation).collect()
    }
}
