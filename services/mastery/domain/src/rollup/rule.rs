//! A rule for one competency, as written down and as accepted.

use northstar_kernel::{CompetencyId, Digest, FrameworkId};

use super::Criterion;
use crate::Json;

/// The version of the meaning of criteria. A criterion that changes its meaning raises it, and so
/// changes every hash.
pub(super) const ENGINE: u32 = 1;

/// A rule as somebody wrote it down, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupDraft {
    /// The framework it is part of.
    pub framework: FrameworkId,
    /// The competency it is for.
    pub competency: CompetencyId,
    /// What must be reached.
    pub criterion: Criterion,
    /// Means are rounded to multiples of so many thousandths: 1, 10, 100, 500 or 1000.
    pub round_to_milli: u32,
}

/// A valid rule for one competency; made by [`super::Rollups`] alone, since a rule is valid only
/// among others. It never changes; another rule is another object, with another hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup(pub(super) RollupDraft);

impl Rollup {
    /// The framework it is part of.
    pub const fn framework(&self) -> FrameworkId {
        self.0.framework
    }

    /// The competency it is for.
    pub const fn competency(&self) -> CompetencyId {
        self.0.competency
    }

    /// What must be reached.
    pub const fn criterion(&self) -> &Criterion {
        &self.0.criterion
    }

    /// Means are rounded to multiples of so many thousandths, halves away from zero.
    pub const fn round_to_milli(&self) -> u32 {
        self.0.round_to_milli
    }

    /// The rule as it was written down, to be stored and read again.
    pub const fn draft(&self) -> &RollupDraft {
        &self.0
    }

    /// The rule as canonical JSON, one way only: what its hash is taken of. Parts stand in the
    /// order they were written in.
    pub fn canonical(&self) -> String {
        Json::object([
            ("competency", Json::text(self.0.competency)),
            ("criterion", self.0.criterion.json()),
            ("engine", ENGINE.into()),
            ("framework", Json::text(self.0.framework)),
            ("round_to_milli", self.0.round_to_milli.into()),
        ])
        .to_string()
    }

    /// SHA-256 of the canonical text: the rule's name.
    pub fn hash(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}
