//! Streams of this context, as a handler in the middle of its work sees them.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::{Event, achievement, award, endorsement, issuer_keys};
use northstar_eventlog::{Append, Cause, Shape, Stream};
use northstar_kernel::{CredentialId, ExpectedVersion, LearnerId, Timestamp, Version};

use crate::codec;
use crate::merit::Reads;

impl Reads for Work {
    async fn read<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, HandleError> {
        Ok(self.get::<S>(key).await?.cloned())
    }

    async fn events(&mut self, stream: Stream) -> Result<Vec<Event>, HandleError> {
        Ok(Seen::load(stream, self).await?.into_events())
    }
}

/// A stream with what the log has of it and what is about to be appended.
pub(super) struct Seen {
    stream: Stream,
    version: Version,
    events: Vec<Event>,
}

impl Seen {
    /// Reads it.
    pub(super) async fn load(stream: Stream, work: &Work) -> Result<Self, HandleError> {
        let recorded = work.stream(&stream).await?;
        let mut events = recorded.iter().map(codec::decode).collect::<Result<Vec<_>, _>>()?;
        for append in work.pending(&stream) {
            for event in &append.events {
                events.push(codec::decode_new(event)?);
            }
        }
        Ok(Self { version: Version(events.len() as u64), stream, events })
    }

    /// All of it.
    pub(super) fn into_events(self) -> Vec<Event> {
        self.events
    }

    /// What happened to the achievement this is the stream of.
    pub(super) fn achievement(&self) -> impl Iterator<Item = &achievement::Event> {
        self.events.iter().filter_map(|event| match event {
            Event::Achievement(event) => Some(event),
            _ => None,
        })
    }

    /// What happened to the award this is the stream of.
    pub(super) fn award(&self) -> impl Iterator<Item = &award::Event> {
        self.events.iter().filter_map(|event| match event {
            Event::Award(event) => Some(event),
            _ => None,
        })
    }

    /// What happened to the issuer this is the stream of.
    pub(super) fn issuer(&self) -> impl Iterator<Item = &issuer_keys::Event> {
        self.events.iter().filter_map(|event| match event {
            Event::Issuer(event) => Some(event),
            _ => None,
        })
    }

    /// What happened to the endorsement this is the stream of.
    pub(super) fn endorsement(&self) -> impl Iterator<Item = &endorsement::Event> {
        self.events.iter().filter_map(|event| match event {
            Event::Endorsement(event) => Some(event),
            _ => None,
        })
    }

    /// The last credential that was replaced, where this is the stream of a replacement.
    pub(super) fn replaced(&self) -> Option<(LearnerId, CredentialId)> {
        let up_to = self.events.iter().filter_map(|event| match event {
            Event::Replaced(replaced) => Some(replaced.up_to),
            _ => None,
        });
        up_to.max()
    }

    /// Appends behind all of it.
    pub(super) fn append<E: Into<Event>>(
        self,
        events: Vec<E>,
        observed_at: Timestamp,
        cause: Cause,
        work: &mut Work,
    ) {
        let encode = |event: E| codec::encode(&event.into(), Some(observed_at));
        let events: Vec<_> = events.into_iter().map(encode).collect();
        let expected = match self.version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        if !events.is_empty() {
            work.append(Append { stream: self.stream, expected, events, request: None, cause });
        }
    }
}
