//! A recorded event as protobuf, for reading another context's log.

use northstar_eventlog::{Malformed, Recorded, Text};
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use northstar_wire::platform::v1::RecordedEvent;
use uuid::Uuid;

/// The event as it goes over the wire; nothing of it is lost.
pub fn to_wire(event: &Recorded) -> RecordedEvent {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    RecordedEvent {
        shard: u32::from(event.shard.0),
        position: event.position.0,
        tenant_id: event.tenant.to_string(),
        sequence: event.sequence.0,
        event_id: event.id.to_string(),
        stream: event.stream.to_string(),
        version: event.version.0,
        event_type: event.event_type.to_string(),
        schema_version: u32::from(event.schema_version),
        observed_micros: event.observed_at.micros(),
        recorded_micros: event.recorded_at.micros(),
        actor: event.actor.to_string(),
        correlation_id: event.correlation_id.to_string(),
        causation_id: id(event.causation_id),
        traceparent: event.traceparent.to_string(),
        key_id: id(event.key_id),
        payload: event.payload.clone(),
    }
}

/// The event that came over the wire.
///
/// # Errors
/// When an id is no UUID or a number is out of range.
pub fn from_wire(event: RecordedEvent) -> Result<Recorded, Malformed> {
    Ok(Recorded {
        shard: Shard(small("shard", event.shard)?),
        position: Position(event.position),
        tenant: TenantId::from_uuid(uuid("tenant_id", &event.tenant_id)?),
        sequence: Sequence(event.sequence),
        id: EventId::from_uuid(uuid("event_id", &event.event_id)?),
        stream: Text::from(event.stream),
        version: Version(event.version),
        event_type: Text::from(event.event_type),
        schema_version: small("schema_version", event.schema_version)?,
        observed_at: Timestamp::from_micros(event.observed_micros),
        recorded_at: Timestamp::from_micros(event.recorded_micros),
        actor: Text::from(event.actor),
        correlation_id: uuid("correlation_id", &event.correlation_id)?,
        causation_id: optional("causation_id", &event.causation_id)?,
        traceparent: Text::from(event.traceparent),
        key_id: optional("key_id", &event.key_id)?,
        payload: event.payload,
    })
}

fn uuid(field: &'static str, text: &str) -> Result<Uuid, Malformed> {
    Uuid::parse_str(text).map_err(|error| Malformed::new(field, error))
}

fn optional(field: &'static str, text: &str) -> Result<Option<Uuid>, Malformed> {
    if text.is_empty() { Ok(None) } else { uuid(field, text).map(Some) }
}

fn small(field: &'static str, number: u32) -> Result<u16, Malformed> {
    u16::try_from(number).map_err(|error| Malformed::new(field, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn every_event_survives() {
        for event in samples::odd_events() {
            assert_eq!(from_wire(to_wire(&event)), Ok(event));
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let good = to_wire(&samples::event(1));
        let bad = [
            ("shard", RecordedEvent { shard: 70_000, ..good.clone() }),
            ("schema_version", RecordedEvent { schema_version: 70_000, ..good.clone() }),
            ("tenant_id", RecordedEvent { tenant_id: String::new(), ..good.clone() }),
            ("event_id", RecordedEvent { event_id: "é".to_owned(), ..good.clone() }),
            ("key_id", RecordedEvent { key_id: "-".to_owned(), ..good }),
        ];
        for (field, event) in bad {
            assert_eq!(from_wire(event).unwrap_err().what, field);
        }
    }
}
