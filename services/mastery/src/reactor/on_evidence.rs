//! Evidence was recorded, corrected, signed off or retracted.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::Recorded;

use super::evaluate::announce;
use super::rollup::evaluate_up;
use super::rule::Rule;
use crate::codec::{EvidenceStep, Step, read_evidence};
use crate::projection::{Level, LevelKey};

/// Puts the judgement in its place, whether or not its competency is known yet, and says what is
/// held now.
pub(super) async fn on_evidence(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let Some(step) = read_evidence(event)? else { return Ok(()) };
    let key = LevelKey { learner: step.learner, competency: step.competency };
    let level = work.entry::<Level>(&key.bytes()).await?;
    // What is recorded first takes nobody's place, and nearly all there is is that.
    if !matches!(step.step, Step::Record(_)) {
        level.supersede(step.evidence, event.recorded_at);
    }
    apply(&step, level);
    if !work.is_live() {
        return Ok(());
    }
    let rule = Rule::awaited(step.competency, work).await?;
    let mut changed = evaluate_up(key, rule.as_ref(), work).await?;
    changed.iter_mut().for_each(|changed| changed.cause = Some(step.evidence));
    announce(changed, event, work);
    Ok(())
}

fn apply(step: &EvidenceStep<'_>, level: &mut Level) {
    let observation = |seen| level.observation(step.evidence, seen);
    match &step.step {
        Step::Record(seen) => {
            let observation = observation(seen);
            level.observations.record(observation);
        }
        Step::Correct(seen) => {
            let observation = observation(seen);
            level.observations.correct(observation);
        }
        Step::Validate => _ = level.observations.validate(step.evidence),
        Step::Retract => _ = level.observations.retract(step.evidence),
    }
}
