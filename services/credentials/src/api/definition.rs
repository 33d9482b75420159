//! Reads the definition of an achievement from a request.

use northstar_credentials_domain::achievement::{Achievement, Alignment, Refusal};
use northstar_kernel::{AchievementId, CompetencyId, TenantId, Violation};
use northstar_wire::credentials::v1 as wire;

use crate::codec::rule_from_wire;

/// What the request asks to define; what it says is checked where it is decided about.
///
/// # Errors
/// Ids that are none, or a rule with something left out.
pub(super) fn read(
    tenant: TenantId,
    achievement: wire::Achievement,
) -> Result<Achievement, Refusal> {
    let id = Achievement::id_of(tenant, &achievement.key);
    let mut violations = Vec::new();
    let given = &achievement.achievement_id;
    if !given.is_empty() && given.parse::<AchievementId>() != Ok(id) {
        let description = "must be empty, or the id that follows from the key";
        violations.push(Violation::new("achievement.achievement_id", description));
    }
    let mut aligned = |path: String, alignment: wire::Alignment| {
        let competency = alignment.competency_id.parse().unwrap_or_else(|_| {
            let description = "must be the CASE identifier of a competency, a UUID";
            let field = format!("achievement.{path}.competency_id");
            violations.push(Violation::new(&field, description));
            CompetencyId::from_uuid(uuid::Uuid::nil())
        });
        Alignment { competency, code: alignment.code, name: alignment.name, uri: alignment.uri }
    };
    let alignment = aligned("alignment".into(), achievement.alignment.unwrap_or_default());
    let further = achievement.further_alignments.into_iter().enumerate();
    let further =
        further.map(|(at, it)| aligned(format!("further_alignments[{at}]"), it)).collect();
    let rule = achievement.rule.map(rule_from_wire).transpose().unwrap_or_else(|why| {
        violations.push(Violation::new("achievement.rule", why));
        None
    });
    if !violations.is_empty() {
        return Err(Refusal::Invalid(violations));
    }
    Ok(Achievement {
        id,
        key: achievement.key,
        name: achievement.name,
        description: achievement.description,
        criteria: achievement.criteria,
        alignment,
        required_level: achievement.required_level,
        rule,
        further,
        valid_days: achievement.valid_days,
    })
}
