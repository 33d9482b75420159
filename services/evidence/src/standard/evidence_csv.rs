//! Evidence as a CSV file, one judgement a row.
//!
//! Columns: `evidence_id`, `learner_id`, `objective_code`, `rater_kind`, `rater_id`, `rubric_score`,
//! `setting`, `observed_at`, `recorded_at` (not read: when something was recorded is for the log to
//! say) and `corrects_evidence_id`. Learner and teacher ids are the roster's. The row's own id is its
//! request id, so a row that is delivered twice counts once.

use std::io::BufRead;

use northstar_evidence_domain::{AssessorRole, Milli};
use northstar_kernel::{EvidenceId, PersonId, TenantId};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::{CorrectEvidenceRequest, EvidenceItem, RecordEvidenceRequest};

use crate::standard::competencies::Competencies;
use crate::standard::problem::{Problem, Row};
use crate::standard::table::{Record, Table};

const COLUMNS: [&str; 10] = [
    "evidence_id",
    "learner_id",
    "objective_code",
    "rater_kind",
    "rater_id",
    "rubric_score",
    "setting",
    "observed_at",
    "recorded_at",
    "corrects_evidence_id",
];

/// The rows of such a file, in its order: a correction stands after what it corrects.
pub struct EvidenceCsv<'a, R> {
    table: Table<R>,
    tenant: TenantId,
    competencies: &'a Competencies,
}

impl<'a, R: BufRead> EvidenceCsv<'a, R> {
    /// Reads the header; `file` is how problems call the file.
    ///
    /// # Errors
    /// Everything that is wrong with the header.
    pub fn open(
        file: &str,
        source: R,
        tenant: TenantId,
        competencies: &'a Competencies,
    ) -> Result<Self, Vec<Problem>> {
        Ok(Self { table: Table::open(file, source, &COLUMNS)?, tenant, competencies })
    }

    fn row(&self, record: &Record) -> Result<Row, Problem> {
        let request_id = record.required("evidence_id")?.to_owned();
        let item = Some(self.item(record)?);
        let command = match record.get("corrects_evidence_id") {
            "" => Command::Record(RecordEvidenceRequest { request_id, item }),
            corrected => {
                let evidence_id = EvidenceId::derive(self.tenant, corrected).to_string();
                Command::Correct(CorrectEvidenceRequest { request_id, evidence_id, item })
            }
        };
        Ok(Row { line: record.line(), command })
    }

    fn item(&self, record: &Record) -> Result<EvidenceItem, Problem> {
        let code = record.required("objective_code")?;
        let competency = self.competencies.by_code(code).ok_or_else(|| {
            let message = format!("no published competency has the code {code}");
            record.problem("objective_code", "UNKNOWN_COMPETENCY", message)
        })?;
        let role = role(record)?;
        Ok(EvidenceItem {
            learner_id: self.person(record.required("learner_id")?),
            competency_id: competency.to_string(),
            judgement: Some(Judgement::Score(score(record)?)),
            kind: record.get("setting").to_owned(),
            assessor_id: self.assessor(role, record.required("rater_id")?),
            assessor_role: role.name().to_owned(),
            observed_at: Some(instant(record)?),
            ..EvidenceItem::default()
        })
    }

    /// Those of the roster go by the roster's ids, others by their own.
    fn assessor(&self, role: AssessorRole, id: &str) -> String {
        match role {
            AssessorRole::Teacher | AssessorRole::Themselves | AssessorRole::Peer => {
                self.person(id)
            }
            AssessorRole::Employer | AssessorRole::Validator | AssessorRole::Tool => id.to_owned(),
        }
    }

    fn person(&self, source_id: &str) -> String {
        PersonId::derive(self.tenant, source_id).to_string()
    }
}

impl<R: BufRead> Iterator for EvidenceCsv<'_, R> {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.table.next()?;
        Some(record.and_then(|record| self.row(&record)))
    }
}

fn role(record: &Record) -> Result<AssessorRole, Problem> {
    let refused = |refusal: northstar_evidence_domain::Refusal| {
        record.problem("rater_kind", "UNKNOWN_ASSESSOR_ROLE", refusal.to_string())
    };
    record.required("rater_kind")?.parse().map_err(refused)
}

fn score(record: &Record) -> Result<String, Problem> {
    let text = record.required("rubric_score")?;
    let score = text.parse::<Milli>();
    score.map(|score| score.to_string()).map_err(|error| {
        let message = format!("{text:?} is no score; {error}");
        record.problem("rubric_score", "FIELD_INVALID", message)
    })
}

fn instant(record: &Record) -> Result<prost_types::Timestamp, Problem> {
    let text = record.required("observed_at")?;
    let instant: jiff::Timestamp = text.parse().map_err(|_| {
        let message = format!("{text:?} is no time with a zone, such as 2026-01-05T08:50:00Z");
        record.problem("observed_at", "FIELD_INVALID", message)
    })?;
    Ok(prost_types::Timestamp {
        seconds: instant.as_microsecond().div_euclid(1_000_000),
        nanos: (instant.as_microsecond().rem_euclid(1_000_000) * 1_000) as i32,
    })
}
