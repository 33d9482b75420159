//! How well raters agree, and whether a rubric can be trusted: from the judgements that stand.
//!
//! All counts and sums are whole numbers and all measures exact fractions of them; roots, for the
//! intervals alone, are cut off at the twelfth decimal. The same judgements give the same report
//! on every machine, in whatever order they come.
//!
//! - A **pair** is two judgements by different assessors of one learner, in one competency, under
//!   one rubric, at most so many days apart; each judgement is in one pair at most. Of a rater, the
//!   rater's level goes with the other's; of a rubric and a school, the earlier with the later. A
//!   pair counts for a school if both judgements were made there.
//! - A **comparison** holds one judgement against the mean of the others of the same learner in
//!   the same competency within as many days: for a rater and a school those of other assessors
//!   and other schools under the same rubric, for a rubric those under other rubrics. It is kept
//!   in millionths of a level.

use std::collections::BTreeMap;

use northstar_kernel::CompetencyId;

mod comparing;
mod finding;
mod fraction;
mod judgement;
mod measures;
mod report;
mod series;
mod table;

use comparing::Work;
pub use finding::{Estimate, Finding};
pub use judgement::{Judgement, Terms};
use measures::Tally;
pub use measures::{Drift, Measures, Stability};
pub use report::{CalibrationReport, RaterReport, RubricReport, SchoolReport};

type Tallies = BTreeMap<String, Tally>;

/// Calibration under way: takes the judgements of one learner after the other.
///
/// It grows with the raters, rubrics and schools and the days they judged on, not with the learners.
#[derive(Debug, Clone)]
pub struct Calibration {
    terms: Terms,
    judgements: u64,
    raters: Tallies,
    rubrics: BTreeMap<CompetencyId, Tallies>,
    schools: Tallies,
}

impl Calibration {
    /// Nothing taken yet.
    pub const fn new(terms: Terms) -> Self {
        Self {
            terms,
            judgements: 0,
            raters: BTreeMap::new(),
            rubrics: BTreeMap::new(),
            schools: BTreeMap::new(),
        }
    }

    /// Takes judgements in any order: all there are of each learner in them, since judgements of
    /// different calls are not compared.
    pub fn take<'a>(&mut self, judgements: impl IntoIterator<Item = Judgement<'a>>) {
        let mut all: Vec<Judgement<'a>> = judgements.into_iter().collect();
        // By learner, competency and day first: the order of the fields.
        all.sort_unstable();
        self.judgements += all.len() as u64;
        for work in all.chunk_by(Judgement::same_work) {
            self.pair(Work(work));
            self.compare(Work(work));
        }
    }

    /// What can be said so far.
    pub fn report(&self) -> CalibrationReport {
        CalibrationReport::of(self)
    }

    fn window(&self) -> i64 {
        i64::from(self.terms.window_days())
    }

    fn pair(&mut self, work: Work<'_>) {
        for (one, other) in work.pairs(self.window()) {
            for (own, met) in [(one, other), (other, one)] {
                of(&mut self.raters, own.assessor).table.add(own.level, met.level);
            }
            let rubrics = self.rubrics.entry(one.competency).or_default();
            of(rubrics, one.rubric).table.add(one.level, other.level);
            if let Some(school) = one.school.filter(|school| other.school == Some(school)) {
                of(&mut self.schools, school).table.add(one.level, other.level);
            }
        }
    }

    fn compare(&mut self, work: Work<'_>) {
        for (own, severities) in work.severities(self.window()) {
            add(of(&mut self.raters, own.assessor), own, severities.rater);
            let rubrics = self.rubrics.entry(own.competency).or_default();
            add(of(rubrics, own.rubric), own, severities.rubric);
            if let Some(school) = own.school {
                add(of(&mut self.schools, school), own, severities.school);
            }
        }
    }
}

fn of<'t>(tallies: &'t mut Tallies, name: &str) -> &'t mut Tally {
    tallies.entry(name.to_owned()).or_default()
}

fn add(tally: &mut Tally, own: &Judgement<'_>, severity_micro: Option<i64>) {
    if let Some(micro) = severity_micro {
        tally.severities.add(own.day, micro);
    }
}

/// A judgement with its judge's severity taken out, where that is known: what others would have
/// said, in thousandths. It may lie beyond the scale.
pub fn adjusted(value_milli: i64, severity: Finding) -> i64 {
    severity
        .known()
        .map_or(value_milli, |severity| value_milli.saturating_add(severity.value_milli))
}
