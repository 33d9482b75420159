//! Whether a criterion is reached, from what is held of its parts.

use super::plan::{Kind, Node, Plan};
use super::{Finding, Test};
use crate::{Exact, Standing};

/// How far a criterion is met, the lowest first.
///
/// Open is above missed, for what is open may still be reached as it is; so "every part" is the
/// lowest of the verdicts and "one part" the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// What is held says no.
    Missed,
    /// Too little is held to say.
    Open,
    /// What is held says yes.
    Reached,
}

impl Verdict {
    /// The name in a derivation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Open => "open",
            Self::Reached => "reached",
        }
    }

    /// How a part with that standing meets the test of mastery.
    pub(super) const fn of(standing: Standing) -> Self {
        match standing {
            Standing::NotObserved | Standing::NotEnoughEvidence => Self::Open,
            Standing::BelowMastery => Self::Missed,
            Standing::AtMastery | Standing::Exceeds => Self::Reached,
        }
    }

    const fn when(reached: bool) -> Self {
        if reached { Self::Reached } else { Self::Missed }
    }
}

/// A criterion of a plan, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    /// `None` if it does not count: it, or all of its parts, are retired.
    pub verdict: Option<Verdict>,
    /// In thousandths; always `None` while open.
    pub value: Option<i64>,
    /// Whether anything is held of anything in it.
    pub known: bool,
    /// Whether something in it that counts waits for a second person.
    pub provisional: bool,
}

impl Judged {
    const NOT_COUNTING: Self =
        Self { verdict: None, value: None, known: false, provisional: false };

    /// What it makes of the competency whose rule it is the root of.
    pub(super) const fn finding(self) -> Finding {
        let standing = match self.verdict {
            Some(Verdict::Reached) => Standing::AtMastery,
            Some(Verdict::Missed) => Standing::BelowMastery,
            Some(Verdict::Open) if self.known => Standing::NotEnoughEvidence,
            Some(Verdict::Open) | None => Standing::NotObserved,
        };
        let said = matches!(self.verdict, Some(Verdict::Reached | Verdict::Missed));
        Finding { standing, value_milli: self.value, provisional: self.provisional && said }
    }
}

/// What is held of a single part; `None` if it is retired.
pub(super) trait Read: Fn(&Kind) -> Option<Finding> {}
impl<F: Fn(&Kind) -> Option<Finding>> Read for F {}

/// Judges all of `plan` into `judged`, whose content is replaced; the root is the first. `step` is
/// the rule's rounding in thousandths.
pub(super) fn judge(plan: &Plan, step: u32, read: impl Read, judged: &mut Vec<Judged>) -> Judged {
    judged.clear();
    judged.resize(plan.nodes().len(), Judged::NOT_COUNTING);
    for (place, node) in plan.nodes().iter().enumerate().rev() {
        judged[place] = match node.kind {
            Kind::Part { test, .. } | Kind::Own(test) => single(test, read(&node.kind)),
            _ => group(node, step, &Parts::of(plan, node, judged)),
        };
    }
    judged[0]
}

fn single(test: Test, finding: Option<Finding>) -> Judged {
    let Some(Finding { standing, value_milli: value, provisional }) = finding else {
        return Judged::NOT_COUNTING;
    };
    let by_value = |reached: fn(i64, i64) -> bool, milli| {
        value.map_or(Verdict::Open, |value| Verdict::when(reached(value, milli)))
    };
    let verdict = match test {
        Test::Mastery => Verdict::of(standing),
        Test::AtLeast(milli) => by_value(|value, milli| value >= milli, milli),
        Test::AtMost(milli) => by_value(|value, milli| value <= milli, milli),
        Test::Exactly(milli) => by_value(|value, milli| value == milli, milli),
    };
    let known = value.is_some() || standing != Standing::NotObserved;
    let value = value.filter(|_| verdict != Verdict::Open);
    Judged { verdict: Some(verdict), value, known, provisional }
}

/// The parts of a group that count.
pub(super) struct Parts<'a> {
    nodes: &'a [Node],
    judged: &'a [Judged],
}

impl<'a> Parts<'a> {
    pub(super) fn of(plan: &'a Plan, group: &Node, judged: &'a [Judged]) -> Self {
        Self { nodes: &plan.nodes()[group.parts.clone()], judged: &judged[group.parts.clone()] }
    }

    fn counting(&self) -> impl Iterator<Item = (&'a Node, Verdict, Option<i64>)> + Clone {
        let pairs = self.nodes.iter().zip(self.judged);
        pairs.filter_map(|(node, part)| part.verdict.map(|verdict| (node, verdict, part.value)))
    }

    fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.counting().map(|(_, verdict, _)| verdict)
    }

    fn values(&self) -> impl Iterator<Item = i64> {
        self.counting().filter_map(|(.., value)| value)
    }

    /// How many count.
    pub(super) fn count(&self) -> usize {
        self.counting().count()
    }

    /// How many of those that count are `verdict`.
    pub(super) fn with(&self, verdict: Verdict) -> usize {
        self.verdicts().filter(|found| *found == verdict).count()
    }

    /// The weight, or points, of those that count and are `verdict`.
    pub(super) fn weight_with(&self, verdict: Verdict) -> u64 {
        let of_it = self.counting().filter(|(_, found, _)| *found == verdict);
        of_it.map(|(node, ..)| u64::from(node.weight)).sum()
    }

    /// The sum of weight times value over the known parts, their weight, and that of all parts
    /// that count.
    pub(super) fn weighed(&self) -> (i128, u64, u64) {
        let (mut sum, mut known, mut all) = (0, 0, 0);
        for (node, _, value) in self.counting() {
            all += u64::from(node.weight);
            if let Some(value) = value {
                known += u64::from(node.weight);
                sum += i128::from(node.weight) * i128::from(value);
            }
        }
        (sum, known, all)
    }

    fn lowest(&self) -> Option<i64> {
        self.counting().map(|(.., value)| value).min().flatten()
    }
}

fn group(node: &Node, step: u32, parts: &Parts<'_>) -> Judged {
    if parts.count() == 0 {
        return Judged::NOT_COUNTING;
    }
    // No group without parts gets here, so the lowest and the highest verdict exist.
    let (verdict, value) = match node.kind {
        Kind::All => (parts.verdicts().min(), parts.lowest()),
        Kind::Any => (parts.verdicts().max(), parts.values().max()),
        Kind::AtLeast(k) => at_least(k, parts),
        Kind::Points(needed) => points(needed, parts),
        Kind::WeightedMean { mastery_milli, minimum_known_percent } => {
            weighted_mean(mastery_milli, minimum_known_percent, step, parts)
        }
        Kind::Minimum(mastery) => minimum(mastery, parts),
        Kind::Part { .. } | Kind::Own(_) => (None, None),
    };
    let value = value.filter(|_| verdict != Some(Verdict::Open));
    let known = parts.judged.iter().any(|part| part.known);
    let provisional = parts.judged.iter().any(|part| part.provisional);
    Judged { verdict, value, known, provisional }
}

fn at_least(k: u32, parts: &Parts<'_>) -> (Option<Verdict>, Option<i64>) {
    let k = usize::try_from(k).unwrap_or(usize::MAX);
    let (reached, open) = (parts.with(Verdict::Reached), parts.with(Verdict::Open));
    let verdict = if reached >= k {
        Verdict::Reached
    } else if reached + open < k && parts.count() >= k {
        Verdict::Missed
    } else {
        return (Some(Verdict::Open), None);
    };
    let mut values: Vec<i64> = parts.values().collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    (Some(verdict), values.get(k.saturating_sub(1)).copied())
}

fn points(needed: u32, parts: &Parts<'_>) -> (Option<Verdict>, Option<i64>) {
    let needed = u64::from(needed);
    let (earned, open) = (parts.weight_with(Verdict::Reached), parts.weight_with(Verdict::Open));
    let available = earned + open + parts.weight_with(Verdict::Missed);
    let required = parts.counting().filter(|(node, ..)| node.required);
    let required = required.map(|(_, verdict, _)| verdict).min().unwrap_or(Verdict::Reached);
    let verdict = if available < needed {
        Verdict::Open
    } else if earned >= needed {
        required
    } else if earned + open < needed {
        Verdict::Missed
    } else {
        required.min(Verdict::Open)
    };
    (Some(verdict), i64::try_from(earned).ok().and_then(|earned| earned.checked_mul(1_000)))
}

fn weighted_mean(
    mastery: i64,
    minimum_known_percent: u32,
    step: u32,
    parts: &Parts<'_>,
) -> (Option<Verdict>, Option<i64>) {
    let (sum, known, all) = parts.weighed();
    let enough = known * 100 >= all * u64::from(minimum_known_percent);
    let mean = Exact::ratio(sum, known.into()).filter(|_| enough);
    let mean = mean.map(|exact| exact.rounded_to(step));
    (Some(mean.map_or(Verdict::Open, |mean| Verdict::when(mean >= mastery))), mean)
}

fn minimum(mastery: i64, parts: &Parts<'_>) -> (Option<Verdict>, Option<i64>) {
    let too_low = parts.values().any(|value| value < mastery);
    let lowest = parts.lowest();
    let verdict = match lowest {
        _ if too_low => Verdict::Missed,
        Some(_) => Verdict::Reached,
        None => Verdict::Open,
    };
    (Some(verdict), lowest)
}
