//! Events of frameworks.

use northstar_kernel::FrameworkId;
use northstar_registry_domain::framework::{
    Association, Competency, Criterion, Event, Head, Level, Rubric, Title,
};
use northstar_wire::registry::v1 as wire;

use super::Encoded;
use super::fields::{digest, id, message, optional_id, optional_text};

pub(super) fn encode(event: &Event) -> Encoded {
    match event {
        Event::Published(head) => Encoded::new("framework_published", &head_to_wire(head)),
        Event::CompetencyPublished(framework, competency) => {
            Encoded::new("competency_published", &competency_to_wire(*framework, competency))
        }
        Event::CompetencyWithdrawn(framework, id) => {
            let (competency_id, framework_id) = (id.to_string(), framework.to_string());
            let withdrawn = wire::CompetencyWithdrawn { competency_id, framework_id };
            Encoded::new("competency_withdrawn", &withdrawn)
        }
        Event::AssociationPublished(framework, association) => {
            Encoded::new("association_published", &association_to_wire(*framework, association))
        }
        Event::AssociationWithdrawn(framework, id) => {
            let (association_id, framework_id) = (id.to_string(), framework.to_string());
            let withdrawn = wire::AssociationWithdrawn { association_id, framework_id };
            Encoded::new("association_withdrawn", &withdrawn)
        }
        Event::RubricPublished(framework, rubric) => {
            Encoded::new("rubric_published", &rubric_to_wire(*framework, rubric))
        }
        Event::RubricWithdrawn(framework, id) => {
            let (rubric_id, framework_id) = (id.to_string(), framework.to_string());
            Encoded::new("rubric_withdrawn", &wire::RubricWithdrawn { rubric_id, framework_id })
        }
    }
}

fn head_to_wire(head: &Head) -> wire::FrameworkPublished {
    let Title { id, title, version, adoption_status, creator, uri } = head.title.clone();
    wire::FrameworkPublished {
        framework_id: id.to_string(),
        title,
        version,
        adoption_status,
        content_hash: head.content_hash.to_string(),
        creator,
        uri,
    }
}

pub(super) fn published(payload: &[u8]) -> Result<Event, String> {
    let published: wire::FrameworkPublished = message(payload)?;
    let title = Title {
        id: id(&published.framework_id)?,
        title: published.title,
        version: published.version,
        adoption_status: published.adoption_status,
        creator: published.creator,
        uri: published.uri,
    };
    Ok(Event::Published(Head { title, content_hash: digest(&published.content_hash)? }))
}

fn competency_to_wire(
    framework: FrameworkId,
    competency: &Competency,
) -> wire::CompetencyPublished {
    let Competency { id, code, statement, short_statement, kind, scale, uri } = competency.clone();
    wire::CompetencyPublished {
        competency_id: id.to_string(),
        framework_id: framework.to_string(),
        code,
        statement,
        short_statement,
        kind,
        scale: scale.into_iter().map(level_to_wire).collect(),
        uri,
    }
}

pub(super) fn competency(payload: &[u8]) -> Result<Event, String> {
    let published: wire::CompetencyPublished = message(payload)?;
    let competency = Competency {
        id: id(&published.competency_id)?,
        code: published.code,
        statement: published.statement,
        short_statement: published.short_statement,
        kind: published.kind,
        scale: published.scale.into_iter().map(level).collect::<Result<_, _>>()?,
        uri: published.uri,
    };
    Ok(Event::CompetencyPublished(id(&published.framework_id)?, competency))
}

pub(super) fn competency_withdrawn(payload: &[u8]) -> Result<Event, String> {
    let withdrawn: wire::CompetencyWithdrawn = message(payload)?;
    Ok(Event::CompetencyWithdrawn(id(&withdrawn.framework_id)?, id(&withdrawn.competency_id)?))
}

fn association_to_wire(
    framework: FrameworkId,
    association: &Association,
) -> wire::AssociationPublished {
    wire::AssociationPublished {
        association_id: association.id.to_string(),
        framework_id: framework.to_string(),
        kind: association.kind.clone(),
        origin_id: association.origin.to_string(),
        destination_id: association.destination.to_string(),
        sequence_number: association.sequence_number,
    }
}

pub(super) fn association(payload: &[u8]) -> Result<Event, String> {
    let published: wire::AssociationPublished = message(payload)?;
    let association = Association {
        id: id(&published.association_id)?,
        kind: published.kind,
        origin: id(&published.origin_id)?,
        destination: id(&published.destination_id)?,
        sequence_number: published.sequence_number,
    };
    Ok(Event::AssociationPublished(id(&published.framework_id)?, association))
}

pub(super) fn association_withdrawn(payload: &[u8]) -> Result<Event, String> {
    let withdrawn: wire::AssociationWithdrawn = message(payload)?;
    Ok(Event::AssociationWithdrawn(id(&withdrawn.framework_id)?, id(&withdrawn.association_id)?))
}

fn rubric_to_wire(framework: FrameworkId, rubric: &Rubric) -> wire::RubricPublished {
    let criterion = |criterion: Criterion| wire::Criterion {
        criterion_id: criterion.id.to_string(),
        description: criterion.description,
        competency_id: optional_text(criterion.competency),
        weight_milli: criterion.weight_milli,
        position: criterion.position,
        levels: criterion.levels.into_iter().map(level_to_wire).collect(),
    };
    wire::RubricPublished {
        rubric_id: rubric.id.to_string(),
        framework_id: framework.to_string(),
        title: rubric.title.clone(),
        criteria: rubric.criteria.iter().cloned().map(criterion).collect(),
    }
}

pub(super) fn rubric(payload: &[u8]) -> Result<Event, String> {
    let published: wire::RubricPublished = message(payload)?;
    let rubric = Rubric {
        id: id(&published.rubric_id)?,
        title: published.title,
        criteria: published.criteria.into_iter().map(criterion).collect::<Result<_, _>>()?,
    };
    Ok(Event::RubricPublished(id(&published.framework_id)?, rubric))
}

pub(super) fn rubric_withdrawn(payload: &[u8]) -> Result<Event, String> {
    let withdrawn: wire::RubricWithdrawn = message(payload)?;
    Ok(Event::RubricWithdrawn(id(&withdrawn.framework_id)?, id(&withdrawn.rubric_id)?))
}

fn criterion(criterion: wire::Criterion) -> Result<Criterion, String> {
    Ok(Criterion {
        id: id(&criterion.criterion_id)?,
        description: criterion.description,
        competency: optional_id(&criterion.competency_id)?,
        weight_milli: criterion.weight_milli,
        position: criterion.position,
        levels: criterion.levels.into_iter().map(level).collect::<Result<_, _>>()?,
    })
}

fn level_to_wire(level: Level) -> wire::Level {
    wire::Level {
        level_id: level.id.to_string(),
        quality: level.quality,
        score_milli: level.score_milli,
        position: level.position,
        description: level.description,
    }
}

fn level(level: wire::Level) -> Result<Level, String> {
    Ok(Level {
        id: id(&level.level_id)?,
        quality: level.quality,
        score_milli: level.score_milli,
        position: level.position,
        description: level.description,
    })
}
