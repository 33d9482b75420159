//! The report on all raters, rubrics and schools.

use northstar_kernel::CompetencyId;

use super::measures::{Measures, Stability};
use super::{Calibration, Tallies};

/// One rater.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaterReport {
    /// Who.
    pub assessor: String,
    /// The rater against the others.
    pub measures: Measures,
}

/// One rubric of one competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubricReport {
    /// The competency.
    pub competency: CompetencyId,
    /// The rubric or criterion; empty where the competency has but one.
    pub rubric: String,
    /// The raters who used it against each other; its severity is against the competency's others.
    pub measures: Measures,
    /// Whether it can be trusted.
    pub stability: Stability,
}

/// One school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolReport {
    /// The school.
    pub school: String,
    /// Its raters against each other; its severity is against other schools.
    pub measures: Measures,
}

/// What can be said of all that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibrationReport {
    /// How many judgements were taken.
    pub judgements: u64,
    /// How many pairs they make.
    pub pairs: u64,
    /// By name.
    pub raters: Vec<RaterReport>,
    /// By competency, then by name.
    pub rubrics: Vec<RubricReport>,
    /// By name.
    pub schools: Vec<SchoolReport>,
}

impl CalibrationReport {
    pub(crate) fn of(calibration: &Calibration) -> Self {
        let rubrics = rubrics(calibration);
        Self {
            judgements: calibration.judgements,
            pairs: rubrics.iter().map(|rubric| rubric.measures.pairs).sum(),
            raters: measured(calibration, &calibration.raters)
                .map(|(assessor, measures)| RaterReport { assessor, measures })
                .collect(),
            rubrics,
            schools: measured(calibration, &calibration.schools)
                .map(|(school, measures)| SchoolReport { school, measures })
                .collect(),
        }
    }

    /// The rater of that name.
    pub fn rater(&self, assessor: &str) -> Option<&RaterReport> {
        let found = self.raters.binary_search_by(|rater| rater.assessor.as_str().cmp(assessor));
        found.ok().map(|at| &self.raters[at])
    }
}

fn measured(
    calibration: &Calibration,
    tallies: &Tallies,
) -> impl Iterator<Item = (String, Measures)> {
    tallies.iter().map(|(name, tally)| (name.clone(), Measures::of(tally, &calibration.terms)))
}

fn rubrics(calibration: &Calibration) -> Vec<RubricReport> {
    let bar_milli = calibration.terms.bar_milli();
    let mut reports = Vec::new();
    for (competency, tallies) in &calibration.rubrics {
        reports.extend(measured(calibration, tallies).map(|(rubric, measures)| RubricReport {
            competency: *competency,
            rubric,
            measures,
            stability: Stability::of(measures.weighted_kappa, bar_milli),
        }));
    }
    reports
}
