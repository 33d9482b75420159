//! The area under the receiver operating characteristic.

/// The chance that a right answer was foretold with more confidence than a wrong one, ties half.
pub(crate) fn area(mut foretold: Vec<(f64, bool)>) -> f64 {
    foretold.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (mut below, mut won) = (0.0, 0.0);
    for same in foretold.chunk_by(|(a, _), (b, _)| a == b) {
        let right = same.iter().filter(|(_, right)| *right).count() as f64;
        let wrong = same.len() as f64 - right;
        won += right * (below + wrong / 2.0);
        below += wrong;
    }
    won / (below * (foretold.len() as f64 - below))
}
