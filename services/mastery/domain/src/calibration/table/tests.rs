//! Numbers that others published, and the edges.

use super::*;

fn table<const N: usize>(counts: [[u64; N]; N]) -> Table {
    let mut table = Table::default();
    for (one, row) in counts.into_iter().enumerate() {
        for (other, n) in row.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            table.0.insert((one as u8, other as u8), n);
        }
    }
    table
}

fn kappa<const N: usize>(counts: [[u64; N]; N]) -> Estimate {
    table(counts).kappa().expect("levels differ")
}

/// The standard error that the bounds were drawn from, in thousandths.
fn error(estimate: Estimate) -> f64 {
    (estimate.high_milli - estimate.low_milli) as f64 / (2.0 * 1.96)
}

/// J. Cohen, A coefficient of agreement for nominal scales (1960), table 2.
#[test]
fn cohen_1960() {
    let judges = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
    assert_eq!(kappa(judges).value_milli, 492);
    assert_eq!(table(judges).agreement(0).map(|share| share.value_milli), Some(700));
}

/// J. L. Fleiss, Statistical Methods for Rates and Proportions, table 18.1: kappa 0.68, standard
/// error 0.087.
#[test]
fn fleiss_diagnoses_of_100() {
    let diagnoses = kappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]]);
    assert_eq!(diagnoses.value_milli, 676);
    assert!((error(diagnoses) - 87.0).abs() < 1.0, "{diagnoses:?}");
}

/// A. Agresti, Categorical Data Analysis: two pathologists on 118 slides (Landis and Koch 1977);
/// kappa 0.493 with standard error 0.057, quadratic-weighted kappa 0.78.
#[test]
fn agresti_two_pathologists() {
    let slides = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]];
    assert_eq!(kappa(slides).value_milli, 493);
    assert!((error(kappa(slides)) - 57.0).abs() < 1.0, "{:?}", kappa(slides));
    let weighted = table(slides).quadratic_kappa().expect("levels differ");
    assert!((775..785).contains(&weighted.value_milli), "{weighted:?}");
}

/// A. Agresti and L. Winner, Evaluating agreement and disagreement among movie reviewers (1997):
/// kappa 0.389, standard error 0.06.
#[test]
fn agresti_and_winner_two_film_critics() {
    let films = kappa([[24, 8, 13], [8, 13, 11], [10, 9, 64]]);
    assert_eq!(films.value_milli, 389);
    assert!((error(films) - 60.0).abs() < 1.0, "{films:?}");
}

/// SAS/STAT, PROC FREQ, two dermatologists on 88 patients: 0.3449 (0.2030 to 0.4868).
#[test]
fn sas_two_dermatologists() {
    let patients = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]];
    let expected = Estimate { value_milli: 345, low_milli: 203, high_milli: 487 };
    assert_eq!(kappa(patients), expected);
}

/// A printout of SAS in the tests of statsmodels: kappa 0.4842 (0.2137 to 0.7547); with linear
/// weights 0.4701 (0.1845 to 0.7558).
#[test]
fn sas_as_in_statsmodels() {
    let counts = table([[0, 4, 1], [0, 8, 0], [0, 1, 5]]);
    let linear = counts.chance_corrected(|one, other| i64::from(one.abs_diff(other)));
    for (found, published) in
        [(counts.kappa(), [4_842, 2_137, 7_547]), (linear, [4_701, 1_845, 7_558])]
    {
        let found = found.expect("levels differ");
        let told = [found.value_milli, found.low_milli, found.high_milli];
        // The same number to three decimals as to four.
        let same = |(told, published): (i64, i64)| (told * 10 - published).abs() <= 5;
        assert!(told.into_iter().zip(published).all(same), "{found:?} {published:?}");
    }
}

/// R. Artstein and M. Poesio, Inter-coder agreement for computational linguistics (2008), table 1
/// and the three-way table 4; the third pair of vectors is from the tests of scikit-learn.
#[test]
fn artstein_and_poesio_and_scikit_learn() {
    assert_eq!(kappa([[20, 20], [10, 50]]).value_milli, 348);
    assert_eq!(kappa([[46, 0, 0], [6, 32, 6], [0, 0, 10]]).value_milli, 801);
    let vectors = [[46, 0, 0], [4, 40, 0], [0, 0, 10]];
    assert_eq!(kappa(vectors).value_milli, 932);
    assert_eq!(table(vectors).quadratic_kappa().map(|found| found.value_milli), Some(954));
}

/// The second and third rater of the data set "anxiety" of the R package irr, the unused fifth of
/// six categories closed up as irr does: kappa -0.0063, with squared weights 0.2520.
#[test]
fn irr_anxiety() {
    let second = [3, 5, 4, 5, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4];
    let third = [2, 1, 4, 4, 3, 2, 1, 5, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2];
    let mut table = Table::default();
    for (one, other) in second.into_iter().zip(third) {
        table.add(one, other);
    }
    let values = [table.kappa(), table.quadratic_kappa()].map(|k| k.map(|k| k.value_milli));
    assert_eq!(values, [Some(-6), Some(252)]);
}

#[test]
fn perfect_agreement_is_one_without_any_spread() {
    let certain = Estimate { value_milli: 1_000, low_milli: 1_000, high_milli: 1_000 };
    assert_eq!(table([[3, 0], [0, 4]]).kappa(), Some(certain));
    assert_eq!(table([[3, 0], [0, 4]]).quadratic_kappa(), Some(certain));
}

#[test]
fn opposite_judgements_go_down_to_minus_one() {
    let opposite = kappa([[0, 5], [5, 0]]);
    assert_eq!((opposite.value_milli, opposite.low_milli), (-1_000, -1_000));
}

#[test]
fn one_level_only_leaves_kappa_undefined_and_agreement_complete() {
    let same = table([[0, 0], [0, 9]]);
    assert_eq!((same.kappa(), same.quadratic_kappa()), (None, None));
    assert_eq!(same.agreement(0).map(|share| share.value_milli), Some(1_000));
    assert_eq!(Table::default().kappa(), None);
    assert_eq!(Table::default().agreement(0), None);
}

#[test]
fn adjacent_levels_count_as_near() {
    let counts = table([[1, 1, 1], [0, 0, 0], [0, 0, 1]]);
    let shares = [0, 1, 2].map(|apart| counts.agreement(apart).map(|share| share.value_milli));
    assert_eq!(shares, [500, 750, 1_000].map(Some));
}

#[test]
fn the_largest_counts_do_not_overflow() {
    let most = u64::from(u32::MAX);
    let counts = table([[most, 1], [1, most]]);
    assert_eq!(counts.quadratic_kappa().map(|found| found.value_milli), Some(1_000));
}
