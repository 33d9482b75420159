//! What this context takes from the events of others.

use std::collections::BTreeSet;

use northstar_credentials_domain::achievement::Standing;
use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{CompetencyId, EvidenceId, LearnerId, LevelId};
use northstar_wire::mastery::v1 as mastery;
use northstar_wire::registry::v1 as registry;
use uuid::Uuid;

use super::field::{id, present};
use super::message;
use crate::projection::scale::Rung;

/// What a learner holds in a competency from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MasteryChange {
    /// Who.
    pub(crate) learner: LearnerId,
    /// In what.
    pub(crate) competency: CompetencyId,
    /// What is held.
    pub(crate) standing: Standing,
    /// The evidence that counts, oldest first.
    pub(crate) evidence: Vec<EvidenceId>,
    /// Hash of the policy applied; empty if none was.
    pub(crate) policy_hash: String,
}

/// Which roles somebody has in the roster from now on; none if they left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RolesChanged {
    /// Who; a learner's id is the person's.
    pub(crate) person: LearnerId,
    /// As the roster has them: student, teacher, administrator.
    pub(crate) roles: BTreeSet<String>,
}

/// How the tenant is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TenantNamed {
    /// For addresses.
    pub(crate) slug: String,
    /// For people.
    pub(crate) name: String,
}

/// Reads a mastery event; `None` if it is not about levels, or about what is held by another policy
/// than the framework's main one: only that one earns.
pub(crate) fn mastery_change(event: &Recorded) -> Result<Option<MasteryChange>, Malformed> {
    if &*event.event_type != "mastery_changed" {
        return Ok(None);
    }
    let read = || {
        known_version(event)?;
        let changed: mastery::MasteryChanged = message(&event.payload)?;
        if !changed.policy_name.is_empty() {
            return Ok(None);
        }
        let after = present("after", changed.after)?;
        let mastered = [mastery::Standing::AtMastery, mastery::Standing::Exceeds];
        let at_mastery = mastered.contains(&after.standing());
        Ok(Some(MasteryChange {
            learner: id(&changed.learner_id)?,
            competency: id(&changed.competency_id)?,
            standing: Standing { at_mastery, level: after.level },
            evidence: changed.evidence_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?,
            policy_hash: changed.policy_hash,
        }))
    };
    read().map_err(|why: String| Malformed::new(&*event.event_type, why))
}

/// Reads a registry event; `None` if it is not about a person.
pub(crate) fn roles_changed(event: &Recorded) -> Result<Option<RolesChanged>, Malformed> {
    let read = || {
        let (person, roles) = match &*event.event_type {
            "person_changed" => {
                let it: registry::PersonChanged = message(&event.payload)?;
                (it.person_id, it.roles)
            }
            "person_removed" => {
                let it: registry::PersonRemoved = message(&event.payload)?;
                (it.person_id, Vec::new())
            }
            _ => return Ok(None),
        };
        known_version(event)?;
        Ok(Some(RolesChanged { person: id(&person)?, roles: roles.into_iter().collect() }))
    };
    read().map_err(|why: String| Malformed::new(&*event.event_type, why))
}

/// Reads a registry event; `None` if it publishes no competency. The scale may be empty.
pub(crate) fn scale_published(
    event: &Recorded,
) -> Result<Option<(CompetencyId, Vec<Rung>)>, Malformed> {
    if &*event.event_type != "competency_published" {
        return Ok(None);
    }
    let read = || {
        known_version(event)?;
        let it: registry::CompetencyPublished = message(&event.payload)?;
        let rung = |level: registry::Level| {
            // A rung need not have an identifier: it only tells scales apart.
            let id = level.level_id.parse().unwrap_or(LevelId::from_uuid(Uuid::nil()));
            Rung { id, name: level.quality, description: level.description }
        };
        Ok(Some((id(&it.competency_id)?, it.scale.into_iter().map(rung).collect())))
    };
    read().map_err(|why: String| Malformed::new(&*event.event_type, why))
}

/// Reads a registry event; `None` if it does not name the tenant.
pub(crate) fn tenant_named(event: &Recorded) -> Result<Option<TenantNamed>, Malformed> {
    if &*event.event_type != "tenant_created" {
        return Ok(None);
    }
    let read = || {
        known_version(event)?;
        let registry::TenantCreated { slug, name, .. } = message(&event.payload)?;
        Ok(TenantNamed { slug, name })
    };
    read().map(Some).map_err(|why: String| Malformed::new(&*event.event_type, why))
}

fn known_version(event: &Recorded) -> Result<(), String> {
    if event.schema_version == 1 {
        Ok(())
    } else {
        Err(format!("version {} of it is not known here", event.schema_version))
    }
}
