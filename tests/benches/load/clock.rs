//! Elapsed times as figures.

use std::time::Duration;

/// Milliseconds.
pub(crate) fn millis(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() * 1_000.0
}

/// Microseconds.
pub(crate) fn micros(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() * 1_000_000.0
}
