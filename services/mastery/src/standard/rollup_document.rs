//! The rules of a roll-up as a JSON document: what people write, what is published, what is stored.
//!
//! An object with `framework` (UUID) and `rollups`, a list of objects: `competency` (UUID),
//! `criterion`, and `round_to_milli` (1 if left out). A criterion is an object with a `kind`:
//!
//! - `competency`: another `competency`, and its `test`: `mastery` (if left out), or `gte`, `lte`,
//!   `eq` against `milli`
//! - `own`: the competency's own evidence, with a `test` likewise
//! - `all`, `any`: a list of criteria, `parts`
//! - `at_least`: `k` of `parts`
//! - `points`: `needed` points of `parts`, objects with `part` (a criterion), `points` and
//!   `required` (false if left out)
//! - `weighted_mean`: `mastery_milli`, `minimum_known_percent` (0 if left out) and `parts`, objects
//!   with `part` and `weight`
//! - `minimum`: `mastery_milli` and `parts`
//!
//! The form that [`northstar_mastery_domain::Rollups::canonical`] writes is one such document.

use northstar_kernel::{CompetencyId, FrameworkId, TenantId};
use northstar_mastery_domain::{Criterion, RollupDraft};

use super::criterion::criterion;
use super::fields::{Fields, object};
use super::refusal::{DocumentKind, DocumentRefusal};

/// The rules of a framework as somebody wrote them down, not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupDocument {
    /// The framework.
    pub framework: FrameworkId,
    /// Its rules, in the order of the document.
    pub rollups: Vec<RollupDraft>,
}

/// Reads a roll-up document.
///
/// # Errors
/// [`DocumentRefusal`] with every problem, not the first alone, unless the text is not JSON at all.
pub fn read_rollup_document(text: &str) -> Result<RollupDocument, DocumentRefusal> {
    let mut fields = object("", text).map_err(DocumentKind::Rollup.refusal())?;
    let nobodys = FrameworkId::derive(TenantId::COMMONS, "");
    let framework = fields.id("framework").unwrap_or(nobodys);
    fields.engine();
    let rollups = fields.objects("rollups").into_iter().map(|mut rule| {
        let draft = draft(framework, &mut rule);
        fields.adopt(rule, "a rule");
        draft
    });
    let rollups = rollups.collect();
    fields.finish("a roll-up");
    DocumentKind::Rollup.checked(RollupDocument { framework, rollups }, fields.problems)
}

/// The draft; where a field is no good, what stands in for it never gets out.
fn draft(framework: FrameworkId, rule: &mut Fields) -> RollupDraft {
    let nobodys = CompetencyId::derive(TenantId::COMMONS, "");
    let competency = rule.id("competency").unwrap_or(nobodys);
    let criterion = rule.object("criterion").and_then(|mut inner| {
        let found = criterion(&mut inner);
        rule.adopt(inner, "a criterion");
        found
    });
    let criterion = criterion.unwrap_or(Criterion::All(Vec::new()));
    let mut round_to_milli = 1;
    rule.count("round_to_milli", &mut round_to_milli);
    RollupDraft { framework, competency, criterion, round_to_milli }
}

#[cfg(test)]
mod tests;
