//! A competency framework: its competencies, what joins them, and the rubrics they are judged by.
//!
//! A framework is published as a whole. What differs from what stood before becomes events; what
//! does not, does not.

pub mod content;
mod diff;
pub mod hierarchy;
pub mod scale;

use std::collections::BTreeMap;
use std::fmt;

pub use content::{
    Association, Competency, Criterion, Head, IS_CHILD_OF, Level, Package, Rubric, Title,
};
use northstar_kernel::{AssociationId, CompetencyId, Decider, FrameworkId, Kind, RubricId};

/// The aggregate; stream `framework-<id>`.
pub struct Aggregate;

/// The framework as it was last published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What it is called, and the hash of what it holds; `None` before it is first published.
    pub head: Option<Head>,
    /// Its competencies, with their scales.
    pub competencies: BTreeMap<CompetencyId, Competency>,
    /// Its associations.
    pub associations: BTreeMap<AssociationId, Association>,
    /// Its rubrics.
    pub rubrics: BTreeMap<RubricId, Rubric>,
}

/// What can be asked of it.
#[derive(Debug, Clone)]
pub enum Command {
    /// Makes this the framework.
    Publish {
        /// All of it.
        package: Package,
        /// Whether the package was read without a problem. What an incomplete one does not hold is
        /// kept: it may be among what could not be read.
        complete: bool,
    },
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was published, first or with another content.
    Published(Head),
    /// A competency was published, first or changed.
    CompetencyPublished(FrameworkId, Competency),
    /// A competency is no longer part of it.
    CompetencyWithdrawn(FrameworkId, CompetencyId),
    /// An association was published, first or changed.
    AssociationPublished(FrameworkId, Association),
    /// An association is no longer part of it.
    AssociationWithdrawn(FrameworkId, AssociationId),
    /// A rubric was published, first or changed.
    RubricPublished(FrameworkId, Rubric),
    /// A rubric is no longer part of it.
    RubricWithdrawn(FrameworkId, RubricId),
}

/// Why it would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has no title.
    Untitled,
    /// A competency would stand below itself.
    HierarchyCyclic {
        /// The associations that would close a cycle.
        associations: Vec<AssociationId>,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untitled => f.write_str("a framework needs a title"),
            Self::HierarchyCyclic { associations } => {
                let several = associations.len();
                write!(
                    f,
                    "a competency would stand below itself; {several} associations close cycles"
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Untitled => "FRAMEWORK_UNTITLED",
            Self::HierarchyCyclic { .. } => "HIERARCHY_CYCLIC",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Invalid
    }
}

impl Decider for Aggregate {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::Publish { package, complete } = command;
        if package.title.title.trim().is_empty() {
            return Err(Refusal::Untitled);
        }
        let cyclic = hierarchy::closing_cycles(package.associations.values());
        if !cyclic.is_empty() {
            return Err(Refusal::HierarchyCyclic { associations: cyclic });
        }
        let mut next = if complete { package } else { package.over(state) };
        scale::assign(&mut next);
        Ok(diff::events(state, next))
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Published(head) => state.head = Some(head.clone()),
            Event::CompetencyPublished(_, competency) => {
                state.competencies.insert(competency.id, competency.clone());
            }
            Event::CompetencyWithdrawn(_, id) => drop(state.competencies.remove(id)),
            Event::AssociationPublished(_, association) => {
                state.associations.insert(association.id, association.clone());
            }
            Event::AssociationWithdrawn(_, id) => drop(state.associations.remove(id)),
            Event::RubricPublished(_, rubric) => {
                state.rubrics.insert(rubric.id, rubric.clone());
            }
            Event::RubricWithdrawn(_, id) => drop(state.rubrics.remove(id)),
        }
        state
    }
}

#[cfg(test)]
mod build;
#[cfg(test)]
mod tests;
