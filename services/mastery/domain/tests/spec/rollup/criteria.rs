//! What each criterion makes of its parts, known and unknown.

use northstar_mastery_domain::{
    Criterion, Finding, Pointed, Rollups, Standing, Test, Verdict, Weighted,
};

use super::{
    all, any, evaluated, held, judged, part, parts, retired, rule, taught, tested, valued,
};

const NOTHING: Finding =
    Finding { standing: Standing::NotObserved, value_milli: None, provisional: false };

fn yes() -> Finding {
    valued(4_000)
}

fn no() -> Finding {
    valued(2_000)
}

fn some() -> Finding {
    super::standing(Standing::NotEnoughEvidence)
}

fn standings(criterion: &Criterion, rows: &[(&[Finding], Standing)]) {
    for (findings, expected) in rows {
        assert_eq!(judged(criterion.clone(), findings).standing, *expected, "{findings:?}");
    }
}

#[test]
fn every_part_is_as_good_as_the_worst_and_waits_for_the_unknown() {
    use Standing::{AtMastery, BelowMastery, NotEnoughEvidence, NotObserved};
    standings(
        &all(&["a", "b"]),
        &[
            (&[yes(), yes()], AtMastery),
            (&[yes(), no()], BelowMastery),
            (&[yes(), NOTHING], NotEnoughEvidence),
            (&[no(), NOTHING], BelowMastery),
            (&[some(), NOTHING], NotEnoughEvidence),
            (&[NOTHING, NOTHING], NotObserved),
        ],
    );
    assert_eq!(judged(all(&["a", "b"]), &[valued(3_000), valued(3_500)]), valued(3_000));
}

#[test]
fn one_part_is_as_good_as_the_best() {
    use Standing::{AtMastery, BelowMastery, NotEnoughEvidence, NotObserved};
    standings(
        &any(&["a", "b"]),
        &[
            (&[yes(), NOTHING], AtMastery),
            (&[no(), NOTHING], NotEnoughEvidence),
            (&[no(), no()], BelowMastery),
            (&[NOTHING, NOTHING], NotObserved),
        ],
    );
    assert_eq!(judged(any(&["a", "b"]), &[valued(3_000), valued(3_500)]), valued(3_500));
}

#[test]
fn k_parts_are_missed_only_when_the_open_ones_cannot_make_up_for_it() {
    use Standing::{AtMastery, BelowMastery, NotEnoughEvidence};
    let two_of_three = Criterion::AtLeast { k: 2, parts: parts(&["a", "b", "c"]) };
    standings(
        &two_of_three,
        &[
            (&[yes(), no(), yes()], AtMastery),
            (&[yes(), no(), NOTHING], NotEnoughEvidence),
            (&[no(), no(), NOTHING], BelowMastery),
        ],
    );
    let values = [valued(3_100), valued(4_000), valued(3_300)];
    assert_eq!(judged(two_of_three, &values), valued(3_300));
}

fn points(needed: u32, points: [u32; 2], required: [bool; 2]) -> Criterion {
    let one = |code, points, required| Pointed { criterion: part(code), points, required };
    let parts = vec![one("a", points[0], required[0]), one("b", points[1], required[1])];
    Criterion::Points { needed, parts }
}

#[test]
fn points_need_the_sum_and_every_required_part() {
    use Standing::{AtMastery, BelowMastery, NotEnoughEvidence, NotObserved};
    standings(
        &points(5, [5, 5], [true, false]),
        &[
            (&[yes(), no()], AtMastery),
            (&[no(), yes()], BelowMastery),
            (&[NOTHING, yes()], NotEnoughEvidence),
            (&[NOTHING, NOTHING], NotObserved),
        ],
    );
    standings(
        &points(8, [5, 3], [false, false]),
        &[(&[yes(), NOTHING], NotEnoughEvidence), (&[yes(), no()], BelowMastery)],
    );
    let earned = judged(points(5, [5, 3], [false, false]), &[yes(), yes()]);
    assert_eq!(earned.value_milli, Some(8_000));
}

fn mean(minimum_known_percent: u32, weights: [u32; 2]) -> Criterion {
    let one = |code, weight| Weighted { criterion: part(code), weight };
    let parts = vec![one("a", weights[0]), one("b", weights[1])];
    Criterion::WeightedMean { mastery_milli: 3_000, minimum_known_percent, parts }
}

#[test]
fn a_mean_is_over_what_is_known_if_that_is_enough() {
    assert_eq!(judged(mean(0, [3, 1]), &[valued(2_000), valued(4_000)]), valued(2_500));
    assert_eq!(judged(mean(75, [3, 1]), &[valued(3_200), NOTHING]), valued(3_200));
    let too_little = judged(mean(76, [3, 1]), &[valued(3_200), NOTHING]);
    assert_eq!(too_little, super::standing(Standing::NotEnoughEvidence));
    assert_eq!(judged(mean(0, [3, 1]), &[NOTHING, NOTHING]), NOTHING);
}

#[test]
fn a_mean_counts_a_zero_and_never_makes_one_of_the_unknown() {
    assert_eq!(judged(mean(0, [1, 1]), &[valued(4_000), valued(0)]), valued(2_000));
    assert_eq!(judged(mean(0, [1, 1]), &[valued(4_000), NOTHING]), valued(4_000));
}

#[test]
fn a_mean_is_rounded_once_and_read_as_people_see_it() {
    // (2 · 3.000 + 2.997) / 3 = 2.999, and 2.9985 is 2.999 in thousandths, 3.00 in hundredths.
    assert_eq!(judged(mean(0, [2, 1]), &[valued(3_000), valued(2_997)]), valued(2_999));
    let half = judged(mean(0, [1, 1]), &[valued(3_000), valued(2_997)]);
    assert_eq!(half, valued(2_999));
    let mut hundredths = rule("top", mean(0, [1, 1]));
    hundredths.round_to_milli = 10;
    let rollups = Rollups::new([hundredths], ["a", "b", "top"].map(taught)).expect("valid");
    let findings = evaluated(&rollups, &[("a", valued(3_000)), ("b", valued(2_997))]);
    assert_eq!(held(&findings, "top"), valued(3_000));
}

#[test]
fn the_lowest_value_decides_a_minimum() {
    let minimum = Criterion::Minimum { mastery_milli: 2_500, parts: parts(&["a", "b"]) };
    let low = judged(minimum.clone(), &[valued(4_000), valued(2_500)]);
    assert_eq!((low.standing, low.value_milli), (Standing::AtMastery, Some(2_500)));
    let missed = judged(minimum.clone(), &[valued(2_400), NOTHING]);
    assert_eq!((missed.standing, missed.value_milli), (Standing::BelowMastery, None));
    let open = judged(minimum, &[valued(4_000), NOTHING]);
    assert_eq!(open, super::standing(Standing::NotEnoughEvidence));
}

#[test]
fn a_test_on_the_value_may_ask_for_more_or_less_than_mastery() {
    let verdict = |test, milli| judged(tested("a", test), &[valued(milli)]).standing;
    let (yes, no) = (Standing::AtMastery, Standing::BelowMastery);
    let at_least = [2_499, 2_500].map(|milli| verdict(Test::AtLeast(2_500), milli));
    let at_most = [2_500, 2_501].map(|milli| verdict(Test::AtMost(2_500), milli));
    let exactly = [2_500, 2_501].map(|milli| verdict(Test::Exactly(2_500), milli));
    assert_eq!((at_least, at_most, exactly), ([no, yes], [yes, no], [yes, no]));
}

#[test]
fn mastery_without_a_number_does_not_answer_a_question_for_one() {
    let mastered = super::standing(Standing::AtMastery);
    assert_eq!(judged(part("a"), &[mastered]).standing, Standing::AtMastery);
    let asked = judged(tested("a", Test::AtLeast(1)), &[mastered]);
    assert_eq!(asked.standing, Standing::NotEnoughEvidence);
}

#[test]
fn own_evidence_may_stand_beside_that_of_the_parts() {
    let either = Criterion::Any(vec![Criterion::Own(Test::Mastery), all(&["a", "b"])]);
    let rollups =
        Rollups::new([rule("top", either)], ["a", "b", "top"].map(taught)).expect("valid");
    let of = |known: &[(&str, Finding)]| held(&evaluated(&rollups, known), "top").standing;
    assert_eq!(of(&[("top", yes()), ("a", no())]), Standing::AtMastery);
    assert_eq!(of(&[("top", no()), ("a", yes()), ("b", yes())]), Standing::AtMastery);
    assert_eq!(of(&[("top", no()), ("a", no())]), Standing::BelowMastery);
}

#[test]
fn groups_within_groups_keep_their_meaning() {
    let tree = Criterion::All(vec![part("a"), any(&["b", "c"])]);
    use Standing::{AtMastery, BelowMastery, NotEnoughEvidence};
    standings(
        &tree,
        &[
            (&[yes(), no(), yes()], AtMastery),
            (&[yes(), no(), no()], BelowMastery),
            (&[yes(), no(), NOTHING], NotEnoughEvidence),
        ],
    );
}

/// Evaluates with "a" at mastery and "gone", which is retired, missed.
fn beside_retired(criterion: Criterion) -> Finding {
    let competencies = [taught("a"), retired("gone"), retired("lost"), taught("top")];
    let rollups = Rollups::restored([rule("top", criterion)], competencies).expect("valid");
    held(&evaluated(&rollups, &[("a", yes()), ("gone", no())]), "top")
}

#[test]
fn retired_parts_do_not_count() {
    let codes = ["a", "gone", "lost"];
    let minimum = Criterion::Minimum { mastery_milli: 3_000, parts: parts(&codes) };
    let weighted = |code| Weighted { criterion: part(code), weight: 1 };
    let mean = Criterion::WeightedMean {
        mastery_milli: 3_000,
        minimum_known_percent: 100,
        parts: codes.map(weighted).to_vec(),
    };
    let within = Criterion::All(vec![part("a"), any(&["gone", "lost"])]);
    for criterion in [all(&codes), any(&codes), minimum, mean, within] {
        assert_eq!(beside_retired(criterion.clone()), valued(4_000), "{criterion:?}");
    }
}

#[test]
fn retirement_neither_lowers_a_bar_nor_says_that_it_was_missed() {
    let codes = ["a", "gone", "lost"];
    let open = super::standing(Standing::NotEnoughEvidence);
    assert_eq!(beside_retired(Criterion::AtLeast { k: 2, parts: parts(&codes) }), open);
    let pointed = |code| Pointed { criterion: part(code), points: 1, required: false };
    let points = Criterion::Points { needed: 2, parts: codes.map(pointed).to_vec() };
    assert_eq!(beside_retired(points), open);
}

#[test]
fn only_retired_parts_say_nothing() {
    for criterion in [all(&["gone", "lost"]), any(&["gone"]), part("gone")] {
        assert_eq!(beside_retired(criterion), NOTHING);
    }
}

#[test]
fn what_waits_for_a_second_person_makes_the_whole_provisional() {
    let waiting = Finding { provisional: true, ..yes() };
    assert!(judged(all(&["a", "b"]), &[waiting, yes()]).provisional);
    assert!(!judged(all(&["a", "b"]), &[yes(), yes()]).provisional);
    assert!(!judged(all(&["a", "b"]), &[waiting, NOTHING]).provisional);
}

#[test]
fn verdicts_are_ordered_from_no_to_yes() {
    assert!(Verdict::Missed < Verdict::Open && Verdict::Open < Verdict::Reached);
    let names = [Verdict::Missed, Verdict::Open, Verdict::Reached].map(Verdict::name);
    assert_eq!(names, ["missed", "open", "reached"]);
}
