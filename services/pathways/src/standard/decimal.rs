//! Decimal text to scaled integers, exactly: no float stands between a table and the log.

/// `text` times 10 to the power of `places`: `("4.12", 2)` is 412.
///
/// `None` unless it is digits with at most `places` more digits after a point (further zeros may
/// follow), unsigned, and small enough for an `i64`.
pub(crate) fn scaled(text: &str, places: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let exact = fraction.trim_end_matches('0');
    if exact.len() > places {
        return None;
    }
    format!("{whole}{exact:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn decimals_become_exact_integers() {
        let cases =
            [("4.12", 412), ("5", 500), ("0", 0), ("0.5", 50), ("3.00", 300), ("3.1200", 312)];
        for (text, expected) in cases {
            assert_eq!(scaled(text, 2), Some(expected), "{text}");
        }
        assert_eq!(scaled("0.6", 3), Some(600));
        assert_eq!(scaled("59800", 0), Some(59_800));
    }

    #[test]
    fn what_is_no_exact_decimal_is_refused() {
        for text in [
            "",
            "-",
            "-1",
            "+1",
            "1.",
            ".5",
            "1,000",
            "4.125",
            "1e3",
            "nan",
            "99999999999999999999",
        ] {
            assert_eq!(scaled(text, 2), None, "{text:?}");
        }
    }
}
