//! Awards in their streams: loaded, decided about, appended.

use northstar_credentials_domain::Event;
use northstar_credentials_domain::award::{self, Award, Awards};
use northstar_eventlog::{Append, Cause, Fault, RequestKey, Stream, TenantLog};
use northstar_kernel::{AwardId, Decider as _, ExpectedVersion, Version};

use crate::codec;

/// An award as the log has it.
pub(crate) struct Loaded {
    stream: Stream,
    version: Version,
    /// All that happened, with the event's type.
    pub(crate) events: Vec<(String, award::Event)>,
}

/// Reads it.
pub(crate) async fn load(log: &TenantLog, award: AwardId) -> Result<Loaded, Fault> {
    let stream = Stream::new("award", award.uuid());
    let recorded = log.stream(&stream).await?;
    let mut events = Vec::new();
    for event in &recorded {
        let decoded =
            codec::decode(event).map_err(|why| Fault::lasting("reading an award", why))?;
        if let Event::Award(decoded) = decoded {
            events.push((event.event_type.to_string(), decoded));
        }
    }
    Ok(Loaded { stream, version: Version(recorded.len() as u64), events })
}

impl Loaded {
    /// What the events come to.
    pub(crate) fn award(&self) -> Award {
        Awards::fold(self.events.iter().map(|(_, event)| event))
    }

    /// What to append for these events to follow.
    pub(crate) fn followed_by(
        self,
        events: Vec<award::Event>,
        request: Option<RequestKey>,
        cause: Cause,
    ) -> Append {
        let expected = match self.version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
        Append { stream: self.stream, expected, events, request, cause }
    }
}
