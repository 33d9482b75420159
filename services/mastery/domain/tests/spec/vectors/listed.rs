//! The vectors that the methods have nothing to do with, each with the reason.

const ROLL_UP: &str = "a rule over children of a competency, run with the roll-up";
const IMPORT: &str = "how one platform turns a raw score into a judgement: a matter of evidence";
const ASSERTIONS: &str = "a state of positive and negative assertions: evidence here has values";

/// An id, or an algorithm for all vectors of it, and why they are not run.
const LISTED: &[(&str, &str)] = &[
    ("all_children_proficient", ROLL_UP),
    ("points_rule", ROLL_UP),
    ("points_rule validation", ROLL_UP),
    ("criterion threshold", ROLL_UP),
    ("AND group with archived child", ROLL_UP),
    ("AND of groups", ROLL_UP),
    ("monotone merge (peer behaviour to offer as an OPTION, not the default)", ROLL_UP),
    ("override precedence trace", ROLL_UP),
    ("percent scaling to the outcome's mastery level", IMPORT),
    ("rescale to account proficiency scale", IMPORT),
    ("xAPI score to assertion polarity", IMPORT),
    ("assertion state", ASSERTIONS),
    ("required signatures", "its strict count is not copied: a policy's minimum is reached at it"),
    ("rating distribution percent", "a report over a class, not a value of a learner"),
    ("level thresholds", "a scale is given with its framework, not worked out of a total"),
    ("mastery points per skill", "weights for the total of a course; a roll-up names its own"),
    ("SOC/O*NET code breakout", "codes of occupations: the occupations' context"),
    ("mastery threshold", "a default of one library; a policy here always names its threshold"),
    (
        "bkt fitted parameters (reference point, needs the data set)",
        "the result of fitting, which no method does, to data that are not part of it",
    ),
    (
        "canvas-validate-standard",
        "a newest weight of 1 to 49 percent is accepted too, as in policies published before",
    ),
    (
        "nha-select-2",
        "its vendor keeps the mean although the power law errs less: not the least-error rule",
    ),
    ("empower-true-score", "its eight values were published in a picture alone"),
];

/// Why a vector is not run; `None` if it is.
pub(super) fn reason(id: &str, algorithm: &str) -> Option<&'static str> {
    let found = LISTED.iter().find(|(name, _)| *name == id || *name == algorithm);
    found.map(|(_, reason)| *reason)
}

/// All names of the list.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    LISTED.iter().map(|(name, _)| *name)
}
