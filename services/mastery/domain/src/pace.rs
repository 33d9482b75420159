//! Pace: what a learner has reached, against a calendar, as of any day.

use crate::Day;

mod calendar;
mod forecast;
mod plan;
mod published;

pub use calendar::{Calendar, CalendarDraft, CalendarFlaw, CalendarRefusal, Term};
pub use forecast::Forecast;
pub use plan::{Plan, PlanFlaw};
pub use published::CalendarPublished;

/// How a learner stands against the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The share reached is below the share of time gone by, by more than the buffer.
    Behind,
    /// Within the buffer, either way.
    OnPace,
    /// Above it by more than the buffer.
    Ahead,
}

/// A learner's pace as of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The day by which all is to be reached.
    pub target_by: Day,
    /// The share of the time that has gone by, in thousandths, rounded: 0 before the first day.
    pub expected_milli: i64,
    /// The share of the competencies that has been reached, in thousandths, rounded.
    pub actual_milli: i64,
    /// How many have been reached.
    pub reached: u32,
    /// How the two compare: by the exact shares, not by the rounded ones.
    pub status: Status,
    /// The day on which the last of them was reached, if none is left.
    pub finished_on: Option<Day>,
    /// When the rest may be reached; `None` if none is left, or below three reached, which say
    /// nothing about speed.
    pub forecast: Option<Forecast>,
}

impl Pace {
    /// The pace as of `as_of`.
    ///
    /// `reached_on` has a day for each of the plan's competencies that was reached and is still
    /// held as of that day, in any order; later days are not looked at. More than are wanted count
    /// as all.
    pub fn on(plan: &Plan, reached_on: impl IntoIterator<Item = Day>, as_of: Day) -> Self {
        let mut days: Vec<Day> = reached_on.into_iter().filter(|day| *day <= as_of).collect();
        days.sort_unstable();
        days.truncate(plan.wanted() as usize);
        let finished_on = days.get(plan.wanted() as usize - 1).copied();
        let (gone, all) = (plan.days_gone(as_of), plan.days());
        let (reached, wanted) = (days.len() as i64, i64::from(plan.wanted()));
        Self {
            target_by: plan.end(),
            expected_milli: milli(gone, all),
            actual_milli: milli(reached, wanted),
            reached: days.len() as u32,
            status: status([reached, wanted], [gone, all], plan.buffer_milli()),
            finished_on,
            forecast: match finished_on {
                Some(_) => None,
                None => Forecast::of(plan, &days, as_of),
            },
        }
    }
}

/// In whole numbers: all are at most 32 bits, so that the products fit.
fn status([reached, wanted]: [i64; 2], [gone, all]: [i64; 2], buffer_milli: u16) -> Status {
    let [reached, wanted, gone, all] = [reached, wanted, gone, all].map(i128::from);
    let lead = (reached * all - gone * wanted) * 1_000;
    let buffer = i128::from(buffer_milli) * wanted * all;
    if lead < -buffer {
        Status::Behind
    } else if lead > buffer {
        Status::Ahead
    } else {
        Status::OnPace
    }
}

/// `part / all` in thousandths, halves up; neither is below zero.
fn milli(part: i64, all: i64) -> i64 {
    (part * 2_000 + all) / (all * 2)
}
