//! Advancements on the wire.

use northstar_eventlog::{Malformed, Sealed};
use northstar_kernel::EvidenceId;
use northstar_mastery_domain::{Finding, Ground, LearnerAdvanced};
use northstar_wire::mastery::v1 as wire;

use super::overriding::{
    at, id, level_key, names, read_sealed, read_standing, sealed_message, standing_message,
};
use super::timestamp;
use crate::projection::LevelKey;

/// Name of [`LearnerAdvanced`] in the log.
pub(crate) const LEARNER_ADVANCED: &str = "learner_advanced";

/// A learner advanced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advanced {
    /// Who, beyond what, by whose decision.
    pub(crate) event: LearnerAdvanced,
    /// The words of the reason that is the ground, if one is.
    pub(crate) reason: Option<Sealed>,
}

impl Advanced {
    /// Whose level, in what.
    pub(crate) const fn key(&self) -> LevelKey {
        LevelKey { learner: self.event.learner, competency: self.event.competency }
    }

    /// The event, for others.
    pub(crate) fn message(&self) -> wire::LearnerAdvanced {
        let event = &self.event;
        let (learner_id, competency_id) = names(self.key());
        let (ground, override_id) = ground_message(event.ground);
        let reason_id = match event.ground {
            Ground::Stated(reason) => reason.to_string(),
            Ground::Mastery | Ground::Override(_) => String::new(),
        };
        wire::LearnerAdvanced {
            learner_id,
            competency_id,
            decider_id: event.decider.to_string(),
            ground: ground.into(),
            override_id,
            reason_id,
            reason: self.reason.as_ref().map(sealed_message),
            standing: standing_message(event.held.standing).into(),
            value_milli: event.held.value_milli,
            provisional: event.held.provisional,
            evidence_ids: event.evidence.iter().map(EvidenceId::to_string).collect(),
            advanced_at: Some(timestamp(event.at)),
        }
    }

    /// The event, from the log or from a document.
    pub(crate) fn read(message: wire::LearnerAdvanced) -> Result<Self, Malformed> {
        let of = LEARNER_ADVANCED;
        let key = level_key(of, &message.learner_id, &message.competency_id)?;
        let standing = read_standing(of, message.standing)?;
        let (value_milli, provisional) = (message.value_milli, message.provisional);
        let evidence = message.evidence_ids.iter().map(|text| id(of, text));
        let event = LearnerAdvanced {
            learner: key.learner,
            competency: key.competency,
            decider: id(of, &message.decider_id)?,
            ground: ground(&message)?,
            held: Finding { standing, value_milli, provisional },
            evidence: evidence.collect::<Result<_, _>>()?,
            at: at(of, message.advanced_at.as_ref())?,
        };
        Ok(Self { event, reason: read_sealed(of, message.reason)? })
    }
}

/// On what ground, and by which override, if it is one.
pub(crate) fn ground_message(ground: Ground) -> (wire::AdvancementGround, String) {
    match ground {
        Ground::Mastery => (wire::AdvancementGround::Mastery, String::new()),
        Ground::Override(id) => (wire::AdvancementGround::Override, id.to_string()),
        Ground::Stated(_) => (wire::AdvancementGround::Stated, String::new()),
    }
}

fn ground(message: &wire::LearnerAdvanced) -> Result<Ground, Malformed> {
    let of = LEARNER_ADVANCED;
    match wire::AdvancementGround::try_from(message.ground) {
        Ok(wire::AdvancementGround::Mastery) => Ok(Ground::Mastery),
        Ok(wire::AdvancementGround::Override) => id(of, &message.override_id).map(Ground::Override),
        Ok(wire::AdvancementGround::Stated) => id(of, &message.reason_id).map(Ground::Stated),
        Ok(wire::AdvancementGround::Unspecified) => Err(Malformed::new(of, "it has no ground")),
        Err(why) => Err(Malformed::new(of, why)),
    }
}
