//! Constants, worked out by the compiler from their series.

use super::{INNER, LONG, POINT, ln};

/// Into so many cells the range from 1 to 2 is divided.
pub(super) const CELLS: usize = 128;
/// Logarithms of smaller whole numbers are looked up.
pub(super) const SMALL: usize = 128;
/// The terms of `e^r` that matter: the next, 0.35^16/16!, is below 2^-68.
const TERMS: usize = 16;

/// ln 2 in units of 2^-100, within 2^-93.
pub(super) const LN_2: i128 = double_atanh(1, 3);

/// 1 / ln 2 in units of 2^-56, for finding the nearest power of two.
pub(super) const INVERSE_LN_2: i128 = (1 << (POINT + INNER)) / (LN_2 >> (LONG - INNER));

/// ln of the middle of each cell, in units of 2^-62.
pub(super) const LN_CELLS: [i128; CELLS] = {
    let mut all = [0; CELLS];
    let mut cell = 0;
    while cell < CELLS {
        // The middle is (257 + 2 · cell)/256, and ln c = 2 · atanh((c - 1)/(c + 1)).
        let above = 2 * cell as i128 + 1;
        all[cell] = double_atanh(above, 512 + above) >> (LONG - INNER);
        cell += 1;
    }
    all
};

/// ln of 0 (which has none: a 0 that is never asked for) to 127, in units of 2^-56.
pub(super) static LN_SMALL: [i64; SMALL] = {
    let mut all = [0; SMALL];
    let mut number = 1;
    while number < SMALL {
        all[number] = ln(number as u64) as i64;
        number += 1;
    }
    all
};

/// 1/0!, 1/1!, 1/2! and so on, in units of 2^-62.
pub(super) const POWERS: [i128; TERMS] = {
    let mut all = [1 << INNER; TERMS];
    let (mut term, mut factorial) = (1, 1);
    while term < TERMS {
        factorial *= term as i128;
        all[term] = (1 << INNER) / factorial;
        term += 1;
    }
    all
};

/// 2 · (x + x³/3 + x⁵/5 + …) for x = p/q of at most 1/3, in units of 2^-100.
const fn double_atanh(p: i128, q: i128) -> i128 {
    let mut power = (1 << (LONG + 1)) * p / q;
    let (mut sum, mut odd) = (0, 1);
    while power > 0 {
        sum += power / odd;
        power = power * p / q * p / q;
        odd += 2;
    }
    sum
}
