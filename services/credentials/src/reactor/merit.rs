//! What a credential is due for.

use std::collections::BTreeMap;

use northstar_credentials_domain::achievement::Achievement;
use northstar_credentials_domain::credential::Grounds;
use northstar_credentials_domain::criteria::{Criteria, Holdings, Outcome, Rule};
use northstar_kernel::{AwardId, LearnerId};

use crate::projection::standing::StandingDocument;

/// A learner's standing towards an achievement.
pub(super) struct Merit {
    pub(super) award: AwardId,
    pub(super) learner: LearnerId,
    pub(super) achievement: Achievement,
    /// Which wording of the achievement's definition that is.
    pub(super) version: u32,
    pub(super) standing: StandingDocument,
}

impl Merit {
    /// The level held, if it earns the achievement: an achievement of one competency is criteria of
    /// one part.
    pub(super) fn earned(&self) -> Option<u32> {
        // What was defined has passed stricter checks than a rule's.
        let rule = Rule::define(Criteria::from(&self.achievement)).ok()?;
        let competency = self.achievement.alignment.competency;
        let standings = BTreeMap::from([(competency, self.standing.standing)]);
        let holdings = Holdings { standings, ..Holdings::default() };
        (rule.evaluate(&holdings) == Outcome::Met).then_some(self.standing.standing.level)
    }

    /// What the decision rests on.
    pub(super) fn grounds(&self) -> Grounds {
        Grounds {
            competency: self.achievement.alignment.competency,
            evidence: self.standing.evidence.clone(),
            policy_hash: self.standing.policy_hash.clone(),
            criteria: self.achievement.criteria.clone(),
        }
    }
}
