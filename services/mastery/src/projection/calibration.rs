//! The consumer `mastery.calibration`: judgements laid out so that raters can be compared.

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Recorded, Shape as _};
use northstar_mastery_domain::Day;

use super::judged::{Judged, JudgedWork, is_rater};
use crate::codec::{EvidenceStep, Step, by_learner, read_evidence};

static SOURCES: [Source; 1] = [Source::split("evidence", by_learner)];
static NOUNS: [&str; 1] = [JudgedWork::NOUN];

/// Keeps what each learner's work was judged, by whom.
///
/// Levels, schools and pairs are told when somebody asks: a scale that changes and a teacher who
/// moves then need nothing folded anew.
pub(crate) struct Calibration;

#[async_trait]
impl Handler for Calibration {
    fn consumer(&self) -> &'static str {
        "mastery.calibration"
    }

    fn sources(&self) -> &'static [Source] {
        &SOURCES
    }

    fn nouns(&self) -> &'static [&'static str] {
        &NOUNS
    }

    async fn handle(
        &self,
        _source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let Some(step) = read_evidence(event)? else { return Ok(()) };
        let now = match &step.step {
            Step::Record(_) | Step::Correct(_) => judged(&step),
            Step::Validate => return Ok(()),
            Step::Retract => None,
        };
        let key = JudgedWork::key(step.competency, step.learner);
        if now.is_none() && work.get::<JudgedWork>(&key).await?.is_none() {
            return Ok(());
        }
        let judged = work.entry::<JudgedWork>(&key).await?;
        judged.restate(step.evidence, now);
        if judged.0.is_empty() {
            work.remove::<JudgedWork>(&key);
        }
        Ok(())
    }
}

/// What the evidence says of its rater; `None` if it has none.
fn judged(step: &EvidenceStep<'_>) -> Option<Judged> {
    let (Step::Record(seen) | Step::Correct(seen)) = &step.step else { return None };
    is_rater(seen.role, seen.assessor).then(|| Judged {
        evidence: step.evidence,
        day: Day::of(seen.observed_at),
        criterion: step.criterion.to_owned(),
        assessor: seen.assessor.to_owned(),
        value_milli: seen.value_milli,
    })
}
