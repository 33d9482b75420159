//! Averages in which the newest value weighs most.

use super::mark::values;
use super::parameter::NewestWeight;
use super::{Mark, Step};
use crate::Exact;

/// The most intermediate values that a derivation lists; the last is always among them.
const LISTED: usize = 64;

/// `sN · w + mean(s1..sN-1) · (1 - w)`.
pub(super) fn weighted(marks: &[Mark<'_>], weight: NewestWeight) -> Option<Exact> {
    let (newest, rest) = marks.split_last()?;
    if rest.is_empty() {
        return Some(Exact::whole(newest.value_milli));
    }
    let (new, base) = weight.fraction();
    let (new, base, count) = (i128::from(new), i128::from(base), rest.len() as i128);
    let sum: i128 = values(rest).map(i128::from).sum();
    Exact::ratio(i128::from(newest.value_milli) * new * count + sum * (base - new), base * count)
}

/// The parts of the weighted average.
pub(super) fn weighted_steps(marks: &[Mark<'_>]) -> Vec<Step> {
    let Some((newest, rest)) = marks.split_last() else { return Vec::new() };
    let sum: i128 = values(rest).map(i128::from).sum();
    vec![
        Step::new("newest", newest.value_milli),
        Step::new("sum_of_rest", sum),
        Step::new("count_of_rest", rest.len()),
    ]
}

/// `A1 = s1; Ai = A(i-1) · (1 - w) + si · w`.
pub(super) fn recursive(marks: &[Mark<'_>], weight: NewestWeight) -> Option<Exact> {
    let (new, base) = weight.fraction();
    let (first, rest) = marks.split_first()?;
    Some(Exact::whole(first.value_milli).steps(values(rest), new, base))
}

/// `A1`, `A2` and so on.
pub(super) fn recursive_steps(marks: &[Mark<'_>], weight: NewestWeight) -> Vec<Step> {
    let (new, base) = weight.fraction();
    let mut steps = Vec::new();
    let mut held = None;
    for (index, value) in values(marks).enumerate() {
        let next = match held {
            None => Exact::whole(value),
            Some(held) => Exact::step(held, value, new, base),
        };
        if index + 1 < LISTED || index + 1 == marks.len() {
            steps.push(Step::new(format!("A{}", index + 1), &next));
        }
        held = Some(next);
    }
    steps
}
