//! From the judgements that stand to what is held, and to the fact that it changed.

use std::time::SystemTime;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Append, Cause, Recorded, Stream};
use northstar_kernel::ExpectedVersion;
use northstar_mastery_domain::MasteryChanged;
use uuid::Uuid;

use super::CONSUMER;
use super::rule::Rule;
use crate::codec::Event;
use crate::projection::{Level, LevelKey};

/// Works out what is held under `key` and keeps it; a level without judgements is removed.
///
/// Returns what changed, if anything did and somebody is to be told; the caller knows the cause.
pub(super) async fn evaluate(
    key: LevelKey,
    rule: Option<&Rule>,
    work: &mut Work,
) -> Result<Option<MasteryChanged>, HandleError> {
    let (bytes, live) = (key.bytes(), work.is_live());
    let Some(level) = work.get_mut::<Level>(&bytes).await? else { return Ok(None) };
    let after = rule.map(|rule| rule.held(&level.observations)).unwrap_or_default();
    let before = std::mem::replace(&mut level.held, after);
    level.policy = rule.and_then(Rule::policy);
    let changed = rule.filter(|_| live && before != after).map(|rule| MasteryChanged {
        learner: key.learner,
        competency: key.competency,
        framework: rule.framework,
        before,
        after,
        policy: rule.policy(),
        evidence: rule.evidence(&level.observations),
        cause: None,
    });
    if level.observations.is_empty() {
        work.remove::<Level>(&bytes);
    }
    Ok(changed)
}

/// Appends the fact in answer to `event`, as of when that was observed.
pub(super) fn announce(changed: MasteryChanged, event: &Recorded, work: &mut Work) {
    if changed.cause.is_some() {
        measure(event);
    }
    let key = LevelKey { learner: changed.learner, competency: changed.competency };
    work.append(Append {
        stream: stream(key),
        expected: ExpectedVersion::Any,
        events: vec![Event::MasteryChanged(changed).write(Some(event.observed_at))],
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
