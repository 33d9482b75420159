//! Random frameworks, whose rules are valid.

use northstar_kernel::CompetencyId;
use northstar_mastery_domain::{
    Competency, Criterion, Finding, Findings, Pointed, RollupDraft, Rollups, Standing, Test,
    Weighted,
};
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::{id, own, rule, taught};

/// Competencies "0", "1" and so on; rules name smaller numbers only.
#[derive(Debug, Clone)]
pub(super) struct Framework {
    pub rules: Vec<RollupDraft>,
    pub competencies: Vec<Competency>,
    pub findings: Vec<Finding>,
}

impl Framework {
    pub(super) fn rollups(&self) -> Rollups {
        Rollups::restored(self.rules.clone(), self.competencies.clone()).expect("valid")
    }

    pub(super) fn evaluate<'a>(&self, rollups: &'a Rollups) -> Findings<'a> {
        rollups.evaluate(|competency| own(self.findings[self.number(competency)]))
    }

    pub(super) fn number(&self, competency: CompetencyId) -> usize {
        let found = self.competencies.iter().position(|known| known.id == competency);
        found.expect("a competency of the framework")
    }

    pub(super) fn last(&self) -> usize {
        self.competencies.len() - 1
    }
}

pub(super) fn finding() -> impl Strategy<Value = Finding> {
    let value = (0_i64..5_000, any::<bool>())
        .prop_map(|(milli, provisional)| Finding { provisional, ..super::valued(milli) });
    let standings = [Standing::NotObserved, Standing::NotEnoughEvidence, Standing::AtMastery];
    prop_oneof![4 => value, 2 => prop::sample::select(standings.to_vec()).prop_map(super::standing)]
}

pub(super) fn test() -> BoxedStrategy<Test> {
    let one = prop_oneof![
        3 => Just(Test::Mastery),
        1 => (0_i64..5_000).prop_map(Test::AtLeast),
        1 => (0_i64..5_000).prop_map(Test::AtMost),
    ];
    one.boxed()
}

/// A group of these parts, the rest of the numbers deciding which.
fn grouped(parts: Vec<Criterion>, kind: u8, weights: &[u32]) -> Criterion {
    let weigh = |place: usize| 1 + weights[place % weights.len()] % 9;
    let total = (0..parts.len()).map(weigh).sum::<u32>();
    match kind % 6 {
        0 => Criterion::All(parts),
        1 => Criterion::Any(parts),
        2 => Criterion::AtLeast { k: 1 + weights[0] % parts.len() as u32, parts },
        3 => Criterion::Minimum { mastery_milli: i64::from(weights[0] % 5_000), parts },
        4 => {
            let part = |(place, criterion)| Pointed {
                criterion,
                points: 10 * weigh(place),
                required: weights[0].is_multiple_of(3) && place == 0,
            };
            let needed = 1 + weights[0] % (10 * total);
            Criterion::Points { needed, parts: parts.into_iter().enumerate().map(part).collect() }
        }
        _ => {
            let part = |(place, criterion)| Weighted { criterion, weight: weigh(place) };
            Criterion::WeightedMean {
                mastery_milli: i64::from(weights[0] % 5_000),
                minimum_known_percent: weights[0] % 101,
                parts: parts.into_iter().enumerate().map(part).collect(),
            }
        }
    }
}

/// A rule for the competency `number` over some of the smaller ones, with a group in the group.
fn random_rule(
    number: usize,
    test: BoxedStrategy<Test>,
    kinds: u8,
) -> impl Strategy<Value = RollupDraft> {
    let below = subsequence((0..number).collect::<Vec<_>>(), 1..=number.min(5));
    let tests = prop::collection::vec(test, 6);
    let weights = prop::collection::vec(0_u32..10_000, 3);
    let step = prop::sample::select(vec![1, 10, 500]);
    (below, tests, (0..kinds, 0..kinds), weights, any::<prop::sample::Index>(), step).prop_map(
        move |(below, tests, (outer, inner), weights, split, round_to_milli)| {
            let single = |(number, test): (usize, &Test)| Criterion::Part {
                competency: id(&number.to_string()),
                test: *test,
            };
            let mut parts: Vec<_> = below.into_iter().zip(&tests).map(single).collect();
            let group = parts.split_off(split.index(parts.len()));
            parts.push(grouped(group, inner, &weights));
            if tests[5] == Test::Mastery {
                parts.push(Criterion::Own(Test::Mastery));
            }
            let criterion = grouped(parts, outer, &weights[1..]);
            RollupDraft { round_to_milli, ..rule(&number.to_string(), criterion) }
        },
    )
}

/// Of `kinds` kinds of groups, in the order of [`grouped`].
pub(super) fn frameworks(
    test: BoxedStrategy<Test>,
    kinds: u8,
    retires: bool,
) -> impl Strategy<Value = Framework> {
    (2_usize..14).prop_flat_map(move |count| {
        let test = test.clone();
        let rules: Vec<_> =
            (1..count).map(|number| random_rule(number, test.clone(), kinds)).collect();
        let kept = prop::collection::vec(prop::bool::weighted(0.6), count - 1);
        let retired = prop::collection::vec(prop::bool::weighted(0.15), count);
        let findings = prop::collection::vec(finding(), count);
        (rules, kept, retired, findings).prop_map(move |(rules, kept, retired, findings)| {
            let rules = rules.into_iter().zip(kept).filter_map(|(rule, kept)| kept.then_some(rule));
            let competency = |(number, retired): (usize, bool)| Competency {
                retired: retired && retires,
                ..taught(&number.to_string())
            };
            Framework {
                rules: rules.collect(),
                competencies: retired.into_iter().enumerate().map(competency).collect(),
                findings,
            }
        })
    })
}
