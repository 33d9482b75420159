//! Streams that are set aside because an event of theirs makes no sense.

use std::collections::HashSet;

use northstar_eventlog::engine::DocumentRange;
use northstar_eventlog::{Document, Fault, Log, Malformed, Recorded, Shape};
use northstar_kernel::{Position, Shard, TenantId};

const PAGE: u32 = 1_000;

/// One event that was set aside.
pub(crate) struct Parked {
    pub(crate) position: Position,
    pub(crate) why: String,
}

impl Shape for Parked {
    const NOUN: &'static str = "parked";

    /// Not state: what a user calls the state is what was folded.
    fn encode(&self) -> Document {
        let extra = [self.position.0.to_be_bytes().as_slice(), self.why.as_bytes()].concat();
        Document { state: Vec::new(), extra }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let (position, why) = document
            .extra
            .split_first_chunk::<8>()
            .ok_or_else(|| Malformed::new(Self::NOUN, "shorter than a position"))?;
        Ok(Self {
            position: Position(u64::from_be_bytes(*position)),
            why: String::from_utf8_lossy(why).into_owned(),
        })
    }
}

/// The streams a lane has set aside.
#[derive(Default)]
pub(crate) struct ParkedStreams(HashSet<(TenantId, String)>);

impl ParkedStreams {
    /// Reads what the lane has set aside so far.
    pub(crate) async fn load(
        log: &Log,
        consumer: &str,
        shard: Shard,
        generation: u32,
    ) -> Result<Self, Fault> {
        let mut parked = HashSet::new();
        let prefix = format!("{consumer}/");
        for tenant in log.tenants(shard).await? {
            let mut after: Option<Vec<u8>> = None;
            loop {
                let range = DocumentRange {
                    tenant,
                    noun: Parked::NOUN,
                    shard,
                    generation: Some(generation),
                    prefix: prefix.as_bytes(),
                    after: after.as_deref(),
                    limit: PAGE,
                };
                let page = log.documents(range).await?;
                parked.extend(page.iter().map(|(key, _)| (tenant, lane_key(key))));
                if page.len() < PAGE as usize {
                    break;
                }
                after = page.into_iter().next_back().map(|(key, _)| key);
            }
        }
        Ok(Self(parked))
    }

    pub(crate) fn contains(&self, consumer: &str, source: &str, event: &Recorded) -> bool {
        !self.0.is_empty() && self.0.contains(&(event.tenant, stream_key(consumer, source, event)))
    }

    /// How many streams are set aside.
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    pub(crate) fn insert(&mut self, consumer: &str, source: &str, event: &Recorded) {
        self.0.insert((event.tenant, stream_key(consumer, source, event)));
    }
}

/// Key of a parked event: consumer, source, stream, position.
pub(crate) fn key(consumer: &str, source: &str, event: &Recorded) -> Vec<u8> {
    format!("{}@{:020}", stream_key(consumer, source, event), event.position.0).into_bytes()
}

fn stream_key(consumer: &str, source: &str, event: &Recorded) -> String {
    format!("{consumer}/{source}/{}", event.stream)
}

fn lane_key(key: &[u8]) -> String {
    let text = String::from_utf8_lossy(key);
    text.rsplit_once('@').map_or_else(|| text.to_string(), |(stream, _)| stream.to_owned())
}
