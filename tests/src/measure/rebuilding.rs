//! How fast mastery comes back from the log, and in how much memory.
//!
//! Each sample is taken in a process of its own; Postgres is not counted. The baseline reads the same
//! rows page by page and decodes each event.

use std::sync::Arc;
use std::time::Instant;

use northstar_bus::feed::LocalFeeds;
use northstar_bus::rebuild::{Options, rebuild};
use northstar_eventlog::{LaneCommit, LaneState, Log};
use northstar_kernel::Position;
use northstar_wire::evidence::v1::EvidenceRecorded;
use prost::Message as _;

use super::child;
use super::figure::{Bar, Figure};
use super::region::{lane, shard};
use super::stand::Logs;

/// Rows in a page of the baseline, as many as a lane that is far behind reads at a time.
const PAGE: u32 = 8_000;
const WORKERS: usize = 2;

/// What a rebuild is held to.
#[derive(Debug, Clone, Copy)]
pub struct Bars {
    /// Events a second, as a share of the baseline's; at least.
    pub share: f64,
    /// Peak memory in megabytes, at most.
    pub megabytes: f64,
}

/// Rebuilds mastery and reads its rows, turn by turn. The logs must be written, and nobody else at
/// work on them.
///
/// # Errors
/// When a sample fails.
pub async fn measure(logs: &Logs, rounds: usize, bars: Bars) -> anyhow::Result<Vec<Figure>> {
    pretend_handled(logs).await?;
    let what = "mastery rebuilt / its rows read and decoded";
    let mut rate = Figure::new(what, "events/s", Bar::AtLeast(bars.share));
    let mut peak = Figure::new("peak memory of a rebuild", "MB", Bar::AtMost(bars.megabytes));
    for _ in 0..rounds {
        let (rebuilt, memory) = child::figures(&["rebuild", &logs.address()]).await?;
        let (read, _) = child::figures(&["read", &logs.address()]).await?;
        rate.add(rebuilt, read);
        peak.add_alone(memory);
    }
    Ok(vec![rate, peak])
}

/// Sets mastery's checkpoint to the heads, as if a lane had been here: what is to be rebuilt.
///
/// # Errors
/// When the store fails, or a lane has been here.
pub async fn pretend_handled(logs: &Logs) -> anyhow::Result<()> {
    let mastery = logs.open("mastery")?;
    let mut next = LaneState::default();
    for context in ["evidence", "mastery", "registry"] {
        next.advance(context, logs.open(context)?.head(shard()).await?);
    }
    let (consumer, shard, documents) = ("mastery.levels", shard(), Vec::new());
    let commit = LaneCommit { consumer, shard, seen_commits: 0, next, documents };
    Ok(mastery.commit_lane(Vec::new(), commit).await?)
}

/// The child's part: `rebuild` or `read`, then the address of the logs.
///
/// # Errors
/// When it was told something else, or the store fails.
pub async fn child(told: Vec<String>) -> anyhow::Result<()> {
    let [what, address] = &told[..] else {
        anyhow::bail!("--child needs what to do and an address");
    };
    let logs = Logs::at(address.clone());
    let begin = Instant::now();
    let events =
        if what == "rebuild" { rebuild_all(&logs).await? } else { read_all(&logs).await? };
    child::tell(events as f64 / begin.elapsed().as_secs_f64())
}

/// Rebuilds mastery; returns how many events that took.
///
/// # Errors
/// When the store fails, or an event makes no sense.
pub async fn rebuild_all(logs: &Logs) -> anyhow::Result<u64> {
    let [registry, evidence, mastery] =
        [logs.open("registry")?, logs.open("evidence")?, logs.open("mastery")?];
    let context = northstar_mastery::build(mastery.clone());
    let feeds = Arc::new(LocalFeeds::new([registry, evidence, mastery.clone()]));
    let options = Options { workers: WORKERS, batch_size: 0 };
    let report = rebuild(&lane(&context, &mastery, feeds)?, shard(), options).await?;
    anyhow::ensure!(report.malformed == 0, "{} events made no sense", report.malformed);
    Ok(report.events)
}

async fn read_all(logs: &Logs) -> anyhow::Result<u64> {
    let evidence: Log = logs.open("evidence")?;
    let (mut after, mut values) = (Position::START, 0);
    loop {
        let page = evidence.scan(shard(), after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for event in &page {
            let message = EvidenceRecorded::decode(event.payload.as_ref())?;
            values += message.observation.map_or(0, |observation| observation.value_milli);
        }
    }
    std::hint::black_box(values);
    Ok(after.0)
}
