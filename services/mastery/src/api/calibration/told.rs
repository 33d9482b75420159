//! A report as the API has it.

use std::collections::BTreeMap;

use northstar_kernel::CompetencyId;
use northstar_mastery_domain::{
    CalibrationFinding as Finding, CalibrationReport, Measures, RubricReport, Stability,
};
use northstar_wire::mastery::v1 as wire;
use wire::CalibrationBy as By;

use crate::projection::Competency;

/// What was asked for of the report.
pub(super) fn response(
    report: CalibrationReport,
    by: By,
    competencies: &BTreeMap<CompetencyId, Competency>,
) -> wire::GetCalibrationResponse {
    let asked = |what| by == By::Unspecified || by == what;
    let without_scale = competencies.values().filter(|it| it.scale.rungs() == 0).count();
    let mut response = wire::GetCalibrationResponse {
        judgements: report.judgements,
        pairs: report.pairs,
        without_scale: u32::try_from(without_scale).unwrap_or(u32::MAX),
        ..wire::GetCalibrationResponse::default()
    };
    if asked(By::Rater) {
        response.raters.extend(report.raters.into_iter().map(|rater| wire::RaterCalibration {
            assessor_id: rater.assessor,
            measures: Some(measures(&rater.measures)),
        }));
    }
    if asked(By::Rubric) {
        response.rubrics.extend(report.rubrics.into_iter().map(|one| rubric(one, competencies)));
    }
    if asked(By::School) {
        response.schools.extend(report.schools.into_iter().map(|school| wire::SchoolCalibration {
            organization_id: school.school,
            measures: Some(measures(&school.measures)),
        }));
    }
    response
}

fn rubric(
    report: RubricReport,
    competencies: &BTreeMap<CompetencyId, Competency>,
) -> wire::RubricCalibration {
    let known = competencies.get(&report.competency);
    let stability = match report.stability {
        Stability::TooFewPairs => wire::Stability::TooFewPairs,
        Stability::Undefined => wire::Stability::Undefined,
        Stability::Unstable => wire::Stability::Unstable,
        Stability::Unclear => wire::Stability::Unclear,
        Stability::Stable => wire::Stability::Stable,
    };
    wire::RubricCalibration {
        competency_id: report.competency.to_string(),
        competency_code: known.map(|competency| competency.code.clone()).unwrap_or_default(),
        criterion_id: report.rubric,
        measures: Some(measures(&report.measures)),
        stability: stability.into(),
    }
}

fn measures(of: &Measures) -> wire::CalibrationMeasures {
    let paired = |finding| Some(self::finding(finding, of.pairs));
    let compared = |finding| Some(self::finding(finding, of.comparisons));
    wire::CalibrationMeasures {
        pairs: of.pairs,
        exact: paired(of.exact),
        adjacent: paired(of.adjacent),
        kappa: paired(of.kappa),
        weighted_kappa: paired(of.weighted_kappa),
        comparisons: of.comparisons,
        severity: compared(of.severity),
        drift_per_30_days: compared(of.drift.per_30_days),
        rise: compared(of.drift.rise),
    }
}

fn finding(finding: Finding, all: u64) -> wire::CalibrationFinding {
    match finding {
        Finding::Known(it) => wire::CalibrationFinding {
            estimate: Some(wire::CalibrationEstimate {
                value_milli: it.value_milli,
                low_milli: it.low_milli,
                high_milli: it.high_milli,
            }),
            have: all,
            missing: 0,
        },
        Finding::TooFew { have, need } => {
            wire::CalibrationFinding { estimate: None, have, missing: need.saturating_sub(have) }
        }
        Finding::Undefined => wire::CalibrationFinding { estimate: None, have: all, missing: 0 },
    }
}
