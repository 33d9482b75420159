//! Raters whose severity is known because it was invented here.

use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_mastery_domain::{Calibration, CalibrationTerms as Terms, Day, Judgement};

/// Thousandths of a level, from the most lenient to the most severe, over a mean of zero.
const INVENTED: [(&str, i64); 7] =
    [("A", -600), ("B", -400), ("C", -200), ("D", 0), ("E", 200), ("F", 400), ("G", 600)];

/// Numbers that look random and are always the same: a linear congruence (Knuth's constants).
struct Dice(u64);

impl Dice {
    /// From 0 to `sides - 1`.
    fn throw(&mut self, sides: u64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as i64
    }
}

/// Each learner stands somewhere between 2 and 5; six raters in a month see that, less their
/// severity, give or take half a level, and write down the nearest level.
fn judgements() -> Vec<Judgement<'static>> {
    let tenant = TenantId::from_slug("front-range");
    let mut dice = Dice(7);
    let mut all = Vec::new();
    for number in 0..400 {
        let learner = LearnerId::derive(tenant, &number.to_string());
        let stands = 2_000 + dice.throw(3_001);
        for day in 0..6 {
            let (assessor, severity) = INVENTED[dice.throw(7) as usize];
            let seen = stands - severity + dice.throw(1_001) - 500;
            all.push(Judgement {
                learner,
                competency: CompetencyId::from_uuid(tenant.uuid()),
                day: Day::new(day * 5 + number % 200),
                rubric: "",
                assessor,
                school: None,
                level: ((seen + 500) / 1_000) as u8,
            });
        }
    }
    all
}

#[test]
fn invented_severities_are_found_again() {
    let mut calibration = Calibration::new(Terms::default());
    calibration.take(judgements());
    let report = calibration.report();
    let found: Vec<i64> = report
        .raters
        .iter()
        .map(|rater| rater.measures.severity.known().expect("hundreds of comparisons").value_milli)
        .collect();
    // The rater's own judgements are not among the others', so that the mean of those is off by a
    // sixth of the severity the other way; the rest is chance.
    for ((name, invented), found) in INVENTED.into_iter().zip(&found) {
        assert!(
            (invented * 7 / 6 - found).abs() < 120,
            "{name}: {invented} invented, {found} found"
        );
    }
    assert!(found.is_sorted(), "ranked as invented: {found:?}");
}

#[test]
fn raters_who_do_not_change_are_not_found_to_drift() {
    let mut calibration = Calibration::new(Terms::default());
    calibration.take(judgements());
    for rater in calibration.report().raters {
        let rise = rater.measures.drift.rise.known().expect("hundreds in each half");
        assert!(rise.value_milli.abs() < 150, "{}: {rise:?}", rater.assessor);
    }
}
