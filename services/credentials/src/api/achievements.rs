//! Achievements: defining and listing them.

use std::collections::BTreeMap;

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement::{
    Achievement, Achievements, Command, Refusal, State,
};
use northstar_credentials_domain::criteria::stacking_flaws;
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog};
use northstar_kernel::{AchievementId, Decider as _, ExpectedVersion, Version, Violation};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

use super::crowd;
use super::definition::read;
use super::refusal::Absent;
use crate::codec;
use crate::projection::achievement::AchievementDocument;

/// Times a decision is taken anew because somebody else defined the same achievement meanwhile.
const ATTEMPTS: u32 = 4;
const PAGE: u32 = 1_000;

/// Defines one.
pub(super) async fn define(
    principal: &Principal,
    log: &TenantLog,
    request: wire::DefineAchievementRequest,
) -> Result<wire::DefineAchievementResponse, Status> {
    principal.require(&[Role::NetworkAdmin, Role::DistrictAdmin])?;
    let wanted = read(log.tenant(), request.achievement.unwrap_or_default())
        .map_err(|refusal| status::refused(&refusal))?;
    stacked(log, &wanted).await?;
    let by_role = wanted.rule().is_ok_and(|rule| rule.asks_for_role());
    let warnings = crowd::warnings(log, by_role).await.map_err(status::fault)?;
    let achievement_id = wanted.id.to_string();
    for _ in 1..ATTEMPTS {
        match attempt(principal, log, wanted.clone()).await? {
            Err(AppendError::WrongVersion(_)) => {}
            done => return answer(done, achievement_id, warnings),
        }
    }
    answer(attempt(principal, log, wanted).await?, achievement_id, warnings)
}

fn answer(
    done: Result<bool, AppendError>,
    achievement_id: String,
    warnings: Vec<wire::DefinitionWarning>,
) -> Result<wire::DefineAchievementResponse, Status> {
    let defined = done.map_err(status::append_failed)?;
    Ok(wire::DefineAchievementResponse { achievement_id, defined, warnings })
}

/// Decides on what the log has now; true if there was something to append.
async fn attempt(
    principal: &Principal,
    log: &TenantLog,
    wanted: Achievement,
) -> Result<Result<bool, AppendError>, Status> {
    let stream = Stream::new("achievement", wanted.id.uuid());
    let (state, version) = load(log, &stream).await.map_err(status::fault)?;
    let events = Achievements::decide(&state, Command::Define(wanted))
        .map_err(|refusal| status::refused(&refusal))?;
    if events.is_empty() {
        return Ok(Ok(false));
    }
    let expected = match version {
        Version::START => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exactly(version),
    };
    let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
    let append = Append { stream, expected, events, request: None, cause: principal.cause() };
    Ok(log.append(append).await.map(|_| true))
}

/// Refuses what requires achievements that are not defined, or itself.
async fn stacked(log: &TenantLog, wanted: &Achievement) -> Result<(), Status> {
    // What else is wrong with a rule is told with all that is wrong with the definition.
    let Ok(rule) = wanted.rule() else { return Ok(()) };
    let (mut known, mut ahead) = (BTreeMap::new(), rule.requires());
    while let Some(part) = ahead.pop_first() {
        let stream = Stream::new("achievement", part.uuid());
        let (state, _) = load(log, &stream).await.map_err(status::fault)?;
        let rule = state.definition.and_then(|part| part.rule().ok());
        if let Some(rule) = rule.filter(|_| !known.contains_key(&part)) {
            ahead.extend(rule.requires());
            known.insert(part, rule);
        }
    }
    let flaws = stacking_flaws(wanted.id, &rule, &known);
    if flaws.is_empty() {
        return Ok(());
    }
    let on_the_wire = |flaw: Violation| Violation::new("achievement.rule", flaw.description);
    let flaws = flaws.into_iter().map(on_the_wire).collect();
    Err(status::refused(&Refusal::Invalid(flaws)))
}

async fn load(log: &TenantLog, stream: &Stream) -> Result<(State, Version), Fault> {
    let recorded = log.stream(stream).await?;
    let mut events = Vec::new();
    for event in &recorded {
        let event = codec::decode(event);
        let event = event.map_err(|error| Fault::lasting("reading a stream", error))?;
        if let Event::Achievement(event) = event {
            events.push(event);
        }
    }
    Ok((Achievements::fold(&events), Version(recorded.len() as u64)))
}

/// The definition of one, by id.
pub(super) async fn find(
    log: &TenantLog,
    id: AchievementId,
) -> Result<AchievementDocument, Status> {
    let all = all(log).await.map_err(status::fault)?;
    let found = all.into_iter().find(|document| document.achievement.id == id);
    found.ok_or_else(|| status::refused(&Absent::Achievement))
}

async fn all(log: &TenantLog) -> Result<Vec<AchievementDocument>, Fault> {
    let (mut all, mut after): (Vec<_>, Option<Vec<u8>>) = (Vec::new(), None);
    loop {
        let page = log.documents::<AchievementDocument>(&[], after.as_deref(), PAGE).await?;
        after = page.last().map(|(key, _)| key.clone());
        let full = page.len() == PAGE as usize;
        all.extend(page.into_iter().map(|(_, document)| document));
        if !full {
            return Ok(all);
        }
    }
}

/// Lists them all, by key.
pub(super) async fn list(log: &TenantLog) -> Result<wire::ListAchievementsResponse, Status> {
    let shown = |document: AchievementDocument| wire::Achievement {
        version: document.version,
        ..codec::to_wire(&document.achievement)
    };
    let all = all(log).await.map_err(status::fault)?;
    let mut achievements: Vec<_> = all.into_iter().map(shown).collect();
    achievements.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(wire::ListAchievementsResponse { achievements })
}
