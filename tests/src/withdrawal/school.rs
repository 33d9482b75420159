//! A region in which many credentials are live, and mastery is withdrawn from some.

use std::sync::Arc;
use std::time::{Duration, Instant};

use northstar_eventlog::{Append, Stream, now};
use northstar_kernel::{ExpectedVersion, Shard, Timestamp};
use northstar_wire::credentials::v1::{Achievement, Alignment, DefineAchievementRequest};
use northstar_wire::evidence::v1::{RecordEvidenceRequest, RetractEvidenceRequest};
use northstar_wire::registry::v1::TenantCreated;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::calls::{Calls, answered};
use super::pairs::{Pace, Pair, Size};
use super::trail::{Delay, Trail};
use crate::cluster::{Cluster, Process};
use crate::measure::recorder::record;
use crate::measure::region::{self, event};
use crate::measure::request::{in_batch, item, request};
use crate::measure::sample::{cause, competency, scope, tenant};

/// Between two items of what is recorded at first, so that they come as fast as they are taken.
const GAP: Duration = Duration::from_micros(20);
const PAUSE: Duration = Duration::from_millis(100);
const SLUG: &str = "measured";
const ROLES: [&str; 8] =
    ["--tenant", SLUG, "--role", "network_admin", "--role", "teacher", "--role", "service"];
/// Who handles what of whom; what is handled by all of these has come to an end.
const LANES: [(&str, &str, &str); 6] = [
    ("evidence", "evidence.views", "registry"),
    ("mastery", "mastery.levels", "registry"),
    ("mastery", "mastery.levels", "evidence"),
    ("mastery", "mastery.levels", "mastery"),
    ("credentials", "credentials.wallet", "mastery"),
    ("credentials", "credentials.wallet", "credentials"),
];

/// The region, in a cluster.
pub struct School<'a> {
    cluster: &'a Cluster,
    size: Size,
    calls: Calls,
    taken: u64,
    trail: Trail,
    filled_in: Duration,
}

impl<'a> School<'a> {
    /// Founds it, and waits until every pair has its credential; for `patience` at most.
    ///
    /// # Errors
    /// When a service refuses, or the patience is at its end.
    pub async fn fill(
        cluster: &'a Cluster,
        size: Size,
        patience: Duration,
    ) -> anyhow::Result<Self> {
        let calls = Calls::of(cluster, &cluster.token(&ROLES))?;
        let (trail, filled_in) = (Trail::default(), Duration::ZERO);
        let mut school = Self { cluster, size, calls, taken: 0, trail, filled_in };
        school.found().await?;
        school.handled(&LANES[..2], patience).await?;
        let policy = (&school.calls.mastery, region::policy());
        answered(policy, |mut to, policy| async move { to.publish_policy(policy).await }).await?;
        for number in 0..size.all_competencies() {
            let request = DefineAchievementRequest { achievement: Some(achievement(number)) };
            let request = (&school.calls.credentials, request);
            answered(
                request,
                |mut to, request| async move { to.define_achievement(request).await },
            )
            .await?;
        }
        let begin = Instant::now();
        school.record().await?;
        school.handled(&LANES, patience).await?;
        school.filled_in = begin.elapsed();
        school.settle(patience).await?;
        Ok(school)
    }

    /// How many of the first credentials there were a second, from the first piece of evidence that was
    /// sent until the last credential was in every document.
    pub fn issued_per_second(&self) -> f64 {
        self.size.at_first() as f64 / self.filled_in.as_secs_f64()
    }

    /// Tells the registry's log of the tenant, its learners and its framework.
    async fn found(&self) -> anyhow::Result<()> {
        let registry = self.cluster.log("registry");
        let tenant_id = tenant().to_string();
        let created = TenantCreated { tenant_id, slug: SLUG.into(), name: "Measured".into() };
        let append = Append {
            stream: Stream::new("tenant", tenant().uuid()),
            expected: ExpectedVersion::Any,
            events: vec![event("tenant_created", &created)],
            request: None,
            cause: cause(),
        };
        registry.tenant(&scope()).append(append).await?;
        let (learners, competencies) = (self.size.learners, self.size.all_competencies());
        region::publish(&registry, region::Size { learners, competencies }).await
    }

    /// Records what every pair begins with.
    async fn record(&self) -> anyhow::Result<()> {
        let all = (0..self.size.at_first()).map(|number| (self.size.pair(number), false));
        let twice = (0..self.size.steps).map(|step| (self.size.carried(step), true));
        let items = all.chain(twice).map(|(pair, more)| {
            in_batch(pair.request(more), item(pair.learner(), pair.competency(), 3, now()))
        });
        let address = self.cluster.address(Process::Evidence);
        record(address, self.calls.bearer.clone(), items.collect(), GAP).await?;
        Ok(())
    }

    /// Takes the next steps, each at its time: mastery is withdrawn from one pair, another loses
    /// evidence that it does not need, others come to mastery. Returns when all is acknowledged.
    ///
    /// # Errors
    /// When something is refused, or not answered for a minute.
    pub async fn withdraw(&mut self, pace: Pace) -> anyhow::Result<()> {
        let mut ticks = interval(pace.gap);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut running = JoinSet::new();
        for step in self.taken..self.taken + pace.steps {
            ticks.tick().await;
            let calls = Arc::new(self.calls.clone());
            for (pair, more) in
                [(self.size.carried(step), true), (self.size.withdrawn(step), false)]
            {
                running.spawn(retract(Arc::clone(&calls), pair, more));
            }
            for pair in self.size.earned(step) {
                running.spawn(earn(Arc::clone(&calls), pair));
            }
        }
        self.taken += pace.steps;
        while let Some(done) = running.join_next().await {
            done??;
        }
        Ok(())
    }

    /// Waits until nothing more comes of what was done, the last status list included, and holds
    /// what came of it against what should.
    ///
    /// # Errors
    /// What is not as it should be, or what it still waits for when the patience is at its end.
    pub async fn settle(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.handled(&LANES, patience).await?;
        let begin = tokio::time::Instant::now();
        loop {
            match self.compared().await {
                // The lists come last, within seconds of what they are about, and are served in a moment.
                Err(_) if begin.elapsed() < Duration::from_secs(15) => sleep(PAUSE).await,
                compared => return compared,
            }
        }
    }

    /// Holds what came of it so far against what should.
    async fn compared(&mut self) -> anyhow::Result<()> {
        self.trail.catch_up(self.cluster).await?;
        self.trail.check(self.size, self.taken)?;
        let served = super::watch::fetch(&self.calls).await?;
        self.trail.check_served(&served)
    }

    /// Waits until these lanes have handled all that there is.
    async fn handled(
        &self,
        lanes: &[(&'static str, &str, &'static str)],
        patience: Duration,
    ) -> anyhow::Result<()> {
        let begin = tokio::time::Instant::now();
        for (own, consumer, source) in lanes {
            let (own, source) = (self.cluster.log(own), self.cluster.log(source));
            let shard: Shard = own.shards().shard_of(tenant());
            while own.lane(consumer, shard).await?.position(source.context())
                < source.head(shard).await?
            {
                anyhow::ensure!(begin.elapsed() < patience, "{consumer} is behind its source");
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// From here on it is noted when which edition of the status list is served.
    pub fn watch(&self) -> super::watch::Watch {
        super::watch::Watch::start(self.calls.clone())
    }

    /// How long it took from each withdrawal of these steps to an edition of the list that shows
    /// it; `seen` is what a watch saw.
    ///
    /// # Errors
    /// When there is no such edition.
    pub fn delays(
        &self,
        steps: std::ops::Range<u64>,
        seen: &[(u64, Timestamp)],
    ) -> anyhow::Result<Vec<Delay>> {
        steps.map(|step| self.trail.delay(self.size.withdrawn(step), seen)).collect()
    }
}

async fn retract(calls: Arc<Calls>, pair: Pair, more: bool) -> anyhow::Result<()> {
    let evidence_id = pair.evidence(more).to_string();
    let request_id = format!("retract-{evidence_id}");
    let request = RetractEvidenceRequest { request_id, evidence_id, reason: "invalid".into() };
    let request = (&calls.evidence, request);
    answered(request, |mut to, request| async move { to.retract_evidence(request).await }).await?;
    Ok(())
}

async fn earn(calls: Arc<Calls>, pair: Pair) -> anyhow::Result<()> {
    let item = item(pair.learner(), pair.competency(), 3, now());
    let request: RecordEvidenceRequest = request(pair.request(false), item);
    let request = (&calls.evidence, request);
    answered(request, |mut to, request| async move { to.record_evidence(request).await }).await?;
    Ok(())
}

/// What mastery of the competency of that number earns.
fn achievement(number: u64) -> Achievement {
    let name = format!("Competency {number}");
    Achievement {
        achievement_id: String::new(),
        key: format!("competency-{number}"),
        name: name.clone(),
        description: "Shown in several places.".into(),
        criteria: "Mastery at level 3 or above.".into(),
        alignment: Some(Alignment {
            competency_id: competency(number).to_string(),
            code: format!("C{number}"),
            name,
            uri: format!("https://frameworks.example/items/{number}"),
        }),
        required_level: 3,
        ..Achievement::default()
    }
}
