//! A region that evidence can be recorded in: learners, a framework, a policy.

use std::sync::Arc;
use std::time::Duration;

use northstar_bus::feed::Feeds;
use northstar_bus::lane::Lane;
use northstar_bus::{Context, Handler};
use northstar_eventlog::{Append, Log, NewEvent, Stream};
use northstar_kernel::{ExpectedVersion, Shard, ShardCount};
use northstar_wire::mastery::v1::PublishPolicyRequest;
use northstar_wire::registry::v1::{CompetencyPublished, Level, PersonChanged};
use prost::Message;
use tokio::time::{sleep, timeout};

use super::sample::{COMPETENCIES, LEARNERS, cause, competency, framework, learner, scope, tenant};

/// Events of one append.
const AN_APPEND: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// The region's shard.
pub fn shard() -> Shard {
    ShardCount::DEFAULT.shard_of(tenant())
}

/// How many learners and competencies there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Learners, numbered from 0.
    pub learners: u64,
    /// Competencies of the framework, numbered from 0.
    pub competencies: u64,
}

impl Size {
    /// That of the load benchmark.
    pub const USUAL: Self = Self { learners: LEARNERS, competencies: COMPETENCIES };
}

/// Tells the registry's log of all learners and competencies.
///
/// # Errors
/// When the store fails.
pub async fn publish(registry: &Log, size: Size) -> anyhow::Result<()> {
    let people = (0..size.learners).map(|number| {
        let person_id = learner(number).to_string();
        let roles = vec!["student".to_owned()];
        event("person_changed", &PersonChanged { person_id, roles, ..PersonChanged::default() })
    });
    let competencies = (0..size.competencies).map(|number| {
        let published = CompetencyPublished {
            competency_id: competency(number).to_string(),
            framework_id: framework().to_string(),
            scale: (1..=4).map(level).collect(),
            ..CompetencyPublished::default()
        };
        event("competency_published", &published)
    });
    let events: Vec<_> = people.chain(competencies).collect();
    for events in events.chunks(AN_APPEND) {
        let append = Append {
            stream: Stream::new("framework", framework().uuid()),
            expected: ExpectedVersion::Any,
            events: events.to_vec(),
            request: None,
            cause: cause(),
        };
        registry.tenant(&scope()).append(append).await?;
    }
    Ok(())
}

fn level(position: u32) -> Level {
    Level { score_milli: i64::from(position) * 1_000, position, ..Level::default() }
}

/// An event of the registry's.
pub fn event(event_type: &'static str, message: &impl Message) -> NewEvent {
    let payload = message.encode_to_vec().into();
    NewEvent { event_type, schema_version: 1, observed_at: None, key_id: None, payload }
}

/// The policy under which every first judgement changes what is held.
pub fn policy() -> PublishPolicyRequest {
    let document = serde_json::json!({
        "framework": framework().to_string(),
        "method": { "name": "highest" },
        "mastery_milli": 3_000,
    });
    PublishPolicyRequest { document: document.to_string(), ..PublishPolicyRequest::default() }
}

/// The lane of a context's only consumer.
///
/// # Errors
/// When it has none.
pub fn lane(context: &Context, log: &Log, feeds: Arc<dyn Feeds>) -> anyhow::Result<Lane> {
    let handler: Option<&Arc<dyn Handler>> = context.handlers.first();
    let handler = handler.map(Arc::clone);
    let handler = handler.ok_or_else(|| anyhow::anyhow!("{} has no consumer", context.name))?;
    Ok(Lane { handler, log: log.clone(), feeds })
}

/// Waits until the lane has handled all that is in the source's log now.
///
/// # Errors
/// When it does not in a minute.
pub async fn caught_up(lane: &Lane, source: &Log) -> anyhow::Result<()> {
    handled(&lane.log, lane.handler.consumer(), source).await
}

/// Waits until the consumer of `own` has handled all that is in the source's log now.
///
/// # Errors
/// When it does not in a minute.
pub async fn handled(own: &Log, consumer: &str, source: &Log) -> anyhow::Result<()> {
    let head = source.head(shard()).await?;
    let waiting = async {
        while own.lane(consumer, shard()).await?.position(source.context()) < head {
            sleep(Duration::from_millis(20)).await;
        }
        anyhow::Ok(())
    };
    timeout(PATIENCE, waiting).await?
}
