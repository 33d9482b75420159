//! Mastery through a framework.

mod checked;
mod criteria;
mod derivation;
mod document;
mod explain;
mod frameworks;
mod graph;
mod incremental;
mod missing;
mod oracle;
mod publish;
mod vectors;

use northstar_kernel::{CompetencyId, TenantId};
use northstar_mastery_domain::{
    Competency, Criterion, Finding, Findings, Input, RollupDraft, Rollups, Shown, Standing, Test,
};

use crate::support::draft;

pub(crate) fn id(code: &str) -> CompetencyId {
    CompetencyId::derive(TenantId::from_slug("front-range"), code)
}

/// A competency that is taught, whose values have no bound.
pub(crate) fn taught(code: &str) -> Competency {
    Competency { id: id(code), code: code.to_owned(), retired: false, highest_milli: None }
}

pub(crate) fn retired(code: &str) -> Competency {
    Competency { retired: true, ..taught(code) }
}

/// A competency whose values end at `top`.
pub(crate) fn up_to(top: i64, code: &str) -> Competency {
    Competency { highest_milli: Some(top), ..taught(code) }
}

pub(crate) fn part(code: &str) -> Criterion {
    Criterion::mastery_of(id(code))
}

pub(crate) fn tested(code: &str, test: Test) -> Criterion {
    Criterion::Part { competency: id(code), test }
}

pub(crate) fn all(codes: &[&str]) -> Criterion {
    Criterion::All(parts(codes))
}

pub(crate) fn any(codes: &[&str]) -> Criterion {
    Criterion::Any(parts(codes))
}

pub(crate) fn parts(codes: &[&str]) -> Vec<Criterion> {
    codes.iter().map(|code| part(code)).collect()
}

pub(crate) fn rule(code: &str, criterion: Criterion) -> RollupDraft {
    RollupDraft { framework: draft().framework, competency: id(code), criterion, round_to_milli: 1 }
}

/// A value with mastery at 3.
pub(crate) fn valued(milli: i64) -> Finding {
    let standing = if milli >= 3_000 { Standing::AtMastery } else { Standing::BelowMastery };
    Finding { standing, value_milli: Some(milli), provisional: false }
}

pub(crate) fn standing(standing: Standing) -> Finding {
    Finding { standing, ..Finding::default() }
}

pub(crate) fn own(finding: Finding) -> Input {
    Input { own: finding, overriding: None }
}

/// Evaluates with these findings; of all others nothing was observed.
pub(crate) fn evaluated<'a>(rollups: &'a Rollups, known: &[(&str, Finding)]) -> Findings<'a> {
    rollups.evaluate(|competency| {
        let found = known.iter().find(|(code, _)| id(code) == competency);
        found.map_or_else(Input::default, |(_, finding)| own(*finding))
    })
}

pub(crate) fn shown(findings: &Findings<'_>, code: &str) -> Shown {
    findings.get(id(code)).expect("the competency is in the framework")
}

pub(crate) fn held(findings: &Findings<'_>, code: &str) -> Finding {
    shown(findings, code).held
}

/// What `criterion` makes of "top", with one competency for each finding: "a", "b" and so on.
pub(crate) fn judged(criterion: Criterion, known: &[Finding]) -> Finding {
    let codes: Vec<String> = ('a'..).take(known.len()).map(String::from).collect();
    let competencies = codes.iter().map(|code| taught(code)).chain([taught("top")]);
    let rollups = Rollups::restored([rule("top", criterion)], competencies).expect("valid");
    let known: Vec<_> = codes.iter().map(String::as_str).zip(known.iter().copied()).collect();
    held(&evaluated(&rollups, &known), "top")
}
