//! From the judgements that stand to what is held, and to the fact that it changed.

use std::collections::BTreeSet;
use std::time::SystemTime;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Append, Cause, Recorded};
use northstar_kernel::{ExpectedVersion, OverrideId, Timestamp};
use northstar_mastery_domain::{Held, MasteryChanged, holding};

use super::CONSUMER;
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
    match work.get::<Level>(&bytes).await? {
        None => return Ok(Vec::new()),
        Some(level) if is_settled(rule, level) => return Ok(Vec::new()),
        Some(_) => {}
    }
    let Some(level) = work.get_mut::<Level>(&bytes).await? else { return Ok(Vec::new()) };
    let changed = read(key, rule, level, live);
    let due = (level.decided.due, rule.and_then(|rule| next(rule, level)));
    level.decided.due = due.1;
    if level.observations.is_empty() {
        level.readings.clear();
    }
    if level.is_bare() {
        work.remove::<Level>(&bytes);
    }
    schedule(key, due, work);
    Ok(changed)
}

/// Whether the level stays as it is, so that it need not be written.
fn is_settled(rule: Option<&Rule>, level: &Level) -> bool {
    let Said { readings, shown } = Said::now(rule, level);
    let due = rule.and_then(|rule| next(rule, level));
    let same = (&readings, &shown) == (&level.readings, &level.decided.shown);
    same && due == level.decided.due && !level.is_bare()
}

/// Reads the level by `rule`. Returns what changed, by policy, if somebody is to be told.
pub(crate) fn read(
    key: LevelKey,
    rule: Option<&Rule>,
    level: &mut Level,
    told: bool,
) -> Vec<MasteryChanged> {
    let before = Said::replace(level, Said::now(rule, level));
    let changed = rule.filter(|_| told).map(|rule| changes(key, rule, &before, level));
    changed.unwrap_or_default()
}

/// What is said of a level: what each policy comes to, and the override laid over the main one.
struct Said {
    readings: Vec<Reading>,
    shown: Option<(OverrideId, Held)>,
}

impl Said {
    fn now(rule: Option<&Rule>, level: &Level) -> Self {
        let Some(rule) = rule else { return Self { readings: Vec::new(), shown: None } };
        let at = level.at();
        let overriding = holding(&level.decided.overrides, at);
        Self {
            readings: rule.readings(&level.observations, at),
            shown: overriding.map(|held| (held.terms.id, held.terms.says.on(rule.scale()))),
        }
    }

    /// Puts `now` into the level; returns what was said before.
    fn replace(level: &mut Level, now: Self) -> Self {
        Self {
            readings: std::mem::replace(&mut level.readings, now.readings),
            shown: std::mem::replace(&mut level.decided.shown, now.shown),
        }
    }
}

/// When the level is to be looked at again: something expires, or an override begins or ends.
fn next(rule: &Rule, level: &Level) -> Option<Timestamp> {
    let at = level.at();
    let by_rule = rule.next_change(&level.observations, at);
    by_rule.into_iter().chain(level.decided.next_change(at)).min()
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
    let by_name = |readings: &[Reading], name: &str| {
        let found = readings.iter().find(|reading| reading.name == name);
        found.map_or((Held::default(), None), |reading| (reading.held, Some(reading.policy)))
    };
    // An override is laid over the main policy, whose name is empty, even where there is none.
    let over = |shown: Option<(OverrideId, Held)>, name: &str| shown.filter(|_| name.is_empty());
    let names = before.readings.iter().chain(&level.readings).map(|one| &*one.name);
    let overridden = before.shown.or(level.decided.shown).map(|_| "");
    let change = |name: &str| {
        let before_by_rule = by_name(&before.readings, name).0;
        let (by_rule, policy) = by_name(&level.readings, name);
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
    names.chain(overridden).collect::<BTreeSet<_>>().into_iter().filter_map(change).collect()
}

/// Appends the facts in answer to `event`, as of when that was observed.
pub(super) fn announce(changed: Vec<MasteryChanged>, event: &Recorded, work: &mut Work) {
    let Some(first) = changed.first() else { return };
    if first.cause.is_some() {
        measure(event);
    }
    let key = LevelKey { learner: first.learner, competency: first.competency };
    let write = |changed| Event::MasteryChanged(changed).write(Some(event.observed_at));
    work.append(Append {
        stream: key.stream(),
        expected: ExpectedVersion::Any,
        events: changed.into_iter().map(write).collect(),
        request: None,
        cause: Cause::reaction(CONSUMER, event),
    });
}

/// How long evidence took to get here, on this machine's clock; a clock that was set back says nothing.
fn measure(event: &Recorded) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let recorded = u64::try_from(event.recorded_at.micros()).unwrap_or_default();
    if let Some(elapsed) = now.checked_sub(std::time::Duration::from_micros(recorded)) {
        northstar_telemetry::metrics::evidence_to_mastery(elapsed);
    }
}
