//! The rules read out plainly: by recursion, competency by competency, without any order.

use northstar_mastery_domain::{Criterion, Finding, Pointed, Standing, Test, Weighted};

use super::frameworks::Framework;
use super::id;

/// What somebody says who reads the rules of this framework.
pub(super) struct Oracle<'a>(pub &'a Framework);

/// `Some(reached)` or `None` while open; the value; whether anything is known; whether it is
/// provisional. Nothing at all if it does not count.
type Said = Option<(Option<bool>, Option<i64>, bool, bool)>;
type Verdict = (Option<bool>, Option<i64>);

impl Oracle<'_> {
    pub(super) fn held(&self, number: usize) -> Finding {
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
        let alike = |parts: &[Criterion]| -> Vec<(Said, u32, bool)> {
            parts.iter().map(|part| (self.judge(part, number, step), 1, false)).collect()
        };
        match criterion {
            Criterion::Part { competency, test } => {
                let part = self.0.number(*competency);
                (!self.0.competencies[part].retired).then(|| single(self.held(part), *test))
            }
            Criterion::Own(test) => Some(single(self.0.findings[number], *test)),
            Criterion::All(parts) => group(alike(parts), every),
            Criterion::Any(parts) => group(alike(parts), any),
            Criterion::AtLeast { k, parts } => group(alike(parts), |parts| at_least(*k, parts)),
            Criterion::Minimum { mastery_milli, parts } => {
                group(alike(parts), |parts| minimum(*mastery_milli, parts))
            }
            Criterion::Points { needed, parts } => {
                let said = |Pointed { criterion, points, required }: &Pointed| {
                    (self.judge(criterion, number, step), *points, *required)
                };
                group(parts.iter().map(said).collect(), |parts| points(*needed, parts))
            }
            Criterion::WeightedMean { mastery_milli, minimum_known_percent, parts } => {
                let said = |Weighted { criterion, weight }: &Weighted| {
                    (self.judge(criterion, number, step), *weight, false)
                };
                group(parts.iter().map(said).collect(), |parts| {
                    let mean = mean(*minimum_known_percent, step, parts);
                    (mean.map(|mean| mean >= *mastery_milli), mean)
                })
            }
        }
    }
}

/// A part that counts.
struct Read {
    reached: Option<bool>,
    value: Option<i64>,
    weight: u32,
    required: bool,
}

fn group(said: Vec<(Said, u32, bool)>, judge: impl Fn(&[Read]) -> Verdict) -> Said {
    let (mut reads, mut known, mut provisional) = (Vec::new(), false, false);
    for (said, weight, required) in said {
        let Some((reached, value, some_known, waits)) = said else { continue };
        let value = value.filter(|_| reached.is_some());
        reads.push(Read { reached, value, weight, required });
        (known, provisional) = (known || some_known, provisional || waits);
    }
    let (reached, value) = if reads.is_empty() { return None } else { judge(&reads) };
    Some((reached, value, known, provisional))
}

fn lowest(parts: &[Read]) -> Option<i64> {
    let values: Option<Vec<i64>> = parts.iter().map(|part| part.value).collect();
    values.and_then(|values| values.into_iter().min())
}

fn every(parts: &[Read]) -> Verdict {
    let no = parts.iter().any(|part| part.reached == Some(false));
    let yes = parts.iter().all(|part| part.reached == Some(true));
    (if no { Some(false) } else { yes.then_some(true) }, lowest(parts))
}

fn any(parts: &[Read]) -> Verdict {
    let yes = parts.iter().any(|part| part.reached == Some(true));
    let no = parts.iter().all(|part| part.reached == Some(false));
    let highest = parts.iter().filter_map(|part| part.value).max();
    (if yes { Some(true) } else { no.then_some(false) }, highest)
}

fn at_least(k: u32, parts: &[Read]) -> Verdict {
    let (k, there) = (k as usize, parts.len());
    let reached = parts.iter().filter(|part| part.reached == Some(true)).count();
    let missed = parts.iter().filter(|part| part.reached == Some(false)).count();
    let no = there >= k && there - missed < k;
    let mut values: Vec<_> = parts.iter().filter_map(|part| part.value).collect();
    values.sort();
    let value = values.len().checked_sub(k).map(|place| values[place]);
    (if reached >= k { Some(true) } else { no.then_some(false) }, value)
}

fn minimum(mastery: i64, parts: &[Read]) -> Verdict {
    let low = parts.iter().any(|part| part.value.is_some_and(|value| value < mastery));
    let lowest = lowest(parts);
    (if low { Some(false) } else { lowest.map(|_| true) }, lowest)
}

fn points(needed: u32, parts: &[Read]) -> Verdict {
    let sum = |said: Option<bool>| -> u32 {
        parts.iter().filter(|part| part.reached == said).map(|part| part.weight).sum()
    };
    let (yes, no, open) = (sum(Some(true)), sum(Some(false)), sum(None));
    let required =
        |said: Option<bool>| parts.iter().any(|part| part.required && part.reached == said);
    let reached = if yes + no + open < needed {
        None
    } else if required(Some(false)) || yes + open < needed {
        Some(false)
    } else {
        (yes >= needed && !required(None)).then_some(true)
    };
    (reached, Some(i64::from(yes) * 1_000))
}

fn mean(minimum_known_percent: u32, step: u32, parts: &[Read]) -> Option<i64> {
    let known = parts.iter().filter(|part| part.value.is_some());
    let weight: i64 = known.map(|part| i64::from(part.weight)).sum();
    let all: i64 = parts.iter().map(|part| i64::from(part.weight)).sum();
    let sum: i64 = parts.iter().filter_map(|part| Some(i64::from(part.weight) * part.value?)).sum();
    // Values are never negative here: add a half, then cut.
    let unit = weight * i64::from(step);
    let enough = weight > 0 && weight * 100 >= all * i64::from(minimum_known_percent);
    enough.then(|| (2 * sum + unit) / (2 * unit) * i64::from(step))
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
