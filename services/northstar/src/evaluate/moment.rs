//! Dates and times as people write them.

use northstar_kernel::Timestamp;

/// A day or an instant in a file. A day without a time is its first moment, UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    day(text).or_else(|| instant(text))
}

/// A day or an instant to ask about. A day without a time is its last moment, UTC, so that all that
/// happened on it counts.
pub(crate) fn as_of(text: &str) -> Result<Timestamp, String> {
    const DAY_MICROS: i64 = 86_400_000_000;
    let last = |first: Timestamp| Timestamp::from_micros(first.micros() + DAY_MICROS - 1);
    let asked = day(text).map(last).or_else(|| instant(text));
    asked.ok_or_else(|| WANTED.to_owned())
}

/// What a date or time must look like.
pub(super) const WANTED: &str =
    "write a day, as 2026-03-02, or a time with its zone, as 2026-03-02T14:30:00Z";

/// The first moment of a day.
fn day(text: &str) -> Option<Timestamp> {
    if text.len() == 10 { format!("{text}T00:00:00Z").parse().ok() } else { None }
}

fn instant(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_micros(instant.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(at: Option<Timestamp>) -> String {
        at.map(|at| at.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_day_in_a_file_is_where_it_begins() {
        assert_eq!(shown(moment("2026-03-02")), "2026-03-02T00:00:00Z");
        assert_eq!(shown(moment("2026-03-02T14:30:00+02:00")), "2026-03-02T12:30:00Z");
    }

    #[test]
    fn a_day_that_is_asked_about_is_over() {
        assert_eq!(shown(as_of("2026-03-02").ok()), "2026-03-02T23:59:59.999999Z");
        assert_eq!(shown(as_of("2026-03-02T14:30:00Z").ok()), "2026-03-02T14:30:00Z");
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        let cases =
            ["", "2026-02-30", "02.03.2026", "2026-3-2", "03/02/2026", "2026-03-02T14:30:00", "ä"];
        for text in cases {
            assert_eq!(moment(text), None, "{text:?}");
            assert!(as_of(text).is_err(), "{text:?}");
        }
    }
}
