//! Many commands on one stream, many in flight, a reply to each when it is durable.
//!
//! Replies come in the order in which items are done. Items about the same evidence wait for each
//! other, so a correction may follow its recording at once. One bad item is one refusal, nothing
//! more. Nobody is read ahead of: when replies are not taken, items are not asked for.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use futures::stream::{FuturesUnordered, StreamExt as _};
use northstar_evidence_domain::Refusal;
use northstar_kernel::EvidenceId;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use northstar_wire::evidence::v1::{
    Accepted, RecordEvidenceBatchRequest, RecordEvidenceBatchResponse,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use tracing::Instrument as _;

use crate::api::caller::Caller;
use crate::api::commands::{Commands, Done};
use crate::api::failure::Failure;

/// Items of one stream that are worked on at a time; their appends share commits.
const IN_FLIGHT: usize = 256;

type Reply = Result<RecordEvidenceBatchResponse, Status>;

/// Works on `items` until they end or nobody takes the replies any more.
pub(super) fn start(
    commands: Arc<Commands>,
    caller: Caller,
    items: Streaming<RecordEvidenceBatchRequest>,
) -> ReceiverStream<Reply> {
    let (replies, taken) = mpsc::channel(IN_FLIGHT);
    let work = async move { run(&commands, &caller, items, replies).await };
    tokio::spawn(work.in_current_span());
    ReceiverStream::new(taken)
}

async fn run(
    commands: &Commands,
    caller: &Caller,
    mut items: Streaming<RecordEvidenceBatchRequest>,
    replies: mpsc::Sender<Reply>,
) {
    let mut flight = Flight { replies, busy: HashSet::new(), items: FuturesUnordered::new() };
    let mut open = true;
    while open || !flight.items.is_empty() {
        let room = flight.items.len() < IN_FLIGHT;
        let taken = tokio::select! {
            item = items.next(), if open && room => match item {
                Some(Ok(item)) => {
                    let target = target(caller, &item);
                    flight.admit(target, one(commands, caller, item, target)).await
                }
                // The caller broke off: what is in flight is finished, nobody waits for it.
                Some(Err(_)) | None => {
                    open = false;
                    true
                }
            },
            Some(done) = flight.items.next() => flight.land(done).await,
        };
        if !taken {
            return;
        }
    }
}

/// Items being worked on, and the evidence they are about.
struct Flight<F> {
    replies: mpsc::Sender<Reply>,
    busy: HashSet<EvidenceId>,
    items: FuturesUnordered<F>,
}

type Landed = (Option<EvidenceId>, RecordEvidenceBatchResponse);

impl<F: Future<Output = Landed>> Flight<F> {
    /// Takes an item up once nothing about the same evidence is in flight; false if nobody takes
    /// replies any more.
    async fn admit(&mut self, target: Option<EvidenceId>, item: F) -> bool {
        if let Some(target) = target {
            while self.busy.contains(&target) {
                let Some(done) = self.items.next().await else { break };
                if !self.land(done).await {
                    return false;
                }
            }
            self.busy.insert(target);
        }
        self.items.push(item);
        true
    }

    async fn land(&mut self, (target, reply): Landed) -> bool {
        if let Some(target) = target {
            self.busy.remove(&target);
        }
        self.replies.send(Ok(reply)).await.is_ok()
    }
}

/// The evidence an item is about, as far as it can be told.
fn target(caller: &Caller, item: &RecordEvidenceBatchRequest) -> Option<EvidenceId> {
    let tenant = caller.log.tenant();
    match item.command.as_ref()? {
        Command::Record(record) => Some(EvidenceId::derive(tenant, &record.request_id)),
        Command::Restate(restate) => Some(EvidenceId::derive(tenant, &restate.source_key)),
        Command::Correct(correct) => correct.evidence_id.parse().ok(),
        Command::Retract(retract) => retract.evidence_id.parse().ok(),
    }
}

async fn one(
    commands: &Commands,
    caller: &Caller,
    item: RecordEvidenceBatchRequest,
    target: Option<EvidenceId>,
) -> Landed {
    let done = match item.command {
        Some(Command::Record(record)) => commands.record(caller, record).await,
        Some(Command::Correct(correct)) => commands.correct(caller, correct).await,
        Some(Command::Retract(retract)) => commands.retract(caller, retract).await,
        Some(Command::Restate(restate)) => commands.restate(caller, restate).await,
        None => Err(Failure::Refused(Refusal::invalid(
            "command",
            "say what to do: record, correct, retract or restate",
        ))),
    };
    let result = Some(done.map_or_else(
        |failure| Outcome::Refused(failure.into_refused()),
        |done| Outcome::Accepted(accepted(done)),
    ));
    (target, RecordEvidenceBatchResponse { item_number: item.item_number, result })
}

fn accepted(done: Done) -> Accepted {
    Accepted {
        evidence_id: done.evidence.to_string(),
        repeated: done.repeated,
        sequence: done.sequence.0,
    }
}
