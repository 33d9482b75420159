//! Given, when, then: one learner in one framework, day by day in March.
//!
//! A story is a list of facts, each recorded on a day. What is shown is always worked out from
//! them anew, as of one day and as known on another, through the domain's own functions.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{Decider, LearnerId, OverrideId, PersonId, ReasonId, TenantId, Timestamp};
use northstar_mastery_domain::{
    Criterion, Finding, Findings, Observation, OverrideCommand, OverrideRefusal, Overriding,
    PolicyDraft, SetOverride, Shown, Standing,
};

use super::world::{Fact, World};
use crate::rollup::id;
use crate::support::{draft_of, march, seen};

/// One sentence of a story: something that is so, happens, or must follow.
pub(super) type Sentence = Box<dyn FnOnce(&mut Story)>;

/// What has happened so far.
pub(super) struct Story {
    today: i64,
    facts: Vec<(i64, Fact)>,
    judgements: u32,
    pub(super) refusals: Vec<OverrideRefusal>,
}

/// Begins a story, on the first of March; values are the latest, mastery is at 3.
pub(super) fn given(sentence: Sentence) -> Story {
    let mut story = Story { today: 1, facts: Vec::new(), judgements: 0, refusals: Vec::new() };
    story.record(Fact::Policy(Box::new(draft_of("latest"))));
    story.and(sentence)
}

impl Story {
    pub(super) fn when(self, sentence: Sentence) -> Self {
        self.and(sentence)
    }

    pub(super) fn then(self, sentence: Sentence) -> Self {
        self.and(sentence)
    }

    pub(super) fn and(mut self, sentence: Sentence) -> Self {
        sentence(&mut self);
        self
    }

    fn record(&mut self, fact: Fact) {
        self.facts.push((self.today, fact));
    }

    fn last_judgement(&self, code: &str) -> Observation {
        let of = |(_, fact): &(i64, Fact)| match fact {
            Fact::Judged(about, seen) | Fact::Corrected(about, seen) if about == code => {
                Some(seen.clone())
            }
            _ => None,
        };
        self.facts.iter().rev().find_map(of).expect("there is a judgement")
    }

    fn overriding(&self, code: &str) -> Overriding {
        let world = World::of(&self.facts, i64::MAX);
        world.overrides.get(code).copied().unwrap_or_default()
    }

    fn command(&mut self, code: &str, command: OverrideCommand) {
        match Overriding::decide(&self.overriding(code), command) {
            Ok(_) => self.record(Fact::Override(code.to_owned(), command)),
            Err(refusal) => self.refusals.push(refusal),
        }
    }

    /// What is shown of `code` as of one day, as known on another.
    pub(super) fn shown(&self, code: &str, as_of: i64, known_on: i64) -> Shown {
        let told = |findings: &Findings<'_>| findings.get(id(code)).expect("it is there");
        World::of(&self.facts, known_on).told(as_of, told)
    }

    pub(super) fn today(&self) -> i64 {
        self.today
    }

    fn everything(&self, facts: usize) -> BTreeMap<String, Shown> {
        let world = World::of(&self.facts[..facts], i64::MAX);
        let codes: Vec<_> = world.competencies.keys().cloned().collect();
        world.told(self.today, |findings| {
            let shown = |code: String| findings.get(id(&code)).map(|shown| (code, shown));
            codes.into_iter().filter_map(shown).collect()
        })
    }
}

/// On the same day, but later with every judgement, so that the last is the latest.
fn after(day: Timestamp, judgements: u32) -> Timestamp {
    Timestamp::from_micros(day.micros() + i64::from(judgements))
}

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

fn person(name: &str) -> PersonId {
    PersonId::derive(tenant(), name)
}

fn sentence(say: impl FnOnce(&mut Story) + 'static) -> Sentence {
    Box::new(say)
}

// What is so, and what happens.

pub(super) fn competencies(codes: &'static [&'static str]) -> Sentence {
    sentence(|story| {
        codes.iter().for_each(|code| story.record(Fact::Competency((*code).to_owned())));
    })
}

/// The competency is made of its parts by this rule, from now on.
pub(super) fn needs(code: &'static str, criterion: Criterion) -> Sentence {
    sentence(move |story| story.record(Fact::Rule(code.to_owned(), Some(criterion))))
}

pub(super) fn the_policy_is(draft: PolicyDraft) -> Sentence {
    sentence(move |story| story.record(Fact::Policy(Box::new(draft))))
}

/// From here on it is that day of March.
pub(super) fn it_is_march(day: i64) -> Sentence {
    sentence(move |story| story.today = day)
}

/// A teacher judges today what was seen today.
pub(super) fn judged(code: &'static str, value: i64) -> Sentence {
    sentence(move |story| {
        let today = story.today;
        judged_late(code, value, today)(story);
    })
}

/// A teacher records today what was seen on another day.
pub(super) fn judged_late(code: &'static str, value: i64, seen_on: i64) -> Sentence {
    sentence(move |story| {
        story.judgements += 1;
        let seen = Observation {
            observed_at: after(march(seen_on), story.judgements),
            recorded_at: after(march(story.today), story.judgements),
            ..seen(story.judgements, seen_on, value)
        };
        story.record(Fact::Judged(code.to_owned(), seen));
    })
}

/// The last judgement is corrected to another value.
pub(super) fn corrected(code: &'static str, value: i64) -> Sentence {
    sentence(move |story| {
        let before = story.last_judgement(code);
        let after = Observation { value_milli: value * 1_000, ..before };
        story.record(Fact::Corrected(code.to_owned(), after));
    })
}

/// The last judgement is taken back.
pub(super) fn retracted(code: &'static str) -> Sentence {
    sentence(move |story| {
        let before = story.last_judgement(code);
        story.record(Fact::Retracted(code.to_owned(), before));
    })
}

pub(super) fn retired(code: &'static str) -> Sentence {
    sentence(move |story| story.record(Fact::Retired(code.to_owned())))
}

/// "ada" sets an override from today until a day, to be confirmed by "ben".
pub(super) fn overridden(code: &'static str, standing: Standing, until: i64) -> Sentence {
    sentence(move |story| {
        let set = SetOverride {
            id: OverrideId::derive(tenant(), code),
            learner: LearnerId::from(person("lee")),
            competency: id(code),
            says: Finding { standing, ..Finding::default() },
            reason: Some(ReasonId::derive(tenant(), code)),
            by: person("ada"),
            second_signer: person("ben"),
            from: march(story.today),
            until: march(until),
        };
        story.command(code, OverrideCommand::Set(set));
    })
}

pub(super) fn override_confirmed_by(name: &'static str, code: &'static str) -> Sentence {
    sentence(move |story| {
        let confirm = OverrideCommand::Confirm { by: person(name), at: march(story.today) };
        story.command(code, confirm);
    })
}

pub(super) fn override_taken_back(code: &'static str) -> Sentence {
    sentence(move |story| {
        let reason = Some(ReasonId::derive(tenant(), "a mistake"));
        let at = march(story.today);
        story.command(code, OverrideCommand::Revoke { by: person("ada"), reason, at });
    })
}

// What must follow.

pub(super) fn at_mastery(code: &'static str) -> Sentence {
    is(code, Standing::AtMastery)
}

pub(super) fn below_mastery(code: &'static str) -> Sentence {
    is(code, Standing::BelowMastery)
}

pub(super) fn not_enough_evidence(code: &'static str) -> Sentence {
    is(code, Standing::NotEnoughEvidence)
}

pub(super) fn not_observed(code: &'static str) -> Sentence {
    is(code, Standing::NotObserved)
}

/// So it is today, by all that is known.
fn is(code: &'static str, standing: Standing) -> Sentence {
    sentence(move |story| {
        let shown = story.shown(code, story.today, story.today);
        assert_eq!(shown.held.standing, standing, "{code}");
    })
}

/// So it was on that day, by all that is known today.
pub(super) fn on_day(day: i64, code: &'static str, standing: Standing) -> Sentence {
    sentence(move |story| {
        let shown = story.shown(code, day, story.today);
        assert_eq!(shown.held.standing, standing, "{code} on {day}");
    })
}

/// So it was believed to be on that day, by all that was known then.
pub(super) fn believed_on(day: i64, code: &'static str, standing: Standing) -> Sentence {
    sentence(move |story| {
        let shown = story.shown(code, day, day);
        assert_eq!(shown.held.standing, standing, "{code} as believed on {day}");
    })
}

/// Whatever is shown, the rule says this.
pub(super) fn the_rule_says(code: &'static str, standing: Standing) -> Sentence {
    sentence(move |story| {
        let shown = story.shown(code, story.today, story.today);
        assert_eq!(shown.by_rule.standing, standing, "{code} by rule");
    })
}

pub(super) fn value(code: &'static str, milli: i64) -> Sentence {
    sentence(move |story| {
        let shown = story.shown(code, story.today, story.today);
        assert_eq!(shown.held.value_milli, Some(milli), "{code}");
    })
}

/// What the last fact changed, what is shown or what a rule says: these and nothing else.
pub(super) fn changed(codes: &'static [&'static str]) -> Sentence {
    sentence(move |story| {
        let [before, after] =
            [story.facts.len() - 1, story.facts.len()].map(|facts| story.everything(facts));
        let differ = after.iter().filter(|(code, shown)| before.get(*code) != Some(*shown));
        let differ: BTreeSet<_> = differ.map(|(code, _)| code.as_str()).collect();
        assert_eq!(differ, codes.iter().copied().collect());
    })
}

/// What people read about it.
pub(super) fn told(code: &'static str, expected: &'static str) -> Sentence {
    sentence(move |story| {
        let world = World::of(&story.facts, story.today);
        let said = world.told(story.today, |findings| findings.explain(id(code)));
        assert_eq!(said.expect("it has a rule").sentence, expected);
    })
}

pub(super) fn missing(code: &'static str, expected: &'static [&'static str]) -> Sentence {
    sentence(move |story| {
        let world = World::of(&story.facts, story.today);
        let missing = world.told(story.today, |findings| findings.missing_below(id(code)));
        assert_eq!(missing, expected.iter().map(|code| id(code)).collect::<Vec<_>>());
    })
}

pub(super) fn refused(refusal: OverrideRefusal) -> Sentence {
    sentence(move |story| assert_eq!(story.refusals.pop(), Some(refusal)))
}
