//! Why rules are not accepted.

use std::fmt;

use northstar_kernel::{CompetencyId, Kind, Refusal, Violation};

use super::{DEEPEST_NESTING, MOST_PARTS, MOST_WEIGHT};
use crate::{HIGHEST_THRESHOLD_MILLI, Thousandths};

/// So many codes of a cycle are written out.
const CODES_SHOWN: usize = 12;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupFlaw {
    /// Which of the drafts, from 0.
    pub draft: usize,
    /// Where in the draft: `criterion.parts[1]`.
    pub field: String,
    /// What is wrong there.
    pub problem: RollupProblem,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RollupProblem {
    /// No such competency is in the framework.
    UnknownCompetency(CompetencyId),
    /// Another draft is for the same competency.
    SecondRule,
    /// Groups are nested too deep.
    TooDeep,
    /// The rule has too many criteria.
    TooManyParts,
    /// Nothing is rounded to multiples of so many thousandths.
    RoundingUnknown(u32),
    /// A group has no parts.
    Empty,
    /// All parts of a group are retired.
    OnlyRetired,
    /// A part stands in its group twice.
    Duplicate,
    /// So many parts are asked for, out of so many that count.
    CountOutOfRange {
        /// Asked for.
        k: u32,
        /// There are.
        parts: usize,
    },
    /// So many points are asked for, out of so many that can be earned.
    PointsOutOfRange {
        /// Asked for.
        needed: u32,
        /// Can be earned.
        available: u64,
    },
    /// The points of a part are none, or too many.
    PartPointsOutOfRange(u32),
    /// The weight of a part is none, or too much.
    WeightOutOfRange(u32),
    /// Not a percentage.
    PercentOutOfRange(u32),
    /// A threshold is out of bounds.
    ThresholdOutOfRange(i64),
    /// A threshold is above what can be reached.
    Unreachable {
        /// The threshold.
        threshold_milli: i64,
        /// The highest that can be reached.
        highest_milli: i64,
    },
    /// The competency needs itself: the codes on the way from it back to it.
    Cycle(Vec<String>),
}

/// What is wrong and what would be right.
impl fmt::Display for RollupProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCompetency(id) => {
                write!(f, "there is no competency {id} in the framework")
            }
            Self::SecondRule => f.write_str("the competency has another rule; leave one"),
            Self::TooDeep => write!(
                f,
                "groups are nested more than {DEEPEST_NESTING} deep; make the inner ones rules of \
                 competencies of their own"
            ),
            Self::TooManyParts => write!(f, "more than {MOST_PARTS} criteria in one rule"),
            Self::RoundingUnknown(given) => {
                write!(f, "round to 1, 10, 100, 500 or 1000 thousandths, not {given}")
            }
            Self::Empty => f.write_str("a group needs at least one part"),
            Self::OnlyRetired => f.write_str("every part is retired, so nothing would count"),
            Self::Duplicate => f.write_str("stands in this group already"),
            Self::CountOutOfRange { k, parts } => {
                write!(f, "must be from 1 to {parts}, the parts that count, not {k}")
            }
            Self::PointsOutOfRange { needed, available } => {
                write!(f, "must be from 1 to {available}, the points there are, not {needed}")
            }
            Self::PartPointsOutOfRange(given) => {
                write!(f, "a part is worth 1 to {MOST_WEIGHT} points, required or not, not {given}")
            }
            Self::WeightOutOfRange(given) => {
                write!(f, "a weight is from 1 to {MOST_WEIGHT}, not {given}")
            }
            Self::PercentOutOfRange(given) => write!(f, "must be from 0 to 100, not {given}"),
            Self::ThresholdOutOfRange(given) => {
                write!(f, "must be from 0 to {HIGHEST_THRESHOLD_MILLI} thousandths, not {given}")
            }
            Self::Unreachable { threshold_milli, highest_milli } => write!(
                f,
                "{} can never be reached; the highest possible is {}",
                Thousandths(*threshold_milli),
                Thousandths(*highest_milli)
            ),
            Self::Cycle(codes) => cycle(f, codes),
        }
    }
}

fn cycle(f: &mut fmt::Formatter<'_>, codes: &[String]) -> fmt::Result {
    f.write_str("a competency cannot need itself: ")?;
    let shown = &codes[..codes.len().min(CODES_SHOWN)];
    f.write_str(&shown.join(" needs "))?;
    match codes.len() - shown.len() {
        0 => Ok(()),
        more => write!(f, " and so on over {more} more, back to the first"),
    }
}

/// The drafts are no valid set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupRefusal {
    /// All that is wrong with them, at least one thing, draft by draft.
    pub flaws: Vec<RollupFlaw>,
}

impl fmt::Display for RollupRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the roll-up is not valid")?;
        let mut separator = ": ";
        for violation in self.violations() {
            write!(f, "{separator}{} {}", violation.field, violation.description)?;
            separator = "; ";
        }
        Ok(())
    }
}

impl std::error::Error for RollupRefusal {}

impl Refusal for RollupRefusal {
    fn reason(&self) -> &'static str {
        "ROLLUP_INVALID"
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn violations(&self) -> Vec<Violation> {
        let violation = |flaw: &RollupFlaw| {
            let field = format!("rollups[{}].{}", flaw.draft, flaw.field);
            Violation::new(field, flaw.problem.to_string())
        };
        self.flaws.iter().map(violation).collect()
    }
}
