//! The decision that a learner moves on.

use northstar_chassis::{Principal, status};
use northstar_eventlog::{Fault, Stream, TenantLog, now};
use northstar_kernel::{EvidenceId, LearnerId, PersonId};
use northstar_mastery_domain::{
    AdvanceUponMastery, Advancement, Finding, LearnerAdvanced, Shown as Overlaid,
};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;
use uuid::Uuid;

use super::as_of::Times;
use super::not_found::known_learner;
use super::says::competency_known;
use super::shown::Shown;
use super::signer::{Reason, reads_reasons, signer, words};
use super::{id, rolled_up, scope};
use crate::aggregate::execute;
use crate::codec::{Advanced, Event, ground_message, standing_message, timestamp};
use crate::projection::{Competency, Level, LevelKey};

pub(super) async fn advance(
    caller: &Principal,
    log: &TenantLog,
    request: wire::AdvanceLearnerRequest,
) -> Result<wire::AdvanceLearnerResponse, Status> {
    let decider = signer(caller, log)?;
    let key = LevelKey {
        learner: id("learner_id", &request.learner_id)?,
        competency: id("competency_id", &request.competency_id)?,
    };
    known_learner(log, key.learner).await?;
    let command = command(log, key, decider).await?;
    let reason = match command.shown.held.standing.is_mastered() {
        true => None,
        false => Reason::seal(log, key.learner, &request.reason).await?,
    };
    let command = AdvanceUponMastery { despite: reason.as_ref().map(|it| it.id), ..command };
    let sealed = reason.map(|reason| reason.sealed);
    let write = |event: &LearnerAdvanced| {
        let advanced = Advanced { event: event.clone(), reason: sealed.clone() };
        Event::LearnerAdvanced(advanced).write(Some(event.at))
    };
    let (cause, stream) = (caller.cause(), stream(key));
    let done = execute::<Advancement>(log, &cause, &stream, |_| command.clone(), write).await?;
    let mut advancement = done.after.0.as_ref().map(message);
    if let Some(shown) = &mut advancement {
        give_reason(log, key, shown).await?;
    }
    Ok(wire::AdvanceLearnerResponse { advancement, repeated: done.repeated })
}

/// What is shown of the learner now, put before the decision.
async fn command(
    log: &TenantLog,
    key: LevelKey,
    decider: PersonId,
) -> Result<AdvanceUponMastery, Status> {
    let competency = competency_known(log, key.competency).await?;
    let times = Times::now(now());
    let (shown, evidence) = match rolled_up::shown(log, key, times).await? {
        Some(rolled_up) => rolled_up,
        None => own(log, key, &competency, times).await?,
    };
    Ok(AdvanceUponMastery {
        learner: key.learner,
        competency: key.competency,
        decider,
        shown,
        evidence,
        despite: None,
        at: times.as_of.plain(),
    })
}

/// What is shown by the main policy, and the evidence that counts by it.
async fn own(
    log: &TenantLog,
    key: LevelKey,
    competency: &Competency,
    times: Times,
) -> Result<(Overlaid, Vec<EvidenceId>), Status> {
    let level = log.document::<Level>(&key.bytes()).await.map_err(status::fault)?;
    let policies = scope::policies(log, competency.framework, key.learner).await;
    let (level, policies) = (level.unwrap_or_default(), policies.map_err(status::fault)?);
    let shown = Shown::new(key.competency, competency, &level, policies.as_ref(), times);
    let derived = shown.as_ref().and_then(|shown| shown.derivation(""));
    let by_rule = derived.as_ref().map(|(_, found)| Finding::from(&found.held));
    let overriding = shown.as_ref().and_then(|shown| shown.overriding);
    let by_rule = by_rule.unwrap_or_default();
    let used = derived.map(|(_, found)| found.used).unwrap_or_default();
    let overlaid = Overlaid {
        held: overriding.map_or(by_rule, |held| held.terms.says),
        by_rule,
        by_override: overriding.map(|held| held.terms.id),
    };
    Ok((overlaid, used.iter().map(|seen| seen.evidence).collect()))
}

fn stream(key: LevelKey) -> Stream {
    let id = Uuid::new_v5(&key.learner.uuid(), key.competency.as_bytes());
    Stream::new("advancement", id)
}

/// The decision without the words of its reason.
pub(super) fn message(event: &LearnerAdvanced) -> wire::Advancement {
    let (ground, override_id) = ground_message(event.ground);
    wire::Advancement {
        advanced_at: Some(timestamp(event.at)),
        decider_id: event.decider.to_string(),
        ground: ground.into(),
        override_id,
        standing: standing_message(event.held.standing).into(),
        value_milli: event.held.value_milli,
        evidence_ids: event.evidence.iter().map(ToString::to_string).collect(),
        reason: String::new(),
    }
}

/// Adds the words of the reason, which stay in the log.
async fn give_reason(
    log: &TenantLog,
    key: LevelKey,
    shown: &mut wire::Advancement,
) -> Result<(), Status> {
    let broken = |why| status::fault(Fault::lasting("reading an advancement's stream", why));
    for recorded in log.stream(&stream(key)).await.map_err(status::fault)? {
        let Event::LearnerAdvanced(advanced) = Event::read(&recorded).map_err(broken)? else {
            continue;
        };
        if let Some(sealed) = &advanced.reason {
            shown.reason = words(log, key.learner, sealed).await.map_err(status::fault)?;
        }
    }
    Ok(())
}

/// Adds the words of all reasons in these entries, if the caller may read them.
pub(super) async fn give_reasons(
    caller: &Principal,
    log: &TenantLog,
    learner: LearnerId,
    entries: &mut [wire::ProfileEntry],
) -> Result<(), Status> {
    if !reads_reasons(caller) {
        return Ok(());
    }
    for entry in entries {
        if let Some(shown) = &mut entry.overridden_by {
            super::overrides::give_reasons(log, learner, shown).await?;
        }
        if let Some(shown) = &mut entry.advancement
            && shown.ground() == wire::AdvancementGround::Stated
        {
            let key = LevelKey { learner, competency: id("competency_id", &entry.competency_id)? };
            give_reason(log, key, shown).await?;
        }
    }
    Ok(())
}
