//! The broker, and where in it a shard's events are.

use std::path::Path;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::{self, context::ContextBuilder};
use async_nats::{Client, ConnectOptions};
use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::Shard;

/// How long the broker may take to answer before it counts as unreachable.
const ANSWER: Duration = Duration::from_secs(2);
const PING: Duration = Duration::from_secs(5);
const RECONNECT: Duration = Duration::from_millis(50);
const RECONNECT_AT_MOST: Duration = Duration::from_millis(500);

/// A connection to JetStream that heals itself. Cheap to clone.
#[derive(Clone)]
pub struct Broker {
    client: Client,
}

impl Broker {
    /// Connects as `name`, now or as soon as a broker can be reached, to one of the addresses in
    /// `urls`, which have commas between them.
    ///
    /// # Errors
    /// When the address or the credentials make no sense.
    pub async fn connect(
        urls: &str,
        name: &str,
        credentials: Option<&Path>,
    ) -> Result<Self, Fault> {
        let mut options = ConnectOptions::new()
            .name(name)
            .retry_on_initial_connect()
            .connection_timeout(ANSWER)
            .request_timeout(Some(ANSWER))
            .ping_interval(PING)
            .reconnect_delay_callback(|attempts| {
                RECONNECT.saturating_mul(attempts.min(100) as u32).min(RECONNECT_AT_MOST)
            });
        if let Some(file) = credentials {
            let read = options.credentials_file(file).await;
            options = read.map_err(|error| Fault::lasting("reading NATS credentials", error))?;
        }
        let urls: Vec<_> = urls.split(',').map(str::trim).filter(|url| !url.is_empty()).collect();
        if urls.is_empty() {
            return Err(Fault::lasting("connecting to NATS", "no address is given"));
        }
        let client = options.connect(urls).await;
        client
            .map(|client| Self { client })
            .map_err(|error| Fault::lasting("connecting to NATS", error))
    }

    /// Whether the connection is up at this moment; a hint, for whoever has another way.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// JetStream with a count of its own for what is in flight.
    pub(crate) fn jetstream(&self) -> jetstream::Context {
        ContextBuilder::new().timeout(ANSWER).ack_timeout(ANSWER).build(self.client.clone())
    }
}

/// Name of the JetStream stream of one shard of a context: `NORTHSTAR_EVIDENCE_07`.
pub fn stream_name(context: &str, shard: Shard) -> String {
    format!("NORTHSTAR_{}_{shard}", context.to_uppercase())
}

/// The subjects of one shard of a context.
pub fn subjects(context: &str, shard: Shard) -> String {
    format!("northstar.{context}.{shard}.>")
}

/// The subject of an event: context, shard, tenant and event type, never anything about a learner,
/// because the broker keeps every subject in memory.
pub(crate) fn subject(context: &str, event: &Recorded) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let event_type: String = event.event_type.chars().map(safe).collect();
    format!("northstar.{context}.{}.{}.{event_type}", event.shard, event.tenant)
}
