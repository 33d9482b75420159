//! On random frameworks: evaluation against a plain recursive reading of the rules, and after a
//! change the same from the change alone.

use northstar_mastery_domain::{
    Competency, Criterion, Finding, Findings, Input, Pointed, RollupDraft, Rollups, Standing, Test,
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

    fn number(&self, competency: northstar_kernel::CompetencyId) -> usize {
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

fn test() -> BoxedStrategy<Test> {
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
                required: weights[0] % 3 == 0 && place == 0,
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

/// The rules read out plainly: `Some(reached)` or `None` while open, with the value.
struct Oracle<'a>(&'a Framework);

type Said = Option<(Option<bool>, Option<i64>, bool, bool)>;

impl Oracle<'_> {
    fn held(&self, number: usize) -> Finding {
        let code = id(&number.to_string());
        let Some(rule) = self.0.rules.iter().find(|rule| rule.competency == code) else {
            return self.0.findings[number];
        };
        let said = self.judge(&rule.criterion, number, rule.round_to_milli);
        let Some((reached, value, known, provisional)) = said else { return Finding::default() };
        let standing = match reached {
            Some(true) => Standing::AtMastery,
            Some(false) => Standing::BelowMastery,
            None if known => Standing::NotEnoughEvidence,
            None => Standing::NotObserved,
        };
        let provisional = provisional && reached.is_some();
        Finding { standing, value_milli: value.filter(|_| reached.is_some()), provisional }
    }

    fn judge(&self, criterion: &Criterion, number: usize, step: u32) -> Said {
        match criterion {
            Criterion::Part { competency, test } => {
                let part = self.0.number(*competency);
                (!self.0.competencies[part].retired).then(|| single(self.held(part), *test))
            }
            Criterion::Own(test) => Some(single(self.0.findings[number], *test)),
            Criterion::All(parts) | Criterion::Any(parts) => {
                let every = matches!(criterion, Criterion::All(_));
                self.group(parts.iter().map(|part| (part, 1)), number, step, |parts| {
                    let decisive = parts.iter().any(|part| part.reached == Some(!every));
                    let open = parts.iter().any(|part| part.reached.is_none());
                    let reached = if decisive { Some(!every) } else { (!open).then_some(every) };
                    let values: Vec<_> = parts.iter().filter_map(|part| part.value).collect();
                    let complete = values.len() == parts.len();
                    let lowest = values.iter().min().copied().filter(|_| complete);
                    (reached, if every { lowest } else { values.into_iter().max() })
                })
            }
            Criterion::AtLeast { k, parts } => {
                self.group(parts.iter().map(|part| (part, 1)), number, step, |parts| {
                    let reached = parts.iter().filter(|part| part.reached == Some(true)).count();
                    let missed = parts.iter().filter(|part| part.reached == Some(false)).count();
                    let (k, there) = (*k as usize, parts.len());
                    let no = there >= k && there - missed < k;
                    let mut values: Vec<_> = parts.iter().filter_map(|part| part.value).collect();
                    values.sort();
                    let value = values.len().checked_sub(k).map(|place| values[place]);
                    (if reached >= k { Some(true) } else { no.then_some(false) }, value)
                })
            }
            Criterion::Minimum { mastery_milli, parts } => {
                self.group(parts.iter().map(|part| (part, 1)), number, step, |parts| {
                    let low =
                        parts.iter().any(|part| part.value.is_some_and(|v| v < *mastery_milli));
                    let all = parts.iter().all(|part| part.value.is_some());
                    let lowest = parts.iter().filter_map(|part| part.value).min();
                    (if low { Some(false) } else { all.then_some(true) }, lowest.filter(|_| all))
                })
            }
            Criterion::Points { needed, parts: pointed } => {
                let must = pointed.first().is_some_and(|part| part.required);
                let first = must.then(|| self.judge(&pointed[0].criterion, number, step)).flatten();
                let parts = pointed.iter().map(|part| (&part.criterion, part.points));
                self.group(parts, number, step, |parts| {
                    let sum = |said: Option<bool>| -> u32 {
                        parts.iter().filter(|part| part.reached == said).map(|p| p.weight).sum()
                    };
                    let (yes, no, open) = (sum(Some(true)), sum(Some(false)), sum(None));
                    let gate = first.map_or(Some(true), |(reached, ..)| reached);
                    let reached = if yes + no + open < *needed {
                        None
                    } else if gate == Some(false) || yes + open < *needed {
                        Some(false)
                    } else {
                        (yes >= *needed && gate == Some(true)).then_some(true)
                    };
                    (reached, Some(i64::from(yes) * 1_000))
                })
            }
            Criterion::WeightedMean { mastery_milli, minimum_known_percent, parts } => {
                let parts = parts.iter().map(|part| (&part.criterion, part.weight));
                self.group(parts, number, step, |parts| {
                    let known: Vec<_> = parts.iter().filter(|part| part.value.is_some()).collect();
                    let weight: i64 = known.iter().map(|part| i64::from(part.weight)).sum();
                    let all: i64 = parts.iter().map(|part| i64::from(part.weight)).sum();
                    if weight == 0 || weight * 100 < all * i64::from(*minimum_known_percent) {
                        return (None, None);
                    }
                    let sum: i64 = known
                        .iter()
                        .map(|part| i64::from(part.weight) * part.value.unwrap_or_default())
                        .sum();
                    // Values are never negative here: add a half, then cut.
                    let unit = weight * i64::from(step);
                    let mean = (2 * sum + unit) / (2 * unit) * i64::from(step);
                    (Some(mean >= *mastery_milli), Some(mean))
                })
            }
        }
    }

    fn group<'a>(
        &self,
        parts: impl Iterator<Item = (&'a Criterion, u32)>,
        number: usize,
        step: u32,
        judge: impl Fn(&[Read]) -> (Option<bool>, Option<i64>),
    ) -> Said {
        let said: Vec<_> = parts
            .filter_map(|(part, weight)| Some((self.judge(part, number, step)?, weight)))
            .collect();
        if said.is_empty() {
            return None;
        }
        let reads: Vec<_> = said
            .iter()
            .map(|((reached, value, ..), weight)| Read {
                reached: *reached,
                value: value.filter(|_| reached.is_some()),
                weight: *weight,
            })
            .collect();
        let (reached, value) = judge(&reads);
        let known = said.iter().any(|((_, _, known, _), _)| *known);
        let provisional = said.iter().any(|((.., provisional), _)| *provisional);
        Some((reached, value, known, provisional))
    }
}

struct Read {
    reached: Option<bool>,
    value: Option<i64>,
    weight: u32,
}

fn single(finding: Finding, test: Test) -> (Option<bool>, Option<i64>, bool, bool) {
    let value = finding.value_milli;
    let reached = match test {
        Test::Mastery => match finding.standing {
            Standing::AtMastery | Standing::Exceeds => Some(true),
            Standing::BelowMastery => Some(false),
            _ => None,
        },
        Test::AtLeast(milli) => value.map(|value| value >= milli),
        Test::AtMost(milli) => value.map(|value| value <= milli),
        Test::Exactly(milli) => value.map(|value| value == milli),
    };
    (reached, value, finding != Finding::default(), finding.provisional)
}

proptest! {
    #[test]
    fn evaluation_is_what_the_rules_say_read_out_plainly(framework in frameworks(test(), 6, true)) {
        let rollups = framework.rollups();
        let findings = framework.evaluate(&rollups);
        for number in 0..framework.competencies.len() {
            let held = findings.get(id(&number.to_string())).map(|shown| shown.held);
            prop_assert_eq!(held, Some(Oracle(&framework).held(number)), "{}", number);
        }
    }

    #[test]
    fn a_change_worked_out_alone_equals_everything_anew(
        framework in frameworks(test(), 6, true),
        changes in prop::collection::vec((any::<prop::sample::Index>(), finding()), 1..6),
    ) {
        let rollups = framework.rollups();
        let (mut anew, mut findings) = (framework.clone(), framework.evaluate(&rollups));
        for (which, finding) in changes {
            let number = which.index(framework.competencies.len());
            let code = id(&number.to_string());
            let before: Vec<_> = findings.iter().collect();
            anew.findings[number] = finding;
            let changed = findings.update(code, Input { own: finding, overriding: None });
            prop_assert_eq!(&findings, &anew.evaluate(&rollups));
            let differ = before.iter().zip(findings.iter()).filter(|(old, new)| *old != new);
            let differ: Vec<_> = differ.map(|((competency, _), _)| *competency).collect();
            prop_assert_eq!(&changed, &differ);
            let affected = rollups.affected(code);
            prop_assert!(changed.iter().all(|one| *one == code || affected.contains(one)));
        }
    }

    #[test]
    fn parts_come_first_in_the_order(framework in frameworks(test(), 6, true)) {
        let rollups = framework.rollups();
        let order: Vec<_> = rollups.order().map(|competency| competency.id).collect();
        for (place, competency) in order.iter().enumerate() {
            let affected = rollups.affected(*competency);
            let places: Vec<_> = affected
                .iter()
                .map(|above| order.iter().position(|other| other == above).expect("in the order"))
                .collect();
            prop_assert!(places.is_sorted() && places.iter().all(|above| *above > place));
        }
    }
}
