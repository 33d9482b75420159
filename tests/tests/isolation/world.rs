//! The program under test, served on the embedded footing, and calls to it.

use std::time::Duration;

use northstar_chassis::Role;
use northstar_kernel::TenantId;
use northstar_testkit::{Launch, Server, ports};
use northstar_wire::mastery::v1::FollowMasteryEventsResponse;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::platform::v1::{
    GetProgressRequest, GetProgressResponse, GetStateHashRequest, GetStateHashResponse,
};
use prost::Message;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};

use crate::answer::{Answer, Raw};
use crate::provider::{AUDIENCE, ISSUER, Provider};
use crate::rpc::{CONTEXTS, LOG, MASTERY, Rpc, name};

/// Long enough for any machine; a call that is not answered by then never will be.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// How often another port is tried because somebody else was quicker to take it.
const TRIES: usize = 5;

/// The server; ended before its files are removed.
pub(crate) struct World {
    _server: Server,
    _folder: TempDir,
    channel: Channel,
    pub(crate) provider: Provider,
}

/// Somebody with a token, or without.
#[derive(Clone)]
pub(crate) struct Caller<'w> {
    world: &'w World,
    token: Option<String>,
}

impl World {
    /// A new deployment with nothing in it.
    pub(crate) async fn start() -> Self {
        let provider = Provider::new();
        let folder = tempfile::Builder::new().prefix("northstar-isolation-").tempdir().unwrap();
        let at = folder.path();
        std::fs::write(at.join("jwks.json"), provider.jwks()).unwrap();
        std::fs::write(at.join("master.key"), "07".repeat(32)).unwrap();
        let config = format!(
            "auth = {{ issuer = '{ISSUER}', audience = '{AUDIENCE}', jwks = '{at}/jwks.json' }}\n\
             log = {{ shards = 1, master_key_file = '{at}/master.key' }}\n\
             embedded = {{ folder = '{at}' }}\n\
             telemetry = {{ log = 'warn' }}\n",
            at = at.display(),
        );
        std::fs::write(at.join("northstar.toml"), config).unwrap();
        let (server, api) = serve(&folder);
        let channel = Endpoint::from_shared(format!("http://127.0.0.1:{api}")).unwrap();
        let channel = channel.connect().await.unwrap();
        Self { _server: server, _folder: folder, channel, provider }
    }

    /// Somebody of a tenant.
    pub(crate) fn caller(&self, tenant: TenantId, role: Role, learners: &[&str]) -> Caller<'_> {
        self.with_token(Some(self.provider.token(Some(tenant), &[role], learners)))
    }

    /// Somebody who acts for no tenant.
    pub(crate) fn platform(&self, role: Role) -> Caller<'_> {
        self.with_token(Some(self.provider.token(None, &[role], &[])))
    }

    pub(crate) fn with_token(&self, token: Option<String>) -> Caller<'_> {
        Caller { world: self, token }
    }
}

fn serve(folder: &TempDir) -> (Server, u16) {
    let mut tries = 0;
    loop {
        tries += 1;
        let (api, health) = (ports::free().unwrap(), ports::free().unwrap());
        let set = |key: &str, port: u16| format!("server.{key}=127.0.0.1:{port}");
        let launch = Launch::new(env!("CARGO_BIN_EXE_northstar-under-test"))
            .args(["serve", "all", "--config"])
            .arg(folder.path().join("northstar.toml"))
            .args(["--set", &set("listen", api), "--set", &set("health", health)]);
        match launch.health(health).start() {
            Ok(server) => return (server, api),
            Err(trouble) if tries == TRIES || !trouble.to_string().contains("cannot listen") => {
                panic!("{trouble}")
            }
            Err(_) => {}
        }
    }
}

impl Caller<'_> {
    /// Asks with one message.
    pub(crate) async fn ask(&self, rpc: Rpc, message: impl Message) -> Answer {
        self.send(&name(rpc), vec![message.encode_to_vec()]).await
    }

    /// Asks with many.
    pub(crate) async fn ask_all<M: Message>(&self, rpc: Rpc, messages: &[M]) -> Answer {
        self.send(&name(rpc), messages.iter().map(Message::encode_to_vec).collect()).await
    }

    /// Asks, and takes what comes until the call ends, or has come to all there is now.
    pub(crate) async fn send(&self, rpc: &str, messages: Vec<Vec<u8>>) -> Answer {
        let call = async {
            let mut answer = Answer { replies: Vec::new(), refused: None };
            if let Err(status) = self.exchange(rpc, messages, &mut answer.replies).await {
                answer.refused = Some(status.into());
            }
            answer
        };
        timeout(PATIENCE, call).await.unwrap_or_else(|_| panic!("{rpc} was not answered"))
    }

    async fn exchange(
        &self,
        rpc: &str,
        messages: Vec<Vec<u8>>,
        replies: &mut Vec<Vec<u8>>,
    ) -> Result<(), Status> {
        let mut stream = self.open(rpc, messages).await?;
        while let Some(reply) = stream.message().await? {
            let ended = rpc == name((MASTERY, "FollowMasteryEvents")) && is_keep_alive(&reply);
            replies.push(reply);
            if ended {
                break;
            }
        }
        Ok(())
    }

    /// Begins a call; on the wire all calls are alike, whatever streams.
    pub(crate) async fn open(
        &self,
        rpc: &str,
        messages: Vec<Vec<u8>>,
    ) -> Result<Streaming<Vec<u8>>, Status> {
        let mut grpc = tonic::client::Grpc::new(self.world.channel.clone());
        grpc.ready().await.unwrap();
        let mut request = Request::new(tokio_stream::iter(messages));
        if let Some(token) = &self.token {
            let bearer = format!("Bearer {token}").parse().unwrap();
            request.metadata_mut().insert("authorization", bearer);
        }
        let path = format!("/{rpc}").parse().unwrap();
        Ok(grpc.streaming(request, path, Raw).await?.into_inner())
    }

    /// How far a context has come.
    pub(crate) async fn progress(&self, context: &str) -> GetProgressResponse {
        let request = GetProgressRequest { context: context.to_owned() };
        self.ask((LOG, "GetProgress"), request).await.only()
    }

    /// Head and state hash of the caller's tenant in each context.
    pub(crate) async fn state(&self) -> Vec<GetStateHashResponse> {
        let mut state = Vec::new();
        for context in CONTEXTS {
            let request = GetStateHashRequest { context: context.to_owned() };
            state.push(self.ask((LOG, "GetStateHash"), request).await.only());
        }
        state
    }

    /// Waits until every consumer has handled all there is, what is due is done, and nothing more has
    /// come of it.
    pub(crate) async fn settled(&self) {
        let mut before = Vec::new();
        let settled = async {
            loop {
                let mut progress = Vec::new();
                for context in CONTEXTS {
                    progress.push(self.progress(context).await);
                }
                if all_handled(&progress) && progress == before {
                    return;
                }
                before = progress;
                sleep(PAUSE).await;
            }
        };
        timeout(PATIENCE, settled).await.expect("it settles");
    }
}

fn all_handled(progress: &[GetProgressResponse]) -> bool {
    let head = |source: &str| {
        let place = CONTEXTS.iter().position(|context| *context == source).unwrap();
        progress[place].head_position
    };
    let mut consumers = progress.iter().flat_map(|context| &context.consumers);
    let mut timed = progress.iter().flat_map(|context| &context.timed);
    consumers.all(|consumer| consumer.position >= head(&consumer.source))
        && timed.all(|task| task.waiting == 0)
}

/// A follower hears one as soon as all there is was sent.
pub(crate) fn is_keep_alive(reply: &[u8]) -> bool {
    let reply = FollowMasteryEventsResponse::decode(reply).unwrap();
    matches!(reply.item, Some(Item::KeepAlive(_)))
}
