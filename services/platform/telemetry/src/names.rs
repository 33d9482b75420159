//! Every name that leaves the process in a span or a metric.
//!
//! The RPC names follow the OpenTelemetry semantic conventions, version 1.44, which still change:
//! they are written here and nowhere else. For the others there is no convention.

/// How long a call took to serve, in seconds; its count is the rate, its status the errors.
pub const RPC_SERVER_CALL_DURATION: &str = "rpc.server.call.duration";
/// Which RPC system: always `grpc`.
pub const RPC_SYSTEM: &str = "rpc.system.name";
/// `package.Service/Method`, or [`OTHER_METHOD`].
pub const RPC_METHOD: &str = "rpc.method";
/// The gRPC status by name: `OK`, `NOT_FOUND`.
pub const RPC_STATUS: &str = "rpc.response.status_code";
/// Stands for every method we do not serve, so that strangers cannot invent label values.
pub const OTHER_METHOD: &str = "_OTHER";

/// Events published to the broker by a context's relay.
pub const EVENTS_PUBLISHED: &str = "northstar.events.published";
/// Events handled by a consumer.
pub const EVENTS_HANDLED: &str = "northstar.events.handled";
/// Events that a consumer has set aside because it could not handle them.
pub const EVENTS_PARKED: &str = "northstar.events.parked";
/// Age of the event that a consumer has handled last, in seconds: how far it is behind.
pub const CONSUMER_LAG: &str = "northstar.consumer.lag";
/// From an item of evidence recorded to the mastery event it caused, in seconds.
pub const EVIDENCE_TO_MASTERY: &str = "northstar.evidence_to_mastery";

/// Label: the context whose log it is.
pub const CONTEXT: &str = "context";
/// Label: the consumer's permanent name.
pub const CONSUMER: &str = "consumer";
/// Label: the context a consumer reads.
pub const SOURCE: &str = "source";
/// Label: the shard, from 0.
pub const SHARD: &str = "shard";
