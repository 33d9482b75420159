//! Importing a roster: a set is taken whole, then decided row by row, many rows at a time, so that
//! their appends share commits.

mod organizations;
mod people;
mod run;
mod step;
mod upload;

use std::collections::BTreeMap;

use northstar_eventlog::{Cause, TenantLog};
use northstar_wire::registry::v1::ImportRosterResponse;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tracing::Instrument as _;

pub(super) use upload::upload;

use crate::standard::oneroster;

/// Messages of progress that may wait for a slow caller.
const PROGRESS_WAITING: usize = 16;

/// Imports a set; the stream tells how far it has come and ends with the report. Should the caller
/// go away, the import stops after the row it is at; importing again goes on from there.
pub(super) fn import(
    log: TenantLog,
    cause: Cause,
    files: BTreeMap<String, Vec<u8>>,
) -> ReceiverStream<Result<ImportRosterResponse, Status>> {
    let (progress, stream) = mpsc::channel(PROGRESS_WAITING);
    let work = async move {
        let outcome = match tokio::task::spawn_blocking(move || oneroster::read(&files)).await {
            Ok(roster) => run::run(log, cause, roster, &progress).await,
            Err(_) => Err(northstar_chassis::status::internal()),
        };
        // Nobody is left to be told if this fails.
        let _ = progress.send(outcome).await;
    };
    tokio::spawn(work.instrument(tracing::Span::current()));
    ReceiverStream::new(stream)
}
