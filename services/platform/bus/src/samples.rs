//! Events for tests.

use bytes::Bytes;
use northstar_eventlog::{Recorded, Text};
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use uuid::Uuid;

/// An ordinary event at a position.
pub(crate) fn event(position: u64) -> Recorded {
    Recorded {
        shard: Shard(7),
        position: Position(position),
        tenant: TenantId::from_slug("front-range"),
        sequence: Sequence(position),
        id: EventId::from_uuid(Uuid::from_u128(u128::from(position))),
        stream: Text::from("evidence-0190a5e8-0000-7000-8000-000000000001"),
        version: Version(1),
        event_type: Text::from("evidence_recorded"),
        schema_version: 1,
        observed_at: Timestamp::from_micros(1_767_603_000_000_000),
        recorded_at: Timestamp::from_micros(1_767_603_000_500_001),
        actor: Text::from("teacher-7"),
        correlation_id: Uuid::from_u128(9),
        causation_id: None,
        traceparent: Text::default(),
        key_id: None,
        payload: Bytes::from_static(b"\x0a\x01x"),
    }
}

/// Events with everything that is legal and unusual.
pub(crate) fn odd_events() -> Vec<Recorded> {
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let mut events: Vec<_> = ["", "Zoë Ω 😀", "a \"50%\" b", "%41", " lead and trail ", "a:b"]
        .into_iter()
        .map(|actor| Recorded { actor: Text::from(actor), ..event(1) })
        .collect();
    events.extend([
        Recorded { shard: Shard(u16::MAX), schema_version: u16::MAX, ..event(u64::MAX) },
        Recorded { causation_id: Some(Uuid::max()), key_id: Some(Uuid::nil()), ..event(2) },
        Recorded { traceparent: Text::from(trace), payload: Bytes::new(), ..event(3) },
        Recorded { tenant: TenantId::COMMONS, correlation_id: Uuid::nil(), ..event(4) },
        Recorded { event_type: Text::from("étrange. type*>"), ..event(5) },
        Recorded { observed_at: Timestamp::from_micros(-62_167_219_200_000_000), ..event(6) },
        Recorded { recorded_at: Timestamp::from_micros(253_402_300_799_999_999), ..event(7) },
    ]);
    events
}
