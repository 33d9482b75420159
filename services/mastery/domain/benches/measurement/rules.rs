//! Rules over judgements, as they stand and with severity removed.

use std::collections::BTreeMap;

use northstar_mastery_domain::{
    Calibration, CalibrationFinding as Finding, CalibrationTerms as Terms, Judgement, Mark, Method,
    Parameter, adjusted,
};

use crate::score::Score;

/// What a rule is to find from what.
pub(crate) struct Work {
    /// Which half this learner is in: rules are chosen on the one and measured on the other.
    pub(crate) for_choice: bool,
    /// What a rule sees, oldest first.
    pub(crate) judgements: Vec<Judgement<'static>>,
    /// The level it should come to, as a whole number.
    pub(crate) held: i64,
}

struct Rule {
    name: String,
    method: Method,
}

fn rule(name: &str, parameters: &[(&str, Parameter)]) -> Rule {
    let given: BTreeMap<String, Parameter> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let text = |value: &Parameter| match value {
        Parameter::Number(number) => format!(" {number}"),
        Parameter::Word(word) => format!(" {word}"),
        Parameter::Names(names) => format!(" {}", names.join(" ")),
    };
    let values: String = parameters.iter().map(|(_, value)| text(value)).collect();
    match Method::named(name, &given) {
        Ok(method) => Rule { name: format!("{name}{values}"), method },
        Err(flaws) => panic!("{name}: {flaws:?}"),
    }
}

fn rules() -> Vec<Rule> {
    let plain = ["mean", "latest", "highest", "median", "linear_trend", "power_law"];
    let mut rules: Vec<Rule> = plain.map(|name| rule(name, &[])).into();
    for percent in [15, 20, 25, 35, 50, 65] {
        let weight = Parameter::Number(percent);
        rules.push(rule("decaying_average", &[("newest_weight_percent", weight)]));
    }
    for count in [3, 4, 5, 7] {
        rules.push(rule("mean_of_recent", &[("count", Parameter::Number(count))]));
    }
    for by in ["in_sample", "one_step_ahead"] {
        rules.push(rule("best_fit", &[("by", Parameter::Word(by.to_owned()))]));
    }
    rules
}

type Severities = BTreeMap<&'static str, Finding>;

/// From the judgements that rules see, never from what they are to find.
fn severities(works: &[Work]) -> Severities {
    let mut calibration = Calibration::new(Terms::default());
    calibration.take(works.iter().flat_map(|work| work.judgements.iter().copied()));
    let report = calibration.report();
    let names = works.iter().flat_map(|work| &work.judgements).map(|judgement| judgement.assessor);
    let known = names.filter_map(|name| Some((name, report.rater(name)?.measures.severity)));
    known.collect()
}

fn score(rule: &Rule, works: &[Work], for_choice: bool, severities: &Severities) -> Score {
    let mut score = Score::default();
    for work in works.iter().filter(|work| work.for_choice == for_choice) {
        let mark = |judgement: &Judgement<'static>| {
            let value_milli = i64::from(judgement.level) * 1_000;
            let severity = severities.get(judgement.assessor);
            let value_milli = severity.map_or(value_milli, |found| adjusted(value_milli, *found));
            Mark { value_milli, kind: "" }
        };
        let marks: Vec<Mark<'_>> = work.judgements.iter().map(mark).collect();
        if let Some(value) = rule.method.apply(&marks, 3_000) {
            score.add((value.rounded_to(1_000) / 1_000).clamp(1, 4), work.held);
        }
    }
    score
}

/// Prints the rules that everybody asks for and the best ones: chosen on one half of the learners
/// by exact levels, measured on the other.
pub(crate) fn measure(title: &str, works: &[Work]) {
    let (none, severities, rules) = (Severities::new(), severities(works), rules());
    let measured = works.iter().filter(|work| !work.for_choice).count();
    println!("  {title}: {measured} levels");
    println!("    {:<24}{:^26}{:^26}", "", "as judged", "severity removed");
    let columns = format!("{:>7}{:>11}{:>8}", "exact", "precision", "recall");
    println!("    {:<24}{columns}{columns}", "");
    let line = |label: &str, rule: &Rule| {
        let shares = [&none, &severities].map(|known| {
            let score = score(rule, works, false, known);
            format!("{:>7}{:>11}{:>8}", score.exact(), score.precision(), score.recall())
        });
        println!("    {:<24}{}{label}", rule.name, shares.concat());
    };
    let asked = ["mean", "latest", "highest", "decaying_average 65"];
    for rule in rules.iter().filter(|rule| asked.contains(&rule.name.as_str())) {
        line("", rule);
    }
    for (label, known) in
        [("  best as judged", &none), ("  best with severity removed", &severities)]
    {
        let best = rules.iter().max_by_key(|rule| score(rule, works, true, known).exact());
        if let Some(rule) = best {
            line(label, rule);
        }
    }
}
