//! Numbers as quads and JCS have them.

use serde_json::Number;

/// The largest integer that every JSON implementation keeps: 2^53 - 1.
const LARGEST: u64 = (1 << 53) - 1;

/// The largest number with decimals: beyond it, three decimals are more than a double holds.
const LARGEST_WITH_DECIMALS: f64 = 1e12;

/// The decimals that a number in a credential may have.
const MOST_DECIMALS: usize = 3;

/// What a number is without its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lexical {
    /// Without decimals, as `xsd:integer` writes it: `15.0` is `15`.
    Integer(String),
    /// With decimals, as `xsd:double` writes it: `0.5` is `5.0E-1`.
    Double(String),
}

/// How JSON-LD writes the number, if all implementations write it so.
///
/// # Errors
/// What would be right.
pub(crate) fn lexical(number: &Number) -> Result<Lexical, &'static str> {
    if let Some(value) = integer(number) {
        return if value.unsigned_abs() <= u128::from(LARGEST) {
            Ok(Lexical::Integer(value.to_string()))
        } else {
            Err("is an integer beyond 2^53 - 1; write it as a string")
        };
    }
    let value = number.as_f64().filter(|value| value.is_finite()).ok_or("is no finite number")?;
    if value == 0.0 {
        return Err("is a negative zero; write 0");
    }
    if value.trunc() == value {
        return Err("is an integer beyond 2^53 - 1; write it as a string");
    }
    if value.abs() > LARGEST_WITH_DECIMALS || decimals(value) > MOST_DECIMALS {
        return Err("has more than three decimals, or is beyond 10^12 and has some");
    }
    Ok(Lexical::Double(double(value)))
}

/// Whether JCS writes other digits than these: an integer that a double does not hold.
pub(crate) fn is_unsafe(number: &Number) -> bool {
    match (number.as_u64(), number.as_i64()) {
        (Some(value), _) => value > LARGEST,
        (None, Some(value)) => value.unsigned_abs() > LARGEST,
        (None, None) => false,
    }
}

/// The number's value, if it is a whole one within reach: `15.0` and `1.5e1` are, too.
fn integer(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(value.into());
    }
    if let Some(value) = number.as_u64() {
        return Some(value.into());
    }
    let value = number.as_f64()?;
    let whole = value.trunc() == value && value.abs() < 9.1e15;
    let negative_zero = value == 0.0 && value.is_sign_negative();
    // The cast is exact: whole and far inside the range.
    (whole && !negative_zero).then_some(value as i128)
}

/// Digits after the point in the shortest text that reads as this double.
fn decimals(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// One digit, a point, as few more as needed, and the exponent.
fn double(value: f64) -> String {
    let text = format!("{value:.15e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = mantissa.trim_end_matches('0');
    let zero = if mantissa.ends_with('.') { "0" } else { "" };
    format!("{mantissa}{zero}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Lexical, &'static str> {
        lexical(&serde_json::from_str(text).expect("a number"))
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        for (text, written) in [
            ("15", "15"),
            ("15.0", "15"),
            ("1.5e1", "15"),
            ("0", "0"),
            ("0.0", "0"),
            ("-42", "-42"),
            ("9007199254740991", "9007199254740991"),
            ("9007199254740991.0", "9007199254740991"),
        ] {
            assert_eq!(of(text), Ok(Lexical::Integer(written.into())), "{text}");
        }
    }

    #[test]
    fn others_are_doubles_with_one_digit_before_the_point() {
        for (text, written) in [
            ("0.5", "5.0E-1"),
            ("36.25", "3.625E1"),
            ("-0.125", "-1.25E-1"),
            ("0.001", "1.0E-3"),
            ("0.1", "1.0E-1"),
            ("999999999999.999", "9.99999999999999E11"),
            ("1234.567", "1.234567E3"),
        ] {
            assert_eq!(of(text), Ok(Lexical::Double(written.into())), "{text}");
        }
    }

    #[test]
    fn what_implementations_write_differently_is_refused() {
        for text in [
            "0.0001",
            "1e-7",
            "0.30000000000000004",
            "1e21",
            "9007199254740992",
            "9007199254740993.0",
            "18446744073709551615",
            "-9007199254740992",
            "-0",
            "-0.0",
            "1234567890123.5",
            "1.7e308",
        ] {
            assert!(of(text).is_err(), "{text}: {:?}", of(text));
        }
    }
}
