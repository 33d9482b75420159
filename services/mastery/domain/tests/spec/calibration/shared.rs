//! The invented evidence of `../shared/data`: raters of differing severity. How severe each was
//! made is not written there, so these tests ask for what must hold whatever it was: what is found
//! on the one half of the learners is found again on the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_mastery_domain::{
    Calibration, CalibrationReport, CalibrationTerms as Terms, Day, Judgement, RaterReport,
};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../../shared/data/evidence/synthetic_northstar_evidence.csv"
);

/// Days since 1970 of a date and time as `2026-03-01T…`.
fn day(text: &str) -> Day {
    let instant = text.parse().expect("an instant in UTC");
    Day::of(instant)
}

/// The lines that stand: delivered twice is there once, and what was corrected is gone.
fn standing(text: &str) -> Vec<Vec<&str>> {
    let lines: BTreeMap<&str, Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|fields| (fields[0], fields))
        .collect();
    let corrected: BTreeSet<&str> = lines.values().map(|fields| fields[9]).collect();
    lines.into_iter().filter(|(id, _)| !corrected.contains(id)).map(|(_, line)| line).collect()
}

/// Everybody's judgements of others, of learners with an even number, an odd one, or both.
fn judgements<'a>(lines: &[Vec<&'a str>], half: Option<u32>) -> Vec<Judgement<'a>> {
    let tenant = TenantId::from_slug("front-range");
    let competency = |code| CompetencyId::from_uuid(LearnerId::derive(tenant, code).uuid());
    let number = |learner: &str| learner[3..].parse::<u32>().expect("S1-0000");
    lines
        .iter()
        .filter(|fields| fields[3] != "self")
        .filter(|fields| half.is_none_or(|half| number(fields[1]) % 2 == half))
        .map(|fields| Judgement {
            learner: LearnerId::derive(tenant, fields[1]),
            competency: competency(fields[2]),
            day: day(fields[7]),
            rubric: "",
            assessor: fields[4],
            school: None,
            level: fields[5].parse().expect("a level"),
        })
        .collect()
}

fn report(lines: &[Vec<&str>], half: Option<u32>) -> CalibrationReport {
    let mut calibration = Calibration::new(Terms::new(30, 20, 700).expect("sound terms"));
    calibration.take(judgements(lines, half));
    calibration.report()
}

fn severities(report: &CalibrationReport) -> BTreeMap<String, i64> {
    let known = |rater: &RaterReport| {
        let severity = rater.measures.severity.known()?;
        Some((rater.assessor.clone(), severity.value_milli))
    };
    report.raters.iter().filter_map(known).collect()
}

/// Pearson's; of ranks it is Spearman's.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |(x, y), (a, b)| (x + a / n, y + b / n));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(a, b)| f(a - x, b - y)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count() as f64;
    values.iter().map(|value| below(*value)).collect()
}

#[test]
fn severities_found_on_one_half_of_the_learners_are_found_on_the_other() {
    if !Path::new(FILE).exists() {
        return eprintln!("skipped: no shared data");
    }
    let text = fs::read_to_string(FILE).expect("the evidence can be read");
    let lines = standing(&text);
    let (even, odd) = (severities(&report(&lines, Some(0))), severities(&report(&lines, Some(1))));
    let both: Vec<(f64, f64)> =
        even.iter().filter_map(|(who, a)| Some((*a as f64, *odd.get(who)? as f64))).collect();
    let (a, b): (Vec<f64>, Vec<f64>) = both.iter().copied().unzip();
    let by_rank: Vec<(f64, f64)> = ranks(&a).into_iter().zip(ranks(&b)).collect();
    let (pearson, spearman) = (correlation(&both), correlation(&by_rank));
    eprintln!("{} raters, halves agree: r {pearson:.3}, by rank {spearman:.3}", both.len());
    assert_eq!(both.len(), 22, "all raters have enough comparisons");
    assert!(pearson > 0.8 && spearman > 0.6, "{pearson} {spearman}: {both:?}");
}

#[test]
fn the_most_severe_and_the_most_lenient_stand_out_beyond_chance() {
    if !Path::new(FILE).exists() {
        return eprintln!("skipped: no shared data");
    }
    let text = fs::read_to_string(FILE).expect("the evidence can be read");
    let report = report(&standing(&text), None);
    let severity = |rater: &RaterReport| rater.measures.severity.known().expect("enough pairs");
    let by_severity = |rater: &&RaterReport| severity(rater).value_milli;
    let severest = report.raters.iter().max_by_key(by_severity).expect("there are raters");
    let kindest = report.raters.iter().min_by_key(by_severity).expect("there are raters");
    for extreme in [severest, kindest] {
        assert!(severity(extreme).excludes(0), "{extreme:?}");
    }
    let apart = by_severity(&severest) - by_severity(&kindest);
    assert!(apart > 500, "over half a level between them, not {apart}");
}
