//! Sends evidence and sees to it that every item is answered, whatever fails on the way.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::time::Duration;

use futures::stream;
use northstar_evidence::standard::{Competencies, EvidenceCsv, LineItems, Problem, Results, Row};
use northstar_kernel::{EvidenceId, TenantId};
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use northstar_wire::evidence::v1::{RecordEvidenceBatchRequest, Refused};
use northstar_wire::registry::v1::{GetFrameworkRequest, ListFrameworksRequest};
use tokio::time::sleep;
use tonic::Status;

use super::{NamedFile, Told};
use crate::client::Client;
use crate::client::retry::{Patience, patiently};

/// Before items are sent again that the service could not take at the moment.
const PAUSE: Duration = Duration::from_millis(200);

/// What an import of evidence came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Items that are new or changed something.
    pub(crate) accepted: u64,
    /// Items that had been answered before, or changed nothing.
    pub(crate) repeated: u64,
    /// Rows that are no evidence, by why.
    pub(crate) skipped: BTreeMap<String, u64>,
    /// Rows that were refused, here or by the service.
    pub(crate) problems: Vec<Problem>,
}

/// Rows of a file, ready to be sent.
pub(crate) struct Rows {
    file: String,
    rows: Vec<Row>,
    report: Report,
}

/// The competencies of all of the tenant's frameworks.
pub(crate) async fn competencies(client: &Client) -> anyhow::Result<Competencies> {
    let doing = "asking for the frameworks";
    let list = async || client.registry().list_frameworks(ListFrameworksRequest {}).await;
    let listed = patiently(doing, list).await?;
    let mut pairs = Vec::new();
    for framework in listed.into_inner().frameworks {
        let request = GetFrameworkRequest { framework_id: framework.framework_id };
        let get = async || client.registry().get_framework(request.clone()).await;
        for competency in patiently(doing, get).await?.into_inner().competencies {
            pairs.push((competency.code, competency.competency_id.parse()?));
        }
    }
    Ok(pairs.into_iter().collect())
}

/// Reads an evidence CSV.
pub(crate) fn from_csv(tenant: TenantId, known: &Competencies, file: NamedFile) -> Rows {
    let (name, bytes) = file;
    let mut read = Rows { file: name, rows: Vec::new(), report: Report::default() };
    match EvidenceCsv::open(&read.file, Cursor::new(bytes), tenant, known) {
        Ok(csv) => csv.for_each(|row| match row {
            Ok(row) => read.rows.push(row),
            Err(problem) => read.report.problems.push(problem),
        }),
        Err(problems) => read.report.problems = problems,
    }
    read
}

/// Reads a OneRoster gradebook: results, line items and, in 1.2, their learning objectives.
pub(crate) fn from_gradebook(
    tenant: TenantId,
    known: &Competencies,
    files: &BTreeMap<String, Vec<u8>>,
) -> Rows {
    let mut problems = Vec::new();
    let file = |name: &str| Cursor::new(files.get(name).map(Vec::as_slice).unwrap_or_default());
    let items = "lineItems.csv";
    let mut line_items = LineItems::read(items, file(items), known, &mut problems);
    let objectives = "lineItemLearningObjectiveIds.csv";
    if files.contains_key(objectives) {
        line_items.read_objectives(objectives, file(objectives), &mut problems);
    }
    let name = "results.csv";
    let mut read = Rows { file: name.to_owned(), rows: Vec::new(), report: Report::default() };
    match Results::open(name, file(name), tenant, &line_items) {
        Ok(mut results) => {
            for row in &mut results {
                match row {
                    Ok(row) => read.rows.push(row),
                    Err(problem) => problems.push(problem),
                }
            }
            read.report.skipped = results.skipped().clone();
        }
        Err(errors) => problems.extend(errors),
    }
    read.report.problems = problems;
    read
}

/// Sends rows until each is answered; connections that break are made anew.
///
/// Rows about the same evidence go one after the other, in the file's order.
pub(crate) async fn send(client: &Client, read: Rows, told: Told<'_>) -> anyhow::Result<Report> {
    let lines = read.rows.iter().map(|row| row.line).collect();
    let mut sending = Sending { file: read.file, lines, report: read.report, done: 0 };
    for round in rounds(client.tenant()?, read.rows) {
        sending.round(client, round, told).await?;
    }
    let Sending { mut report, .. } = sending;
    report.problems.sort_by_key(|problem| problem.line);
    Ok(report)
}

type Round = BTreeMap<u64, RecordEvidenceBatchRequest>;

/// The n-th rows about each piece of evidence, for n = 1, 2 …
fn rounds(tenant: TenantId, rows: Vec<Row>) -> Vec<Round> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut rounds: Vec<Round> = Vec::new();
    for (number, row) in (0..).zip(rows) {
        let place = seen.entry(evidence_of(tenant, &row.command)).or_default();
        if rounds.len() == *place {
            rounds.push(Round::new());
        }
        // One line can hold several items: they are told apart by their place among all.
        let request = RecordEvidenceBatchRequest { item_number: number, ..row.into_request() };
        rounds[*place].insert(number, request);
        *place += 1;
    }
    rounds
}

fn evidence_of(tenant: TenantId, command: &Command) -> String {
    let derived = |key: &str| EvidenceId::derive(tenant, key).to_string();
    match command {
        Command::Record(record) => derived(&record.request_id),
        Command::Restate(restate) => derived(&restate.source_key),
        Command::Correct(correct) => correct.evidence_id.clone(),
        Command::Retract(retract) => retract.evidence_id.clone(),
    }
}

struct Sending {
    file: String,
    /// The line of each item.
    lines: Vec<u64>,
    report: Report,
    done: u64,
}

impl Sending {
    async fn round(
        &mut self,
        client: &Client,
        mut open: Round,
        told: Told<'_>,
    ) -> anyhow::Result<()> {
        let mut patience = Patience::new("sending evidence");
        while !open.is_empty() {
            let before = open.len();
            let broken = self.exchange(client, &mut open, told).await.err();
            if open.len() < before {
                patience.renew();
            }
            match broken {
                Some(status) => patience.wait(status).await?,
                None if open.is_empty() => {}
                None if open.len() < before => sleep(PAUSE).await,
                None => patience.wait(Status::unavailable("no item was taken")).await?,
            }
        }
        Ok(())
    }

    /// Sends all that is open on one stream, and closes what is answered for good.
    async fn exchange(
        &mut self,
        client: &Client,
        open: &mut Round,
        told: Told<'_>,
    ) -> Result<(), Status> {
        let items: Vec<_> = open.values().cloned().collect();
        let mut replies =
            client.evidence().record_evidence_batch(stream::iter(items)).await?.into_inner();
        while let Some(reply) = replies.message().await? {
            let retry =
                matches!(&reply.result, Some(Outcome::Refused(refused)) if refused.retryable);
            if retry || open.remove(&reply.item_number).is_none() {
                continue;
            }
            match reply.result {
                Some(Outcome::Accepted(accepted)) if accepted.repeated => self.report.repeated += 1,
                Some(Outcome::Accepted(_)) => self.report.accepted += 1,
                Some(Outcome::Refused(refused)) => self.refuse(reply.item_number, refused),
                None => {}
            }
            self.done += 1;
            told(self.done, self.lines.len() as u64);
        }
        Ok(())
    }

    fn refuse(&mut self, item: u64, refused: Refused) {
        let place = usize::try_from(item).unwrap_or(usize::MAX);
        let line = self.lines.get(place).copied().unwrap_or_default();
        self.report.problems.push(Problem::refused(&self.file, line, refused));
    }
}
