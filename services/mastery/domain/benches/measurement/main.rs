//! How well the methods do on data, each beside simpler ones.
//!
//! `cargo bench -p northstar-mastery-domain --bench measurement` prints two kinds of figures:
//! - how well the next answer is foretold (area under the curve: 0.5 is chance, 1 never wrong), by
//!   skill means and by Bayesian tracing with fixed and with fitted parameters;
//! - how well rules find the level a learner holds, as the judgements stand and with the judges'
//!   severity removed.
//!
//! It reads `../shared/data/evidence` and says `skipped: no shared data` where that is absent. What
//! is invented here needs no file. Floating point serves fitting and scores alone; what is judged
//! runs through the engine.
#![expect(clippy::print_stdout, reason = "the table of figures is what this is for")]

mod answers;
mod area;
mod fit;
mod held_out;
mod invented;
mod lines;
mod rules;
mod score;
mod tracing;

fn main() {
    // `cargo test` may run this as well, and wants no figures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("Foretelling the next answer: area under the curve, learners not fitted on");
    match answers::assistments() {
        Some(answers) => tracing::measure("ASSISTments 2009-2010, slice", &answers),
        None => println!("  ASSISTments: skipped: no shared data"),
    }
    match answers::oulad() {
        Some(answers) => tracing::measure("OULAD, right at 70 of 100", &answers),
        None => println!("  OULAD: skipped: no shared data"),
    }
    println!("\nFinding the level, in thousandths; mastery is level 3 and above");
    rules::measure("invented learners and judges, true level known", &invented::works());
    match held_out::works() {
        Some(works) => rules::measure("shared judgements, against judgements held out", &works),
        None => println!("  shared judgements: skipped: no shared data"),
    }
}
