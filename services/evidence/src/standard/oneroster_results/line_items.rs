//! The line items that results belong to, and what they speak of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use northstar_evidence_domain::Milli;
use northstar_kernel::CompetencyId;

use crate::standard::competencies::Competencies;
use crate::standard::problem::Problem;
use crate::standard::table::{Record, Table};

/// The line items of a gradebook, by `sourcedId`.
#[derive(Debug, Default)]
pub struct LineItems {
    items: BTreeMap<String, LineItem>,
}

#[derive(Debug, Default)]
struct LineItem {
    /// By the title, used where no learning objective is named.
    titled: Option<CompetencyId>,
    objectives: BTreeSet<CompetencyId>,
    top: Option<Milli>,
}

impl LineItems {
    /// Reads `lineItems.csv`. Rows that cannot be read are added to `problems`.
    pub fn read(
        file: &str,
        source: impl BufRead,
        competencies: &Competencies,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut all = Self::default();
        each(file, source, &["sourcedId", "title", "resultValueMax"], problems, |record| {
            let first_word = record.get("title").split_whitespace().next().unwrap_or_default();
            let item = LineItem {
                titled: competencies.by_last_segment(first_word),
                top: top(record)?,
                objectives: BTreeSet::new(),
            };
            all.items.insert(record.required("sourcedId")?.to_owned(), item);
            Ok(())
        });
        all
    }

    /// Reads `lineItemLearningObjectiveIds.csv`, which 1.2 has; objectives of other sources than
    /// `case` are passed over. Rows that cannot be read are added to `problems`.
    pub fn read_objectives(
        &mut self,
        file: &str,
        source: impl BufRead,
        problems: &mut Vec<Problem>,
    ) {
        let columns = ["lineItemSourcedId", "source", "learningObjectiveId"];
        each(file, source, &columns, problems, |record| {
            let id = record.required("lineItemSourcedId")?;
            let item = self.items.get_mut(id).ok_or_else(|| dangling(record, id))?;
            if record.get("source").eq_ignore_ascii_case("case") {
                item.objectives.insert(objective(record)?);
            }
            Ok(())
        });
    }

    /// What the line item of a result speaks of.
    pub(super) fn competencies(&self, result: &Record) -> Result<Vec<CompetencyId>, Problem> {
        let id = result.required("lineItemSourcedId")?;
        let item = self.items.get(id).ok_or_else(|| dangling(result, id))?;
        if item.objectives.is_empty() {
            Ok(item.titled.into_iter().collect())
        } else {
            Ok(item.objectives.iter().copied().collect())
        }
    }

    /// The top of the line item's scale as decimal text; empty if it names none.
    pub(super) fn top(&self, line_item: &str) -> String {
        let top = self.items.get(line_item).and_then(|item| item.top);
        top.map(|top| top.to_string()).unwrap_or_default()
    }
}

/// Reads every record of a file; whatever is wrong goes to `problems`.
fn each(
    file: &str,
    source: impl BufRead,
    columns: &[&str],
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(&Record) -> Result<(), Problem>,
) {
    match Table::open(file, source, columns) {
        Ok(table) => problems
            .extend(table.filter_map(|record| record.and_then(|record| read(&record)).err())),
        Err(found) => problems.extend(found),
    }
}

fn objective(record: &Record) -> Result<CompetencyId, Problem> {
    let text = record.required("learningObjectiveId")?;
    text.parse().map_err(|_| {
        let message = format!("{text:?} is no CASE identifier, which is a UUID");
        record.problem("learningObjectiveId", "FIELD_INVALID", message)
    })
}

fn top(record: &Record) -> Result<Option<Milli>, Problem> {
    match record.get("resultValueMax") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|error| {
            let message = format!("{text:?} is no score; {error}");
            record.problem("resultValueMax", "FIELD_INVALID", message)
        }),
    }
}

fn dangling(record: &Record, id: &str) -> Problem {
    let message = format!("there is no line item {id}");
    record.problem("lineItemSourcedId", "UNKNOWN_LINE_ITEM", message)
}
