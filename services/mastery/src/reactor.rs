//! The consumer `mastery.levels`: evidence in, levels held, and the facts that they changed.
//!
//! What is held depends on the judgements that stand, on the competency's scale and on the policy in
//! force for the learner, and these come from three logs in no order that could be relied on. So each
//! is kept when it comes, and whatever came last evaluates what it touches.

mod evaluate;
mod on_competency;
mod on_decision;
mod on_evidence;
mod on_policy;
mod on_rollups;
mod on_roster;
mod read_anew;
mod rollup;
mod rule;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Recorded, Shape};

pub(crate) use self::evaluate::read;
pub(crate) use self::rule::Rule;
use crate::codec::{
    EvidenceStep, LEARNER_ADVANCED, LEVEL_DUE, LEVELS_READ_ANEW, OVERRIDE_CONFIRMED,
    OVERRIDE_REVOKED, OVERRIDE_SET, PACE_PLAN_PUBLISHED, POLICY_PUBLISHED, ROLLUPS_PUBLISHED,
    by_learner, read_evidence,
};
use crate::projection::{
    Awaited, Competency, Due, KnownLearner, Level, LevelKey, PacePlans, Policies, Precedence,
    RolledUp, Rollup, roster,
};

/// Permanent name of the consumer.
pub(crate) const CONSUMER: &str = "mastery.levels";

/// The log that competencies come from, and nothing else that changes them.
pub(crate) const REGISTRY: &str = "registry";

/// In the order a rebuild folds them: scales and policies first, so that evidence, which is nearly
/// all there is, need be evaluated only once.
static SOURCES: [Source; 3] =
    [Source::whole(REGISTRY), Source::whole("mastery"), Source::split("evidence", by_learner)];

static NOUNS: [&str; 15] = [
    Competency::NOUN,
    Awaited::NOUN,
    Precedence::NOUN,
    Policies::NOUN,
    Rollup::NOUN,
    PacePlans::NOUN,
    Level::NOUN,
    RolledUp::NOUN,
    Due::NOUN,
    KnownLearner::NOUN,
    roster::Belonging::NOUN,
    roster::Enrollment::NOUN,
    roster::Class::NOUN,
    roster::Organization::NOUN,
    roster::Scoped::NOUN,
];

/// Keeps every learner's level in every competency.
pub(crate) struct Levels;

#[async_trait]
impl Handler for Levels {
    fn consumer(&self) -> &'static str {
        CONSUMER
    }

    fn sources(&self) -> &'static [Source] {
        &SOURCES
    }

    fn nouns(&self) -> &'static [&'static str] {
        &NOUNS
    }

    /// The level of each judgement.
    async fn foresee(
        &self,
        source: &'static str,
        events: &[&Recorded],
        work: &mut Work,
    ) -> Result<(), HandleError> {
        if source != "evidence" {
            return Ok(());
        }
        let steps = events.iter().filter_map(|event| read_evidence(event).ok().flatten());
        let keys = steps.map(|EvidenceStep { learner, competency, .. }| {
            LevelKey { learner, competency }.bytes().to_vec()
        });
        work.read_ahead::<Level>(keys.collect::<Vec<_>>()).await
    }

    async fn handle(
        &self,
        source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        match source {
            "evidence" => on_evidence::on_evidence(event, work).await,
            REGISTRY => {
                on_competency::on_competency(event, work).await?;
                on_roster::on_roster(event, work).await
            }
            _ => on_own(event, work).await,
        }
    }

    /// In a rebuild nobody is told of each change, so what is held is worked out only now.
    async fn settle(&self, work: &mut Work) -> Result<(), HandleError> {
        if work.is_live() {
            return Ok(());
        }
        let mut parts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut rules = BTreeMap::new();
        for key in work.unsettled::<Level>() {
            let key = LevelKey::read(&key)?;
            let rule = match rules.entry(key.competency) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    unknown.insert(Rule::awaited(key.competency, work).await?)
                }
            };
            evaluate::evaluate(key, rule.as_ref(), work).await?;
            if let Some(Rule { framework, .. }) = rule {
                parts.entry((key.learner, *framework)).or_default().push(key.competency);
            }
        }
        // What is above many parts is worked out once for all of them.
        for ((learner, framework), parts) in parts {
            rollup::ancestors(learner, framework, parts, work).await?;
        }
        Ok(())
    }
}

/// The context's own events, but for those that tell others what became of them.
async fn on_own(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    match &*event.event_type {
        POLICY_PUBLISHED => on_policy::on_policy(event, work).await,
        ROLLUPS_PUBLISHED => on_rollups::on_rollups(event, work).await,
        PACE_PLAN_PUBLISHED => on_rollups::on_pace_plan(event, work).await,
        LEVELS_READ_ANEW => read_anew::on_read_anew(event, work).await,
        LEVEL_DUE | OVERRIDE_SET | OVERRIDE_CONFIRMED | OVERRIDE_REVOKED | LEARNER_ADVANCED => {
            on_decision::on_decision(event, work).await
        }
        _ => Ok(()),
    }
}
