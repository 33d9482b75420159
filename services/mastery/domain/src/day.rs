//! Days, for what is counted by the calendar.

use std::fmt;

use northstar_kernel::Timestamp;

const MICROS: i64 = 86_400_000_000;

/// A day in UTC: whole days since 1970-01-01, negative before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day of that number.
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The day that `instant` falls on.
    pub fn of(instant: Timestamp) -> Self {
        // 64 bits of microseconds are some 107 million days either way, which 32 bits hold.
        Self(instant.micros().div_euclid(MICROS) as i32)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The days from `earlier` to here; negative if `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }

    /// So many days on; `None` beyond the last day there is.
    pub fn after(self, days: i64) -> Option<Self> {
        i64::from(self.0).checked_add(days).and_then(|number| number.try_into().ok()).map(Self)
    }
}

/// As in a calendar: `2026-03-01`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = Timestamp::from_micros(i64::from(self.0).saturating_mul(MICROS));
        let (year, month, day, ..) = midnight.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_also_before_1970() {
        for (micros, number) in [(0, 0), (MICROS - 1, 0), (MICROS, 1), (-1, -1), (-MICROS, -1)] {
            assert_eq!(Day::of(Timestamp::from_micros(micros)), Day::new(number), "{micros}");
        }
    }

    #[test]
    fn every_instant_has_its_day() {
        for micros in [i64::MIN, i64::MAX] {
            let day = i64::from(Day::of(Timestamp::from_micros(micros)).number());
            assert_eq!(day, micros.div_euclid(MICROS));
        }
    }

    #[test]
    fn days_are_shown_as_in_a_calendar_and_end_somewhere() {
        assert_eq!(Day::new(20_513).to_string(), "2026-03-01");
        assert_eq!(Day::new(1).after(2), Some(Day::new(3)));
        assert_eq!(Day::new(i32::MAX).after(1), None);
        assert_eq!(Day::new(3).since(Day::new(5)), -2);
    }
}
