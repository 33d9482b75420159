//! Overrides as they are shown.

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_mastery_domain::{Override, OverrideEvent};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::overriding::stream;
use super::profile::{level, levels};
use super::signer::words;
use crate::codec::{Event, standing_message, timestamp};
use crate::projection::{Level, LevelKey};

/// All overrides of a learner, or those in one competency; with their reasons if the caller may
/// read them.
pub(super) async fn list(
    log: &TenantLog,
    learner: LearnerId,
    competency: Option<CompetencyId>,
    with_reasons: bool,
) -> Result<wire::ListOverridesResponse, Status> {
    let mut all = found(log, learner, competency).await.map_err(status::fault)?;
    all.sort_by_key(|held| (held.terms.competency, held.terms.from, held.terms.id));
    let mut overrides: Vec<_> = all.iter().map(message).collect();
    if with_reasons {
        for one in &mut overrides {
            give_reasons(log, learner, one).await?;
        }
    }
    Ok(wire::ListOverridesResponse { overrides })
}

async fn found(
    log: &TenantLog,
    learner: LearnerId,
    competency: Option<CompetencyId>,
) -> Result<Vec<Override>, Fault> {
    let levels: Vec<Level> = match competency {
        None => {
            let stored = levels(log, learner).await?;
            stored.iter().map(|(_, stored)| level(stored)).collect::<Result<_, _>>()?
        }
        Some(competency) => {
            let key = LevelKey { learner, competency }.bytes();
            log.document::<Level>(&key).await?.into_iter().collect()
        }
    };
    Ok(levels.into_iter().flat_map(|level| level.decided.overrides).collect())
}

/// An override without its reasons.
pub(super) fn message(held: &Override) -> wire::Override {
    let terms = &held.terms;
    wire::Override {
        override_id: terms.id.to_string(),
        learner_id: terms.learner.to_string(),
        competency_id: terms.competency.to_string(),
        standing: standing_message(terms.says.standing).into(),
        value_milli: terms.says.value_milli,
        set_by: terms.by.to_string(),
        second_signer: terms.second_signer.to_string(),
        from: Some(timestamp(terms.from)),
        until: Some(timestamp(terms.until)),
        confirmed_at: held.confirmed_at.map(timestamp),
        revoked_at: held.revoked_at.map(timestamp),
        ..wire::Override::default()
    }
}

/// Adds the words of the reasons, which stay in the log.
pub(super) async fn give_reasons(
    log: &TenantLog,
    learner: LearnerId,
    shown: &mut wire::Override,
) -> Result<(), Status> {
    let broken = |why| status::fault(Fault::lasting("reading an override's stream", why));
    let id = super::id("override_id", &shown.override_id)?;
    for recorded in log.stream(&stream(id)).await.map_err(status::fault)? {
        let Event::Overridden(happened) = Event::read(&recorded).map_err(broken)? else { continue };
        let Some(sealed) = &happened.reason else { continue };
        let words = words(log, learner, sealed).await.map_err(status::fault)?;
        match happened.event {
            OverrideEvent::Set(_) => shown.reason = words,
            OverrideEvent::Revoked { .. } => shown.revoked_because = words,
            OverrideEvent::Confirmed { .. } => {}
        }
    }
    Ok(())
}
