//! Where the values lie: highest, latest, mean, median, mode, and means of some of them.

use super::mark::{recent, values};
use super::parameter::Count;
use super::{Mark, Step, sorted};
use crate::Exact;

/// The largest value.
pub(super) fn highest(marks: &[Mark<'_>]) -> Option<Exact> {
    values(marks).max().map(Exact::whole)
}

/// The newest value.
pub(super) fn latest(marks: &[Mark<'_>]) -> Option<Exact> {
    values(marks).next_back().map(Exact::whole)
}

/// The sum over the number.
pub(super) fn mean(marks: &[Mark<'_>]) -> Option<Exact> {
    Exact::ratio(sum(marks), marks.len() as i128)
}

fn sum(marks: &[Mark<'_>]) -> i128 {
    values(marks).map(i128::from).sum()
}

/// The middle value, or the mean of the two in the middle.
pub(super) fn median(marks: &[Mark<'_>]) -> Option<Exact> {
    sorted(values(marks), |sorted| {
        let half = sorted.len() / 2;
        match sorted {
            [] => None,
            _ if sorted.len() % 2 == 1 => Some(Exact::whole(sorted[half])),
            _ => Exact::ratio(i128::from(sorted[half - 1]) + i128::from(sorted[half]), 2),
        }
    })
}

/// The most frequent value; of several, the one that occurred last.
pub(super) fn mode(marks: &[Mark<'_>]) -> Option<Exact> {
    let placed = values(marks).enumerate().map(|(place, value)| (value, place));
    sorted(placed, |sorted| {
        let runs = sorted.chunk_by(|(a, _), (b, _)| a == b);
        let newest_of_most = runs.filter_map(|run| run.last().map(|last| (run.len(), last)));
        let most = newest_of_most.max_by_key(|(times, (_, place))| (*times, *place));
        most.map(|(_, (value, _))| Exact::whole(*value))
    })
}

/// The mean of the `count` highest; of all, if there are fewer.
pub(super) fn mean_of_top(marks: &[Mark<'_>], count: Count) -> Option<Exact> {
    sorted(values(marks), |sorted| {
        let top = &sorted[sorted.len().saturating_sub(count.size())..];
        Exact::ratio(top.iter().copied().map(i128::from).sum(), top.len() as i128)
    })
}

/// The sum and number that a mean is made of.
pub(super) fn mean_steps(marks: &[Mark<'_>]) -> Vec<Step> {
    vec![Step::new("sum", sum(marks)), Step::new("count", marks.len())]
}

/// The same for the highest.
pub(super) fn top_steps(marks: &[Mark<'_>], count: Count) -> Vec<Step> {
    sorted(values(marks), |sorted| {
        let top = &sorted[sorted.len().saturating_sub(count.size())..];
        let sum: i128 = top.iter().copied().map(i128::from).sum();
        vec![Step::new("sum", sum), Step::new("count", top.len())]
    })
}

/// How many of the marks the median of the newest looks at.
pub(super) fn recent_steps(marks: &[Mark<'_>], count: Count) -> Vec<Step> {
    vec![Step::new("count", recent(marks, count.size()).len())]
}

/// How often the mode occurs.
pub(super) fn mode_steps(marks: &[Mark<'_>], mode: &Exact) -> Vec<Step> {
    let times = values(marks).filter(|value| Exact::whole(*value) == *mode).count();
    vec![Step::new("times", times)]
}
