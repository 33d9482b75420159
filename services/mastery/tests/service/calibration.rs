//! How well raters agree, from the log: against what a recount of the judgements that stand comes to.

use std::collections::{BTreeMap, BTreeSet};

use northstar_bus::rebuild::{Options, rebuild};
use northstar_chassis::Role;
use northstar_kernel::{OrganizationId, Shard, TenantId};
use northstar_mastery_domain::{
    Calibration, CalibrationFinding as Finding, CalibrationReport, CalibrationTerms, Day, Estimate,
    Judgement, Measures, Scale,
};
use northstar_wire::evidence::v1 as evidence;
use northstar_wire::mastery::v1 as wire;
use northstar_wire::registry::v1 as registry;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::region::{Region, competency, evidence_id, framework, instant, learner, on};
use crate::stand::Stand;

#[path = "../../domain/tests/spec/calibration/naive.rs"]
mod naive;

/// The competencies with their scales; the last has none.
const SCALES: [(&str, &[i64]); 3] =
    [("NS.INT.1", &[1, 2, 3, 4]), ("NS.ADP.1", &[1, 3]), ("NS.COM.1", &[])];
const LEARNERS: [&str; 4] = ["ana", "ben", "cleo", "dan"];
/// Teachers, by the names of their schools; the last belongs to none.
const SCHOOLS: [(&str, &str); 5] =
    [("t1", "east"), ("t2", "east"), ("t3", "west"), ("t4", "west"), ("t5", "")];
const CRITERIA: [&str; 2] = ["", "6b0a2f3e-0000-4000-8000-0000000000c1"];

/// What one piece of evidence says.
#[derive(Debug, Clone, Copy)]
struct Said {
    learner: &'static str,
    code: &'static str,
    criterion: &'static str,
    day: i64,
    points: i64,
    rater: &'static str,
    role: &'static str,
}

/// Numbers that look random and are always the same: a linear congruence (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn said(&mut self) -> Said {
        Said {
            learner: LEARNERS[self.throw(LEARNERS.len())],
            code: SCALES[self.throw(SCALES.len())].0,
            criterion: CRITERIA[self.throw(3) / 2],
            ..self.restated(LEARNERS[0], SCALES[0].0, "")
        }
    }

    /// Something else of the same work: who, when, what and in which role.
    fn restated(
        &mut self,
        learner: &'static str,
        code: &'static str,
        criterion: &'static str,
    ) -> Said {
        let (day, points) = (self.throw(60) as i64 + 1, self.throw(4) as i64 + 1);
        let rater = SCHOOLS[self.throw(SCHOOLS.len())].0;
        let role = ["teacher", "teacher", "employer", "validator", "teacher", "self", "tool"]
            [self.throw(7)];
        Said { learner, code, criterion, day, points, rater, role }
    }
}

impl Said {
    fn message(&self) -> evidence::Observation {
        evidence::Observation {
            learner_id: learner(self.learner).to_string(),
            competency_id: competency(self.code).to_string(),
            criterion_id: self.criterion.to_owned(),
            value_milli: self.points * 1_000,
            assessor_id: rater(self.rater),
            assessor_role: self.role.to_owned(),
            ..Default::default()
        }
    }

    fn is_compared(&self) -> bool {
        self.role != "self" && self.role != "tool" && self.code != "NS.COM.1"
    }
}

/// A teacher as evidence has them: a person's id.
fn rater(name: &str) -> String {
    learner(name).to_string()
}

fn school(name: &str) -> OrganizationId {
    OrganizationId::derive(TenantId::COMMONS, name)
}

async fn roster(region: &Region) {
    for name in ["east", "west"] {
        let organization_id = school(name).to_string();
        let event = registry::OrganizationChanged { organization_id, ..Default::default() };
        region.roster("organization_changed", school(name).uuid(), &event).await;
    }
    for (name, at) in SCHOOLS {
        let organization_ids =
            (!at.is_empty()).then(|| school(at).to_string()).into_iter().collect();
        let person_id = rater(name);
        let event = registry::PersonChanged { person_id, organization_ids, ..Default::default() };
        region.roster("person_changed", learner(name).uuid(), &event).await;
    }
}

/// Evidence, a third of it corrected, a seventh signed off and a ninth withdrawn; what stands.
async fn evidence_of(region: &Region, count: u32) -> BTreeMap<u32, Said> {
    let (mut dice, mut standing) = (Dice(11), BTreeMap::new());
    for number in 1..=count {
        let said = dice.said();
        let id = evidence_id(number).to_string();
        let observation = Some(said.message());
        let recorded = evidence::EvidenceRecorded { evidence_id: id, observation };
        region.evidence(number, "evidence_recorded", &recorded, said.day).await;
        standing.insert(number, said);
        if number % 3 == 0 {
            let place = dice.throw(standing.len());
            let (number, was) = standing.iter().nth(place).map(|(n, s)| (*n, *s)).expect("stands");
            let said = dice.restated(was.learner, was.code, was.criterion);
            let (evidence_id, observation) =
                (evidence_id(number).to_string(), Some(said.message()));
            let corrected = evidence::EvidenceCorrected { evidence_id, observation };
            region.evidence(number, "evidence_corrected", &corrected, said.day).await;
            standing.insert(number, said);
        }
        if number % 7 == 0 {
            region.validate(said.learner, said.code, number).await;
        }
        if number % 9 == 0 {
            let place = dice.throw(standing.len());
            let (number, was) = standing.iter().nth(place).map(|(n, s)| (*n, *s)).expect("stands");
            region.retract(was.learner, was.code, number).await;
            standing.remove(&number);
        }
    }
    standing
}

async fn set_up(stand: Stand) -> (Region, BTreeMap<u32, Said>) {
    let region = Region::on(stand).await;
    let standing = evidence_of(&region, 500).await;
    for (code, scale) in SCALES {
        region.publish_competency(code, scale).await;
    }
    roster(&region).await;
    region.settled().await;
    (region, standing)
}

async fn ask(
    region: &Region,
    request: wire::GetCalibrationRequest,
) -> Result<wire::GetCalibrationResponse, Status> {
    Ok(region.admin().get_calibration(request).await?.into_inner())
}

/// The judgements that `only` lets through, as the domain takes them; names are borrowed of `names`.
fn judgements<'a>(
    standing: &BTreeMap<u32, Said>,
    names: &'a BTreeMap<&'static str, (String, Option<String>)>,
    only: impl Fn(&Said) -> bool,
) -> Vec<Judgement<'a>> {
    let compared = standing.values().filter(|said| said.is_compared() && only(said));
    let judgement = |said: &Said| {
        let scale = SCALES.iter().find(|(code, _)| *code == said.code).expect("known").1;
        let (assessor, school) = &names[said.rater];
        Judgement {
            learner: learner(said.learner),
            competency: competency(said.code),
            day: Day::of(on(said.day)),
            rubric: said.criterion,
            assessor,
            school: school.as_deref(),
            level: Scale::new(scale.iter().copied()).level(said.points) as u8,
        }
    };
    compared.map(judgement).collect()
}

fn names() -> BTreeMap<&'static str, (String, Option<String>)> {
    let of = |(name, at): (&'static str, &str)| {
        (name, (rater(name), (!at.is_empty()).then(|| school(at).to_string())))
    };
    SCHOOLS.into_iter().map(of).collect()
}

type Numbers = (u64, u64, Vec<Option<Estimate>>);

fn numbers(measures: Option<&wire::CalibrationMeasures>) -> Numbers {
    let it = measures.expect("measures are always given");
    let findings = [
        &it.exact,
        &it.adjacent,
        &it.kappa,
        &it.weighted_kappa,
        &it.severity,
        &it.drift_per_30_days,
        &it.rise,
    ];
    let estimate = |finding: &Option<wire::CalibrationFinding>| {
        let estimate = finding.as_ref().expect("a finding is always given").estimate?;
        let wire::CalibrationEstimate { value_milli, low_milli, high_milli } = estimate;
        Some(Estimate { value_milli, low_milli, high_milli })
    };
    (it.pairs, it.comparisons, findings.map(estimate).into())
}

fn expected(it: &Measures) -> Numbers {
    let findings = [
        it.exact,
        it.adjacent,
        it.kappa,
        it.weighted_kappa,
        it.severity,
        it.drift.per_30_days,
        it.drift.rise,
    ];
    (it.pairs, it.comparisons, findings.iter().map(Finding::known).collect())
}

/// The answer says what the report does.
fn says(response: &wire::GetCalibrationResponse, report: &CalibrationReport) {
    assert_eq!((response.judgements, response.pairs), (report.judgements, report.pairs));
    let raters: Vec<_> =
        response.raters.iter().map(|it| (&it.assessor_id, numbers(it.measures.as_ref()))).collect();
    let recounted = report.raters.iter().map(|it| (&it.assessor, expected(&it.measures)));
    assert_eq!(raters, recounted.collect::<Vec<_>>());
    let rubrics: Vec<_> = response
        .rubrics
        .iter()
        .map(|it| ((&it.competency_id, &it.criterion_id), numbers(it.measures.as_ref())))
        .collect();
    let ids: Vec<_> = report.rubrics.iter().map(|it| it.competency.to_string()).collect();
    let recounted = ids.iter().zip(&report.rubrics);
    let recounted = recounted.map(|(id, it)| ((id, &it.rubric), expected(&it.measures)));
    assert_eq!(rubrics, recounted.collect::<Vec<_>>());
    let schools: Vec<_> = response
        .schools
        .iter()
        .map(|it| (&it.organization_id, numbers(it.measures.as_ref())))
        .collect();
    let recounted = report.schools.iter().map(|it| (&it.school, expected(&it.measures)));
    assert_eq!(schools, recounted.collect::<Vec<_>>());
}

/// What is said of each rater is what a count by hand comes to, in floating point.
fn agrees_with_naive(response: &wire::GetCalibrationResponse, all: &[Judgement<'_>], window: i64) {
    let mut sorted = all.to_vec();
    sorted.sort();
    let pairs = naive::pairs(&sorted, window);
    let mut known = 0;
    for rater in &response.raters {
        let own: naive::Pairs = pairs
            .iter()
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .filter(|(own, _)| sorted[**own].assessor == rater.assessor_id)
            .map(|(own, met)| (f64::from(sorted[*own].level), f64::from(sorted[*met].level)))
            .collect();
        let (paired, _, findings) = numbers(rater.measures.as_ref());
        assert_eq!(paired as usize, own.len());
        let differences = naive::differences(all, &rater.assessor_id, window);
        let severities: Vec<f64> = differences.iter().map(|(_, value)| *value).collect();
        let by_hand = [
            (2, naive::kappa(&own, |a, b| f64::from(a == b)), true),
            (3, naive::kappa(&own, |a, b| 1.0 - (a - b).powi(2) / 9.0), true),
            (4, naive::mean_error(&severities), false),
            (5, naive::slope_error(&differences), false),
        ];
        for (place, value, bounded) in by_hand {
            if let Some(found) = findings[place] {
                assert!(
                    naive::agrees(Finding::Known(found), value, bounded),
                    "{found:?} {value:?}"
                );
                known += 1;
            }
        }
    }
    assert!(known >= 16, "only {known} numbers to compare");
}

async fn what_is_said_is_what_a_recount_comes_to(stand: Stand) {
    let (region, standing) = set_up(stand).await;
    let names = names();
    let recount = |terms: CalibrationTerms, only: &dyn Fn(&Said) -> bool| {
        let mut calibration = Calibration::new(terms);
        calibration.take(judgements(&standing, &names, only));
        calibration.report()
    };
    let usual = CalibrationTerms::default();
    let everything = ask(&region, wire::GetCalibrationRequest::default()).await.expect("answered");
    says(&everything, &recount(usual, &|_| true));
    agrees_with_naive(&everything, &judgements(&standing, &names, |_| true), 30);
    assert!(everything.raters.len() == 5 && everything.schools.len() == 2, "{everything:?}");
    assert_eq!((everything.rubrics.len(), everything.without_scale), (4, 1));

    // By framework, competency, time and terms.
    let framework_id = framework().to_string();
    let whole = wire::GetCalibrationRequest { framework_id, ..Default::default() };
    assert_eq!(ask(&region, whole).await.expect("answered"), everything);
    let some = wire::GetCalibrationRequest {
        competency_id: competency("NS.INT.1").to_string(),
        since: Some(instant(on(10))),
        until: Some(instant(on(45))),
        window_days: Some(5),
        minimum: Some(10),
        ..Default::default()
    };
    let terms = CalibrationTerms::new(5, 10, 700).expect("sound terms");
    let only = |said: &Said| said.code == "NS.INT.1" && (10..=45).contains(&said.day);
    says(&ask(&region, some).await.expect("answered"), &recount(terms, &only));

    // A rebuild comes to the same.
    let nouns = region.calibration.handler.nouns();
    let documents = region.documents_of(nouns).await;
    for (workers, batch_size) in [(1, 1), (3, 50), (2, 0)] {
        let options = Options { workers, batch_size };
        let report = rebuild(&region.calibration, Shard(0), options).await.expect("a rebuild");
        assert_eq!(report.malformed, 0);
        assert_eq!(region.documents_of(nouns).await, documents);
    }
    let again = ask(&region, wire::GetCalibrationRequest::default()).await.expect("answered");
    assert_eq!(again, everything);
}

#[tokio::test]
async fn what_is_said_is_what_a_recount_comes_to_on_sqlite() {
    what_is_said_is_what_a_recount_comes_to(Stand::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_is_what_a_recount_comes_to_on_postgres() {
    what_is_said_is_what_a_recount_comes_to(Stand::postgres().await).await;
}

/// Judgements of a teacher on a learner, a day.
async fn judge(region: &Region, number: u32, said: Said) {
    let (id, observation) = (evidence_id(number).to_string(), Some(said.message()));
    let recorded = evidence::EvidenceRecorded { evidence_id: id, observation };
    region.evidence(number, "evidence_recorded", &recorded, said.day).await;
}

#[tokio::test]
async fn a_rubric_that_raters_read_differently_is_flagged_until_the_scale_says_otherwise() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    let mut number = 0;
    // Forty pieces of work: the one rater gives the levels in turn, the other any level.
    for day in 1..=40 {
        for (rater, points) in [("t1", day % 4 + 1), ("t3", day / 4 % 4 + 1)] {
            number += 1;
            let (learner, code) = (LEARNERS[0], "NS.INT.1");
            let said =
                Said { learner, code, criterion: "", day: 2 * day, points, rater, role: "teacher" };
            judge(&region, number, said).await;
        }
    }
    region.settled().await;
    let by_rubric = wire::GetCalibrationRequest {
        by: wire::CalibrationBy::Rubric.into(),
        window_days: Some(0),
        ..Default::default()
    };
    let told = ask(&region, by_rubric.clone()).await.expect("answered");
    assert!(told.raters.is_empty() && told.schools.is_empty(), "only rubrics were asked for");
    let stability = told.rubrics.iter().map(wire::RubricCalibration::stability);
    assert_eq!(stability.collect::<Vec<_>>(), [wire::Stability::Unstable]);
    assert_eq!((told.pairs, told.rubrics[0].competency_code.as_str()), (40, "NS.INT.1"));
    // On one rung there is nothing to differ about: no number, and nothing that would help.
    region.publish_competency("NS.INT.1", &[0]).await;
    region.settled().await;
    let told = ask(&region, by_rubric).await.expect("answered");
    assert_eq!(told.rubrics[0].stability(), wire::Stability::Undefined);
    let kappa = told.rubrics[0].measures.and_then(|measures| measures.kappa).expect("said");
    assert_eq!((kappa.estimate, kappa.have, kappa.missing), (None, 40, 0));
}

#[tokio::test]
async fn too_few_pairs_say_how_many_more_it_takes() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    for (number, rater) in [(1, "t1"), (2, "t3")] {
        let said = Said { rater, role: "teacher", ..Dice(3).restated("ana", "NS.INT.1", "") };
        judge(&region, number, said).await;
    }
    region.settled().await;
    let told = ask(&region, wire::GetCalibrationRequest::default()).await.expect("answered");
    assert_eq!((told.judgements, told.pairs), (2, 1));
    let exact = told.raters[0].measures.as_ref().and_then(|measures| measures.exact);
    let expected = wire::CalibrationFinding { estimate: None, have: 1, missing: 29 };
    assert_eq!(exact, Some(expected));
    assert_eq!(told.rubrics[0].stability(), wire::Stability::TooFewPairs);
    // A teacher whom no roster knows is at no school.
    assert!(told.schools.is_empty());
}

#[tokio::test]
async fn what_belongs_to_others_looks_like_nothing() {
    let (mut region, _) = set_up(Stand::sqlite()).await;
    region.move_to("south");
    let told = ask(&region, wire::GetCalibrationRequest::default()).await.expect("answered");
    assert_eq!(told, wire::GetCalibrationResponse::default());
    let competency_id = competency("NS.INT.1").to_string();
    let theirs = wire::GetCalibrationRequest { competency_id, ..Default::default() };
    assert_eq!(ask(&region, theirs).await.expect("answered"), told);
}

#[tokio::test]
async fn only_those_who_may_compare_raters_are_answered() {
    let region = Region::new().await;
    let mut allowed = BTreeSet::new();
    for role in Role::ALL {
        let asked = wire::GetCalibrationRequest::default();
        match region.client(role, &[]).get_calibration(asked).await {
            Ok(_) => _ = allowed.insert(role),
            Err(status) => assert_eq!(status.code(), Code::PermissionDenied, "{role}"),
        }
    }
    assert_eq!(allowed, BTreeSet::from([Role::NetworkAdmin, Role::DistrictAdmin, Role::Validator]));
}

#[tokio::test]
async fn bad_questions_are_refused_with_the_field() {
    let region = Region::new().await;
    let usual = wire::GetCalibrationRequest::default();
    let id = competency("NS.INT.1").to_string();
    let no_instant = prost_types::Timestamp { seconds: 0, nanos: -1 };
    for (field, request) in [
        (
            "framework_id",
            wire::GetCalibrationRequest { framework_id: "f".to_owned(), ..usual.clone() },
        ),
        (
            "competency_id",
            wire::GetCalibrationRequest { competency_id: "c".to_owned(), ..usual.clone() },
        ),
        (
            "competency_id",
            wire::GetCalibrationRequest {
                framework_id: id.clone(),
                competency_id: id,
                ..usual.clone()
            },
        ),
        ("by", wire::GetCalibrationRequest { by: 9, ..usual.clone() }),
        ("since", wire::GetCalibrationRequest { since: Some(no_instant), ..usual.clone() }),
        ("window_days", wire::GetCalibrationRequest { window_days: Some(3_651), ..usual.clone() }),
        ("minimum", wire::GetCalibrationRequest { minimum: Some(9), ..usual.clone() }),
        ("bar_milli", wire::GetCalibrationRequest { bar_milli: Some(0), ..usual }),
    ] {
        let status = ask(&region, request).await.expect_err(field);
        assert_eq!(status.code(), Code::InvalidArgument, "{field}");
        let details = status.get_error_details();
        let violations = details.bad_request().map(|bad| bad.field_violations.clone());
        assert_eq!(violations.expect("a field")[0].field, field);
    }
}
