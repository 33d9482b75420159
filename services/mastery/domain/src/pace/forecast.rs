//! When the rest may be reached, if things go on as they did.

use crate::{Day, Plan};

/// So many must have been reached before anything is said.
const FEWEST: usize = 3;
/// Nothing is foretold from so many days on: products of four counts of days are made below.
const LONGEST_DAYS: i64 = 100_000;

/// When all may be reached.
///
/// The likely day goes on from what is reached at the least-squares slope of the number reached,
/// day by day from the plan's beginning to the day looked from. The band goes on at the speed of
/// the fastest and of the slowest third of that time. It says how uneven the learner's pace was;
/// it is no confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// At the speed of the fastest third; `None` beyond all reckoning, as below.
    pub earliest: Option<Day>,
    /// At the speed of the whole time.
    pub likely: Option<Day>,
    /// At the speed of the slowest third: `None` if nothing was reached in it, so that at that
    /// speed the rest never is.
    pub latest: Option<Day>,
}

/// So many competencies in so many days, at least one day; compared as a fraction.
#[derive(Debug, Clone, Copy)]
struct Speed {
    reached: i128,
    days: i128,
}

impl Speed {
    fn is_above(self, other: Self) -> bool {
        self.reached * other.days > other.reached * self.days
    }

    /// The day on which `left` more are reached, part days counted whole.
    fn day(self, from: Day, left: i128) -> Option<Day> {
        if self.reached <= 0 {
            return None;
        }
        let days = (left * self.days + self.reached - 1) / self.reached;
        i64::try_from(days).ok().and_then(|days| from.after(days))
    }
}

impl Forecast {
    /// `reached_on` is sorted and not after `as_of`; some are left. `None` if too little is known:
    /// below three reached, or less than three days since the beginning; or if that was centuries
    /// ago.
    pub(crate) fn of(plan: &Plan, reached_on: &[Day], as_of: Day) -> Option<Self> {
        let days = as_of.since(plan.begin()) + 1;
        if reached_on.len() < FEWEST || !(FEWEST as i64..LONGEST_DAYS).contains(&days) {
            return None;
        }
        // Day 1 is the first of the plan; what came before is there from the start.
        let at: Vec<i128> =
            reached_on.iter().map(|day| i128::from((day.since(plan.begin()) + 1).max(0))).collect();
        let days = i128::from(days);
        let (whole, thirds) = (slope(&at, days), thirds(&at, days));
        let fastest = thirds.into_iter().fold(whole, |a, b| if b.is_above(a) { b } else { a });
        let slowest = thirds.into_iter().fold(whole, |a, b| if a.is_above(b) { b } else { a });
        let left = i128::from(plan.wanted()) - reached_on.len() as i128;
        let [earliest, likely, latest] =
            [fastest, whole, slowest].map(|speed| speed.day(as_of, left));
        Some(Self { earliest, likely, latest })
    }
}

/// The least-squares slope of the count through days 0 to `last`, where the count rises by one on
/// each of the days `at`.
///
/// With N = last + 1 points it is (N Σty - Σt Σy) / (N Σt² - (Σt)²), where a rise on day x adds
/// last - x + 1 to Σy and the days from x to last to Σty.
fn slope(at: &[i128], last: i128) -> Speed {
    let points = last + 1;
    let t = last * points / 2;
    let tt = last * points * (2 * last + 1) / 6;
    let y: i128 = at.iter().map(|x| last - x + 1).sum();
    let ty: i128 = at.iter().map(|x| (last * points - x * (x - 1)) / 2).sum();
    Speed { reached: points * ty - t * y, days: points * tt - t * t }
}

/// The speeds of the first, the middle and the last third of the days 1 to `last`.
fn thirds(at: &[i128], last: i128) -> [Speed; 3] {
    [0, 1, 2].map(|third| {
        let (after, until) = (last * third / 3, last * (third + 1) / 3);
        let reached = at.iter().filter(|x| (after + 1..=until).contains(x)).count();
        Speed { reached: reached as i128, days: until - after }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The count of every day written out, and the textbook sums over it.
    fn plain_slope(at: &[i128], last: i128) -> (i128, i128) {
        let count = |day: i128| at.iter().filter(|x| **x <= day).count() as i128;
        let points: Vec<(i128, i128)> = (0..=last).map(|day| (day, count(day))).collect();
        let n = points.len() as i128;
        let [t, y, ty, tt] = points.iter().fold([0; 4], |[t, y, ty, tt], (day, count)| {
            [t + day, y + count, ty + day * count, tt + day * day]
        });
        (n * ty - t * y, n * tt - t * t)
    }

    #[test]
    fn the_slope_is_that_of_the_counts_written_out() {
        for at in [vec![0, 0, 4], vec![1, 2, 3], vec![5, 5, 9, 30], vec![30, 30, 30]] {
            let speed = slope(&at, 30);
            assert_eq!((speed.reached, speed.days), plain_slope(&at, 30), "{at:?}");
        }
    }

    #[test]
    fn thirds_share_all_days_between_them() {
        for last in 3..20 {
            let parts = thirds(&[1, last], last);
            assert_eq!(parts.iter().map(|part| part.days).sum::<i128>(), last);
            assert_eq!(parts.iter().map(|part| part.reached).sum::<i128>(), 2, "{last}");
        }
    }
}
