//! (e) How fast mastery comes back from the log, and in how much memory.
//!
//! Each sample is taken in a process of its own, so that its peak memory is its own; Postgres is not
//! counted. The baseline reads the same rows page by page and decodes each event.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use northstar_bus::feed::LocalFeeds;
use northstar_bus::rebuild::{Options, rebuild};
use northstar_eventlog::{LaneCommit, LaneState, Log};
use northstar_kernel::Position;
use northstar_wire::evidence::v1::EvidenceRecorded;
use prost::Message as _;
use tokio::process::Command;

use crate::figure::{Bar, Figure};
use crate::history;
use crate::idle_memory::{megabytes, status_of};
use crate::options::Pace;
use crate::region::{lane, shard};
use crate::stand::{Logs, Stand};

/// Rows in a page of the baseline, as many as a lane that is far behind reads at a time.
const PAGE: u32 = 8_000;
const WORKERS: usize = 2;

/// What a child process does with the logs at an address.
#[derive(Debug)]
pub(crate) struct Task {
    rebuilds: bool,
    address: String,
}

impl Task {
    /// `rebuild` or `read`, then the address.
    pub(crate) fn read(arguments: &mut impl Iterator<Item = String>) -> Result<Self, String> {
        let (Some(what), Some(address)) = (arguments.next(), arguments.next()) else {
            return Err("--child needs what to do and an address".to_owned());
        };
        Ok(Self { rebuilds: what == "rebuild", address })
    }
}

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    history::write(&logs, pace.events).await?;
    pretend_handled(&logs).await?;
    let what = "mastery rebuilt / its rows read and decoded";
    let mut rate = Figure::new(what, "events/s", Bar::AtLeast(0.5));
    let mut peak = Figure::new("peak memory of a rebuild", "MB", Bar::AtMost(300.0));
    for _ in 0..pace.rounds.div_ceil(2) {
        let (rebuilt, memory) = run("rebuild", &logs).await?;
        let (read, _) = run("read", &logs).await?;
        rate.add(rebuilt, read);
        peak.add_alone(memory);
    }
    Ok(vec![rate, peak])
}

/// Sets mastery's checkpoint to the heads, as if a lane had been here: what is to be rebuilt.
async fn pretend_handled(logs: &Logs) -> anyhow::Result<()> {
    let mastery = logs.open("mastery")?;
    let mut next = LaneState::default();
    for context in ["evidence", "mastery", "registry"] {
        next.advance(context, logs.open(context)?.head(shard()).await?);
    }
    let (consumer, shard, documents) = ("mastery.levels", shard(), Vec::new());
    let commit = LaneCommit { consumer, shard, seen_commits: 0, next, documents };
    Ok(mastery.commit_lane(Vec::new(), commit).await?)
}

/// Events a second and peak megabytes of a child.
async fn run(what: &str, logs: &Logs) -> anyhow::Result<(f64, f64)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--child", what, &logs.address()]).stdout(Stdio::piped()).kill_on_drop(true);
    let output = command.spawn()?.wait_with_output().await?;
    anyhow::ensure!(output.status.success(), "the process that was to {what} failed");
    let text = String::from_utf8(output.stdout)?;
    let (rate, memory) = text.trim().split_once(' ').context("two figures of a child")?;
    Ok((rate.parse()?, memory.parse()?))
}

/// The child's part: prints events a second and peak megabytes.
pub(crate) async fn child(task: Task) -> anyhow::Result<bool> {
    let logs = Logs::at(task.address);
    let begin = Instant::now();
    let events = if task.rebuilds { rebuild_all(&logs).await? } else { read_all(&logs).await? };
    let rate = events as f64 / begin.elapsed().as_secs_f64();
    println!("{rate} {}", megabytes(&status_of("self")?, "VmHWM")?);
    Ok(true)
}

async fn rebuild_all(logs: &Logs) -> anyhow::Result<u64> {
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
