//! Parameters of Bayesian tracing, by search.

use crate::answers::Run;

/// Learned before, learned at each step, forgotten at each step, guessed, slipped.
pub(crate) type Parameters = [f64; 5];

/// A usual choice where nothing is known of a skill.
pub(crate) const FIXED: Parameters = [0.4, 0.1, 0.0, 0.2, 0.1];

const LEAST: Parameters = [0.01, 0.001, 0.0, 0.01, 0.01];
const MOST: Parameters = [0.99, 0.6, 0.3, 0.45, 0.45];

/// The parameters under which `runs` are likeliest: the best of a coarse grid, then steps of half
/// the size again and again. Without `forgetting`, what is learned stays.
pub(crate) fn fitted(runs: &[&Run], forgetting: bool) -> Parameters {
    let mut best = (likelihood(runs, &FIXED), FIXED);
    for learned in [0.2, 0.5, 0.8] {
        for learn in [0.02, 0.1, 0.3] {
            for guess in [0.1, 0.25, 0.4] {
                for slip in [0.05, 0.15, 0.3] {
                    better(&mut best, runs, [learned, learn, 0.0, guess, slip]);
                }
            }
        }
    }
    let mut step = 0.1;
    while step > 0.004 {
        let before = best.0;
        for place in (0..5).filter(|place| forgetting || *place != 2) {
            for change in [-step, step] {
                let mut tried = best.1;
                tried[place] = (tried[place] + change).clamp(LEAST[place], MOST[place]);
                better(&mut best, runs, tried);
            }
        }
        if best.0 <= before {
            step /= 2.0;
        }
    }
    best.1
}

fn better(best: &mut (f64, Parameters), runs: &[&Run], tried: Parameters) {
    let likelihood = likelihood(runs, &tried);
    if likelihood > best.0 {
        *best = (likelihood, tried);
    }
}

fn likelihood(runs: &[&Run], [learned, learn, forget, guess, slip]: &Parameters) -> f64 {
    let mut sum = 0.0;
    for run in runs {
        let mut held = *learned;
        for right in &run.right {
            let chance = held * (1.0 - slip) + (1.0 - held) * guess;
            let seen =
                if *right { held * (1.0 - slip) / chance } else { held * slip / (1.0 - chance) };
            sum += if *right { chance } else { 1.0 - chance }.ln();
            held = seen * (1.0 - forget) + (1.0 - seen) * learn;
        }
    }
    sum
}
