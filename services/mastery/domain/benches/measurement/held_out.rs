//! The invented judgements of the shared data, whose true levels are not told: every other
//! judgement is held out, and what a rule is to find is the mean of the last three of those.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{CompetencyId, LearnerId, TenantId};
use northstar_mastery_domain::{Day, Judgement};

use crate::lines::Lines;
use crate::rules::Work;

/// So many judgements held out say what is held.
const ENOUGH: usize = 3;

/// `None` without the file.
pub(crate) fn works() -> Option<Vec<Work>> {
    let lines = Lines::read("synthetic_northstar_evidence.csv")?;
    let names = ["evidence_id", "learner_id", "objective_code", "rater_kind", "rater_id"];
    let rest = ["rubric_score", "observed_at", "corrects_evidence_id"];
    let corrected: BTreeSet<&str> =
        lines.columns(["corrects_evidence_id"]).map(|[corrected]| corrected).collect();
    let mut seen = BTreeSet::new();
    let mut works: BTreeMap<(&str, &str), Vec<(&str, Judgement<'static>)>> = BTreeMap::new();
    let both = lines.columns(names).zip(lines.columns(rest));
    for ([evidence, learner, objective, kind, rater], [level, observed_at, _]) in both {
        // Delivered twice counts once, what was corrected not at all.
        if kind == "self" || corrected.contains(evidence) || !seen.insert(evidence) {
            continue;
        }
        let judgement = judgement([learner, objective, rater, level, observed_at])?;
        works.entry((learner, objective)).or_default().push((observed_at, judgement));
    }
    Some(works.into_iter().filter_map(|((learner, _), all)| work(learner, all)).collect())
}

fn judgement([learner, objective, rater, level, at]: [&str; 5]) -> Option<Judgement<'static>> {
    let tenant = TenantId::from_slug("measurement");
    Some(Judgement {
        learner: LearnerId::derive(tenant, learner),
        competency: CompetencyId::from_uuid(LearnerId::derive(tenant, objective).uuid()),
        day: Day::of(at.parse().ok()?),
        rubric: "",
        // Twenty-two names, kept for as long as the program runs.
        assessor: String::leak(rater.to_owned()),
        school: None,
        level: level.parse().ok()?,
    })
}

fn work(learner: &str, mut all: Vec<(&str, Judgement<'static>)>) -> Option<Work> {
    all.sort_unstable();
    // From the newest back, alternately held out and seen.
    let held_out: Vec<i64> =
        all.iter().rev().step_by(2).take(ENOUGH).map(|(_, held)| held.level.into()).collect();
    let mut judgements: Vec<_> = all.iter().rev().skip(1).step_by(2).map(|(_, j)| *j).collect();
    judgements.reverse();
    let (sum, count) = (held_out.iter().sum::<i64>(), held_out.len() as i64);
    (held_out.len() == ENOUGH).then(|| Work {
        for_choice: learner.ends_with(['0', '2', '4', '6', '8']),
        judgements,
        held: (2 * sum + count) / (2 * count),
    })
}
