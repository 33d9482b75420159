//! Small frameworks for tests, by short keys.

use std::collections::BTreeMap;

use northstar_kernel::{
    AssociationId, CompetencyId, CriterionId, FrameworkId, LevelId, NodeId, RubricId, TenantId,
};

use super::scale::{Rung, bottom_first};
use super::{Association, Competency, Criterion, IS_CHILD_OF, Level, Package, Rubric, Title};

const ANY: TenantId = TenantId::COMMONS;

pub(super) fn competency_id(key: &str) -> CompetencyId {
    CompetencyId::derive(ANY, key)
}

pub(super) fn association_id(key: &str) -> AssociationId {
    AssociationId::derive(ANY, key)
}

pub(super) fn rubric_id(key: &str) -> RubricId {
    RubricId::derive(ANY, key)
}

pub(super) fn package(title: &str) -> Package {
    let title = Title {
        id: FrameworkId::derive(ANY, "framework"),
        title: title.into(),
        version: "1".into(),
        adoption_status: "Draft".into(),
        creator: "us".into(),
        uri: "urn:framework".into(),
    };
    Package {
        title,
        competencies: BTreeMap::new(),
        associations: BTreeMap::new(),
        rubrics: BTreeMap::new(),
    }
}

pub(super) fn levels(criterion: &str, rungs: &[(i64, &str)]) -> Vec<Level> {
    let rung = |&(score, quality): &(i64, &str)| Rung {
        id: LevelId::derive(ANY, &format!("{criterion}/{score}")),
        quality: quality.into(),
        score_milli: score * 1000,
        place: score,
        description: format!("{quality} in {criterion}"),
    };
    bottom_first(rungs.iter().map(rung).collect())
}

impl Package {
    pub(super) fn competency(mut self, key: &str) -> Self {
        let competency = Competency {
            id: competency_id(key),
            code: key.into(),
            statement: format!("Can {key}"),
            short_statement: String::new(),
            kind: "Competency".into(),
            scale: Vec::new(),
            uri: format!("urn:{key}"),
        };
        self.competencies.insert(competency.id, competency);
        self
    }

    /// Puts `child` below `parent`; the association's key is `child<parent`.
    pub(super) fn below(mut self, child: &str, parent: &str) -> Self {
        let association = Association {
            id: association_id(&format!("{child}<{parent}")),
            kind: IS_CHILD_OF.into(),
            origin: NodeId::from_uuid(competency_id(child).uuid()),
            destination: NodeId::from_uuid(competency_id(parent).uuid()),
            sequence_number: 1,
        };
        self.associations.insert(association.id, association);
        self
    }

    /// Adds a rubric of one criterion, both called `key`, that judges `competency`.
    pub(super) fn judged(mut self, key: &str, competency: &str, rungs: &[(i64, &str)]) -> Self {
        let criterion = Criterion {
            id: CriterionId::derive(ANY, key),
            description: key.into(),
            competency: Some(competency_id(competency)),
            weight_milli: 1000,
            position: 1,
            levels: levels(key, rungs),
        };
        let rubric = Rubric { id: rubric_id(key), title: key.into(), criteria: vec![criterion] };
        self.rubrics.insert(rubric.id, rubric);
        self
    }
}
