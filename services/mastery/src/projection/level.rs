//! The level held by a learner in a competency: key = learner id, competency id.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, Digest, EvidenceId, LearnerId, Timestamp};
use northstar_mastery_domain::{AssessorRole, Held, Observation, Observations, Standing};
use prost::Message;

use crate::codec::read_uuid;

/// The judgements that stand, and what is held for them.
///
/// It is a function of the judgements that stand, the competency's scale and the framework's policy
/// in force, whatever way they came. A document without judgements is removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Level {
    /// The judgements that stand.
    pub(crate) observations: Observations,
    /// What is held for them.
    pub(crate) held: Held,
    /// The policy applied; `None` while there is none.
    pub(crate) policy: Option<Digest>,
}

/// Which learner's level in which competency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LevelKey {
    pub(crate) learner: LearnerId,
    pub(crate) competency: CompetencyId,
}

impl LevelKey {
    /// The learner's sixteen bytes, then the competency's.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key[..16].copy_from_slice(self.learner.as_bytes());
        key[16..].copy_from_slice(self.competency.as_bytes());
        key
    }

    /// The key that has these bytes.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (learner, competency) = bytes.split_at(bytes.len().min(16));
        Ok(Self {
            learner: LearnerId::from_uuid(read_uuid("the key of a level", learner)?),
            competency: CompetencyId::from_uuid(read_uuid("the key of a level", competency)?),
        })
    }
}

/// In columns, so that an observation takes some 27 bytes.
#[derive(Clone, PartialEq, Message)]
struct Stored {
    #[prost(uint32, tag = "1")]
    standing: u32,
    #[prost(sint64, tag = "2")]
    value_milli: i64,
    #[prost(uint32, tag = "3")]
    level: u32,
    /// Empty while there is none, else 32 bytes.
    #[prost(bytes = "vec", tag = "4")]
    policy: Vec<u8>,
    #[prost(sint64, repeated, tag = "5")]
    observed_micros: Vec<i64>,
    /// Sixteen bytes each, without anything between.
    #[prost(bytes = "vec", tag = "6")]
    evidence: Vec<u8>,
    #[prost(sint64, repeated, tag = "7")]
    values_milli: Vec<i64>,
    /// A byte each.
    #[prost(bytes = "vec", tag = "8")]
    roles: Vec<u8>,
}

impl Stored {
    fn observations(&self) -> Result<Observations, Malformed> {
        let count = self.roles.len();
        let (ids, rest) = self.evidence.as_chunks::<16>();
        let lengths = [self.observed_micros.len(), self.values_milli.len(), ids.len()];
        if lengths != [count; 3] || !rest.is_empty() {
            return Err(Malformed::new(Level::NOUN, "its columns differ in length"));
        }
        let observation = |n: usize| {
            let role = AssessorRole::from_code(self.roles[n]);
            Ok(Observation {
                observed_at: Timestamp::from_micros(self.observed_micros[n]),
                evidence: EvidenceId::from_uuid(uuid::Uuid::from_bytes(ids[n])),
                value_milli: self.values_milli[n],
                role: role.ok_or_else(|| Malformed::new(Level::NOUN, "unknown role"))?,
            })
        };
        (0..count).map(observation).collect::<Result<Vec<_>, _>>().map(Observations::new)
    }
}

impl Shape for Level {
    const NOUN: &'static str = "level";

    fn encode(&self) -> Document {
        let seen = &self.observations;
        let stored = Stored {
            standing: code(self.held.standing),
            value_milli: self.held.value_milli,
            level: self.held.level,
            policy: self.policy.map(|hash| hash.0.to_vec()).unwrap_or_default(),
            observed_micros: seen.iter().map(|seen| seen.observed_at.micros()).collect(),
            evidence: seen.iter().flat_map(|seen| *seen.evidence.as_bytes()).collect(),
            values_milli: seen.iter().map(|seen| seen.value_milli).collect(),
            roles: seen.iter().map(|seen| seen.role.code()).collect(),
        };
        Document { state: stored.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let of = |why: &str| Malformed::new(Self::NOUN, why);
        let stored =
            Stored::decode(&document.state[..]).map_err(|why| Malformed::new(Self::NOUN, why))?;
        let policy = match stored.policy.as_slice() {
            [] => None,
            hash => Some(Digest(hash.try_into().map_err(|_| of("the hash is not 32 bytes"))?)),
        };
        let standing = standing(stored.standing).ok_or_else(|| of("unknown standing"))?;
        let held = Held { standing, value_milli: stored.value_milli, level: stored.level };
        Ok(Self { observations: stored.observations()?, held, policy })
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.observations.len() * size_of::<Observation>()
    }
}

const fn code(standing: Standing) -> u32 {
    match standing {
        Standing::NotObserved => 0,
        Standing::NotEnoughEvidence => 1,
        Standing::BelowMastery => 2,
        Standing::AtMastery => 3,
    }
}

const fn standing(code: u32) -> Option<Standing> {
    match code {
        0 => Some(Standing::NotObserved),
        1 => Some(Standing::NotEnoughEvidence),
        2 => Some(Standing::BelowMastery),
        3 => Some(Standing::AtMastery),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;
    use proptest::prelude::*;

    use super::*;

    fn observation() -> impl Strategy<Value = Observation> {
        let role = prop::sample::select(AssessorRole::NAMED.as_slice());
        (any::<i64>(), any::<u128>(), any::<i64>(), role).prop_map(|(at, id, value_milli, role)| {
            let evidence = EvidenceId::from_uuid(uuid::Uuid::from_u128(id));
            Observation { observed_at: Timestamp::from_micros(at), evidence, value_milli, role }
        })
    }

    proptest! {
        #[test]
        fn reads_what_it_wrote(
            seen in prop::collection::vec(observation(), 0..30),
            standing in prop::sample::select(vec![Standing::NotObserved, Standing::AtMastery]),
            value_milli in any::<i64>(),
            policy in prop::option::of(any::<[u8; 32]>()),
        ) {
            let level = Level {
                observations: Observations::new(seen),
                held: Held { standing, value_milli, level: 3 },
                policy: policy.map(Digest),
            };
            prop_assert_eq!(Level::decode(&level.encode()), Ok(level));
        }

        #[test]
        fn bytes_at_random_are_read_or_refused(state in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Level::decode(&Document { state, extra: Vec::new() });
        }
    }

    #[test]
    fn an_observation_takes_less_than_forty_bytes() {
        let evidence = |n: i64| EvidenceId::derive(TenantId::from_slug("a"), &n.to_string());
        let seen = (0..100).map(|n| Observation {
            observed_at: Timestamp::from_micros(1_772_323_200_000_000 + n * 3_600_000_000),
            evidence: evidence(n),
            value_milli: 3_000,
            role: AssessorRole::Teacher,
        });
        let level = Level { observations: Observations::new(seen), ..Level::default() };
        assert!(level.encode().state.len() < 40 * 100);
    }

    #[test]
    fn columns_of_different_lengths_are_malformed() {
        let broken = Stored { roles: vec![1, 1], evidence: vec![0; 33], ..Stored::default() };
        let document = Document { state: broken.encode_to_vec(), extra: Vec::new() };
        assert!(Level::decode(&document).is_err());
    }

    #[test]
    fn keys_lead_back_to_learner_and_competency() {
        let tenant = TenantId::from_slug("a");
        let key = LevelKey {
            learner: LearnerId::derive(tenant, "l"),
            competency: CompetencyId::derive(tenant, "c"),
        };
        assert_eq!(LevelKey::read(&key.bytes()), Ok(key));
        assert!(LevelKey::read(&key.bytes()[..31]).is_err());
        assert!(LevelKey::read(&[]).is_err());
    }
}
