//! Years of evidence, to rebuild from.

use northstar_eventlog::{Append, Stream, TenantLog};
use northstar_kernel::{EvidenceId, ExpectedVersion};
use tokio::task::JoinSet;
use uuid::Uuid;

use northstar_tests::measure::journey::publish_policy;
use northstar_tests::measure::region::{self, Size};
use northstar_tests::measure::sample::{cause, competency, event, learner, scope, tenant};
use northstar_tests::measure::served::Served;
use northstar_tests::measure::stand::Logs;

const LEARNERS: u64 = 20_000;
const COMPETENCIES: u64 = 5;
/// Events in one append, and appends at a time: it is the reading that is measured.
const APPEND: u64 = 1_000;
const WRITERS: u64 = 8;

/// Writes the region, its policy, and that many events of evidence.
pub(crate) async fn write(logs: &Logs, events: u64) -> anyhow::Result<()> {
    region::publish(&logs.open("registry")?, Size::USUAL).await?;
    let mastery = Served::start(northstar_mastery::build(logs.open("mastery")?).routes).await?;
    publish_policy(&mastery, region::policy()).await?;
    let log = logs.open("evidence")?.tenant(&scope());
    let mut writing = JoinSet::new();
    for writer in 0..WRITERS {
        writing.spawn(write_share(log.clone(), writer, events / APPEND));
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    Ok(())
}

async fn write_share(log: TenantLog, writer: u64, appends: u64) -> anyhow::Result<()> {
    for number in (writer..appends).step_by(WRITERS as usize) {
        let first = number * APPEND;
        let events = (first..first + APPEND).map(|number| {
            let id = EvidenceId::derive(tenant(), &number.to_string());
            event(id, learner(number % LEARNERS), competency(number / LEARNERS % COMPETENCIES))
        });
        let append = Append {
            stream: Stream::new("evidence", Uuid::from_u128(u128::from(first))),
            expected: ExpectedVersion::NoStream,
            events: events.collect(),
            request: None,
            cause: cause(),
        };
        log.append(append).await?;
    }
    Ok(())
}
