//! What an override is to show, as a request has it.

use northstar_chassis::status;
use northstar_eventlog::{TenantLog, now};
use northstar_kernel::CompetencyId;
use northstar_mastery_domain::{Finding, Observations, Policy, Standing};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::not_found::CompetencyNotFound;
use super::scope;
use crate::codec::standing;
use crate::projection::{Competency, LevelKey};

/// A standing, and the value that was asked for or stands for it.
pub(super) struct Says {
    standing: Standing,
    given: Option<i64>,
    threshold: Option<i64>,
}

impl Says {
    /// Reads it against the competency's scale and the learner's policy, as they are known here.
    pub(super) async fn read(
        log: &TenantLog,
        key: LevelKey,
        says: Option<&wire::OverrideSays>,
    ) -> Result<Self, Status> {
        let says = says
            .ok_or_else(|| status::invalid("FIELD_INVALID", "says", "say what is to be shown"))?;
        let known = competency_known(log, key.competency).await?;
        let policies = scope::policies(log, known.framework, key.learner).await;
        let policies = policies.map_err(status::fault)?.unwrap_or_default();
        let policy = policies.reading("", &Observations::default(), now());
        let standing = standing(says.standing());
        let threshold = policy.and_then(|policy| threshold(&policy.policy, standing));
        Ok(Self { standing, given: given(says, &known)?, threshold })
    }

    /// The same again, if it was said before: a threshold may have changed since.
    pub(super) fn finding(&self, before: Option<Finding>) -> Finding {
        let before = before.filter(|before| before.standing == self.standing);
        let unsaid = before.map_or(self.threshold, |before| before.value_milli);
        let value_milli = self.given.or(unsaid);
        Finding { standing: self.standing, value_milli, provisional: false }
    }
}

/// The competency, if it is known here.
pub(super) async fn competency_known(
    log: &TenantLog,
    competency: CompetencyId,
) -> Result<Competency, Status> {
    let known = log.document::<Competency>(competency.as_bytes()).await.map_err(status::fault)?;
    known.ok_or_else(|| status::refused(&CompetencyNotFound))
}

fn given(says: &wire::OverrideSays, known: &Competency) -> Result<Option<i64>, Status> {
    let invalid = |what: &str| status::invalid("FIELD_INVALID", "says.level", what);
    match (says.value_milli, says.level) {
        (value, 0) => Ok(value),
        (Some(_), _) => Err(invalid("give a value or a level, not both")),
        (None, level) => {
            let scores = known.scale.scores_milli();
            let rung = usize::try_from(level).ok().and_then(|level| scores.get(level - 1));
            let levels = scores.len();
            rung.copied().map(Some).ok_or_else(|| {
                invalid(&format!("the competency has {levels} levels, and no level {level}"))
            })
        }
    }
}

fn threshold(policy: &Policy, standing: Standing) -> Option<i64> {
    match standing {
        Standing::AtMastery => Some(policy.mastery_milli()),
        Standing::Exceeds => policy.exceeds_milli(),
        Standing::NotObserved | Standing::NotEnoughEvidence | Standing::BelowMastery => None,
    }
}
