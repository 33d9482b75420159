//! Endorsements and imported credentials in their streams: loaded, decided about, appended.

use northstar_credentials_domain::endorsement::{self, Endorsements};
use northstar_credentials_domain::import::{self, Imports};
use northstar_credentials_domain::{Event, record};
use northstar_eventlog::{Append, Cause, Fault, Stream, TenantLog};
use northstar_kernel::{CredentialId, Decider, ExpectedVersion, Version};

use crate::codec;

/// Something whose whole life is in a stream of its own.
pub(crate) trait Alone: Decider {
    /// The first word of its streams' names.
    const STREAM: &'static str;

    /// Its event, if it is one of its.
    fn own(event: Event) -> Option<Self::Event>;
}

impl Alone for Endorsements {
    const STREAM: &'static str = "endorsement";

    fn own(event: Event) -> Option<endorsement::Event> {
        match event {
            Event::Endorsement(event) => Some(event),
            _ => None,
        }
    }
}

impl Alone for Imports {
    const STREAM: &'static str = "import";

    fn own(event: Event) -> Option<import::Event> {
        match event {
            Event::Import(event) => Some(event),
            _ => None,
        }
    }
}

/// It as the log has it.
pub(crate) struct Loaded<A: Alone> {
    stream: Stream,
    version: Version,
    /// What is known of it.
    pub(crate) state: A::State,
}

/// Reads it.
pub(crate) async fn load<A: Alone>(log: &TenantLog, id: CredentialId) -> Result<Loaded<A>, Fault>
where
    A::State: Default,
{
    let stream = Stream::new(A::STREAM, id.uuid());
    let recorded = log.stream(&stream).await?;
    let mut events = Vec::new();
    for event in &recorded {
        let decoded =
            codec::decode(event).map_err(|why| Fault::lasting("reading a stream", why))?;
        events.extend(A::own(decoded));
    }
    Ok(Loaded { stream, version: Version(recorded.len() as u64), state: A::fold(&events) })
}

impl<A: Alone> Loaded<A>
where
    A::Event: Into<Event>,
{
    /// What to append for these events to follow.
    pub(crate) fn followed_by(self, events: Vec<A::Event>, cause: Cause) -> Append {
        let expected = match self.version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
        Append { stream: self.stream, expected, events, request: None, cause }
    }
}

/// A record as the log has it.
pub(crate) async fn record(
    log: &TenantLog,
    id: CredentialId,
) -> Result<Option<record::Assembled>, Fault> {
    for event in log.stream(&Stream::new("record", id.uuid())).await? {
        let event = codec::decode(&event).map_err(|why| Fault::lasting("reading a record", why))?;
        if let Event::Record(assembled) = event {
            return Ok(Some(*assembled));
        }
    }
    Ok(None)
}
