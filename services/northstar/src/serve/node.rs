//! The contexts of one process: their logs, their APIs and their lanes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use northstar_bus::feed::{Feeds, LocalFeeds};
use northstar_bus::lane::Lane;
use northstar_bus::ownership::{Ownership, watch_heads};
use northstar_bus::relay::Retention;
use northstar_bus::{Broker, Clockwork, ClusterFeeds, Context, Owners, Relay};
use northstar_chassis::server::Readiness;
use northstar_eventlog::Log;
use northstar_kernel::Shard;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tracing::warn;
use uuid::Uuid;

use super::log_service::{self, Hosted};
use super::schema;
use crate::config::{CONTEXTS, ClusterConfig, Config, Footing};
use crate::storage;

/// How often a replica looks for heads that others have moved.
const LOOK: Duration = Duration::from_millis(40);
/// How long lanes are given to stop and let go of their shards.
const FAREWELL: Duration = Duration::from_secs(5);

/// Everything that one process runs.
pub(super) struct Node {
    contexts: Vec<(Log, Context)>,
    feeds: Arc<dyn Feeds>,
    cluster: Option<Cluster>,
}

/// What the cluster footing adds.
struct Cluster {
    broker: Broker,
    lease: Duration,
}

impl Node {
    /// Opens the logs and builds the contexts; nothing runs yet.
    pub(super) async fn build(config: &Config, names: &[&'static str]) -> anyhow::Result<Self> {
        let mut contexts = Vec::new();
        for name in names {
            let log = storage::open(config, name)?;
            contexts.push((log.clone(), context(name, log, config)?));
        }
        let local = LocalFeeds::new(contexts.iter().map(|(log, _)| log.clone()));
        let (feeds, cluster): (Arc<dyn Feeds>, _) = match config.footing()? {
            Footing::Embedded(_) => {
                ensure!(
                    names.len() == CONTEXTS.len(),
                    "on the embedded footing the services read each other's files: serve all of them"
                );
                (Arc::new(local), None)
            }
            Footing::Cluster(cluster) => {
                let broker = connect(cluster, names).await?;
                let feeds = ClusterFeeds::new(local, broker.clone(), owners(cluster)?);
                let lease = Duration::from_millis(cluster.lease_millis);
                (Arc::new(feeds), Some(Cluster { broker, lease }))
            }
        };
        Ok(Self { contexts, feeds, cluster })
    }

    /// All that is answered on the API port.
    pub(super) fn routes(&self) -> Routes {
        let hosted = self.contexts.iter().map(|(log, context)| {
            let lanes = self.lanes(log, context);
            (context.name, Hosted { log: log.clone(), lanes, timed: context.timed.clone() })
        });
        let own = log_service::routes(hosted.collect::<BTreeMap<_, _>>());
        let all = self.contexts.iter().map(|(_, context)| context.routes.clone());
        all.fold(own, |routes, more| {
            // Each brings the answer for unknown methods; one of them must be left.
            let more = more.into_axum_router().reset_fallback();
            Routes::from(routes.into_axum_router().merge(more))
        })
    }

    /// The public face of the credentials, if they are served here.
    pub(super) fn edge(&self, config: &Config) -> Option<axum::Router> {
        let served = |(_, context): &&(Log, Context)| context.name == northstar_credentials::NAME;
        let (log, _) = self.contexts.iter().find(served)?;
        Some(northstar_credentials::edge::router(log.clone(), &config.credentials))
    }

    fn lanes(&self, log: &Log, context: &Context) -> Vec<Lane> {
        let lane = |handler: &Arc<dyn northstar_bus::Handler>| Lane {
            handler: Arc::clone(handler),
            log: log.clone(),
            feeds: Arc::clone(&self.feeds),
        };
        context.handlers.iter().map(lane).collect()
    }

    /// Runs every lane and relay until `stop`, once the schemas fit.
    pub(super) async fn run(self, readiness: Readiness, mut stop: watch::Receiver<bool>) {
        let logs: Vec<Log> = self.contexts.iter().map(|(log, _)| log.clone()).collect();
        tokio::select! {
            () = schema::fits(&logs, &readiness) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let replica = Uuid::from_bytes(rand::random());
        let mut looking = JoinSet::new();
        let mut running = JoinSet::new();
        for (log, context) in &self.contexts {
            let lanes = self.lanes(log, context);
            let clocks = clocks(log, context);
            let relay = self.cluster.as_ref().map(|cluster| {
                looking.spawn(watch_heads(log.clone(), LOOK));
                Relay::new(log.clone(), cluster.broker.clone(), Retention::default())
            });
            let lease = self.cluster.as_ref().map_or(Duration::from_secs(60), |one| one.lease);
            let start = move |shard| start(&lanes, &clocks, relay.as_ref(), shard);
            let mut stop = stop.clone();
            let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
            running.spawn(Ownership::new(log.clone(), replica, lease).run(start, stopped));
        }
        drop(stop.wait_for(|stop| *stop).await);
        let farewell = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
            warn!(limit = ?FAREWELL, "shards were not let go in time; others wait for the lease");
        }
    }
}

fn clocks(log: &Log, context: &Context) -> Vec<Clockwork> {
    let clock = |task: &Arc<dyn northstar_bus::Timed>| Clockwork {
        task: Arc::clone(task),
        log: log.clone(),
    };
    context.timed.iter().map(clock).collect()
}

/// One shard's work: every consumer, what time brings, and the relay where there is a broker.
fn start(lanes: &[Lane], clocks: &[Clockwork], relay: Option<&Relay>, shard: Shard) -> JoinSet<()> {
    let mut work = JoinSet::new();
    for lane in lanes {
        work.spawn(lane.clone().run(shard));
    }
    for clock in clocks {
        work.spawn(clock.clone().run(shard));
    }
    if let Some(relay) = relay {
        work.spawn(relay.clone().run(shard));
    }
    work
}

fn context(name: &str, log: Log, config: &Config) -> anyhow::Result<Context> {
    Ok(match name {
        northstar_registry::NAME => northstar_registry::build(log),
        northstar_evidence::NAME => northstar_evidence::build(log),
        northstar_mastery::NAME => northstar_mastery::build(log),
        northstar_credentials::NAME => {
            northstar_credentials::build(log, config.credentials.clone())
        }
        northstar_pathways::NAME => northstar_pathways::build(log),
        other => anyhow::bail!("there is no context {other}"),
    })
}

async fn connect(cluster: &ClusterConfig, names: &[&'static str]) -> anyhow::Result<Broker> {
    let name = format!("northstar {}", names.join(" "));
    Ok(Broker::connect(&cluster.nats_url, &name, None).await?)
}

/// The way to the other contexts' logs. The token's file is read each time, so that whoever rotates
/// it need not restart anything.
fn owners(cluster: &ClusterConfig) -> anyhow::Result<Owners> {
    let file: PathBuf = cluster.token_file.clone();
    let read = move || {
        let text = std::fs::read_to_string(&file);
        text.map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    Ok(Owners::new(&cluster.endpoints, Arc::new(read))?)
}
