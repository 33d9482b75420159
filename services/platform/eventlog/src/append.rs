//! What is appended, and what comes of it.

use std::fmt;

use bytes::Bytes;
use northstar_kernel::{Digest, ExpectedVersion, Position, Sequence, Timestamp, Version};
use uuid::Uuid;

use crate::{Fault, Recorded};

/// Longest id of a request.
const REQUEST_ID_BYTES: usize = 512;

/// Name of a stream: the kind of aggregate and its id, `evidence-<uuid>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream(String);

impl Stream {
    /// The stream of one aggregate.
    pub fn new(kind: &'static str, id: Uuid) -> Self {
        Self(format!("{kind}-{id}"))
    }

    /// The stream's name, as it stands in the log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event that is not in the log yet.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Name of the event in the past tense: `evidence_recorded`.
    pub event_type: &'static str,
    /// Shape of the payload under this name, from 1.
    pub schema_version: u16,
    /// When it was so; `None` means at the moment of recording.
    pub observed_at: Option<Timestamp>,
    /// Key that its personal fields are sealed under, if it has any.
    pub key_id: Option<Uuid>,
    /// The event itself, protobuf.
    pub payload: Bytes,
}

/// A request's name for ever, and what it asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's id for the request, unique within the tenant and context: 1 to 512 bytes
    /// without a NUL.
    pub id: String,
    /// Digest of what was asked, so that the same id cannot ask for something else.
    pub content: Digest,
}

/// Who and what made an event happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Subject of the token, or `reactor:<consumer>`.
    pub actor: String,
    /// The journey it belongs to.
    pub correlation_id: Uuid,
    /// The event that provoked it, if one did.
    pub causation_id: Option<Uuid>,
    /// W3C traceparent of the request that started it, if there is one.
    pub traceparent: Option<String>,
}

impl Cause {
    /// The cause of what `consumer` does in answer to `event`: the same journey, one step on.
    pub fn reaction(consumer: &str, event: &Recorded) -> Self {
        Self {
            actor: format!("reactor:{consumer}"),
            correlation_id: event.correlation_id,
            causation_id: Some(event.id.uuid()),
            traceparent: (!event.traceparent.is_empty()).then(|| event.traceparent.to_string()),
        }
    }

    /// The cause of what `task` does because time passed: a journey of its own, the same for all who
    /// do the same (`id`) to the same `subject`.
    pub fn clock(task: &str, subject: Uuid, id: &str) -> Self {
        Self {
            actor: format!("clock:{task}"),
            correlation_id: Uuid::new_v5(&subject, id.as_bytes()),
            causation_id: None,
            traceparent: None,
        }
    }
}

impl RequestKey {
    /// Whether a request can have this id: it stands in an index, and not every store takes a NUL.
    pub(crate) fn is_id(id: &str) -> bool {
        (1..=REQUEST_ID_BYTES).contains(&id.len()) && !id.contains('\0')
    }
}

/// Events for one stream; they are written together or not at all.
#[derive(Debug, Clone)]
pub struct Append {
    /// The stream.
    pub stream: Stream,
    /// What the appender believes of the stream.
    pub expected: ExpectedVersion,
    /// The events, in order; from 1 to 65,535.
    pub events: Vec<NewEvent>,
    /// Makes the append idempotent.
    pub request: Option<RequestKey>,
    /// Who and what made it happen.
    pub cause: Cause,
}

impl Append {
    /// Refuses what no store takes before it meets the appends of others in one commit.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let refuse = |why: &'static str| Err(Fault::lasting("checking an append", why));
        if self.events.is_empty() || self.events.len() > usize::from(u16::MAX) {
            return refuse("an append has from 1 to 65,535 events");
        }
        if self.request.as_ref().is_some_and(|request| !RequestKey::is_id(&request.id)) {
            return refuse("a request id has from 1 to 512 bytes and no NUL");
        }
        let cause = [Some(&self.cause.actor), self.cause.traceparent.as_ref()];
        let mut texts = cause.into_iter().flatten().map(String::as_str);
        let mut types = self.events.iter().map(|event| event.event_type);
        if texts.any(|text| text.contains('\0')) || types.any(|name| name.contains('\0')) {
            return refuse("an actor, a traceparent or an event type has a NUL");
        }
        Ok(())
    }
}

/// Where the last event of an append stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Place in the shard's log.
    pub position: Position,
    /// Place among the tenant's events of this context.
    pub sequence: Sequence,
    /// Place in the stream.
    pub version: Version,
    /// True if the request had been answered before and nothing was written now.
    pub repeated: bool,
}

/// What an earlier request with a known id asked, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Digest of what was asked.
    pub content: Digest,
    /// The stream it was about.
    pub stream: String,
    /// Where its last event stands.
    pub appended: Appended,
}

/// The stream is not where the appender believed it to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stream {stream} is at version {actual}, expected {expected:?}")]
pub struct WrongVersion {
    /// The stream.
    pub stream: String,
    /// What was believed.
    pub expected: ExpectedVersion,
    /// Where it is.
    pub actual: Version,
}

/// Why an append was not made.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first; load and decide again.
    #[error(transparent)]
    WrongVersion(#[from] WrongVersion),
    /// The request id was used for something else before.
    #[error("request id {id} was used for another request")]
    KeyReused {
        /// The id.
        id: String,
    },
    /// The machinery failed; whether the events were written is unknown.
    #[error(transparent)]
    Fault(#[from] Fault),
}
