//! What was known on a day, put together, and what follows from it.

use std::collections::BTreeMap;

use northstar_kernel::{Decider, Timestamp};
use northstar_mastery_domain::{
    Competency, Criterion, Finding, Findings, Held, Input, Observation, Observations, Override,
    OverrideCommand, Overriding, PolicyDraft, RollupDraft, Rollups, Scale, evaluate, holding,
};

use crate::rollup::{id, rule, taught};
use crate::support::{march, policy};

/// One thing that was recorded.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    Competency(String),
    Rule(String, Option<Criterion>),
    Policy(Box<PolicyDraft>),
    Retired(String),
    Judged(String, Observation),
    Corrected(String, Observation),
    Retracted(String, Observation),
    Override(String, OverrideCommand),
}

/// The facts that were known on a day, put together.
#[derive(Default)]
pub(super) struct World {
    pub competencies: BTreeMap<String, Competency>,
    rules: BTreeMap<String, RollupDraft>,
    policy: Option<PolicyDraft>,
    observations: BTreeMap<String, Observations>,
    pub overrides: BTreeMap<String, Overriding>,
}

impl World {
    /// Of the facts recorded up to a day, in their order.
    pub(super) fn of(facts: &[(i64, Fact)], known_on: i64) -> Self {
        let mut world = Self::default();
        for (_, fact) in facts.iter().filter(|(day, _)| *day <= known_on) {
            world.take(fact.clone());
        }
        world
    }

    fn take(&mut self, fact: Fact) {
        match fact {
            Fact::Competency(code) => _ = self.competencies.insert(code.clone(), taught(&code)),
            Fact::Rule(code, Some(criterion)) => {
                self.rules.insert(code.clone(), rule(&code, criterion));
            }
            Fact::Rule(code, None) => _ = self.rules.remove(&code),
            Fact::Policy(draft) => self.policy = Some(*draft),
            Fact::Retired(code) => {
                self.competencies.entry(code).and_modify(|competency| competency.retired = true);
            }
            Fact::Judged(code, seen) => self.observations.entry(code).or_default().record(seen),
            Fact::Corrected(code, seen) => self.observations.entry(code).or_default().correct(seen),
            Fact::Retracted(code, seen) => {
                self.observations.entry(code).or_default().retract(seen.evidence);
            }
            Fact::Override(code, command) => {
                let state = self.overrides.entry(code).or_default();
                let events = Overriding::decide(state, command).expect("it was accepted before");
                *state = events.iter().fold(*state, Overriding::evolve);
            }
        }
    }

    /// Works everything out as of a day and hands it to `tell`.
    pub(super) fn told<T>(&self, as_of: i64, tell: impl FnOnce(&Findings<'_>) -> T) -> T {
        let rollups =
            Rollups::restored(self.rules.values().cloned(), self.competencies.values().cloned())
                .expect("the rules are valid");
        let codes: BTreeMap<_, _> = self.competencies.keys().map(|code| (id(code), code)).collect();
        let findings = rollups.evaluate(|competency| {
            let code = codes[&competency];
            let overrides: Vec<Override> =
                self.overrides.get(code).and_then(|o| o.0).into_iter().collect();
            let held = holding(&overrides, evening(as_of));
            Input {
                own: Finding::from(&self.held(code, as_of)),
                overriding: held.map(|held| (held.terms.id, held.terms.says)),
            }
        });
        tell(&findings)
    }

    fn held(&self, code: &str, as_of: i64) -> Held {
        let draft = self.policy.clone().expect("every story has a policy");
        match self.observations.get(code) {
            Some(seen) => evaluate(&policy(draft), &Scale::default(), seen, evening(as_of)),
            None => Held::default(),
        }
    }
}

/// When all of the day has happened.
fn evening(day: i64) -> Timestamp {
    Timestamp::from_micros(march(day + 1).micros() - 1)
}
