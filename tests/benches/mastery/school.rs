//! Services that run, and a learner whose evidence they have.

use std::time::Duration;

use northstar_eventlog::now;
use northstar_kernel::{CompetencyId, EvidenceId, LearnerId, Timestamp};
use northstar_testkit::Nats;
use northstar_tests::measure::journey::Journey;
use northstar_tests::measure::recorder::record;
use northstar_tests::measure::region::{self, Size};
use northstar_tests::measure::request::{in_batch, item, request_id};
use northstar_tests::measure::sample::tenant;
use northstar_tests::measure::stand::{Logs, Stand};
use tokio::task::block_in_place;

use crate::shape::COMPETENCIES;

/// Learners that the registry tells of.
const LEARNERS: u64 = 4;
/// Between two items, so that they come as fast as they are taken.
const GAP: Duration = Duration::from_micros(20);
const CONSUMER: &str = "mastery.levels";
const EIGHT_YEARS: i64 = 8 * 365 * 86_400_000_000;

/// The services, until they are dropped.
pub(crate) struct School {
    pub(crate) journey: Journey,
    pub(crate) logs: Logs,
    requests: u64,
    _nats: Nats,
    _stand: Stand,
}

/// One judgement that was recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) evidence: EvidenceId,
    pub(crate) competency: CompetencyId,
    pub(crate) observed_at: Timestamp,
}

impl School {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let (stand, nats) = (Stand::start()?, block_in_place(Nats::start)?);
        let logs = stand.database().await?;
        let size = Size { learners: LEARNERS, competencies: COMPETENCIES };
        let journey = Journey::start(&logs, &nats.url(), size).await?;
        Ok(Self { journey, logs, requests: 0, _nats: nats, _stand: stand })
    }

    /// A number that no other request has.
    pub(crate) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Judges the learner in each of the competencies in turn, on the second rung, evenly over the last
    /// eight years; waits until mastery knows.
    pub(crate) async fn judge(
        &mut self,
        learner: LearnerId,
        competencies: &[CompetencyId],
    ) -> anyhow::Result<Vec<Judged>> {
        let (end, count) = (now().micros(), competencies.len() as i64);
        let at = |number: i64| end - EIGHT_YEARS + EIGHT_YEARS / count * number;
        let whens = (0..count).map(|number| Timestamp::from_micros(at(number)));
        let planned: Vec<_> = competencies.iter().copied().zip(whens).collect();
        let mut judged = Vec::new();
        let items = planned.into_iter().map(|(competency, observed_at)| {
            let number = self.next_request();
            let evidence = EvidenceId::derive(tenant(), &request_id(number));
            judged.push(Judged { evidence, competency, observed_at });
            in_batch(number, item(learner, competency, 2, observed_at))
        });
        let items = items.collect();
        let evidence = &self.journey.evidence;
        record(evidence.address, evidence.bearer.clone(), items, GAP).await?;
        let logs = &self.logs;
        region::handled(&logs.open("mastery")?, CONSUMER, &logs.open("evidence")?).await?;
        Ok(judged)
    }
}
