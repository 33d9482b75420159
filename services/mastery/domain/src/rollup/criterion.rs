//! The one algebra of what must be reached.

use northstar_kernel::CompetencyId;

use crate::Json;

/// The highest weight or number of points of one part.
pub const MOST_WEIGHT: u32 = 10_000;

/// When a part counts as reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Test {
    /// When it is at mastery by its own rule.
    #[default]
    Mastery,
    /// When its value is at least so many thousandths.
    AtLeast(i64),
    /// When its value is at most so many thousandths.
    AtMost(i64),
    /// When its value is exactly so many thousandths.
    Exactly(i64),
}

/// What must be reached, of one part or of several.
///
/// A criterion is *reached*, *missed* or *open*; only retired parts make it count for nothing, like
/// a retired part. "Parts" below are those that count. Unless it is open it may have a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// Another competency, by what is shown of it. Open while nothing is held, and while a test
    /// asks for a value that is not there. The value is the competency's.
    Part {
        /// The competency.
        competency: CompetencyId,
        /// When it is reached.
        test: Test,
    },
    /// The competency's own evidence, beside that of its parts; reads like a part.
    Own(Test),
    /// Every part. Missed as soon as one is missed; open while none is missed and one is open. The
    /// value is the lowest, once all are known.
    All(Vec<Criterion>),
    /// One part. Missed only when all are missed. The value is the highest known.
    Any(Vec<Criterion>),
    /// `k` parts. Missed when the open ones cannot make up for the missed ones. Where so many were
    /// retired that fewer than `k` are left, it is open for everybody: the bar is not lowered in
    /// silence, nor is a learner said to have missed it. The value is the `k`th highest known.
    AtLeast {
        /// So many, from 1.
        k: u32,
        /// Of these.
        parts: Vec<Criterion>,
    },
    /// Every required part, and parts worth `needed` points. Missed when a required part is, or
    /// when the points still open are too few; open for everybody where retirement left too few.
    /// The value is the points earned, in thousandths.
    Points {
        /// So many points, from 1.
        needed: u32,
        /// The parts and what each is worth.
        parts: Vec<Pointed>,
    },
    /// The mean of the values, by weight. Parts without a value are left out, and the share of the
    /// weight that is known is stated; below `minimum_known_percent`, or with none known, it is
    /// open. Rounded once, by the rule's step.
    WeightedMean {
        /// Reached from here on, in thousandths.
        mastery_milli: i64,
        /// So much of the weight must be known: 0 to 100.
        minimum_known_percent: u32,
        /// The parts and their weights.
        parts: Vec<Weighted>,
    },
    /// The lowest value. Missed as soon as one known value is too low, open while none is and one
    /// is unknown. The value is the lowest, once all are known.
    Minimum {
        /// Reached from here on, in thousandths.
        mastery_milli: i64,
        /// The parts.
        parts: Vec<Criterion>,
    },
}

/// A part and the points it is worth.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointed {
    /// The part.
    pub criterion: Criterion,
    /// What reaching it is worth: 1 to [`MOST_WEIGHT`].
    pub points: u32,
    /// Whether nothing is reached without it.
    pub required: bool,
}

/// A part and its weight.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weighted {
    /// The part.
    pub criterion: Criterion,
    /// Its weight among the others: 1 to [`MOST_WEIGHT`].
    pub weight: u32,
}

impl Criterion {
    /// The competency, at mastery by its own rule.
    pub const fn mastery_of(competency: CompetencyId) -> Self {
        Self::Part { competency, test: Test::Mastery }
    }

    /// The kind's name in the canonical form.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Part { .. } => "competency",
            Self::Own(_) => "own",
            Self::All(_) => "all",
            Self::Any(_) => "any",
            Self::AtLeast { .. } => "at_least",
            Self::Points { .. } => "points",
            Self::WeightedMean { .. } => "weighted_mean",
            Self::Minimum { .. } => "minimum",
        }
    }

    /// The competencies it names, in the order it names them, once for each time; groups within
    /// groups come last.
    pub fn competencies(&self) -> Vec<CompetencyId> {
        let (mut named, mut level) = (Vec::new(), vec![self]);
        while !level.is_empty() {
            named.extend(level.iter().filter_map(|criterion| match criterion {
                Self::Part { competency, .. } => Some(*competency),
                _ => None,
            }));
            level = level.iter().flat_map(|group| group.parts()).map(|(part, ..)| part).collect();
        }
        named
    }

    /// The parts, with what each is worth in its group (1 where the group does not weigh) and
    /// whether it is required there.
    pub(super) fn parts(&self) -> Vec<(&Self, u32, bool)> {
        match self {
            Self::Part { .. } | Self::Own(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => plain(parts),
            Self::AtLeast { parts, .. } | Self::Minimum { parts, .. } => plain(parts),
            Self::Points { parts, .. } => {
                parts.iter().map(|part| (&part.criterion, part.points, part.required)).collect()
            }
            Self::WeightedMean { parts, .. } => {
                parts.iter().map(|part| (&part.criterion, part.weight, false)).collect()
            }
        }
    }

    /// For the canonical form; nesting must be bounded.
    pub(super) fn json(&self) -> Json {
        let mut fields = vec![("kind", Json::text(self.kind()))];
        let plain = |parts: &[Self]| ("parts", Json::list(parts.iter().map(Self::json)));
        match self {
            Self::Part { competency, test } => {
                fields.push(("competency", Json::text(competency)));
                fields.extend(test.fields());
            }
            Self::Own(test) => fields.extend(test.fields()),
            Self::All(parts) | Self::Any(parts) => fields.push(plain(parts)),
            Self::AtLeast { k, parts } => fields.extend([("k", (*k).into()), plain(parts)]),
            Self::Points { needed, parts } => {
                let parts = Json::list(parts.iter().map(Pointed::json));
                fields.extend([("needed", (*needed).into()), ("parts", parts)]);
            }
            Self::WeightedMean { mastery_milli, minimum_known_percent, parts } => fields.extend([
                ("mastery_milli", (*mastery_milli).into()),
                ("minimum_known_percent", (*minimum_known_percent).into()),
                ("parts", Json::list(parts.iter().map(Weighted::json))),
            ]),
            Self::Minimum { mastery_milli, parts } => {
                fields.extend([("mastery_milli", (*mastery_milli).into()), plain(parts)]);
            }
        }
        Json::object(fields)
    }
}

fn plain(parts: &[Criterion]) -> Vec<(&Criterion, u32, bool)> {
    parts.iter().map(|part| (part, 1, false)).collect()
}

impl Test {
    /// `test` and `milli`, for the canonical form and for derivations.
    pub(super) fn fields(self) -> [(&'static str, Json); 2] {
        let (name, milli) = match self {
            Self::Mastery => ("mastery", 0),
            Self::AtLeast(milli) => ("gte", milli),
            Self::AtMost(milli) => ("lte", milli),
            Self::Exactly(milli) => ("eq", milli),
        };
        [("test", Json::text(name)), ("milli", milli.into())]
    }
}

impl Pointed {
    fn json(&self) -> Json {
        Json::object([
            ("part", self.criterion.json()),
            ("points", self.points.into()),
            ("required", self.required.into()),
        ])
    }
}

impl Weighted {
    fn json(&self) -> Json {
        Json::object([("part", self.criterion.json()), ("weight", self.weight.into())])
    }
}
