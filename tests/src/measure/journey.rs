//! Evidence and mastery on the cluster footing: Postgres, NATS, gRPC and tokens between them.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use northstar_bus::feed::LocalFeeds;
use northstar_bus::ownership::watch_heads;
use northstar_bus::relay::Retention;
use northstar_bus::{Broker, ClusterFeeds, Owners, Relay, read_log};
use northstar_chassis::status;
use northstar_eventlog::Log;
use northstar_kernel::{Position, Shard};
use northstar_wire::mastery::v1::PublishPolicyRequest;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::platform::v1::log_service_server::{LogService, LogServiceServer};
use northstar_wire::platform::v1::{
    GetProgressRequest, GetProgressResponse, GetStateHashRequest, GetStateHashResponse,
    ReadLogRequest, ReadLogResponse, RebuildRequest, RebuildResponse,
};
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use super::region::{self, Size};
use super::served::{Served, connect};
use super::stand::Logs;

/// As a server looks for heads by default.
const LOOK: Duration = Duration::from_millis(40);

/// Everything that runs, until it is dropped.
pub struct Journey {
    /// The evidence service.
    pub evidence: Served,
    /// The mastery service.
    pub mastery: Served,
    _owners: Served,
    _running: JoinSet<()>,
}

impl Journey {
    /// Starts the services and waits until they know the region and its policy.
    ///
    /// # Errors
    /// When one of them does not start.
    pub async fn start(logs: &Logs, nats: &str, size: Size) -> anyhow::Result<Self> {
        let mut running = JoinSet::new();
        let [registry, evidence, mastery] =
            [logs.open("registry")?, logs.open("evidence")?, logs.open("mastery")?];
        region::publish(&registry, size).await?;
        let broker = Broker::connect(nats, "measurement", None).await?;
        for log in [&registry, &evidence, &mastery] {
            let relay = Relay::new(log.clone(), broker.clone(), Retention::default());
            running.spawn(relay.run(region::shard()));
            running.spawn(watch_heads(log.clone(), LOOK));
        }
        let owned = [&registry, &evidence].map(|log| (log.context(), log.clone()));
        let owned = Served::start(Routes::new(LogServiceServer::new(Owned(owned.into())))).await?;
        let mut served = Vec::new();
        for (log, context) in [
            (&evidence, northstar_evidence::build(evidence.clone())),
            (&mastery, northstar_mastery::build(mastery.clone())),
        ] {
            let lane = region::lane(&context, log, Arc::new(feeds(log, &broker, &owned)?))?;
            running.spawn(lane.clone().run(region::shard()));
            region::caught_up(&lane, &registry).await?;
            served.push(Served::start(context.routes).await?);
        }
        let (Some(mastery), Some(evidence)) = (served.pop(), served.pop()) else {
            anyhow::bail!("two services were to be started");
        };
        publish_policy(&mastery, region::policy()).await?;
        Ok(Self { evidence, mastery, _owners: owned, _running: running })
    }
}

/// Puts the policy in force.
///
/// # Errors
/// When it is refused.
pub async fn publish_policy(mastery: &Served, policy: PublishPolicyRequest) -> anyhow::Result<()> {
    let channel = connect(mastery.address).await?;
    let mut client = MasteryServiceClient::with_interceptor(channel, mastery.bearer.clone());
    client.publish_policy(policy).await?;
    Ok(())
}

/// A service's own log from its process, the others' from the broker and their owners.
fn feeds(own: &Log, broker: &Broker, owned: &Served) -> anyhow::Result<ClusterFeeds> {
    let address = format!("http://{}", owned.address);
    let contexts = ["registry", "evidence"].map(|context| (context.to_owned(), address.clone()));
    let token = owned.bearer.token();
    let owners = Owners::new(&BTreeMap::from(contexts), Arc::new(move || token.clone()))?;
    Ok(ClusterFeeds::new(LocalFeeds::new([own.clone()]), broker.clone(), owners))
}

/// Answers `ReadLog` for the logs it has, as every server does.
struct Owned(BTreeMap<&'static str, Log>);

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

fn not_measured<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("only ReadLog is needed"))
}

#[tonic::async_trait]
impl LogService for Owned {
    type ReadLogStream = Answers<ReadLogResponse>;
    type RebuildStream = Answers<RebuildResponse>;

    async fn read_log(
        &self,
        request: Request<ReadLogRequest>,
    ) -> Result<Response<Self::ReadLogStream>, Status> {
        let ReadLogRequest { context, shard, after_position, limit } = request.into_inner();
        let log = self.0.get(context.as_str()).cloned();
        let log = log.ok_or_else(|| Status::not_found("this log is not here"))?;
        let shard = Shard(u16::try_from(shard).unwrap_or(u16::MAX));
        let pages = read_log::pages(log, shard, Position(after_position), limit);
        Ok(Response::new(Box::pin(pages.map(|page| page.map_err(status::fault)))))
    }

    async fn get_progress(
        &self,
        _: Request<GetProgressRequest>,
    ) -> Result<Response<GetProgressResponse>, Status> {
        not_measured()
    }

    async fn get_state_hash(
        &self,
        _: Request<GetStateHashRequest>,
    ) -> Result<Response<GetStateHashResponse>, Status> {
        not_measured()
    }

    async fn rebuild(
        &self,
        _: Request<RebuildRequest>,
    ) -> Result<Response<Self::RebuildStream>, Status> {
        not_measured()
    }
}
