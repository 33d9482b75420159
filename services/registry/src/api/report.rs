//! Import reports.

use northstar_kernel::Position;
use northstar_wire::registry::v1 as wire;

use crate::standard::Problem;

/// So many problems are listed; a report must fit into one message.
const PROBLEMS_MAX: usize = 10_000;

/// What one kind of thing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    /// New or changed.
    pub(super) changed: u64,
    /// There already, and the same.
    pub(super) unchanged: u64,
    /// Taken out.
    pub(super) removed: u64,
    /// Refused.
    pub(super) refused: u64,
}

/// The report of an import: kinds in their order, and problems in order of file and line.
pub(super) fn report(
    counts: impl IntoIterator<Item = (&'static str, Count)>,
    mut problems: Vec<Problem>,
    position: Position,
) -> wire::ImportReport {
    problems.sort();
    let more = problems.len().saturating_sub(PROBLEMS_MAX);
    problems.truncate(PROBLEMS_MAX);
    if more > 0 {
        let message = format!("{more} more problems are not listed; correct these first");
        problems.push(Problem::of_file("", "MORE_PROBLEMS", message));
    }
    let count = |(kind, count): (&str, Count)| wire::ImportCount {
        kind: kind.to_owned(),
        changed: count.changed,
        unchanged: count.unchanged,
        removed: count.removed,
        refused: count.refused,
    };
    wire::ImportReport {
        counts: counts.into_iter().map(count).collect(),
        problems: problems.into_iter().map(problem).collect(),
        position: position.0,
    }
}

fn problem(problem: Problem) -> wire::ImportProblem {
    wire::ImportProblem {
        file: problem.file,
        line: problem.line,
        field: problem.field,
        reason: problem.reason.to_owned(),
        message: problem.message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_list_of_problems_says_how_many_it_leaves_out() {
        let problem = |line| Problem::new("f", line, "", "R", "m");
        let lines = (1..=PROBLEMS_MAX as u64 + 3).rev();
        let report = report([], lines.map(problem).collect(), Position(7));
        assert_eq!(report.problems.len(), PROBLEMS_MAX + 1);
        assert_eq!(report.problems[0].line, 1);
        let last = &report.problems[PROBLEMS_MAX];
        assert_eq!(last.reason, "MORE_PROBLEMS");
        assert!(last.message.starts_with("3 more"), "{}", last.message);
    }
}
