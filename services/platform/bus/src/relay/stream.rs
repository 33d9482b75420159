//! The JetStream stream of one shard: made, checked, measured.

use async_nats::jetstream::context::{CreateStreamErrorKind, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, Info, Stream};
use async_nats::jetstream::{self, ErrorCode};
use northstar_eventlog::{Fault, Log};
use northstar_kernel::{Position, Shard};
use tracing::{info, warn};

use super::Retention;
use crate::broker::{self, Broker};

const DOING: &str = "looking at the relay's stream";

pub(super) struct ShardStream<'a> {
    pub(super) shard: Shard,
    pub(super) jetstream: jetstream::Context,
    log: &'a Log,
    name: String,
    retention: Retention,
}

impl<'a> ShardStream<'a> {
    pub(super) fn new(broker: &Broker, log: &'a Log, shard: Shard, retention: Retention) -> Self {
        let name = broker::stream_name(log.context(), shard);
        Self { shard, jetstream: broker.jetstream(), log, name, retention }
    }

    /// The last position that was published; makes the stream if there is none.
    ///
    /// # Errors
    /// A lasting fault if the stream holds something else than this log.
    pub(super) async fn end(&self) -> Result<Position, Fault> {
        let stream = match self.find().await? {
            Some(stream) => stream,
            None => self.make().await?,
        };
        let info = stream.cached_info();
        let end = Position(info.state.last_sequence);
        self.check_end(&stream, end).await?;
        self.adjust(info).await;
        Ok(end)
    }

    /// The sequence that the stream ends with at this moment; `None` if it is gone.
    pub(super) async fn last_sequence(&self) -> Result<Option<Position>, Fault> {
        let stream = self.find().await?;
        Ok(stream.map(|stream| Position(stream.cached_info().state.last_sequence)))
    }

    async fn find(&self) -> Result<Option<Stream>, Fault> {
        match self.jetstream.get_stream(&self.name).await {
            Ok(stream) => Ok(Some(stream)),
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(refusal)
                    if refusal.error_code() == ErrorCode::STREAM_NOT_FOUND =>
                {
                    Ok(None)
                }
                _ => Err(Fault::passing(DOING, error)),
            },
        }
    }

    /// Makes the stream so that its next sequence is the position where refilling begins.
    async fn make(&self) -> Result<Stream, Fault> {
        let head = self.log.head(self.shard).await?;
        let begin = head.0.saturating_sub(u64::from(self.retention.refill)) + 1;
        let config = Config {
            name: self.name.clone(),
            subjects: vec![broker::subjects(self.log.context(), self.shard)],
            first_sequence: Some(begin),
            max_messages: i64::from(self.retention.messages),
            num_replicas: usize::from(self.retention.replicas),
            discard: DiscardPolicy::Old,
            deny_delete: true,
            ..Config::default()
        };
        match self.jetstream.create_stream(config).await {
            Ok(stream) => {
                info!(stream = self.name, begin, "stream made");
                Ok(stream)
            }
            // Another relay was faster, and began elsewhere.
            Err(error) if is_name_taken(&error.kind()) => {
                self.find().await?.ok_or_else(|| Fault::passing(DOING, error))
            }
            Err(error) => Err(Fault::passing("making the relay's stream", error)),
        }
    }

    /// The stream must end within this log, and with the event that the log has there.
    async fn check_end(&self, stream: &Stream, end: Position) -> Result<(), Fault> {
        let head = self.log.head(self.shard).await?;
        if end > head {
            return Err(self.foreign(format!("it ends at {end} and the log at {head}")));
        }
        if stream.cached_info().state.messages == 0 {
            return Ok(());
        }
        let last = stream.get_raw_message(end.0).await;
        let last = last.map_err(|error| Fault::passing(DOING, error))?;
        let there = last.headers.get("ce-id").map(|id| id.as_str().to_owned());
        let before = Position(end.0.saturating_sub(1));
        let ours = self.log.scan(self.shard, before, 1).await?;
        let ours = ours.first().map(|event| event.id.to_string());
        // An event that the binding cannot carry stands there without an id.
        if there.is_some() && there != ours {
            return Err(self.foreign(format!("at {end} it has another event than the log")));
        }
        Ok(())
    }

    fn foreign(&self, why: String) -> Fault {
        let remedy = "if it belongs to no other deployment, delete it: it is filled from the log";
        Fault::lasting("relaying", format!("stream {} is not ours: {why}; {remedy}", self.name))
    }

    /// Brings an older stream to the present retention.
    async fn adjust(&self, info: &Info) {
        let wanted = Config {
            max_messages: i64::from(self.retention.messages),
            num_replicas: usize::from(self.retention.replicas),
            ..info.config.clone()
        };
        if wanted != info.config
            && let Err(error) = self.jetstream.update_stream(&wanted).await
        {
            warn!(stream = self.name, %error, "the stream keeps its old retention");
        }
    }
}

fn is_name_taken(kind: &CreateStreamErrorKind) -> bool {
    matches!(kind, CreateStreamErrorKind::JetStream(refusal)
        if refusal.error_code() == ErrorCode::STREAM_NAME_EXIST)
}
