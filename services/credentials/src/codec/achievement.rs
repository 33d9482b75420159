//! Achievements and what earns them, on the wire.

use northstar_credentials_domain::achievement::{Achievement, Alignment};
use northstar_credentials_domain::criteria::{Criteria, Level};
use northstar_wire::credentials::v1 as wire;
use wire::rule::What;

use super::field::{id, present};

/// The achievement as the API and the log have it.
pub(crate) fn to_wire(achievement: &Achievement) -> wire::Achievement {
    wire::Achievement {
        achievement_id: achievement.id.to_string(),
        key: achievement.key.clone(),
        name: achievement.name.clone(),
        description: achievement.description.clone(),
        criteria: achievement.criteria.clone(),
        alignment: Some(alignment_to_wire(&achievement.alignment)),
        required_level: achievement.required_level,
        rule: achievement.rule.as_ref().map(rule_to_wire),
        further_alignments: achievement.further.iter().map(alignment_to_wire).collect(),
        valid_days: achievement.valid_days,
        version: 0,
    }
}

/// What [`to_wire`] wrote.
pub(crate) fn from_wire(achievement: wire::Achievement) -> Result<Achievement, String> {
    let further = achievement.further_alignments.into_iter().map(alignment_from_wire);
    Ok(Achievement {
        id: id(&achievement.achievement_id)?,
        key: achievement.key,
        name: achievement.name,
        description: achievement.description,
        criteria: achievement.criteria,
        alignment: alignment_from_wire(present("alignment", achievement.alignment)?)?,
        required_level: achievement.required_level,
        rule: achievement.rule.map(rule_from_wire).transpose()?,
        further: further.collect::<Result<_, _>>()?,
        valid_days: achievement.valid_days,
    })
}

fn alignment_to_wire(alignment: &Alignment) -> wire::Alignment {
    wire::Alignment {
        competency_id: alignment.competency.to_string(),
        code: alignment.code.clone(),
        name: alignment.name.clone(),
        uri: alignment.uri.clone(),
    }
}

fn alignment_from_wire(alignment: wire::Alignment) -> Result<Alignment, String> {
    Ok(Alignment {
        competency: id(&alignment.competency_id)?,
        code: alignment.code,
        name: alignment.name,
        uri: alignment.uri,
    })
}

fn rule_to_wire(criteria: &Criteria) -> wire::Rule {
    let parts = |at_least, of: &[Criteria]| {
        What::Parts(wire::PartsRule { at_least, parts: of.iter().map(rule_to_wire).collect() })
    };
    let what = match criteria {
        Criteria::Competency { competency, level } => {
            let role = |(role, level): (&String, &u32)| wire::RoleLevel {
                role: role.clone(),
                level: *level,
            };
            What::Competency(wire::CompetencyRule {
                competency_id: competency.to_string(),
                level: level.base,
                by_role: level.by_role.iter().map(role).collect(),
            })
        }
        Criteria::Achievement(id) => What::AchievementId(id.to_string()),
        Criteria::Fact { name, at_least } => {
            What::Fact(wire::FactRule { name: name.clone(), at_least: *at_least })
        }
        Criteria::All(of) => parts(0, of),
        Criteria::Any(of) => parts(1, of),
        Criteria::AtLeast { k, of } => parts(*k, of),
    };
    wire::Rule { what: Some(what) }
}

/// What earns an achievement, not checked yet. One of several is read as any of them.
///
/// # Errors
/// Something is left out, or is no id.
pub(crate) fn rule_from_wire(rule: wire::Rule) -> Result<Criteria, String> {
    Ok(match present("what", rule.what)? {
        What::Competency(wire::CompetencyRule { competency_id, level, by_role }) => {
            let by_role = by_role.into_iter().map(|it| (it.role, it.level)).collect();
            Criteria::Competency {
                competency: id(&competency_id)?,
                level: Level { base: level, by_role },
            }
        }
        What::AchievementId(text) => Criteria::Achievement(id(&text)?),
        What::Fact(wire::FactRule { name, at_least }) => Criteria::Fact { name, at_least },
        What::Parts(wire::PartsRule { at_least, parts }) => {
            let of = parts.into_iter().map(rule_from_wire).collect::<Result<Vec<_>, _>>()?;
            match at_least {
                0 => Criteria::All(of),
                1 => Criteria::Any(of),
                k => Criteria::AtLeast { k, of },
            }
        }
    })
}
