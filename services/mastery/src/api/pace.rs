//! Publishing a calendar, and a learner's pace against it.

use std::collections::BTreeMap;

use northstar_chassis::status;
use northstar_eventlog::{Cause, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId, Timestamp};
use northstar_mastery_domain::{self as domain, Calendar, Day, Plan};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::Times;
use super::kept::{self, Kept};
use super::publication::{NothingPublished, Published, known};
use super::reached::Reached;
use crate::codec::Publication;
use crate::projection::{Competency, PacePlan};
use crate::standard::read_pace_document;

/// Publishes a calendar for everybody of the tenant.
pub(super) async fn publish(
    log: &TenantLog,
    cause: Cause,
    request: &wire::PublishPacePlanRequest,
) -> Result<wire::PublishPacePlanResponse, Status> {
    let draft =
        read_pace_document(&request.document).map_err(|refusal| status::refused(&refusal))?;
    let framework = draft.framework;
    let wanted = draft.terms.iter().flat_map(|term| &term.competencies).copied().collect();
    let known = known(log, framework, wanted).await?;
    let calendar = Calendar::new(draft, |id| known.contains_key(&id));
    let calendar = calendar.map_err(|refusal| status::refused(&refusal))?;
    let hash = calendar.hash();
    let publication = Publication { framework, document: calendar.canonical(), hash };
    let published = Published::PacePlan.publish(log, cause, publication).await?;
    Ok(wire::PublishPacePlanResponse { plan_hash: hash.to_string(), published })
}

/// A learner's pace as of a day. A learner of whom nothing was observed has reached nothing.
pub(super) async fn get(
    log: &TenantLog,
    learner: LearnerId,
    framework: FrameworkId,
    times: Times,
) -> Result<wire::GetPaceResponse, Status> {
    let key = framework.as_bytes();
    let plan = log.document::<PacePlan>(key).await.map_err(status::fault)?;
    let nothing = || status::refused(&NothingPublished(Published::PacePlan));
    let PacePlan(calendar) = plan.ok_or_else(nothing)?;
    let rollup = kept::rollup(log, framework, times).await?;
    let kept = Kept::load(log, learner, times).await?;
    let today = Day::of(times.as_of.plain());
    let mut reached = Reached::new(&kept, rollup.as_ref(), last_of(today), times.known_at);
    let terms = &calendar.draft().terms;
    let wanted = || terms.iter().flat_map(|term| &term.competencies);
    let since = wanted().filter_map(|id| Some((*id, Day::of(reached.since(*id)?)))).collect();
    let known = known(log, framework, wanted().copied().collect()).await?;
    Ok(answer(&calendar, &known, &since, today))
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
