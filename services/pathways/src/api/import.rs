//! ImportReference: tables in, publications out.

use std::collections::BTreeMap;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use northstar_chassis::{Principal, Role, status};
use northstar_eventlog::{Append, AppendError, Cause, Fault, Recorded, Stream, TenantLog};
use northstar_kernel::{Decider as _, ExpectedVersion, TenantScope};
use northstar_pathways_domain::{Entry, Published, Reference, ReferenceRefusal};
use northstar_wire::pathways::v1::{
    ImportReferenceRequest, ImportReferenceResponse, ReferenceProblem,
};
use tonic::{Request, Status, Streaming};
use uuid::Uuid;

use super::{Pathways, refused};
use crate::codec;
use crate::standard::problem::{Problem, Problems};
use crate::standard::reference;

/// Most bytes of all tables together: the project's own have less than a thirtieth of it.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Most tables, those with unknown names included.
const MOST_FILES: usize = 16;
/// Entries published at a time; their appends share commits.
const AT_A_TIME: usize = 64;
/// How often an entry is decided again because somebody else published it at the same moment.
const TRIES: usize = 5;

impl Pathways {
    pub(super) async fn import(
        &self,
        request: Request<Streaming<ImportReferenceRequest>>,
    ) -> Result<ImportReferenceResponse, Status> {
        let principal = Principal::of(&request)?;
        principal.require_for_all(Role::PlatformOperator)?;
        let files = receive(request.into_inner()).await?;
        let read = tokio::task::spawn_blocking(move || reference::read(&files)).await;
        let (entries, problems) =
            read.map_err(|error| status::fault(Fault::lasting("reading tables", error)))?;
        let (log, cause) = (self.log.tenant(&TenantScope::COMMONS), principal.cause());
        let published: Vec<bool> = stream::iter(entries)
            .map(|entry| publish(&log, &cause, entry))
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await
            .map_err(status::append_failed)?;
        let changed = published.iter().filter(|changed| **changed).count();
        Ok(ImportReferenceResponse {
            changed: changed as u64,
            unchanged: (published.len() - changed) as u64,
            problems: listed(&problems),
        })
    }
}

/// Joins the pieces of each table.
async fn receive(
    mut pieces: Streaming<ImportReferenceRequest>,
) -> Result<BTreeMap<String, Vec<u8>>, Status> {
    let (mut files, mut bytes) = (BTreeMap::<String, Vec<u8>>::new(), 0);
    while let Some(piece) = pieces.message().await? {
        bytes += piece.chunk.len();
        if bytes > MOST_BYTES {
            let (field, bounds) = ("chunk", "at most 32 MiB over all tables");
            return Err(refused(ReferenceRefusal::OutOfBounds { field, bounds }));
        }
        files.entry(piece.file_name).or_default().extend_from_slice(&piece.chunk);
        if files.len() > MOST_FILES {
            let (field, bounds) = ("file_name", "one of at most 16 tables");
            return Err(refused(ReferenceRefusal::OutOfBounds { field, bounds }));
        }
    }
    Ok(files)
}

/// Publishes an entry unless it is there already, and the same; says whether it did.
async fn publish(log: &TenantLog, cause: &Cause, entry: Entry) -> Result<bool, AppendError> {
    let stream = stream_of(&entry);
    let mut tries = 0;
    loop {
        tries += 1;
        let history = log.stream(&stream).await?;
        let state = Reference::fold(&history_of(&history)?);
        let Ok(events) = Reference::decide(&state, entry.clone());
        if events.is_empty() {
            return Ok(false);
        }
        let append = Append {
            stream: stream.clone(),
            expected: expected(&history),
            events: events.iter().map(codec::write).collect(),
            request: None,
            cause: cause.clone(),
        };
        match log.append(append).await {
            Ok(_) => return Ok(true),
            Err(AppendError::WrongVersion(_)) if tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

fn history_of(history: &[Recorded]) -> Result<Vec<Published>, Fault> {
    let events = history.iter().map(codec::read).collect::<Result<_, _>>();
    events.map_err(|malformed| Fault::lasting("reading a publication", malformed))
}

fn expected(history: &[Recorded]) -> ExpectedVersion {
    history.last().map_or(ExpectedVersion::NoStream, |last| ExpectedVersion::Exactly(last.version))
}

/// An entry's stream is named by a UUID derived from its kind and key, for ever the same.
fn stream_of(entry: &Entry) -> Stream {
    let kind = match entry {
        Entry::Occupation(_) => "occupation",
        Entry::Region(_) => "region",
        Entry::Crosswalk(_) => "crosswalk",
    };
    let name = format!("northstar:{}:{kind}:{}", kind.len(), entry.key());
    Stream::new(kind, Uuid::new_v5(&Uuid::nil(), name.as_bytes()))
}

fn listed(problems: &Problems) -> Vec<ReferenceProblem> {
    let unlisted = problems.count() - problems.listed().len() as u64;
    let more = (unlisted > 0).then(|| {
        Problem::of_file("", "MORE_PROBLEMS", format!("{unlisted} more rows were refused"))
    });
    let all = problems.listed().iter().cloned().chain(more);
    all.map(|problem| ReferenceProblem {
        file: problem.file,
        line: problem.line,
        field: problem.field,
        reason: problem.reason.to_owned(),
        message: problem.message,
    })
    .collect()
}
