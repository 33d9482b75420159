//! Bayesian tracing beside skill means.

use std::collections::{BTreeMap, BTreeSet};

use northstar_mastery_domain::{Bayesian, Method, Parameter};

use crate::answers::Run;
use crate::area::area;
use crate::fit::{FIXED, Parameters, fitted};

/// A skill with fewer answers to learn from is traced with the parameters of all skills together.
const FEWEST: usize = 100;

/// Says, before each answer of a run, how likely it is to be right.
type Foretell<'a> = dyn Fn(&Run) -> Vec<f64> + 'a;

pub(crate) fn measure(title: &str, runs: &[Run]) {
    let learners: BTreeSet<u64> = runs.iter().map(|run| run.learner).collect();
    let first: BTreeSet<u64> = learners.iter().copied().take(learners.len() * 4 / 5).collect();
    let (known, unknown): (Vec<&Run>, Vec<&Run>) =
        runs.iter().partition(|run| first.contains(&run.learner));
    let answers: usize = unknown.iter().map(|run| run.right.len()).sum();
    println!("  {title}: {answers} answers of {} learners", learners.len() - first.len());

    let means = Means::of(&known);
    show("skill means", &unknown, &|run| vec![means.of_skill(&run.skill); run.right.len()]);
    let fixed = engine(FIXED);
    show("tracing, fixed parameters", &unknown, &|run| trace(&fixed, run));
    for (name, forgetting) in [("tracing, fitted", false), ("tracing, fitted, forgetting", true)] {
        let models = Models::of(&known, forgetting);
        show(name, &unknown, &|run| trace(models.of_skill(&run.skill), run));
    }
}

fn show(name: &str, runs: &[&Run], foretell: &Foretell<'_>) {
    let foretold = |later_only: usize| {
        let pairs = runs.iter().flat_map(|run| {
            let answers = foretell(run).into_iter().zip(run.right.iter().copied());
            answers.skip(later_only).collect::<Vec<_>>()
        });
        area(pairs.collect())
    };
    println!("    {name:<30} {:.4}   without first answers {:.4}", foretold(0), foretold(1));
}

/// The share of right answers by skill.
struct Means(BTreeMap<String, f64>, f64);

impl Means {
    fn of(runs: &[&Run]) -> Self {
        let by_skill = by_skill(runs).into_iter();
        Self(by_skill.map(|(skill, runs)| (skill, mean(&runs))).collect(), mean(runs))
    }

    fn of_skill(&self, skill: &str) -> f64 {
        self.0.get(skill).copied().unwrap_or(self.1)
    }
}

/// The engine's model by skill.
struct Models(BTreeMap<String, Bayesian>, Bayesian);

impl Models {
    fn of(runs: &[&Run], forgetting: bool) -> Self {
        let enough =
            |runs: &[&Run]| runs.iter().map(|run| run.right.len()).sum::<usize>() >= FEWEST;
        let by_skill = by_skill(runs).into_iter().filter(|(_, runs)| enough(runs));
        let models = by_skill.map(|(skill, runs)| (skill, engine(fitted(&runs, forgetting))));
        Self(models.collect(), engine(fitted(runs, forgetting)))
    }

    fn of_skill(&self, skill: &str) -> &Bayesian {
        self.0.get(skill).unwrap_or(&self.1)
    }
}

fn by_skill<'a>(runs: &[&'a Run]) -> BTreeMap<String, Vec<&'a Run>> {
    let mut by_skill: BTreeMap<String, Vec<&Run>> = BTreeMap::new();
    for run in runs {
        by_skill.entry(run.skill.clone()).or_default().push(run);
    }
    by_skill
}

fn mean(runs: &[&Run]) -> f64 {
    let answers = runs.iter().flat_map(|run| &run.right);
    let (right, all) = answers.fold((0, 0), |(right, all), was| (right + u32::from(*was), all + 1));
    f64::from(right) / f64::from(all.max(1))
}

/// The method as a policy would name it.
fn engine(parameters: Parameters) -> Bayesian {
    let names = ["learned_ppb", "learn_ppb", "forget_ppb", "guess_ppb", "slip_ppb"];
    let ppb = |part: f64| Parameter::Number((part * 1e9).round() as i64);
    let mut given: BTreeMap<String, Parameter> = names
        .into_iter()
        .zip(parameters)
        .map(|(name, part)| (name.to_owned(), ppb(part)))
        .collect();
    given.insert("right_at_milli".to_owned(), Parameter::Number(1_000));
    match Method::named("bayesian", &given) {
        Ok(Method::Bayesian(model)) => model,
        other => panic!("the search stays within what the method takes: {other:?}"),
    }
}

fn trace(model: &Bayesian, run: &Run) -> Vec<f64> {
    let mut learned = model.start();
    let foretold = run.right.iter().map(|right| {
        let chance = model.right(learned);
        learned = model.next(model.seen(learned, *right));
        chance.parts() as f64
    });
    foretold.collect()
}
