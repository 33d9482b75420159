//! What is said of raters, rubrics and schools.

use super::naive;
use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_mastery_domain::{
    Calibration, CalibrationFinding as Finding, CalibrationReport, CalibrationTerms as Terms, Day,
    Judgement, Stability, adjusted,
};
use proptest::prelude::*;

const ASSESSORS: [&str; 4] = ["Ames", "Brook", "Cole", "Dunn"];
const SCHOOLS: [Option<&str>; 3] = [Some("East"), Some("West"), None];

fn learner(number: u32) -> LearnerId {
    LearnerId::derive(TenantId::from_slug("front-range"), &number.to_string())
}

fn competency() -> CompetencyId {
    CompetencyId::from_uuid(learner(0).uuid())
}

/// The level that `assessor` gave learner `number` on `day`.
fn judged(number: u32, day: i32, assessor: &'static str, level: u8) -> Judgement<'static> {
    Judgement {
        learner: learner(number),
        competency: competency(),
        day: Day::new(day),
        rubric: "",
        assessor,
        school: Some("East"),
        level,
    }
}

fn report<'a>(judgements: impl IntoIterator<Item = Judgement<'a>>) -> CalibrationReport {
    let mut calibration = Calibration::new(Terms::default());
    calibration.take(judgements);
    calibration.report()
}

fn value(finding: Finding) -> Option<i64> {
    finding.known().map(|estimate| estimate.value_milli)
}

/// Learners whom Ames judges, and the day after, one level lower, Brook.
fn brook_is_a_level_lower(learners: u32) -> CalibrationReport {
    report((0..learners).flat_map(|n| {
        let level = 2 + (n % 3) as u8;
        [judged(n, n as i32, "Ames", level), judged(n, n as i32 + 1, "Brook", level - 1)]
    }))
}

#[test]
fn a_rater_who_is_always_a_level_lower_is_severe_by_a_level() {
    // Given forty learners whom Brook judges one level below Ames,
    let report = brook_is_a_level_lower(40);
    // then they never agree, are always near, and each is severe or lenient by a level.
    let brook = &report.rater("Brook").expect("Brook judged").measures;
    assert_eq!((brook.pairs, brook.comparisons), (40, 40));
    assert_eq!((value(brook.exact), value(brook.adjacent)), (Some(0), Some(1_000)));
    assert_eq!(value(brook.severity), Some(1_000));
    let ames = &report.rater("Ames").expect("Ames judged").measures;
    assert_eq!(value(ames.severity), Some(-1_000));
    // And what Brook gave is put right by it, what an unknown rater gave is left alone.
    assert_eq!(adjusted(2_000, brook.severity), 3_000);
    assert_eq!(adjusted(2_000, Finding::TooFew { have: 3, need: 30 }), 2_000);
}

#[test]
fn too_few_pairs_are_said_as_such() {
    // Given 29 learners where it takes 30,
    let report = brook_is_a_level_lower(29);
    // then there is no number at all, but how many there are.
    let brook = &report.rater("Brook").expect("Brook judged").measures;
    let too_few = Finding::TooFew { have: 29, need: 30 };
    assert_eq!([brook.exact, brook.weighted_kappa, brook.severity], [too_few; 3]);
    assert_eq!(report.rubrics[0].stability, Stability::TooFewPairs);
    assert!(report.rater("Nobody").is_none());
}

#[test]
fn one_level_for_everybody_says_nothing_about_the_rubric() {
    // Given forty learners who all get level 3 from both,
    let same = (0..40).flat_map(|n| [judged(n, 0, "Ames", 3), judged(n, 0, "Brook", 3)]);
    let report = report(same);
    // then they agree, kappa is undefined, and the rubric is neither stable nor unstable.
    let rubric = &report.rubrics[0];
    assert_eq!(value(rubric.measures.exact), Some(1_000));
    assert_eq!(rubric.measures.kappa, Finding::Undefined);
    assert_eq!(rubric.measures.weighted_kappa, Finding::Undefined);
    assert_eq!(rubric.stability, Stability::Undefined);
    // And all on one day leaves no trend.
    assert_eq!(rubric.measures.comparisons, 0);
    let ames = &report.rater("Ames").expect("Ames judged").measures;
    assert_eq!(ames.drift.per_30_days, Finding::Undefined);
}

#[test]
fn a_rubric_that_raters_read_differently_is_unstable_and_one_they_share_is_not() {
    // Given a rubric on which two raters agree, and one on which the second gives any level,
    let both = (0..80).flat_map(|n| {
        let level = 1 + (n % 4) as u8;
        let voice = |judgement| Judgement { rubric: "voice", ..judgement };
        [
            judged(n, 0, "Ames", level),
            judged(n, 1, "Brook", level),
            voice(judged(n, 0, "Ames", level)),
            voice(judged(n, 1, "Brook", 1 + (n / 4 % 4) as u8)),
        ]
    });
    let report = report(both);
    // then they are told apart, each with its own pairs.
    let found: Vec<_> =
        report.rubrics.iter().map(|r| (r.rubric.as_str(), r.measures.pairs, r.stability)).collect();
    assert_eq!(found, [("", 80, Stability::Stable), ("voice", 80, Stability::Unstable)]);
    assert_eq!(value(report.rubrics[1].measures.weighted_kappa), Some(0));
    assert_eq!((report.judgements, report.pairs), (320, 160));
}

#[test]
fn a_rater_who_grows_severe_drifts() {
    // Given a year in which Ames stays as she is while Brook, at first one level above her, comes
    // down to her by mid-year and stays there,
    let year = (0..360).flat_map(|n: u32| {
        let level = 1 + (n % 3) as u8;
        let above = u8::from(n < 180);
        [judged(n, n as i32, "Ames", level), judged(n, n as i32, "Brook", level + above)]
    });
    // then the halves of the year show it, and so does the trend.
    let report = report(year);
    let brook = &report.rater("Brook").expect("Brook judged").measures;
    let drift = brook.drift;
    assert_eq!((value(drift.first_half), value(drift.second_half)), (Some(-1_000), Some(0)));
    assert_eq!(value(drift.rise), Some(1_000));
    let trend = drift.per_30_days.known().expect("a trend over a year");
    assert!(trend.low_milli > 0, "{trend:?}");
}

#[test]
fn schools_agree_within_and_are_severe_against_others() {
    // Given learners whom two raters at East judge alike and one at West half a level lower on
    // the whole,
    let judged_at_both = (0..60).flat_map(|n| {
        let level = 2 + (n % 3) as u8;
        let west =
            Judgement { school: Some("West"), ..judged(n, 2, "Cole", level - (n % 2) as u8) };
        [judged(n, 0, "Ames", level), judged(n, 1, "Brook", level), west]
    });
    let report = report(judged_at_both);
    // then East agrees within; West has no pair of its own, and is severe against East.
    let [east, west] = &report.schools[..] else { panic!("{:?}", report.schools) };
    assert_eq!((east.measures.pairs, value(east.measures.exact)), (60, Some(1_000)));
    assert_eq!(west.measures.kappa, Finding::TooFew { have: 0, need: 30 });
    assert_eq!(value(west.measures.severity), Some(500));
    assert_eq!(value(east.measures.severity), Some(-500));
}

fn judgements() -> impl Strategy<Value = Vec<Judgement<'static>>> {
    let one = (0_u32..12, 0_i32..60, 0_usize..4, 0_u8..4, 0_usize..3, any::<bool>());
    let judgement = one.prop_map(|(number, day, assessor, level, school, voice)| Judgement {
        school: SCHOOLS[school],
        rubric: if voice { "voice" } else { "" },
        ..judged(number, day, ASSESSORS[assessor], level)
    });
    prop::collection::vec(judgement, 0..200)
}

fn agrees_with_naive(all: &[Judgement<'_>], terms: Terms) -> Result<(), TestCaseError> {
    let mut calibration = Calibration::new(terms);
    calibration.take(all.iter().copied());
    let (report, window) = (calibration.report(), i64::from(terms.window_days()));
    let mut sorted = all.to_vec();
    sorted.sort();
    let pairs = naive::pairs(&sorted, window);
    prop_assert_eq!(report.pairs as usize, pairs.len());
    for rater in &report.raters {
        let own: naive::Pairs = pairs
            .iter()
            .flat_map(|(a, b)| [(a, b), (b, a)])
            .filter(|(own, _)| sorted[**own].assessor == rater.assessor)
            .map(|(own, met)| (f64::from(sorted[*own].level), f64::from(sorted[*met].level)))
            .collect();
        let found = &rater.measures;
        prop_assert_eq!(found.pairs as usize, own.len());
        if found.kappa.known().is_some() {
            let plain = naive::kappa(&own, |a, b| f64::from(a == b));
            prop_assert!(naive::agrees(found.kappa, plain, true), "{found:?} {plain:?}");
            let squared = naive::kappa(&own, |a, b| 1.0 - (a - b).powi(2) / 9.0);
            prop_assert!(naive::agrees(found.weighted_kappa, squared, true), "{squared:?}");
        }
        let points = naive::differences(all, &rater.assessor, window);
        prop_assert_eq!(found.comparisons as usize, points.len());
        let severities: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
        if found.severity.known().is_some() {
            let (severity, trend) = (naive::mean_error(&severities), naive::slope_error(&points));
            prop_assert!(naive::agrees(found.severity, severity, false), "{severity:?}");
            let drift = found.drift.per_30_days;
            prop_assert!(naive::agrees(drift, trend, false), "{drift:?} {trend:?}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_measures_are_those_of_a_naive_count(all in judgements(), window in 0_u16..40) {
        agrees_with_naive(&all, Terms::new(window, 10, 700).expect("sound terms"))?;
    }

    #[test]
    fn order_and_portions_do_not_matter(all in judgements()) {
        let whole = report(all.iter().copied());
        prop_assert_eq!(&whole, &report(all.iter().rev().copied()));
        let mut by_learner = Calibration::new(Terms::default());
        for number in (0..12).rev() {
            by_learner.take(all.iter().copied().filter(|j| j.learner == learner(number)));
        }
        prop_assert_eq!(whole, by_learner.report());
    }
}
