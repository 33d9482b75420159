//! Evidence as it comes in: who, what, and some 200 bytes of event.

use northstar_eventlog::engine::Row;
use northstar_eventlog::{Append, Cause, NewEvent, Recorded, RequestKey, Stream, Text, now};
use northstar_kernel::{
    CompetencyId, Digest, EventId, EvidenceId, ExpectedVersion, FrameworkId, LearnerId, PersonId,
    Position, Sequence, Shard, TenantId, TenantScope, Version,
};
use northstar_wire::evidence::v1::{EvidenceRecorded, Observation};
use prost::Message as _;
use uuid::Uuid;

/// Learners of the measured region.
pub const LEARNERS: u64 = 1_000;
/// Competencies of its framework.
pub const COMPETENCIES: u64 = 20;

/// The region.
pub fn tenant() -> TenantId {
    TenantId::from_slug("measured")
}

/// The region, as callers have it.
#[expect(clippy::disallowed_methods, reason = "the region is named by hand")]
pub fn scope() -> TenantScope {
    TenantScope::assume(tenant())
}

/// The district of that number, a tenant of its own.
#[expect(clippy::disallowed_methods, reason = "the district is named by hand")]
pub fn district(number: usize) -> TenantScope {
    TenantScope::assume(TenantId::from_slug(&format!("district-{number}")))
}

/// The learner of that number.
pub fn learner(number: u64) -> LearnerId {
    LearnerId::from(PersonId::derive(tenant(), &format!("learner-{number}")))
}

/// The competency of that number.
pub fn competency(number: u64) -> CompetencyId {
    CompetencyId::derive(tenant(), &format!("competency-{number}"))
}

/// Whom and what the item of this number is about; twenty thousand items in a row differ in it.
pub fn about(number: u64) -> (LearnerId, CompetencyId) {
    (learner(number % LEARNERS), competency(number / LEARNERS % COMPETENCIES))
}

/// The only framework.
pub fn framework() -> FrameworkId {
    FrameworkId::derive(tenant(), "framework")
}

/// Who appends, and why.
pub fn cause() -> Cause {
    Cause {
        actor: "measurement".to_owned(),
        correlation_id: Uuid::from_u128(1),
        causation_id: None,
        traceparent: None,
    }
}

/// The event that says so of one learner and one competency.
pub fn event(evidence: EvidenceId, learner: LearnerId, competency: CompetencyId) -> NewEvent {
    let message = EvidenceRecorded {
        evidence_id: evidence.to_string(),
        observation: Some(Observation {
            learner_id: learner.to_string(),
            competency_id: competency.to_string(),
            value_milli: 3_000,
            kind: "classroom".to_owned(),
            assessor_id: Uuid::from_u128(7).to_string(),
            assessor_role: "teacher".to_owned(),
            ..Observation::default()
        }),
    };
    NewEvent {
        event_type: "evidence_recorded",
        schema_version: 1,
        observed_at: Some(now()),
        key_id: None,
        payload: message.encode_to_vec().into(),
    }
}

/// What the evidence service appends for one item: a new stream, under a request's key.
pub fn append(number: u64) -> Append {
    let id = format!("measured-{number}");
    let evidence = EvidenceId::derive(tenant(), &id);
    let (learner, competency) = about(number);
    Append {
        stream: Stream::new("evidence", evidence.uuid()),
        expected: ExpectedVersion::NoStream,
        events: vec![event(evidence, learner, competency)],
        request: Some(RequestKey { content: Digest::of(id.as_bytes()), id }),
        cause: cause(),
    }
}

/// The same as a row with its places, for baselines that write rows themselves. They write to a
/// shard of their own, under a tenant of their own, in the same table.
pub fn row(number: u64) -> Option<Row> {
    let Append { stream, events, request, cause, .. } = append(number);
    let event = events.into_iter().next()?;
    let event = Recorded {
        shard: Shard(1_000),
        position: Position(number),
        tenant: plain_tenant(),
        sequence: Sequence(number),
        id: EventId::from_uuid(Uuid::from_u128(rand::random())),
        stream: Text::from(stream.as_str().to_owned()),
        version: Version(1),
        event_type: Text::from(event.event_type),
        schema_version: event.schema_version,
        observed_at: event.observed_at.unwrap_or_else(now),
        recorded_at: now(),
        actor: Text::from(cause.actor),
        correlation_id: cause.correlation_id,
        causation_id: cause.causation_id,
        traceparent: Text::from(String::new()),
        key_id: event.key_id,
        payload: event.payload,
    };
    Some(Row { event, request, append_len: 1 })
}

/// Whose the baselines' rows are.
pub fn plain_tenant() -> TenantId {
    TenantId::from_slug("plain")
}
