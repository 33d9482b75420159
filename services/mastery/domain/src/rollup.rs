//! The mastery of a competency from the mastery of its parts, through a whole framework.
//!
//! A rule ([`Rollup`]) says for one competency what must be reached of which parts. Rules build a
//! graph: a part may serve several competencies and have a rule itself. [`Rollups`] is that graph,
//! checked, with its order worked out once; evaluating it visits every competency once, parts
//! first, and never recurses, so that depth costs no stack.
//!
//! Unknown is never zero: a part of which nothing is held is neither reached nor missed, it is
//! *open*, and each criterion says what that means. A retired part does not count: it is as if the
//! rule did not name it. Each competency's value is rounded once and that number, the one people
//! see, is what the rules above it read.

mod check;
mod criterion;
mod document;
mod evaluate;
mod explain;
mod flaw;
mod graph;
mod judge;
mod missing;
mod order;
mod plan;
mod rule;
mod sentence;

use northstar_kernel::CompetencyId;

use crate::{Held, Standing};

pub use criterion::{Criterion, MOST_WEIGHT, Pointed, Test, Weighted};
pub use document::rollups_json;
pub use evaluate::{Findings, Input};
pub use explain::RolledUp;
pub use flaw::{RollupFlaw, RollupProblem, RollupRefusal};
pub use graph::Rollups;
pub use judge::Verdict;
pub use plan::{DEEPEST_NESTING, MOST_PARTS};
pub use rule::{Rollup, RollupDraft};

/// What a roll-up must know of a competency, whoever the learner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Competency {
    /// The competency.
    pub id: CompetencyId,
    /// Its code or name, for sentences: `COM.2`.
    pub code: String,
    /// Whether it was retired. It then does not count for any rule that names it.
    pub retired: bool,
    /// The highest value its own evidence can give, in thousandths; `None` if there is no bound.
    /// Thresholds above it are refused.
    pub highest_milli: Option<i64>,
}

/// What is held of a learner in a competency, as far as a roll-up reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Finding {
    /// Whether something can be said.
    pub standing: Standing,
    /// The number people see, in thousandths; `None` while nothing can be said, and where a
    /// standing came without a number.
    pub value_milli: Option<i64>,
    /// Whether it rests on something that no second person signed off; of a roll-up, whether any
    /// part that counts does. Never while nothing can be said.
    pub provisional: bool,
}

impl From<&Held> for Finding {
    fn from(held: &Held) -> Self {
        let said = Verdict::of(held.standing) != Verdict::Open;
        let value_milli = said.then_some(held.value_milli);
        Self { standing: held.standing, value_milli, provisional: held.provisional && said }
    }
}
