//! Instants, as data.

use std::fmt;
use std::str::FromStr;

/// Microseconds since 1970-01-01T00:00:00Z; negative before.
///
/// Microseconds because Postgres keeps no more, and an instant must survive every store unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From whole seconds and nanoseconds (truncated to microseconds); `None` when out of range.
    pub fn from_parts(seconds: i64, nanos: i32) -> Option<Self> {
        if !(0..1_000_000_000).contains(&nanos) {
            return None;
        }
        seconds.checked_mul(1_000_000)?.checked_add(i64::from(nanos) / 1_000).map(Self)
    }

    /// Whole seconds since the epoch and the nanoseconds within the second.
    pub const fn parts(self) -> (i64, i32) {
        (self.0.div_euclid(1_000_000), (self.0.rem_euclid(1_000_000) * 1_000) as i32)
    }

    /// The civil date and time in UTC: (year, month, day, hour, minute, second, microsecond).
    ///
    /// Days to civil date by the era method (400 years = 146,097 days) in exact integers.
    pub const fn civil(self) -> (i64, u32, u32, u32, u32, u32, u32) {
        let days = self.0.div_euclid(86_400_000_000);
        let rest = self.0.rem_euclid(86_400_000_000);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        let seconds = rest / 1_000_000;
        (
            year,
            month as u32,
            day as u32,
            (seconds / 3_600) as u32,
            (seconds / 60 % 60) as u32,
            (seconds % 60) as u32,
            (rest % 1_000_000) as u32,
        )
    }
}

/// RFC 3339 in UTC, with microseconds only where there are any: `2026-01-05T08:50:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hour, minute, second, micros) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if micros > 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

/// A text that is no instant as [`Timestamp`] displays them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp;

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 instant in UTC with at most six decimals")
    }
}

impl std::error::Error for InvalidTimestamp {}

/// Reads what is displayed: years 0000 to 9999, `Z` for the offset, up to six decimals.
impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let instant = parse(text.as_bytes()).ok_or(InvalidTimestamp)?;
        // A date that does not exist, such as 30 February, becomes another one.
        let (year, month, day, ..) = instant.civil();
        let date = format!("{year:04}-{month:02}-{day:02}");
        if text.starts_with(&date) { Ok(instant) } else { Err(InvalidTimestamp) }
    }
}

fn parse(text: &[u8]) -> Option<Timestamp> {
    let (whole, rest) = text.split_at_checked(19)?;
    let marks = [4, 7, 10, 13, 16].map(|at| whole[at]);
    if marks != *b"--T::" {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits(&whole[range]);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let micros = match rest {
        b"Z" => 0,
        [b'.', decimals @ .., b'Z'] if (1..=6).contains(&decimals.len()) => {
            digits(decimals)? * 10_i64.pow(6 - decimals.len() as u32)
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(number(0..4)?, number(5..7)?, number(8..10)?)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Timestamp(seconds * 1_000_000 + micros))
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// The inverse of [`Timestamp::civil`]'s date part; `None` unless month and day are in range.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_rfc3339() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_767_603_000_500_000, "2026-01-05T08:50:00.500000Z"),
        ];
        for (micros, text) in cases {
            assert_eq!(Timestamp::from_micros(micros).to_string(), text);
        }
    }

    #[test]
    fn what_is_displayed_reads_back() {
        let days = (-719_528..2_932_897).step_by(83);
        for micros in days.map(|day: i64| day * 86_400_000_000 + day.rem_euclid(86_400) * 1_000_003)
        {
            let instant = Timestamp::from_micros(micros);
            assert_eq!(instant.to_string().parse(), Ok(instant), "{instant}");
        }
        assert_eq!("2026-01-05T08:50:00.5Z".parse(), Ok(Timestamp(1_767_603_000_500_000)));
    }

    #[test]
    fn refuses_what_is_no_instant() {
        let bad = [
            "",
            "2026-01-05",
            "2026-01-05T08:50:00",
            "2026-01-05T08:50:00+01:00",
            "2026-01-05T08:50:00.Z",
            "2026-01-05T08:50:00.0000001Z",
            "2026-02-30T08:50:00Z",
            "2026-13-01T08:50:00Z",
            "2026-01-05T24:00:00Z",
            "2026-01-05 08:50:00Z",
            "２026-01-05T08:50:00Z",
            "+026-01-05T08:50:00Z",
        ];
        for text in bad {
            assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text:?}");
        }
    }

    #[test]
    fn parts_round_trip_before_the_epoch_too() {
        for micros in [-1_500_000, -1, 0, 1, 1_767_603_000_500_000] {
            let (seconds, nanos) = Timestamp::from_micros(micros).parts();
            assert_eq!(Timestamp::from_parts(seconds, nanos).map(Timestamp::micros), Some(micros));
        }
        assert_eq!(Timestamp::from_parts(i64::MAX, 0), None);
    }
}
