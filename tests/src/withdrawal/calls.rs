//! Calls that are made again until they are answered: what was killed comes back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use northstar_wire::credentials::v1::credentials_service_client::CredentialsServiceClient;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use tokio::time::sleep;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Response, Status};

use crate::cluster::{Cluster, Process};
use crate::measure::served::Bearer;

/// How long one call is made again.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

type Shown = InterceptedService<Channel, Bearer>;

/// Who calls, and the services that are called.
#[derive(Clone)]
pub(super) struct Calls {
    pub(super) bearer: Bearer,
    pub(super) evidence: EvidenceServiceClient<Shown>,
    pub(super) mastery: MasteryServiceClient<Shown>,
    pub(super) credentials: CredentialsServiceClient<Shown>,
}

impl Calls {
    pub(super) fn of(cluster: &Cluster, token: &str) -> anyhow::Result<Self> {
        let bearer = Bearer::of(token)?;
        let shown = |process| anyhow::Ok((channel(cluster.address(process))?, bearer.clone()));
        let (evidence, mastery) = (shown(Process::Evidence)?, shown(Process::MasteryOne)?);
        let credentials = shown(Process::Credentials)?;
        Ok(Self {
            evidence: EvidenceServiceClient::with_interceptor(evidence.0, evidence.1),
            mastery: MasteryServiceClient::with_interceptor(mastery.0, mastery.1),
            credentials: CredentialsServiceClient::with_interceptor(credentials.0, credentials.1),
            bearer,
        })
    }
}

/// Connects at the first call, and anew after each death.
fn channel(address: SocketAddr) -> anyhow::Result<Channel> {
    Ok(Endpoint::try_from(format!("http://{address}"))?.connect_lazy())
}

/// Makes a call with a client and a request until it is answered; only for calls that come to the
/// same when made twice.
pub(super) async fn answered<C, R, T, F>(
    (client, request): (&C, R),
    call: impl Fn(C, R) -> F,
) -> anyhow::Result<T>
where
    C: Clone,
    R: Clone,
    F: Future<Output = Result<Response<T>, Status>>,
{
    let begin = Instant::now();
    loop {
        match call(client.clone(), request.clone()).await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) if passing(&status) && begin.elapsed() < PATIENCE => sleep(PAUSE).await,
            Err(status) => return Err(status.into()),
        }
    }
}

/// Whether it is because somebody is away.
fn passing(status: &Status) -> bool {
    let codes = [Code::Unavailable, Code::Unknown, Code::Cancelled, Code::Internal];
    codes.contains(&status.code()) || status.code() == Code::DeadlineExceeded
}
