//! Right and wrong answers, in the order they were given.

use std::collections::BTreeMap;

use crate::lines::Lines;

/// From so many points of 100 on, an assessment of OULAD counts as answered right.
const RIGHT_AT: f64 = 70.0;

/// All answers of one learner in one skill, oldest first.
pub(crate) struct Run {
    pub(crate) learner: u64,
    pub(crate) skill: String,
    pub(crate) right: Vec<bool>,
}

/// When an answer was given, and what tells two of the same time apart.
type Order = (i64, u64);

fn runs(answers: impl Iterator<Item = (u64, String, Order, bool)>) -> Vec<Run> {
    let mut runs: BTreeMap<_, Vec<(Order, bool)>> = BTreeMap::new();
    for (learner, skill, order, right) in answers {
        runs.entry((learner, skill)).or_default().push((order, right));
    }
    let run = |((learner, skill), mut answers): (_, Vec<(Order, bool)>)| {
        answers.sort_unstable();
        Run { learner, skill, right: answers.into_iter().map(|(_, right)| right).collect() }
    };
    runs.into_iter().map(run).collect()
}

/// Skill builder answers; `None` without the file.
pub(crate) fn assistments() -> Option<Vec<Run>> {
    let lines = Lines::read("assistments2009_slice.csv")?;
    let answers = lines.columns(["user_id", "seq", "skill_id", "correct"]);
    Some(runs(answers.filter_map(|[user, seq, skill, correct]| {
        Some((user.parse().ok()?, skill.to_owned(), (seq.parse().ok()?, 0), correct == "1"))
    })))
}

/// Assessments by the day they were submitted; the skill is the module with the kind of
/// assessment. `None` without the files.
pub(crate) fn oulad() -> Option<Vec<Run>> {
    let assessments = Lines::read("oulad/assessments.csv")?;
    let skills: BTreeMap<&str, String> = assessments
        .columns(["id_assessment", "code_module", "assessment_type"])
        .map(|[id, module, kind]| (id, format!("{module} {kind}")))
        .collect();
    let submitted = Lines::read("oulad/studentAssessment.csv")?;
    let answers = submitted.columns(["id_student", "id_assessment", "date_submitted", "score"]);
    Some(runs(answers.filter_map(|[student, id, day, score]| {
        let right = score.parse::<f64>().ok()? >= RIGHT_AT;
        let order = (day.parse().ok()?, id.parse().ok()?);
        Some((student.parse().ok()?, skills.get(id)?.clone(), order, right))
    })))
}
