//! Held against the same functions in numbers of any length, by other series.

use std::num::NonZeroU64;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::{Fixed, MILLION, POINT};

/// Bits after the point of the reference.
const DEEP: u32 = 256;

fn one() -> BigInt {
    BigInt::from(1) << DEEP
}

/// `ln(n/d)`, for a fraction from 1 to 2, by Mercator's series on the square root of the square
/// root of it and so on, 64 times: no table, no division into cells.
fn ln_of_fraction(n: &BigInt, d: &BigInt) -> BigInt {
    let mut root = (n << DEEP) / d;
    for _ in 0..64 {
        root = (root << DEEP).sqrt();
    }
    let x = root - one();
    let square = (&x * &x) >> DEEP;
    let cube = (&square * &x) >> DEEP;
    let fourth = (&square * &square) >> DEEP;
    (x - square / 2 + cube / 3 - fourth / 4) << 64
}

/// In units of 2^-256, good to some 170 bits.
fn deep_ln(number: u64) -> BigInt {
    let bits = u64::BITS - number.leading_zeros() - 1;
    let two = ln_of_fraction(&BigInt::from(2), &BigInt::from(1));
    two * bits + ln_of_fraction(&number.into(), &(BigInt::from(1) << bits))
}

/// `e^x` for `x` in units of 2^-56, in units of 2^-256: the plain series on `x/2^16`, then squared
/// 16 times.
fn deep_exp(x: i128) -> BigInt {
    let small = (BigInt::from(x) << (DEEP - POINT)) >> 16;
    let (mut sum, mut term) = (one(), one());
    for i in 1..40 {
        term = ((term * &small) >> DEEP) / i;
        sum += &term;
    }
    for _ in 0..16 {
        sum = (&sum * &sum) >> DEEP;
    }
    sum
}

fn ln(number: u64) -> Fixed {
    Fixed::ln(NonZeroU64::new(number).expect("above zero"))
}

fn check_ln(number: u64) {
    let off = (BigInt::from(ln(number).0) << (DEEP - POINT)) - deep_ln(number);
    let bound = BigInt::from(1) << (DEEP - POINT);
    assert!(off < bound && -off < bound, "ln {number} is off by a unit or more");
}

fn check_exp(x: i128) {
    let deep = deep_exp(x);
    let off = (BigInt::from(Fixed(x).exp_micro()) << DEEP) - &deep * MILLION;
    // Half a millionth for the rounding, and 2^-58 of the size.
    let bound = (one() >> 1) + ((deep * MILLION) >> 58) + 1;
    assert!(off <= bound && -off <= bound, "e^{} is off by more than it may be", Fixed(x));
}

#[test]
fn logarithms_of_the_first_numbers_and_at_the_edges_of_cells() {
    (1..600).for_each(check_ln);
    for bit in 8..64 {
        [-1_i64, 0, 1].into_iter().for_each(|by| check_ln((1_u64 << bit).wrapping_add_signed(by)));
    }
    (u64::MAX - 2..=u64::MAX).for_each(check_ln);
}

#[test]
fn powers_at_the_edges() {
    for halves in -90..88_i128 {
        [-1, 0, 1].into_iter().for_each(|by| check_exp((halves << (POINT - 1)) + by));
    }
    assert_eq!(Fixed::default().exp_micro(), MILLION);
}

#[test]
fn far_out_there_is_nothing_or_the_largest() {
    assert_eq!(Fixed(i128::from(-2_000_i64) << POINT).exp_micro(), 0);
    let most = Fixed(64 << POINT).exp_micro();
    assert_eq!(most, Fixed(45 << POINT).exp_micro());
    assert!((most - (MILLION << 64)).abs() < MILLION << 12);
}

#[test]
fn what_is_said_of_a_number_is_its_decimals() {
    assert_eq!(ln(2).to_string(), "0.693147180559945");
    assert_eq!((ln(1) - ln(3)).to_string(), "-1.098612288668110");
    assert_eq!(ln(10).times(ln(10)).to_string(), "5.301898110478398");
    assert_eq!(ln(8).per(ln(2)).to_string(), "3.000000000000000");
    assert_eq!(ln(8).per(ln(1)), Fixed::default());
    assert_eq!(ln(8).over(3).to_string(), "0.693147180559945");
}

proptest! {
    #[test]
    fn logarithms_are_within_their_bound(number in 1_u64.., zeros in 0_u32..64) {
        check_ln((number >> zeros).max(1));
    }

    #[test]
    fn powers_are_within_their_bound(x in -(44_i128 << POINT)..(44_i128 << POINT)) {
        check_exp(x);
    }

    #[test]
    fn the_power_of_a_logarithm_is_the_number(number in 1_u64..1 << 33) {
        prop_assert_eq!(ln(number).exp_micro(), i128::from(number) * MILLION);
    }
}
