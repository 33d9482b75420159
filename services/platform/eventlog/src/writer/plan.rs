//! Gives appends their places, in memory.

use std::collections::HashSet;

use northstar_kernel::{EventId, ExpectedVersion, TenantId, Timestamp, Version};

use super::heads::Heads;
use super::{TenantAppend, Waiting};
use crate::engine::Row;
use crate::{
    Answered, Append, AppendError, Appended, Fault, NewEvent, Recorded, Text, WrongVersion, now,
};

/// What becomes of one append if the batch is written.
pub(super) enum Planned {
    /// It stands here.
    At(Appended),
    /// It is refused, whatever becomes of the batch.
    Refused(AppendError),
    /// It must wait for the next batch.
    Later,
}

/// A batch, and what becomes of each append.
pub(super) struct Plan {
    pub(super) rows: Vec<Row>,
    pub(super) planned: Vec<Planned>,
}

/// Plans as many of `waiting` as can be written together.
pub(super) async fn plan(heads: &mut Heads, waiting: &[Waiting]) -> Result<Plan, Fault> {
    let appends: Vec<&TenantAppend> = waiting.iter().map(|one| &one.append).collect();
    heads.prepare(appends.iter().map(|append| append.tenant)).await?;
    load_unknown(heads, &appends).await?;
    let mut planned = repeats(heads, &appends).await?;
    let mut rows = Vec::new();
    let mut doubtful = Vec::new();
    let mut requests = HashSet::new();
    for (index, append) in appends.iter().enumerate() {
        if planned[index].is_some() {
            continue;
        }
        let request = append.append.request.as_ref().map(|request| request.id.as_str());
        if request.is_some_and(|id| !requests.insert((append.tenant, id))) {
            planned[index] = Some(Planned::Later);
        } else if let Some(at) = place(heads, append, &mut rows) {
            planned[index] = Some(Planned::At(at));
        } else {
            doubtful.push(index);
        }
    }
    resolve(heads, &appends, &doubtful, &rows, &mut planned).await?;
    let planned = planned.into_iter().map(|one| one.unwrap_or(Planned::Later)).collect();
    Ok(Plan { rows, planned })
}

/// Plans all of `appends` but those that were made before, or `None` if a stream is not where its
/// appender believed.
pub(super) async fn plan_all(
    heads: &mut Heads,
    appends: &[TenantAppend],
) -> Result<Option<Vec<Row>>, Fault> {
    let appends: Vec<&TenantAppend> = appends.iter().collect();
    heads.prepare(appends.iter().map(|append| append.tenant)).await?;
    load_unknown(heads, &appends).await?;
    let indexes: Vec<usize> = (0..appends.len()).collect();
    let mut planned: Vec<Option<Planned>> = appends.iter().map(|_| None).collect();
    answer_repeats(heads, &appends, &indexes, &mut planned).await?;
    let mut rows = Vec::new();
    for (append, planned) in appends.iter().zip(planned) {
        match planned {
            Some(Planned::Refused(error)) => {
                return Err(Fault::lasting("planning a lane's step", error));
            }
            Some(_) => {}
            None if place(heads, append, &mut rows).is_some() => {}
            None => {
                heads.distrust();
                return Ok(None);
            }
        }
    }
    Ok(Some(rows))
}

/// New streams are believed to be new; everything else must be known.
async fn load_unknown(heads: &mut Heads, appends: &[&TenantAppend]) -> Result<(), Fault> {
    let mut unknown = Vec::new();
    for append in appends {
        let stream = stream_of(append);
        let optimistic = append.append.expected == ExpectedVersion::NoStream && !heads.wary();
        if !optimistic && heads.version(&stream).is_none() {
            unknown.push(stream);
        }
    }
    heads.load(unknown).await
}

/// Answers what was asked before, where there is reason to look.
async fn repeats(
    heads: &mut Heads,
    appends: &[&TenantAppend],
) -> Result<Vec<Option<Planned>>, Fault> {
    let mut planned: Vec<Option<Planned>> = appends.iter().map(|_| None).collect();
    if heads.wary() {
        let indexes: Vec<usize> = (0..appends.len()).collect();
        answer_repeats(heads, appends, &indexes, &mut planned).await?;
    }
    Ok(planned)
}

async fn answer_repeats(
    heads: &mut Heads,
    appends: &[&TenantAppend],
    indexes: &[usize],
    planned: &mut [Option<Planned>],
) -> Result<(), Fault> {
    let keyed: Vec<(usize, (TenantId, String))> = indexes
        .iter()
        .filter_map(|&index| {
            let request = appends[index].append.request.as_ref()?;
            Some((index, (appends[index].tenant, request.id.clone())))
        })
        .collect();
    let keys: Vec<_> = keyed.iter().map(|(_, key)| key.clone()).collect();
    for ((index, _), answered) in keyed.iter().zip(heads.answered(&keys).await?) {
        if let Some(answered) = answered {
            planned[*index] = Some(repeat(&appends[*index].append, answered));
        }
    }
    Ok(())
}

fn repeat(append: &Append, answered: Answered) -> Planned {
    match &append.request {
        Some(request) if request.content != answered.content => {
            Planned::Refused(AppendError::KeyReused { id: request.id.clone() })
        }
        _ => Planned::At(answered.appended),
    }
}

/// Appends that did not fit what was believed: repeated, refused on the store's own word, or later.
async fn resolve(
    heads: &mut Heads,
    appends: &[&TenantAppend],
    doubtful: &[usize],
    rows: &[Row],
    planned: &mut [Option<Planned>],
) -> Result<(), Fault> {
    if doubtful.is_empty() {
        return Ok(());
    }
    answer_repeats(heads, appends, doubtful, planned).await?;
    let touched: HashSet<(TenantId, &str)> =
        rows.iter().map(|row| (row.event.tenant, &*row.event.stream)).collect();
    let open = doubtful.iter().copied().filter(|&index| {
        planned[index].is_none()
            && !touched.contains(&(appends[index].tenant, appends[index].append.stream.as_str()))
    });
    let open: Vec<usize> = open.collect();
    heads.load(open.iter().map(|&index| stream_of(appends[index])).collect()).await?;
    for index in open {
        let stream = stream_of(appends[index]);
        let actual = heads.version(&stream).unwrap_or_default();
        let expected = appends[index].append.expected;
        if !expected.allows(actual) {
            let wrong = WrongVersion { stream: stream.1, expected, actual };
            planned[index] = Some(Planned::Refused(wrong.into()));
        }
    }
    Ok(())
}

fn stream_of(append: &TenantAppend) -> (TenantId, String) {
    (append.tenant, append.append.stream.as_str().to_owned())
}

/// Gives the append's events their places, or `None` if the stream is not as expected.
fn place(heads: &mut Heads, append: &TenantAppend, rows: &mut Vec<Row>) -> Option<Appended> {
    let stream = stream_of(append);
    let mut version = heads.version(&stream).unwrap_or_default();
    if !append.append.expected.allows(version) || append.append.events.is_empty() {
        return None;
    }
    let recorded_at = now();
    let name = Text::from(stream.1.clone());
    let actor = Text::from(append.append.cause.actor.clone());
    let traceparent = Text::from(append.append.cause.traceparent.clone().unwrap_or_default());
    let mut last = None;
    for (index, event) in append.append.events.iter().enumerate() {
        version = version.next();
        let (position, sequence) = heads.next(append.tenant);
        let common =
            Common { recorded_at, stream: &name, actor: &actor, traceparent: &traceparent };
        let mut recorded = record(append, event, version, common, heads);
        (recorded.position, recorded.sequence) = (position, sequence);
        rows.push(Row {
            event: recorded,
            request: if index == 0 { append.append.request.clone() } else { None },
            append_len: u16::try_from(append.append.events.len()).unwrap_or(u16::MAX),
        });
        last = Some(Appended { position, sequence, version, repeated: false });
    }
    heads.set_version(stream, version);
    last
}

struct Common<'a> {
    recorded_at: Timestamp,
    stream: &'a Text,
    actor: &'a Text,
    traceparent: &'a Text,
}

fn record(
    append: &TenantAppend,
    event: &NewEvent,
    version: Version,
    common: Common<'_>,
    heads: &Heads,
) -> Recorded {
    let cause = &append.append.cause;
    Recorded {
        shard: heads.shard(),
        position: Default::default(),
        tenant: append.tenant,
        sequence: Default::default(),
        id: event_id(common.recorded_at),
        stream: common.stream.clone(),
        version,
        event_type: Text::from(event.event_type),
        schema_version: event.schema_version,
        observed_at: event.observed_at.unwrap_or(common.recorded_at),
        recorded_at: common.recorded_at,
        actor: common.actor.clone(),
        correlation_id: cause.correlation_id,
        causation_id: cause.causation_id,
        traceparent: common.traceparent.clone(),
        key_id: event.key_id,
        payload: event.payload.clone(),
    }
}

/// UUIDv7: the milliseconds of the recording, then randomness.
fn event_id(recorded_at: Timestamp) -> EventId {
    let millis = u64::try_from(recorded_at.micros() / 1_000).unwrap_or_default();
    EventId::from_uuid(
        uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid(),
    )
}
