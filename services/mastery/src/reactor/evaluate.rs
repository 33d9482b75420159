//! From the judgements that stand to what is held, and to the fact that it changed.

use std::collections::BTreeSet;
use std::mem::replace;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Append, Cause, Recorded};
use northstar_kernel::{ExpectedVersion, OverrideId, Timestamp};
use northstar_mastery_domain::{Held, MasteryChanged, holding};

use super::CONSUMER;
use super::rollup::{evidence, rules};
use super::rule::Rule;
use crate::codec::Event;
use crate::projection::{Due, Level, LevelKey, Reading};

/// Works out what is held under `key` and keeps it; a level with nothing to keep is removed.
///
/// Returns what changed, by policy, if somebody is to be told; the caller knows the cause.
pub(super) async fn evaluate(
    key: LevelKey,
    rule: Option<&Rule>,
    work: &mut Work,
) -> Result<Vec<MasteryChanged>, HandleError> {
    let (bytes, live) = (key.bytes(), work.is_live());
    let of_learner = match rule.filter(|rule| rule.is_scoped()) {
        Some(rule) => Some(rule.of_learner(key.learner, work).await?),
        None => None,
    };
    let rule = of_learner.as_ref().or(rule);
    let Some(level) = work.get::<Level>(&bytes).await? else { return Ok(Vec::new()) };
    let now = Said::now(rule, level);
    // What stays as it is need not be written.
    if now.stands_in(level) && !level.is_bare() {
        return Ok(Vec::new());
    }
    let Some(level) = work.get_mut::<Level>(&bytes).await? else { return Ok(Vec::new()) };
    let before = now.put_in(level);
    let told = rule.filter(|_| live);
    let mut changed = told.map(|rule| changes(key, rule, &before, level)).unwrap_or_default();
    let due = (before.due, level.decided.due);
    level.tidy();
    if level.is_bare() {
        work.remove::<Level>(&bytes);
    }
    schedule(key, due, work);
    for one in changed.iter_mut().filter(|one| one.name.is_empty()) {
        // Only an override comes and goes here where a roll-up says what is held.
        if let Some(rollup) = rule.filter(|rule| rule.rolled_up.is_some())
            && let Some(rollup) = rules(rollup.framework, work).await?
        {
            one.evidence = evidence(key, &rollup, work).await?;
        }
    }
    Ok(changed)
}

/// Reads the level by `rule`. Returns what changed, by policy.
pub(crate) fn read(key: LevelKey, rule: &Rule, level: &mut Level) -> Vec<MasteryChanged> {
    let before = Said::now(Some(rule), level).put_in(level);
    changes(key, rule, &before, level)
}

/// What is said of a level: what each policy comes to, the rule of a roll-up in place of the main one,
/// and the override laid over that.
struct Said {
    readings: Vec<Reading>,
    rolled_up: Option<Reading>,
    shown: Option<(OverrideId, Held)>,
    /// When it is to be looked at again: something expires, or an override begins or ends.
    due: Option<Timestamp>,
}

impl Said {
    fn now(rule: Option<&Rule>, level: &Level) -> Self {
        let Some(rule) = rule else {
            return Self { readings: Vec::new(), rolled_up: None, shown: None, due: None };
        };
        let at = level.at();
        let overriding = holding(&level.decided.overrides, at);
        let (readings, by_rule) = rule.readings(&level.observations, at);
        Self {
            readings,
            // What a roll-up says is for the roll-up to work out. Until it has, what was held stays.
            rolled_up: rule.rolled_up.map(|policy| Reading {
                name: String::new(),
                held: level.by_rule("").map_or_else(Held::default, |before| before.held),
                policy,
            }),
            shown: overriding.map(|held| (held.terms.id, held.terms.says.on(rule.scale()))),
            due: by_rule.into_iter().chain(level.decided.next_change(at)).min(),
        }
    }

    /// Whether the level says the same.
    fn stands_in(&self, level: &Level) -> bool {
        let decided = &level.decided;
        (&self.readings, &self.rolled_up) == (&level.readings, &level.rolled_up)
            && (self.shown, self.due) == (decided.shown, decided.due)
    }

    /// As [`Level::by_rule`].
    fn by_rule(&self, name: &str) -> Option<&Reading> {
        let rolled_up = self.rolled_up.as_ref().filter(|rolled_up| rolled_up.name == name);
        rolled_up.or_else(|| self.readings.iter().find(|reading| reading.name == name))
    }

    /// Lets the level say this; returns what it said before.
    fn put_in(self, level: &mut Level) -> Self {
        Self {
            readings: replace(&mut level.readings, self.readings),
            rolled_up: replace(&mut level.rolled_up, self.rolled_up),
            shown: replace(&mut level.decided.shown, self.shown),
            due: replace(&mut level.decided.due, self.due),
        }
    }
}

/// Moves the level from its place in the due list to its new one.
fn schedule(key: LevelKey, (was, due): (Option<Timestamp>, Option<Timestamp>), work: &mut Work) {
    if was == due {
        return;
    }
    if let Some(was) = was {
        work.remove::<Due>(&Due::key(was, key));
    }
    if let Some(due) = due {
        work.put(&Due::key(due, key), Due);
    }
}

/// What is held by some policy and was not before, or no longer is, by the policy's name.
fn changes(key: LevelKey, rule: &Rule, before: &Said, level: &Level) -> Vec<MasteryChanged> {
    let what = |found: Option<&Reading>| {
        found.map_or((Held::default(), None), |reading| (reading.held, Some(reading.policy)))
    };
    // An override is laid over the main policy, whose name is empty, even where there is none.
    let over = |shown: Option<(OverrideId, Held)>, name: &str| shown.filter(|_| name.is_empty());
    let names = before.readings.iter().chain(&level.readings).map(|one| &*one.name);
    let main = before.shown.is_some() || level.decided.shown.is_some();
    let main = (main || before.rolled_up.is_some() || level.rolled_up.is_some()).then_some("");
    let change = |name: &str| {
        let before_by_rule = what(before.by_rule(name)).0;
        let (by_rule, policy) = what(level.by_rule(name));
        let overridden = over(level.decided.shown, name);
        let before = over(before.shown, name).map_or(before_by_rule, |(_, held)| held);
        let after = overridden.map_or(by_rule, |(_, held)| held);
        (before != after).then(|| MasteryChanged {
            learner: key.learner,
            competency: key.competency,
            framework: rule.framework,
            name: name.to_owned(),
            before,
            after,
            policy,
            evidence: rule.evidence(name, &level.observations, level.at()),
            cause: None,
            overridden: overridden.map(|(id, _)| (id, by_rule)),
        })
    };
    names.chain(main).collect::<BTreeSet<_>>().into_iter().filter_map(change).collect()
}

/// Appends the facts in answer to `event`, as of when that was observed, each level's in its stream.
pub(super) fn announce(changed: Vec<MasteryChanged>, event: &Recorded, work: &mut Work) {
    if changed.first().is_some_and(|first| first.cause.is_some()) {
        northstar_telemetry::metrics::evidence_to_mastery(event.age());
    }
    let key = |one: &MasteryChanged| LevelKey { learner: one.learner, competency: one.competency };
    let mut rest = changed.into_iter().peekable();
    while let Some(first) = rest.next() {
        let level = key(&first);
        let mut events = vec![first];
        events.extend(std::iter::from_fn(|| rest.next_if(|next| key(next) == level)));
        let write = |one| Event::MasteryChanged(one).write(Some(event.observed_at));
        work.append(Append {
            stream: level.stream(),
            expected: ExpectedVersion::Any,
            events: events.into_iter().map(write).collect(),
            request: None,
            cause: Cause::reaction(CONSUMER, event),
        });
    }
}
