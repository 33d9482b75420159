//! From the judgements that stand to what is held, and to the fact that it changed.

use std::collections::BTreeSet;
use std::time::SystemTime;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Append, Cause, Recorded, Stream};
use northstar_kernel::ExpectedVersion;
use northstar_mastery_domain::{Held, MasteryChanged};
use uuid::Uuid;

use super::CONSUMER;
use super::rule::Rule;
use crate::codec::Event;
use crate::projection::{Level, LevelKey, Reading};

/// Works out what is held under `key` and keeps it; a level without judgements is removed.
///
/// Returns what changed, by policy, if somebody is to be told; the caller knows the cause.
pub(super) async fn evaluate(
    key: LevelKey,
    rule: Option<&Rule>,
    work: &mut Work,
) -> Result<Vec<MasteryChanged>, HandleError> {
    let (bytes, live) = (key.bytes(), work.is_live());
    let Some(level) = work.get_mut::<Level>(&bytes).await? else { return Ok(Vec::new()) };
    let after = rule.map(|rule| rule.readings(&level.observations)).unwrap_or_default();
    let before = std::mem::replace(&mut level.readings, after);
    let changed = rule.filter(|_| live).map(|rule| changes(key, rule, &before, level));
    if level.observations.is_empty() {
        work.remove::<Level>(&bytes);
    }
    Ok(changed.unwrap_or_default())
}

/// What is held by some policy and was not before, or no longer is, by the policy's name.
fn changes(key: LevelKey, rule: &Rule, before: &[Reading], level: &Level) -> Vec<MasteryChanged> {
    let by_name = |readings: &[Reading], name: &str| {
        let found = readings.iter().find(|reading| reading.name == name);
        found.map_or((Held::default(), None), |reading| (reading.held, Some(reading.policy)))
    };
    let names: BTreeSet<_> = before.iter().chain(&level.readings).map(|one| &*one.name).collect();
    let change = |name: &str| {
        let (before, _) = by_name(before, name);
        let (after, policy) = by_name(&level.readings, name);
        (before != after).then(|| MasteryChanged {
            learner: key.learner,
            competency: key.competency,
            framework: rule.framework,
            name: name.to_owned(),
            before,
            after,
            policy,
            evidence: rule.evidence(name, &level.observations),
            cause: None,
        })
    };
    names.into_iter().filter_map(change).collect()
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
        stream: stream(key),
        expected: ExpectedVersion::Any,
        events: changed.into_iter().map(write).collect(),
        request: None,
        cause: Cause::reaction(CONSUMER, event),
    });
}

/// The same for the same learner and competency, every time.
fn stream(key: LevelKey) -> Stream {
    Stream::new("mastery", Uuid::new_v5(&key.learner.uuid(), key.competency.as_bytes()))
}

/// How long evidence took to get here, on this machine's clock; a clock that was set back says nothing.
fn measure(event: &Recorded) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let recorded = u64::try_from(event.recorded_at.micros()).unwrap_or_default();
    if let Some(elapsed) = now.checked_sub(std::time::Duration::from_micros(recorded)) {
        northstar_telemetry::metrics::evidence_to_mastery(elapsed);
    }
}
