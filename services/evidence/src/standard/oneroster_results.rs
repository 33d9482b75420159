//! Results of a OneRoster 1.1 or 1.2 gradebook as evidence.
//!
//! A result becomes one piece of evidence for each competency its line item speaks of: those that
//! `lineItemLearningObjectiveIds` names by CASE identifier; without any, the one whose code ends in
//! the first word of the line item's title (`RES Q1 rubric score` speaks of `NS.RES`).
//!
//! Only fully graded results count; the others are not judgements yet, or never will be, and are
//! counted by status. Results are restated, so a file may be read again: what is unchanged changes
//! nothing, a changed score is a correction, and a result marked `tobedeleted` is withdrawn.

use std::collections::BTreeMap;
use std::io::BufRead;

use northstar_evidence_domain::{AssessorRole, Milli, RetractionReason};
use northstar_kernel::{CompetencyId, EvidenceId, PersonId, TenantId};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::{EvidenceItem, RestateEvidenceRequest, RetractEvidenceRequest};

use crate::standard::problem::{Problem, Row};
use crate::standard::table::{Record, Table};

mod line_items;

pub use line_items::LineItems;

const COLUMNS: [&str; 7] = [
    "sourcedId",
    "status",
    "lineItemSourcedId",
    "studentSourcedId",
    "scoreStatus",
    "score",
    "scoreDate",
];

/// The results of `results.csv`, in its order, as far as they are evidence.
pub struct Results<'a, R> {
    table: Table<R>,
    tenant: TenantId,
    line_items: &'a LineItems,
    skipped: BTreeMap<String, u64>,
    ready: std::vec::IntoIter<Row>,
}

impl<'a, R: BufRead> Results<'a, R> {
    /// Reads the header; `file` is how problems call the file.
    ///
    /// # Errors
    /// Everything that is wrong with the header.
    pub fn open(
        file: &str,
        source: R,
        tenant: TenantId,
        line_items: &'a LineItems,
    ) -> Result<Self, Vec<Problem>> {
        let table = Table::open(file, source, &COLUMNS)?;
        let ready = Vec::new().into_iter();
        Ok(Self { table, tenant, line_items, skipped: BTreeMap::new(), ready })
    }

    /// How many results so far were no evidence, by their status; `no competency` counts those
    /// whose line item speaks of none.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        &self.skipped
    }

    fn rows(&mut self, record: &Record) -> Result<Vec<Row>, Problem> {
        let result = record.required("sourcedId")?;
        let competencies = self.line_items.competencies(record)?;
        let deleted = record.get("status").eq_ignore_ascii_case("tobedeleted");
        let status = record.get("scoreStatus");
        let judged = deleted || status.eq_ignore_ascii_case("fully graded");
        if competencies.is_empty() || !judged {
            self.skip(if judged { "no competency" } else { status });
            return Ok(Vec::new());
        }
        let row = |competency: &CompetencyId| {
            let source_key = format!("result:{result}:{competency}");
            let command = if deleted {
                self.retraction(source_key)
            } else {
                self.statement(source_key, record, *competency)?
            };
            Ok(Row { line: record.line(), command })
        };
        competencies.iter().map(row).collect()
    }

    fn statement(
        &self,
        source_key: String,
        record: &Record,
        competency: CompetencyId,
    ) -> Result<Command, Problem> {
        let line_item = record.required("lineItemSourcedId")?;
        let student = record.required("studentSourcedId")?;
        let item = EvidenceItem {
            learner_id: PersonId::derive(self.tenant, student).to_string(),
            competency_id: competency.to_string(),
            judgement: Some(Judgement::Score(score(record)?)),
            score_max: self.line_items.top(line_item),
            kind: "assessment".to_owned(),
            // The gradebook says which class it was, not who judged.
            assessor_id: format!("oneroster:{line_item}"),
            assessor_role: AssessorRole::Teacher.name().to_owned(),
            observed_at: Some(midnight(record)?),
            note: record.get("comment").to_owned(),
            ..EvidenceItem::default()
        };
        Ok(Command::Restate(RestateEvidenceRequest { source_key, item: Some(item) }))
    }

    fn retraction(&self, source_key: String) -> Command {
        Command::Retract(RetractEvidenceRequest {
            evidence_id: EvidenceId::derive(self.tenant, &source_key).to_string(),
            request_id: format!("{source_key}:deleted"),
            reason: RetractionReason::Other.name().to_owned(),
        })
    }

    fn skip(&mut self, status: &str) {
        let status = if status.is_empty() { "no status" } else { status };
        *self.skipped.entry(status.to_owned()).or_default() += 1;
    }
}

impl<R: BufRead> Iterator for Results<'_, R> {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.next() {
                return Some(Ok(row));
            }
            match self.table.next()?.and_then(|record| self.rows(&record)) {
                Ok(rows) => self.ready = rows.into_iter(),
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

fn score(record: &Record) -> Result<String, Problem> {
    let text = record.required("score")?;
    let score = text.parse::<Milli>();
    score.map(|score| score.to_string()).map_err(|error| {
        record.problem("score", "FIELD_INVALID", format!("{text:?} is no score; {error}"))
    })
}

/// A day has no time; the first moment of it in UTC is as true as any, and the same every time.
fn midnight(record: &Record) -> Result<prost_types::Timestamp, Problem> {
    let text = record.required("scoreDate")?;
    let day = jiff::civil::Date::strptime("%Y-%m-%d", text).ok();
    let instant = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let instant = instant.ok_or_else(|| {
        record.problem(
            "scoreDate",
            "FIELD_INVALID",
            format!("{text:?} is no day such as 2026-01-05"),
        )
    })?;
    Ok(prost_types::Timestamp { seconds: instant.timestamp().as_second(), nanos: 0 })
}
