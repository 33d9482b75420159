//! (d) From "your evidence is recorded" to whoever follows mastery.
//!
//! Every item is a first judgement of its learner in its competency, so each changes what is held.
//! Ours begins when the caller has the acknowledgement and ends when the follower has the event; on
//! the way are the relay, JetStream, mastery's lane with its durable commit, and the follower's
//! stream. The bare pipeline begins with the append, since that is its durable commit.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use anyhow::Context as _;
use northstar_testkit::Nats;
use northstar_tests::measure::clock::millis;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure, quantile};
use northstar_tests::measure::follower::Follower;
use northstar_tests::measure::journey::Journey;
use northstar_tests::measure::recorder::record;
use northstar_tests::measure::region::Size;
use northstar_tests::measure::sample::scope;
use northstar_tests::measure::served::Served;
use northstar_tests::measure::stand::Stand;
use tokio::task::block_in_place;

use crate::bare_pipeline::BarePipeline;
use crate::request::item;

/// 500 items a second.
const GAP: Duration = Duration::from_millis(2);

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let nats = block_in_place(Nats::start)?;
    let journey = Journey::start(&stand.database().await?, &nats.url(), Size::USUAL).await?;
    let bare_log = stand.database().await?.open("evidence")?.tenant(&scope());
    let mut bare = BarePipeline::open(bare_log, &nats.url()).await?;
    let mut events = Follower::start(&journey.mastery).await?;
    let count = (pace.sample.as_millis() / GAP.as_millis()) as u64;
    let mut figures = [
        Figure::new("evidence acknowledged to mastery event, median", "ms", Bar::AtMost(3.0)),
        Figure::new("evidence acknowledged to mastery event, p99", "ms", Bar::AtMost(3.0)),
    ];
    for round in 0..=pace.rounds {
        // Numbers of their own: only so many in a row are about different things.
        let first = round as u64 * count;
        let ours = sample(&journey.evidence, &mut events, first..first + count).await?;
        let baseline = bare.run(count as usize, GAP).await?;
        // In the first round caches are cold.
        if round > 0 {
            for (figure, share) in figures.iter_mut().zip([0.5, 0.99]) {
                figure.add(at(&ours, share), at(&baseline, share));
            }
        }
    }
    Ok(figures.into())
}

fn at(elapsed: &[Duration], share: f64) -> f64 {
    quantile(&elapsed.iter().copied().map(millis).collect::<Vec<_>>(), share)
}

/// Records the items of these numbers at the pace; elapsed times from acknowledgement to event.
async fn sample(
    evidence: &Served,
    events: &mut Follower,
    numbers: Range<u64>,
) -> anyhow::Result<Vec<Duration>> {
    let items: Vec<_> = numbers.map(item).collect();
    let count = items.len();
    let acknowledged = record(evidence.address, evidence.bearer.clone(), items, GAP);
    let acknowledged = tokio::spawn(acknowledged);
    let mut received = HashMap::new();
    while received.len() < count {
        let (cause, at) = events.next().await?;
        received.insert(cause, at);
    }
    let acknowledged = acknowledged.await??;
    let elapsed = acknowledged.into_iter().map(|(evidence, at)| {
        let received = received.get(&evidence).context("an item without an event")?;
        // An event may overtake the acknowledgement of what caused it.
        Ok(received.saturating_duration_since(at))
    });
    elapsed.collect()
}
