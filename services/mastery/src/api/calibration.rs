//! How well those who judge agree.

use std::collections::{BTreeMap, BTreeSet};

use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId, LearnerId, PersonId};
use northstar_mastery_domain::{Calibration, CalibrationTerms, Day, Judgement, Scale, Scope};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::instant;
use super::id;
use crate::projection::roster::path;
use crate::projection::{Competency, JudgedWork};

mod told;

/// Documents read at a time, so that what is held of learners does not grow with their number.
const PAGE: u32 = 500;

/// What is compared.
struct Asked {
    framework: Option<FrameworkId>,
    competency: Option<CompetencyId>,
    since: Option<Day>,
    until: Option<Day>,
    terms: CalibrationTerms,
}

/// What can be said of raters, rubrics and schools by the judgements that stand.
pub(super) async fn of(
    log: &TenantLog,
    request: &wire::GetCalibrationRequest,
) -> Result<wire::GetCalibrationResponse, Status> {
    let by = wire::CalibrationBy::try_from(request.by);
    let by = by.map_err(|why| status::invalid("FIELD_INVALID", "by", &why.to_string()))?;
    let asked = Asked::read(request)?;
    let competencies = competencies(log, &asked).await.map_err(status::fault)?;
    let mut calibration = Calibration::new(asked.terms);
    let mut schools = Schools::default();
    for (id, competency) in &competencies {
        if competency.scale.rungs() > 0 {
            let taken = take(log, *id, &competency.scale, &asked, &mut schools, &mut calibration);
            taken.await.map_err(status::fault)?;
        }
    }
    Ok(told::response(calibration.report(), by, &competencies))
}

impl Asked {
    fn read(request: &wire::GetCalibrationRequest) -> Result<Self, Status> {
        let framework = optional("framework_id", &request.framework_id)?;
        let competency = optional("competency_id", &request.competency_id)?;
        if framework.is_some() && competency.is_some() {
            let what = "must be left out where a framework is given";
            return Err(status::invalid("FIELD_INVALID", "competency_id", what));
        }
        let day = |field, given| instant(field, given).map(|at| at.map(Day::of));
        Ok(Self {
            framework,
            competency,
            since: day("since", request.since.as_ref())?,
            until: day("until", request.until.as_ref())?,
            terms: terms(request)?,
        })
    }

    fn covers(&self, day: Day) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The terms asked for; of the fields that are out of bounds the first is named.
fn terms(request: &wire::GetCalibrationRequest) -> Result<CalibrationTerms, Status> {
    let usual = CalibrationTerms::default();
    let window = match request.window_days {
        None => usual.window_days(),
        Some(days) => u16::try_from(days).unwrap_or(u16::MAX),
    };
    let minimum = request.minimum.unwrap_or_else(|| usual.minimum());
    let bar = request.bar_milli.map_or_else(|| usual.bar_milli(), i64::from);
    let (usual_minimum, usual_bar) = (usual.minimum(), usual.bar_milli());
    let fields = [
        ("window_days", (window, usual_minimum, usual_bar), "must be 0 to 3,650"),
        ("minimum", (0, minimum, usual_bar), "must be 10 to 1,000,000"),
        ("bar_milli", (0, usual_minimum, bar), "must be 1 to 1,000"),
    ];
    for (field, (window, minimum, bar), what) in fields {
        if CalibrationTerms::new(window, minimum, bar).is_none() {
            return Err(status::invalid("FIELD_INVALID", field, what));
        }
    }
    Ok(CalibrationTerms::new(window, minimum, bar).unwrap_or(usual))
}

fn optional<T>(field: &str, text: &str) -> Result<Option<T>, Status>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    (!text.is_empty()).then(|| id(field, text)).transpose()
}

/// The competencies asked about, by id.
async fn competencies(
    log: &TenantLog,
    asked: &Asked,
) -> Result<BTreeMap<CompetencyId, Competency>, Fault> {
    let prefix = asked.competency.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let mut found = BTreeMap::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<Competency>(&prefix, after.as_deref(), PAGE).await?;
        after = page.last().map(|(key, _)| key.clone());
        let full = page.len() == PAGE as usize;
        for (key, competency) in page {
            let id = key.as_slice().try_into().map(uuid::Uuid::from_bytes);
            let id = id.map_err(|why| Fault::lasting("reading a competency's key", why))?;
            if asked.framework.is_none_or(|framework| framework == competency.framework) {
                found.insert(CompetencyId::from_uuid(id), competency);
            }
        }
        if !full {
            return Ok(found);
        }
    }
}

/// Takes all judgements in a competency, one learner's after the other's.
async fn take(
    log: &TenantLog,
    competency: CompetencyId,
    scale: &Scale,
    asked: &Asked,
    schools: &mut Schools,
    calibration: &mut Calibration,
) -> Result<(), Fault> {
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page =
            log.documents::<JudgedWork>(competency.as_bytes(), after.as_deref(), PAGE).await?;
        schools.learn(log, page.iter().map(|(_, work)| work)).await?;
        for (key, work) in &page {
            let learner = JudgedWork::learner(key);
            let learner = learner.map_err(|why| Fault::lasting("reading a key", why))?;
            let covered = work.0.iter().filter(|judged| asked.covers(judged.day));
            calibration.take(covered.map(|judged| Judgement {
                learner,
                competency,
                day: judged.day,
                rubric: &judged.criterion,
                assessor: &judged.assessor,
                school: schools.of(&judged.assessor),
                level: u8::try_from(scale.level(judged.value_milli)).unwrap_or(u8::MAX),
            }));
        }
        if page.len() < PAGE as usize {
            return Ok(());
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}

/// The school of each who judged, as the roster has them now.
#[derive(Default)]
struct Schools(BTreeMap<String, Option<String>>);

impl Schools {
    async fn learn<'a>(
        &mut self,
        log: &TenantLog,
        works: impl Iterator<Item = &'a JudgedWork>,
    ) -> Result<(), Fault> {
        let assessors = works.flat_map(|work| &work.0).map(|judged| judged.assessor.as_str());
        let new = assessors.filter(|assessor| !self.0.contains_key(*assessor));
        for assessor in new.collect::<BTreeSet<_>>() {
            let school = school(log, assessor).await?;
            self.0.insert(assessor.to_owned(), school);
        }
        Ok(())
    }

    fn of(&self, assessor: &str) -> Option<&str> {
        self.0.get(assessor)?.as_deref()
    }
}

/// The deepest organization that the roster has the judge in: by the person's id, or by the roster's own.
async fn school(log: &TenantLog, assessor: &str) -> Result<Option<String>, Fault> {
    let derived = || PersonId::derive(log.tenant(), assessor).uuid();
    let person = LearnerId::from_uuid(assessor.parse().unwrap_or_else(|_| derived()));
    let scopes = path(&mut &*log, person).await?;
    Ok(scopes.into_iter().find_map(|scope| match scope {
        Scope::Organization(id) => Some(id.to_string()),
        Scope::Network | Scope::Class(_) => None,
    }))
}
