//! What a framework holds, and the hash of it.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{
    AssociationId, CompetencyId, CriterionId, Digest, FrameworkId, LevelId, NodeId, RubricId,
};

use super::State;
use super::hierarchy::closing_cycles;

/// The kind of association that makes the hierarchy: from the part to what it is part of.
pub const IS_CHILD_OF: &str = "isChildOf";

/// What a framework is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// CASE CFDocument identifier.
    pub id: FrameworkId,
    /// Title.
    pub title: String,
    /// The publisher's version; may be empty.
    pub version: String,
    /// Adoption status as found: Draft, Adopted, Deprecated …; may be empty.
    pub adoption_status: String,
    /// Who made it.
    pub creator: String,
    /// URI of the document.
    pub uri: String,
}

/// What a framework is called, and which content that stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What it is called.
    pub title: Title,
    /// SHA-256 of the title and all parts; the same content has the same hash everywhere.
    pub content_hash: Digest,
}

/// A framework as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What it is called.
    pub title: Title,
    /// Its competencies; scales are worked out when it is published.
    pub competencies: BTreeMap<CompetencyId, Competency>,
    /// Its associations.
    pub associations: BTreeMap<AssociationId, Association>,
    /// Its rubrics.
    pub rubrics: BTreeMap<RubricId, Rubric>,
}

/// Something a learner can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Competency {
    /// CASE CFItem identifier.
    pub id: CompetencyId,
    /// Human coding scheme; may be empty.
    pub code: String,
    /// Full statement.
    pub statement: String,
    /// Short form; may be empty.
    pub short_statement: String,
    /// As the framework calls it: Competency, Learning Objective …; may be empty.
    pub kind: String,
    /// The levels it may be judged at, bottom first; empty if the framework gives none.
    pub scale: Vec<Level>,
    /// URI of the item.
    pub uri: String,
}

/// A typed relation between two nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// CASE CFAssociation identifier.
    pub id: AssociationId,
    /// As found: isChildOf, precedes, exactMatchOf …
    pub kind: String,
    /// Where it starts.
    pub origin: NodeId,
    /// Where it leads; may lie outside the framework.
    pub destination: NodeId,
    /// Order among its siblings; 0 if none was given.
    pub sequence_number: i64,
}

/// A scoring guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rubric {
    /// CASE CFRubric identifier.
    pub id: RubricId,
    /// Title; may be empty.
    pub title: String,
    /// Its dimensions, in order.
    pub criteria: Vec<Criterion>,
}

/// One dimension of a rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// CASE identifier.
    pub id: CriterionId,
    /// What is looked at; may be empty.
    pub description: String,
    /// The competency it judges.
    pub competency: Option<CompetencyId>,
    /// Weight in thousandths.
    pub weight_milli: i64,
    /// Place in the rubric.
    pub position: i64,
    /// Bottom first.
    pub levels: Vec<Level>,
}

/// One rung of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// CASE identifier.
    pub id: LevelId,
    /// Name of the rung: Proficient; may be empty.
    pub quality: String,
    /// Score in thousandths: 3000 is 3.
    pub score_milli: i64,
    /// Place in the scale, from 1 at the bottom.
    pub position: u32,
    /// What it looks like; may be empty.
    pub description: String,
}

impl Package {
    /// This package, with what stood before wherever it is silent. An association that stood before
    /// gives way if it and the package's own would put something below itself.
    #[must_use]
    pub fn over(mut self, state: &State) -> Self {
        let kept = state.associations.values();
        let kept = kept.filter(|edge| !self.associations.contains_key(&edge.id));
        let giving_way: BTreeSet<AssociationId> =
            closing_cycles(self.associations.values().chain(kept)).into_iter().collect();
        for (id, competency) in &state.competencies {
            self.competencies.entry(*id).or_insert_with(|| competency.clone());
        }
        let kept = state.associations.iter().filter(|(id, _)| !giving_way.contains(id));
        for (id, association) in kept {
            self.associations.entry(*id).or_insert_with(|| association.clone());
        }
        for (id, rubric) in &state.rubrics {
            self.rubrics.entry(*id).or_insert_with(|| rubric.clone());
        }
        self
    }

    /// SHA-256 over all of it, in order of kind and identifier.
    pub fn content_hash(&self) -> Digest {
        let mut content = Content::default();
        content.title(&self.title);
        self.competencies.values().for_each(|competency| content.competency(competency));
        self.associations.values().for_each(|association| content.association(association));
        self.rubrics.values().for_each(|rubric| content.rubric(rubric));
        Digest::of(&content.0)
    }
}

/// Bytes to hash: every text is length-prefixed and every list counted, so that no two contents
/// look the same.
#[derive(Default)]
struct Content(Vec<u8>);

impl Content {
    fn text(&mut self, text: &str) {
        self.number(text.len() as i64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    fn id(&mut self, id: &[u8; 16]) {
        self.0.extend_from_slice(id);
    }

    fn title(&mut self, title: &Title) {
        self.id(title.id.as_bytes());
        for text in
            [&title.title, &title.version, &title.adoption_status, &title.creator, &title.uri]
        {
            self.text(text);
        }
    }

    fn competency(&mut self, competency: &Competency) {
        self.0.push(b'c');
        self.id(competency.id.as_bytes());
        let Competency { code, statement, short_statement, kind, uri, .. } = competency;
        for text in [code, statement, short_statement, kind, uri] {
            self.text(text);
        }
        self.levels(&competency.scale);
    }

    fn association(&mut self, association: &Association) {
        self.0.push(b'a');
        self.id(association.id.as_bytes());
        self.text(&association.kind);
        self.id(association.origin.as_bytes());
        self.id(association.destination.as_bytes());
        self.number(association.sequence_number);
    }

    fn rubric(&mut self, rubric: &Rubric) {
        self.0.push(b'r');
        self.id(rubric.id.as_bytes());
        self.text(&rubric.title);
        self.number(rubric.criteria.len() as i64);
        for criterion in &rubric.criteria {
            self.id(criterion.id.as_bytes());
            self.text(&criterion.description);
            self.id(criterion.competency.as_ref().map_or(&[0; 16], CompetencyId::as_bytes));
            self.number(criterion.weight_milli);
            self.number(criterion.position);
            self.levels(&criterion.levels);
        }
    }

    fn levels(&mut self, levels: &[Level]) {
        self.number(levels.len() as i64);
        for level in levels {
            self.id(level.id.as_bytes());
            self.text(&level.quality);
            self.number(level.score_milli);
            self.number(i64::from(level.position));
            self.text(&level.description);
        }
    }
}
