//! The way to other contexts' logs: `ReadLog` of whoever owns them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::{Position, Shard};
use northstar_wire::platform::v1::log_service_client::LogServiceClient;
use northstar_wire::platform::v1::{ReadLogRequest, ReadLogResponse};
use tokio::time::timeout;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Streaming};

use crate::wire::from_wire;

const CONNECT: Duration = Duration::from_secs(2);
/// How long an owner may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// One response holds a mebibyte of events, or a single larger one.
const LARGEST: usize = 16 << 20;
const DOING: &str = "reading another context's log";

/// Makes the token of role `service` that owners want to see; asked for each call, so that it may
/// be renewed.
pub type ServiceToken = Arc<dyn Fn() -> String + Send + Sync>;

/// Who owns which log. Cheap to clone; connects when first asked.
#[derive(Clone)]
pub struct Owners {
    clients: BTreeMap<String, LogServiceClient<Channel>>,
    token: ServiceToken,
}

impl Owners {
    /// Owners at these addresses (`http://evidence:8080`), by context.
    ///
    /// # Errors
    /// When an address makes no sense.
    pub fn new(addresses: &BTreeMap<String, String>, token: ServiceToken) -> Result<Self, Fault> {
        let client = |(context, address): (&String, &String)| {
            let endpoint = Endpoint::from_shared(address.clone()).map_err(|error| {
                Fault::lasting("reading an owner's address", format!("{address:?}: {error}"))
            })?;
            let channel = endpoint
                .connect_timeout(CONNECT)
                .http2_keep_alive_interval(KEEP_ALIVE)
                .keep_alive_timeout(KEEP_ALIVE)
                .connect_lazy();
            let client = LogServiceClient::new(channel).max_decoding_message_size(LARGEST);
            Ok((context.clone(), client))
        };
        let clients = addresses.iter().map(client).collect::<Result<_, Fault>>()?;
        Ok(Self { clients, token })
    }

    /// Whether the owner of this context's log is known.
    pub(crate) fn knows(&self, context: &str) -> bool {
        self.clients.contains_key(context)
    }

    /// Asks for the events of a shard after a position; `limit` 0 for all there are.
    pub(crate) async fn read(
        &self,
        context: &'static str,
        shard: Shard,
        after: Position,
        limit: u64,
    ) -> Result<Reading, Fault> {
        let mut client = self.clients.get(context).cloned().ok_or_else(|| {
            Fault::lasting(DOING, format!("no address is known for the owner of {context}"))
        })?;
        let message = ReadLogRequest {
            context: context.to_owned(),
            shard: u32::from(shard.0),
            after_position: after.0,
            limit,
        };
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.bearer()?);
        let asked = timeout(SILENCE, client.read_log(request)).await.map_err(silent)?;
        let responses = asked.map_err(|status| Fault::passing(DOING, status))?.into_inner();
        Ok(Reading { shard, responses })
    }

    fn bearer(&self) -> Result<MetadataValue<Ascii>, Fault> {
        let bearer = format!("Bearer {}", (self.token)());
        bearer.parse().map_err(|error| Fault::lasting("making a service token", error))
    }
}

/// An answer of an owner, as it comes in.
pub(crate) struct Reading {
    shard: Shard,
    responses: Streaming<ReadLogResponse>,
}

impl Reading {
    /// The next events after `after`; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks, or what comes is not what follows.
    pub(crate) async fn next(&mut self, after: Position) -> Result<Option<Vec<Recorded>>, Fault> {
        let message = timeout(SILENCE, self.responses.message()).await.map_err(silent)?;
        let Some(response) = message.map_err(|status| Fault::passing(DOING, status))? else {
            return Ok(None);
        };
        let mut expected = after.next();
        let mut events = Vec::with_capacity(response.events.len());
        for event in response.events {
            let event = from_wire(event).map_err(|error| Fault::lasting(DOING, error))?;
            if event.position != expected || event.shard != self.shard {
                let why = format!("expected position {expected}, got {}", event.position);
                return Err(Fault::lasting(DOING, why));
            }
            expected = expected.next();
            events.push(event);
        }
        Ok(Some(events))
    }
}

fn silent(_: tokio::time::error::Elapsed) -> Fault {
    Fault::passing(DOING, format!("no answer for {SILENCE:?}"))
}
