//! The functions from marks to one value.

mod apply;
mod bayesian;
mod centre;
mod criterion;
mod decaying;
mod flaw;
mod khan;
mod mark;
mod named;
mod parameter;
mod points;
mod trend;

pub use bayesian::{Bayesian, Probability};
pub use criterion::{MOfLast, Times};
pub use flaw::MethodFlaw;
pub use khan::Khan;
pub use mark::{Mark, Step, Worked};
pub use parameter::{Count, NewestWeight, Parameter};
pub use points::Points;
pub use trend::FitBy;

/// The highest value that a parameter may ask for: a million, in thousandths.
const HIGHEST_MILLI: i64 = 1_000_000_000;

/// How marks become one value.
///
/// All take the marks `s1..sN` oldest first, and say nothing about no marks. A zero is a value like
/// any other (the power law aside); a missing judgement is no mark and never gets here. Marks
/// observed at the same instant are in the order of their evidence. Every integer of 64 bits is a
/// valid value: nothing is cut off at the top or bottom of a scale, neither in marks nor in results,
/// unless a method says so. Results are exact fractions of thousandths, not rounded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The highest value. As in Canvas ("highest").
    Highest,
    /// The newest value. As in Canvas ("latest").
    Latest,
    /// The arithmetic mean. As in Canvas ("average").
    Mean,
    /// The middle value by size; the mean of the two in the middle if their number is even. As in
    /// Canvas for a class and TeacherEase for a learner.
    Median,
    /// The most frequent value; of several, the one that occurred last. As in Educate. Marks that
    /// are all different have each occurred once, so it is the newest.
    Mode,
    /// The mean of the highest `count`, or of all if there are fewer. As in Educate.
    MeanOfTop(Count),
    /// The mean of the newest `count`, or of all if there are fewer. As in TeacherEase.
    MeanOfRecent(Count),
    /// The median of the newest `count`, or of all if there are fewer. As in TeacherEase.
    MedianOfRecent(Count),
    /// Nothing until so many marks are at or above mastery, then the mean of all that are. As in
    /// Canvas ("n_mastery"). Marks below mastery never lower it.
    TimesAtMastery(Times),
    /// The `m`-th highest of the last `n`, so that it is at mastery exactly if at least `m` of the
    /// last `n` marks are. As in Kolibri. Nothing before `m` marks.
    MOfLast(MOfLast),
    /// The lowest of the last `count`, so that it is at mastery exactly if all of them are. As in
    /// Kolibri. Nothing before `count` marks.
    InARow(Count),
    /// `sN · w + mean(s1..sN-1) · (1 - w)`, with `w` the newest weight; `s1` for a single mark. As in
    /// Canvas ("weighted average", stored as `decaying_average`).
    WeightedAverage(NewestWeight),
    /// `A1 = s1; Ai = A(i-1) · (1 - w) + si · w`, with `w` the newest weight: the recursive form. As
    /// in Canvas ("decaying average", stored as `standard_decaying_average`), PowerSchool and Otus.
    DecayingAverage(NewestWeight),
    /// The straight line of least squares through `(i, si)`, at `i = N`: for one mark and for two,
    /// the newest. It may lie above or below every mark. As in Marzano and Empower.
    ///
    /// Like the two that follow, through the newest 10,000 marks if there are more.
    LinearTrend,
    /// `y = a · x^b` through `(i, si)` by least squares on logarithms, at `x = N`. Marzano,
    /// *Transforming Classroom Grading* (2000); as in JumpRope and PowerSchool.
    ///
    /// `b = Σ(ln i - m)(ln si - q) / Σ(ln i - m)²`, with `m` and `q` the means of `ln i` and of
    /// `ln si`, and the value `exp(q + b · (ln N - m))`, rounded half up to a millionth of a
    /// thousandth; it is off by less than one in 10^14 of its size, at most, before that. For one
    /// mark and for two it is the newest, exactly. It may lie above every mark, and is never above
    /// 2^64 thousandths.
    ///
    /// Nothing if any mark is zero or below: that has no logarithm, and leaving it out would raise
    /// the value. Use it on scales that begin above zero.
    PowerLaw,
    /// Whichever of mean, straight line and power law has erred least, at the newest mark, by the
    /// sum of absolute errors. The power law is no candidate if any mark is zero or below.
    ///
    /// Errors are counted in whole millionths of a thousandth, each forecast rounded to one. Sums
    /// that differ by no more than one for each place compared are a tie, since rounding alone may
    /// have done it; ties go to the simpler: mean, then line, then power law. So a single mark, and
    /// marks that are all the same, are their own mean.
    BestFit(FitBy),
    /// Knowledge tracing with four parameters and forgetting: the probability, in thousandths from 0
    /// to 1000, that the skill is learned at the next opportunity. As in pyBKT and, without
    /// forgetting, Corbett and Anderson (1995).
    ///
    /// A mark of `right_at` or more is a right answer, any other a wrong one. See [`Bayesian`] for
    /// the steps, each rounded to 10^-14.
    Bayesian(Bayesian),
    /// Levels from 1000 (attempted) over 2000 (familiar) and 3000 (proficient) to 4000 (mastered).
    /// As in Khan Academy. See [`Khan`].
    Khan(Khan),
    /// The sum of the values, or a number of points for every mark, capped. As in SkillTree. Values
    /// below zero take points away.
    Points(Points),
}

/// Hands the items to `read` in order. A few, as is usual, are sorted without asking for memory.
fn sorted<T: Copy + Default + Ord, R>(
    items: impl ExactSizeIterator<Item = T>,
    read: impl FnOnce(&[T]) -> R,
) -> R {
    const FEW: usize = 32;
    let mut few = [T::default(); FEW];
    let mut many = Vec::new();
    let all = if items.len() <= FEW {
        let held = &mut few[..items.len()];
        held.iter_mut().zip(items).for_each(|(place, item)| *place = item);
        held
    } else {
        many.extend(items);
        many.as_mut_slice()
    };
    all.sort_unstable();
    read(all)
}
