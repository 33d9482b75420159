//! Decimal numbers as whole thousandths, without passing through binary fractions.

/// Largest magnitude that is taken: a million millions.
const MAX: i64 = 1_000_000_000_000_000;

/// Why a text is no number of thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotThousandths {
    /// It is no decimal number.
    NotANumber,
    /// It has a fraction finer than a thousandth.
    TooFine,
    /// It is larger than a million millions.
    TooLarge,
}

/// What to do with a fraction finer than a thousandth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finer {
    /// It matters: refuse the number.
    Refuse,
    /// It does not: leave it out.
    Cut,
}

/// The value of a JSON number (or the same as text) in thousandths: `3` is 3000, `2.5e-1` is 250.
pub(super) fn thousandths(text: &str, finer: Finer) -> Result<i64, NotThousandths> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().map_err(|_| NotThousandths::NotANumber)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if whole.is_empty() || !digits().all(|byte| byte.is_ascii_digit()) {
        return Err(NotThousandths::NotANumber);
    }
    // The number is `digits` times ten to the `shift` thousandths.
    let fraction_len = i32::try_from(fraction.len()).map_err(|_| NotThousandths::TooFine)?;
    let shift = exponent.saturating_sub(fraction_len).saturating_add(3);
    let value = shifted(digits(), shift, finer)?;
    Ok(if negative { -value } else { value })
}

fn shifted(
    digits: impl Iterator<Item = u8>,
    shift: i32,
    finer: Finer,
) -> Result<i64, NotThousandths> {
    let mut digits: Vec<u8> = digits.skip_while(|&byte| byte == b'0').collect();
    if shift < 0 {
        let too_fine = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
        let cut = digits.split_off(digits.len().saturating_sub(too_fine));
        if finer == Finer::Refuse && cut.iter().any(|&byte| byte != b'0') {
            return Err(NotThousandths::TooFine);
        }
    }
    if digits.is_empty() {
        return Ok(0);
    }
    // Twenty zeros are already more than the largest number has.
    let zeros = std::iter::repeat_n(b'0', shift.clamp(0, 20) as usize);
    digits
        .into_iter()
        .chain(zeros)
        .try_fold(0_i64, |value, digit| {
            let next = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
            (next <= MAX).then_some(next)
        })
        .ok_or(NotThousandths::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_are_taken_exactly() {
        let cases = [
            ("3", 3_000),
            ("3.0", 3_000),
            ("0.001", 1),
            ("-2.5", -2_500),
            ("2.5e-1", 250),
            ("1E2", 100_000),
            ("1e+2", 100_000),
            ("1.230000000000000000000", 1_230),
            ("0.0", 0),
            ("-0", 0),
            ("0e999999999", 0),
            ("1000000000000", 1_000_000_000_000_000),
        ];
        for (text, value) in cases {
            assert_eq!(thousandths(text, Finer::Refuse), Ok(value), "{text}");
            assert_eq!(thousandths(text, Finer::Cut), Ok(value), "{text}");
        }
    }

    #[test]
    fn a_fraction_that_does_not_matter_is_cut() {
        for (text, value) in
            [("0.3333333", 333), ("0.6666666", 666), ("-0.00099", 0), ("1e-2147483648", 0)]
        {
            assert_eq!(thousandths(text, Finer::Cut), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_taken_exactly_is_not_taken() {
        use NotThousandths::{NotANumber, TooFine, TooLarge};
        let cases = [
            ("", NotANumber),
            ("-", NotANumber),
            (".5", NotANumber),
            ("three", NotANumber),
            ("1e", NotANumber),
            ("1e5000000000", NotANumber),
            ("NaN", NotANumber),
            ("+1", NotANumber),
            ("0.0001", TooFine),
            ("1e-2147483648", TooFine),
            ("3.3333333333333335", TooFine),
            ("1000000000000.001", TooLarge),
            ("1e2147483647", TooLarge),
            ("99999999999999999999", TooLarge),
        ];
        for (text, why) in cases {
            assert_eq!(thousandths(text, Finer::Refuse), Err(why), "{text}");
        }
    }
}
