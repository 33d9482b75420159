//! What is not there, as far as a caller may know.

use std::fmt;

use northstar_kernel::{Kind, Refusal, Violation};

/// There is no such competency, as far as this caller may know.
#[derive(Debug)]
pub(super) struct CompetencyNotFound;

impl fmt::Display for CompetencyNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such competency")
    }
}

impl std::error::Error for CompetencyNotFound {}

impl Refusal for CompetencyNotFound {
    fn reason(&self) -> &'static str {
        "COMPETENCY_NOT_FOUND"
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new("competency_id", "import its framework first")]
    }
}
