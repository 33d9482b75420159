//! Times as credentials write them: XML Schema's `dateTimeStamp`.

use northstar_kernel::Timestamp;

/// The moment, to the microsecond; `None` if it is none, or has no zone.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let (local, offset) = split_offset(text)?;
    let (whole, fraction) = local.split_once('.').unwrap_or((local, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros = &fraction[..fraction.len().min(6)];
    let moment: Timestamp = format!("{whole}.{micros}Z").parse().ok()?;
    Some(Timestamp::from_micros(moment.micros().checked_sub(offset * 60_000_000)?))
}

/// The time of day, and how many minutes its zone is ahead.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, 0));
    }
    let (local, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let ahead = hours * 60 + minutes;
    match zone.as_bytes().first()? {
        _ if minutes > 59 || ahead > 14 * 60 => None,
        b'+' => Some((local, ahead)),
        b'-' => Some((local, -ahead)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_fractions_are_read() {
        let noon = "2026-03-02T12:00:00Z".parse().ok();
        for same in [
            "2026-03-02T12:00:00Z",
            "2026-03-02T12:00:00.000000000Z",
            "2026-03-02T05:00:00-07:00",
            "2026-03-02T17:30:00+05:30",
            "2026-03-03T02:00:00.0+14:00",
        ] {
            assert_eq!(read(same), noon, "{same}");
        }
    }

    #[test]
    fn what_is_no_time_or_has_no_zone_is_none() {
        for wrong in [
            "",
            "Z",
            "2026-03-02",
            "2026-03-02T12:00:00",
            "2026-02-30T12:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T12:00:00.Z",
            "2026-03-02T12:00:00.1xZ",
            "2026-03-02T12:00:00+15:00",
            "2026-03-02T12:00:00+1:000",
            "2026-03-02T12:00:00é07:00",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
