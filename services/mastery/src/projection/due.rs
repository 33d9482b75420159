//! What comes with time: key = the instant, learner id, competency id.

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::Timestamp;

use super::LevelKey;

/// Says that a level is to be looked at again at an instant. The keys are in the order of time, so
/// what is due stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due;

impl Due {
    /// The key for a level at an instant.
    pub(crate) fn key(at: Timestamp, level: LevelKey) -> Vec<u8> {
        // With its sign turned, an earlier instant is the smaller number.
        let at = at.micros().cast_unsigned() ^ (1 << 63);
        [&at.to_be_bytes()[..], &level.bytes()].concat()
    }

    /// The instant and the level that have this key.
    pub(crate) fn read(key: &[u8]) -> Result<(Timestamp, LevelKey), Malformed> {
        let parts = key.split_first_chunk();
        let (at, level) = parts.ok_or_else(|| Malformed::new("the key of a due level", "short"))?;
        let at = (u64::from_be_bytes(*at) ^ (1 << 63)).cast_signed();
        Ok((Timestamp::from_micros(at), LevelKey::read(level)?))
    }
}

impl Shape for Due {
    const NOUN: &'static str = "due";

    /// All there is to say stands in the key.
    fn encode(&self) -> Document {
        Document { state: vec![1], extra: Vec::new() }
    }

    fn decode(_: &Document) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn weight(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::{CompetencyId, LearnerId, TenantId};

    use super::*;

    #[test]
    fn keys_are_in_the_order_of_time_and_lead_back() {
        let tenant = TenantId::from_slug("a");
        let level = LevelKey {
            learner: LearnerId::derive(tenant, "l"),
            competency: CompetencyId::derive(tenant, "c"),
        };
        let instants = [i64::MIN, -1, 0, 1, i64::MAX].map(Timestamp::from_micros);
        let keys = instants.map(|at| Due::key(at, level));
        assert!(keys.is_sorted());
        for (key, at) in keys.iter().zip(instants) {
            assert_eq!(Due::read(key), Ok((at, level)));
        }
        assert!(Due::read(&keys[0][..39]).is_err());
        assert!(Due::read(&[]).is_err());
    }
}
