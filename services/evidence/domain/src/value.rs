//! Values in thousandths, so that no judgement ever passes through a float.

use std::fmt;
use std::str::FromStr;

/// A value in thousandths: `Milli(2500)` is 2.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Milli(pub i64);

/// A text that is no decimal of at most three decimals, or too large to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedDecimal;

impl fmt::Display for MalformedDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write it as digits with at most three decimals: 3 or 2.5 or 2.125")
    }
}

impl std::error::Error for MalformedDecimal {}

/// Reads `-12.345` exactly. No sign `+`, no exponent, no blanks, no thousands separators: a text
/// that two programs could read differently is refused.
impl FromStr for Milli {
    type Err = MalformedDecimal;

    fn from_str(text: &str) -> Result<Self, MalformedDecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return Err(MalformedDecimal),
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        };
        if decimals.len() > 3 || whole.is_empty() {
            return Err(MalformedDecimal);
        }
        let thousandths = number(decimals)? * [1_000, 100, 10, 1][decimals.len()];
        let milli = number(whole)?
            .checked_mul(1_000)
            .and_then(|whole| whole.checked_add(thousandths))
            .ok_or(MalformedDecimal)?;
        Ok(Self(if negative { -milli } else { milli }))
    }
}

/// The number that a run of ASCII digits stands for; 0 for an empty run.
fn number(digits: &str) -> Result<i64, MalformedDecimal> {
    digits.bytes().try_fold(0_i64, |sum, byte| {
        let digit =
            byte.is_ascii_digit().then(|| i64::from(byte - b'0')).ok_or(MalformedDecimal)?;
        sum.checked_mul(10).and_then(|sum| sum.checked_add(digit)).ok_or(MalformedDecimal)
    })
}

/// As short as it can be: `3`, `2.5`, `-0.125`.
impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", magnitude / 1_000)?;
        match magnitude % 1_000 {
            0 => Ok(()),
            rest => write!(f, ".{}", format!("{rest:03}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        let cases = [
            ("0", 0),
            ("3", 3_000),
            ("2.0", 2_000),
            ("2.5", 2_500),
            ("0.001", 1),
            ("-1.25", -1_250),
            ("007.100", 7_100),
            ("9223372036854775.807", i64::MAX),
        ];
        for (text, milli) in cases {
            assert_eq!(text.parse(), Ok(Milli(milli)), "{text}");
        }
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        let cases = [
            "",
            "-",
            ".5",
            "5.",
            "1.2345",
            "+1",
            "1e3",
            " 1",
            "1 ",
            "1,5",
            "٣",
            "NaN",
            "1.2.3",
            "--1",
            "1.-2",
            "9223372036854775.808",
            "99999999999999999999",
        ];
        for text in cases {
            assert_eq!(text.parse::<Milli>(), Err(MalformedDecimal), "{text:?}");
        }
    }

    #[test]
    fn shows_no_needless_zeros() {
        for text in ["0", "3", "2.5", "-0.125", "10.01", "-7"] {
            assert_eq!(text.parse::<Milli>().map(|value| value.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(Milli(i64::MIN).to_string(), "-9223372036854775.808");
    }
}
