//! Where files come from, and words to look at what was read.

use std::fs::File;
use std::io::BufReader;

use northstar_evidence::standard::{Competencies, Problem, Row};
use northstar_kernel::{CompetencyId, TenantId};

pub(crate) fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

/// A file of the shared sample data; `None`, with a word about it, where that is absent.
pub(crate) fn shared(path: &str) -> Option<BufReader<File>> {
    let path = northstar_testkit::shared_data()?.join("data").join(path);
    Some(BufReader::new(File::open(path).expect("the sample data is whole")))
}

pub(crate) fn competency(code: &str) -> CompetencyId {
    CompetencyId::derive(tenant(), code)
}

/// The North Star codes, each with three objectives below it.
pub(crate) fn competencies() -> Competencies {
    let codes = ["RES", "ADP", "COM", "INT", "PRB"].into_iter().flat_map(|code| {
        let parent = format!("NS.{code}");
        (1..=3).map(move |number| format!("NS.{code}.{number}")).chain([parent])
    });
    codes.map(|code| (code.clone(), competency(&code))).collect()
}

/// Rows and problems apart, each in order.
pub(crate) fn apart(read: impl Iterator<Item = Result<Row, Problem>>) -> (Vec<Row>, Vec<Problem>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for outcome in read {
        match outcome {
            Ok(row) => rows.push(row),
            Err(problem) => problems.push(problem),
        }
    }
    (rows, problems)
}

/// Line, field and reason of each problem.
pub(crate) fn places(problems: &[Problem]) -> Vec<(u64, &str, &str)> {
    problems.iter().map(|it| (it.line, it.field.as_str(), it.reason.as_str())).collect()
}
