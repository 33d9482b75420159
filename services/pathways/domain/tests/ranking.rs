//! The formulas on examples worked by hand, and the promises they make.

use std::collections::BTreeMap;

use northstar_kernel::{CompetencyId, TenantId};
use northstar_pathways_domain::{
    Coverage, Holdings, Importance, Link, MasteredLevel, Median, Occupation, Ranking, Rating,
    Region, RegionKind, RequiredLevel, Wage, rank, requirements,
};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

/// (element, importance, level), both in hundredths.
type Rated<'a> = (&'a str, Option<i64>, Option<i64>);

fn competency(key: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::COMMONS, key)
}

/// One competency per element, named like it, with full weight.
fn holdings(levels: &[(&str, u32)]) -> Holdings {
    let link = |element: &str| {
        let id = element.parse().expect("an element");
        Link::new(competency(element), id, "An element".into(), 1_000).expect("valid")
    };
    let links: Vec<Link> = levels.iter().map(|(element, _)| link(element)).collect();
    let level = |rung| MasteredLevel::from_rung(rung).expect("a rung");
    let known: BTreeMap<_, _> =
        levels.iter().map(|(e, rung)| (competency(e), level(*rung))).collect();
    Holdings::through(&links, &known)
}

fn occupation(code: &str, rated: &[Rated<'_>]) -> Occupation {
    let ratings = rated.iter().map(|(element, importance, level)| Rating {
        element: element.parse().expect("an element"),
        importance: importance.map(|centi| Importance::from_centi(centi).expect("importance")),
        level: level.map(|centi| RequiredLevel::from_centi(centi).expect("level")),
    });
    let code = code.parse().expect("a code");
    Occupation::new(code, "An occupation".into(), None, ratings.collect()).expect("valid")
}

/// The ranked occupations' codes, best first.
fn codes(ranking: &Ranking<'_>) -> Vec<String> {
    ranking.ranked.iter().map(|ranked| ranked.occupation.code().to_string()).collect()
}

fn coverage(rated: &[Rated<'_>], levels: &[(&str, u32)]) -> Option<Coverage> {
    Coverage::of(&occupation("15-1252.00", rated), &holdings(levels))
}

#[test]
fn weighted_coverage_by_hand() {
    // Importance 5, 3 and 2: weights 1, 1/2 and 1/4. Held 4.00 of 5.00 and 2.50 of 2.00.
    let rated = [
        ("2.A.1.a", Some(500), Some(500)),
        ("2.A.1.b", Some(300), Some(200)),
        ("2.A.1.c", Some(200), Some(300)),
    ];
    let coverage = coverage(&rated, &[("2.A.1.a", 3), ("2.A.1.b", 2)]).expect("known");
    // (1 · 0.8 + 1/2 · 1) / (1 + 1/2) = 1.3 / 1.5 = 0.8666…
    assert_eq!(coverage.coverage_milli(), 866);
    // 1.5 / 1.75 = 0.857…
    assert_eq!(coverage.known_milli(), 857);
    // 1.3 / (1.5 + 0.175) = 0.776…
    assert_eq!(coverage.assured_milli(), 776);
}

#[test]
fn what_is_unknown_is_never_zero() {
    let rated = [("2.A.1.a", Some(500), Some(400)), ("2.A.1.b", Some(500), Some(400))];
    let one = coverage(&rated, &[("2.A.1.a", 3)]).expect("known");
    assert_eq!((one.coverage_milli(), one.known_milli()), (1_000, 500));
    let observed_low = coverage(&rated, &[("2.A.1.a", 3), ("2.A.1.b", 0)]).expect("known");
    assert_eq!((observed_low.coverage_milli(), observed_low.known_milli()), (500, 1_000));
    assert_eq!(coverage(&rated, &[]), None, "nothing known is no coverage, not coverage 0");
}

#[test]
fn a_surplus_never_pays_for_a_deficit() {
    let rated = [("2.A.1.a", Some(500), Some(100)), ("2.A.1.b", Some(500), Some(550))];
    let levels = |first| [("2.A.1.a", first), ("2.A.1.b", 1)];
    let met = coverage(&rated, &levels(1)).expect("known");
    let surplus = coverage(&rated, &levels(4)).expect("known");
    assert_eq!(met, surplus);
    assert!(surplus.coverage_milli() < 1_000);
}

#[test]
fn suppressed_and_not_relevant_change_the_arithmetic_differently() {
    let levels = [("2.A.1.a", 3), ("2.A.1.b", 1)];
    let with = |second: Rated<'_>| {
        let rated = [("2.A.1.a", Some(500), Some(400)), second];
        let coverage = coverage(&rated, &levels).expect("known");
        (coverage.coverage_milli(), coverage.known_milli())
    };
    assert_eq!(with(("2.A.1.b", Some(500), Some(400))), (625, 1_000), "released: 1.00 of 4.00");
    assert_eq!(with(("2.A.1.b", Some(500), None)), (1_000, 500), "suppressed: required, unknown");
    assert_eq!(with(("2.A.1.b", Some(500), Some(0))), (1_000, 1_000), "not relevant: not required");
    assert_eq!(with(("1.C.5.a", Some(500), None)), (1_000, 1_000), "no level scale: not required");
}

#[test]
fn an_occupation_without_ratings_is_left_out_and_counted() {
    let occupations = [occupation("11-1031.00", &[]), occupation("15-1252.00", &[])];
    let ranking = rank(&occupations, &holdings(&[("2.A.1.a", 4)]), None);
    assert_eq!((ranking.ranked.len(), ranking.considered, ranking.unknown), (0, 2, 2));
}

#[test]
fn a_thin_perfect_score_does_not_outrank_a_thick_good_one() {
    let elements = ["2.A.1.a", "2.A.1.b", "2.A.1.c", "2.A.1.d", "2.A.1.e"];
    let mut thin: Vec<Rated<'_>> = vec![("2.B.1.a", Some(500), Some(400))];
    thin.extend(["2.C.1.a", "2.C.1.b", "2.C.1.c", "2.C.1.d"].map(|e| (e, Some(500), Some(400))));
    thin.extend(["2.C.2.a", "2.C.2.b", "2.C.3.a", "2.C.3.b"].map(|e| (e, Some(500), Some(400))));
    let thick: Vec<Rated<'_>> = elements.map(|e| (e, Some(500), Some(500))).to_vec();
    let occupations = [occupation("11-0000.01", &thin), occupation("12-0000.01", &thick)];
    let mut levels = elements.map(|element| (element, 3)).to_vec();
    levels.push(("2.B.1.a", 3));
    let held = holdings(&levels);
    let ranking = rank(&occupations, &held, None);
    let order = codes(&ranking);
    assert_eq!(order, ["12-0000.01", "11-0000.01"]);
    assert_eq!(ranking.ranked[1].coverage.coverage_milli(), 1_000);
    assert_eq!(ranking.ranked[0].coverage.coverage_milli(), 800);
}

#[test]
fn equals_are_ordered_by_jobs_then_code_with_unreleased_figures_last() {
    let rated = [("2.A.1.a", Some(500), Some(400))];
    let equals = ["15-1211.00", "15-1252.00", "15-1252.01", "15-1253.00"];
    let occupations = equals.map(|code| occupation(code, &rated));
    let wage = |soc: &str, employment| {
        let median = Some(Median::Dollars(90_000));
        Wage { soc: soc.parse().expect("a code"), median, employment }
    };
    let wages = vec![wage("15-1211", None), wage("15-1252", Some(10)), wage("15-1253", Some(900))];
    let kind = RegionKind::parse("S").expect("a kind");
    let code = "0800000".parse().expect("a code");
    let region = Region::new(code, "Colorado".into(), kind, "oews-2025".into(), wages);
    let region = region.expect("valid");
    let ranking = rank(&occupations, &holdings(&[("2.A.1.a", 3)]), Some(&region));
    let order = codes(&ranking);
    assert_eq!(order, ["15-1253.00", "15-1252.00", "15-1252.01", "15-1211.00"]);
}

#[test]
fn requirements_are_the_known_ones_heaviest_first() {
    let rated = [
        ("2.A.1.a", Some(300), Some(400)),
        ("2.A.1.b", Some(500), Some(450)),
        ("2.A.1.c", Some(500), None),
        ("2.A.1.d", Some(500), Some(450)),
    ];
    let held = holdings(&[("2.A.1.a", 4), ("2.A.1.b", 2), ("2.A.1.c", 4)]);
    let listed: Vec<_> = requirements(&occupation("15-1252.00", &rated), &held)
        .iter()
        .map(|r| (r.element.to_string(), r.required_centi, r.held_centi, r.weight_milli))
        .collect();
    let expected = [("2.A.1.b".into(), 450, 250, 1_000), ("2.A.1.a".into(), 400, 550, 500)];
    assert_eq!(listed, expected);
}

const ELEMENTS: [&str; 6] = ["2.A.1.a", "2.A.1.b", "2.B.1.a", "2.B.1.b", "2.C.1.a", "2.C.1.b"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A higher level never lowers the rank or the coverage; the numbers stay within 0 to 1000, and
    /// the assured coverage never exceeds the coverage.
    #[test]
    fn numbers_are_bounded_and_monotone(
        figures in prop::collection::vec((100_i64..=500, 0_i64..=700, any::<bool>()), 6),
        rungs in prop::collection::vec(0_u32..=4, 6),
        raised in 0_usize..6,
    ) {
        let rated: Vec<Rated<'_>> = ELEMENTS.iter().zip(&figures)
            .map(|(e, (im, lv, released))| (*e, Some(*im), released.then_some(*lv)))
            .collect();
        let levels: Vec<_> = ELEMENTS.iter().copied().zip(rungs.iter().copied()).collect();
        let mut higher = levels.clone();
        higher[raised].1 = (higher[raised].1 + 1).min(4);
        if let (Some(before), Some(after)) = (coverage(&rated, &levels), coverage(&rated, &higher)) {
            prop_assert!(before.coverage_milli() <= 1_000 && before.known_milli() <= 1_000);
            prop_assert!(before.assured_milli() <= before.coverage_milli());
            prop_assert!(after.compare(&before).is_ge());
            prop_assert!(after.coverage_milli() >= before.coverage_milli());
        }
    }
}
