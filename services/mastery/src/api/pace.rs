//! Publishing a calendar, and a learner's pace against it.

use std::collections::BTreeMap;

use northstar_chassis::status;
use northstar_eventlog::{Cause, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId, Timestamp};
use northstar_mastery_domain::{
    self as domain, Calendar, CalendarPublished, Candidate, Day, Outcome, Plan, Resolution, Scope,
};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::Times;
use super::kept::{self, Kept};
use super::publication::{NothingPublished, Published, known};
use super::reached::Reached;
use super::scope;
use crate::codec::{ALWAYS, Publication, timestamp};
use crate::projection::roster::path;
use crate::projection::{Competency, PacePlans};
use crate::standard::read_pace_document;

/// As of the end of time, everything that was recorded counts.
const END: Timestamp = Timestamp::from_micros(i64::MAX);

/// Publishes a calendar for everybody of the tenant, or for those of a scope that the roster knows.
pub(super) async fn publish(
    log: &TenantLog,
    cause: Cause,
    request: &wire::PublishPacePlanRequest,
) -> Result<wire::PublishPacePlanResponse, Status> {
    let scope = scope::known(log, &request.scope).await?;
    let draft =
        read_pace_document(&request.document).map_err(|refusal| status::refused(&refusal))?;
    let framework = draft.framework;
    let wanted = draft.terms.iter().flat_map(|term| &term.competencies).copied().collect();
    let known = known(log, framework, wanted).await?;
    let calendar = Calendar::new(draft, |id| known.contains_key(&id));
    let calendar = calendar.map_err(|refusal| status::refused(&refusal))?;
    let hash = calendar.hash();
    let publication = Publication { framework, scope, document: calendar.canonical(), hash };
    let published = Published::PacePlan.publish(log, cause, publication).await?;
    Ok(wire::PublishPacePlanResponse { plan_hash: hash.to_string(), published })
}

/// A learner's pace as of a day, against the calendar that holds for where the roster has them now, of
/// those known at the time. A learner of whom nothing was observed has reached nothing.
pub(super) async fn get(
    log: &TenantLog,
    learner: LearnerId,
    framework: FrameworkId,
    times: Times,
) -> Result<wire::GetPaceResponse, Status> {
    let plans = log.document::<PacePlans>(framework.as_bytes()).await.map_err(status::fault)?;
    let plans = plans.unwrap_or_default().known(times.known_at.unwrap_or(END));
    let path = match plans.is_scoped() {
        true => path(&mut &*log, learner).await.map_err(status::fault)?,
        false => vec![Scope::Network],
    };
    let Resolution { chosen, considered } = plans.resolution(&path);
    let nothing = || status::refused(&NothingPublished(Published::PacePlan));
    let CalendarPublished { calendar, scope, .. } = chosen.ok_or_else(nothing)?;
    let rollup = kept::rollup(log, framework, times).await?;
    let kept = Kept::load(log, learner, times).await?;
    let today = Day::of(times.as_of.plain());
    let mut reached = Reached::new(&kept, rollup.as_ref(), last_of(today), times.known_at);
    let terms = &calendar.draft().terms;
    let wanted = || terms.iter().flat_map(|term| &term.competencies);
    let since = wanted().filter_map(|id| Some((*id, Day::of(reached.since(*id)?)))).collect();
    let known = known(log, framework, wanted().copied().collect()).await?;
    let ours = considered.iter().filter(|it| it.outcome != Outcome::OutOfScope);
    Ok(wire::GetPaceResponse {
        scope: scope.to_string(),
        considered: ours.map(self::considered).collect(),
        ..answer(calendar, &known, &since, today)
    })
}

/// A calendar that was looked at, for others.
fn considered(candidate: &Candidate<'_, CalendarPublished>) -> wire::PacePlanConsidered {
    let Candidate { published, outcome } = candidate;
    let published_at = Some(published.published_at).filter(|at| *at != ALWAYS);
    wire::PacePlanConsidered {
        plan_hash: published.calendar.hash().to_string(),
        scope: published.scope.to_string(),
        published_at: published_at.map(timestamp),
        holds: *outcome == Outcome::Chosen,
        outcome: outcome.to_string(),
    }
}

/// The last moment of a day, so that all that was observed on it is there.
fn last_of(day: Day) -> Timestamp {
    let next = i64::from(day.number()).saturating_add(1).saturating_mul(86_400_000_000);
    Timestamp::from_micros(next.saturating_sub(1))
}

fn answer(
    calendar: &Calendar,
    known: &BTreeMap<CompetencyId, Competency>,
    since: &BTreeMap<CompetencyId, Day>,
    today: Day,
) -> wire::GetPaceResponse {
    let (whole, paces) = calendar.pace(since, today);
    let terms = calendar.draft().terms.iter();
    let plans = terms.clone().zip(calendar.terms()).zip(&paces);
    let paced = |term: &domain::Term, id: &CompetencyId| wire::PacedCompetency {
        competency_id: id.to_string(),
        competency_code: known.get(id).map(|known| known.code.clone()).unwrap_or_default(),
        by: term.end.to_string(),
        reached_on: since.get(id).map(Day::to_string).unwrap_or_default(),
    };
    wire::GetPaceResponse {
        as_of: today.to_string(),
        whole: Some(stretch("", calendar.whole(), &whole)),
        terms: plans.map(|((term, plan), pace)| stretch(&term.name, plan, pace)).collect(),
        competencies: terms
            .flat_map(|term| term.competencies.iter().map(|id| paced(term, id)))
            .collect(),
        plan_hash: calendar.hash().to_string(),
        document: calendar.canonical(),
        ..Default::default()
    }
}

fn stretch(name: &str, plan: &Plan, pace: &domain::Pace) -> wire::PaceStretch {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let status = match pace.status {
        domain::Status::Behind => wire::PaceStatus::Behind,
        domain::Status::OnPace => wire::PaceStatus::OnPace,
        domain::Status::Ahead => wire::PaceStatus::Ahead,
    };
    // Shares are from 0 to 1000.
    let share = |milli: i64| u32::try_from(milli).unwrap_or_default();
    wire::PaceStretch {
        name: name.to_owned(),
        begin: plan.begin().to_string(),
        end: plan.end().to_string(),
        wanted: plan.wanted(),
        reached: pace.reached,
        expected_milli: share(pace.expected_milli),
        actual_milli: share(pace.actual_milli),
        status: status.into(),
        finished_on: day(pace.finished_on),
        forecast: pace.forecast.map(|forecast| wire::PaceForecast {
            earliest: day(forecast.earliest),
            likely: day(forecast.likely),
            latest: day(forecast.latest),
        }),
    }
}
