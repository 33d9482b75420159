//! Achievements: defining and listing them.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement::{
    Achievement, Achievements, Alignment, Command, Refusal, State,
};
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog};
use northstar_kernel::{
    AchievementId, CompetencyId, Decider as _, ExpectedVersion, TenantId, Version, Violation,
};
use northstar_wire::credentials::v1 as wire;
use tonic::Status;

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
    let achievement_id = wanted.id.to_string();
    for _ in 1..ATTEMPTS {
        match attempt(principal, log, wanted.clone()).await? {
            Err(AppendError::WrongVersion(_)) => {}
            done => return answer(done, achievement_id),
        }
    }
    answer(attempt(principal, log, wanted).await?, achievement_id)
}

fn answer(
    done: Result<bool, AppendError>,
    achievement_id: String,
) -> Result<wire::DefineAchievementResponse, Status> {
    let defined = done.map_err(status::append_failed)?;
    Ok(wire::DefineAchievementResponse { achievement_id, defined })
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

fn read(tenant: TenantId, achievement: wire::Achievement) -> Result<Achievement, Refusal> {
    let alignment = achievement.alignment.unwrap_or_default();
    let id = Achievement::id_of(tenant, &achievement.key);
    let mut violations = Vec::new();
    let given = &achievement.achievement_id;
    if !given.is_empty() && given.parse::<AchievementId>() != Ok(id) {
        let description = "must be empty, or the id that follows from the key";
        violations.push(Violation::new("achievement.achievement_id", description));
    }
    let competency = alignment.competency_id.parse().unwrap_or_else(|_| {
        let description = "must be the CASE identifier of a competency, a UUID";
        violations.push(Violation::new("achievement.alignment.competency_id", description));
        CompetencyId::from_uuid(uuid::Uuid::nil())
    });
    if !violations.is_empty() {
        return Err(Refusal::Invalid(violations));
    }
    Ok(Achievement {
        id,
        key: achievement.key,
        name: achievement.name,
        description: achievement.description,
        criteria: achievement.criteria,
        alignment: Alignment {
            competency,
            code: alignment.code,
            name: alignment.name,
            uri: alignment.uri,
        },
        required_level: achievement.required_level,
    })
}

/// Lists them all, by key.
pub(super) async fn list(log: &TenantLog) -> Result<wire::ListAchievementsResponse, Status> {
    let mut achievements = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<AchievementDocument>(&[], after.as_deref(), PAGE).await;
        let page = page.map_err(status::fault)?;
        after = page.last().map(|(key, _)| key.clone());
        achievements.extend(page.iter().map(|(_, document)| codec::to_wire(&document.achievement)));
        if page.len() < PAGE as usize {
            break;
        }
    }
    achievements.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(wire::ListAchievementsResponse { achievements })
}
