//! The pure vocabulary every domain shares.
//!
//! Nothing here reads a clock, rolls dice or does IO, so whatever is built on it can be replayed.

pub mod decider;
pub mod digest;
pub mod id;
pub mod log;
pub mod refusal;
pub mod scope;
pub mod shard;
pub mod time;

pub use decider::Decider;
pub use digest::Digest;
pub use id::{
    AchievementId, AssociationId, AwardId, ClassId, CompetencyId, CredentialId, CriterionId,
    EnrollmentId, EventId, EvidenceId, FrameworkId, InvalidId, LearnerId, LevelId, NodeId,
    OrganizationId, OverrideId, PersonId, ReasonId, RubricId, ShareId, TenantId, WalletClientId,
    WalletId,
};
pub use log::{ExpectedVersion, Position, Sequence, Version};
pub use refusal::{Kind, Refusal, Violation};
pub use scope::TenantScope;
pub use shard::{Shard, ShardCount};
pub use time::{InvalidTimestamp, Timestamp};
