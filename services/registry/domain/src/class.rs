//! A class: people of one school who meet for one course.

use std::fmt;

use northstar_kernel::{ClassId, Decider, Kind, OrganizationId};

/// The aggregate; stream `class-<id>`.
pub struct Aggregate;

/// The class as it is, while it is in the roster.
pub type State = Option<Class>;

/// A class as the roster has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Derived from tenant and source id.
    pub id: ClassId,
    /// Id in the source system.
    pub source_id: String,
    /// Title.
    pub title: String,
    /// The school.
    pub organization: OrganizationId,
    /// Id of the course in the source; may be empty.
    pub course_source_id: String,
}

/// What can be asked of it.
#[derive(Debug, Clone)]
pub enum Command {
    /// Takes it into the roster, or changes it to this.
    Change(Class),
    /// Takes it out of the roster; one that is not there stays away.
    Remove(ClassId),
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was added, or is now this.
    Changed(Class),
    /// It left the roster.
    Removed(ClassId),
}

/// Why it would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has no title.
    Untitled,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a class needs a title")
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        "CLASS_UNTITLED"
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
        match command {
            Command::Change(next) if next.title.trim().is_empty() => Err(Refusal::Untitled),
            Command::Change(next) if state.as_ref() == Some(&next) => Ok(Vec::new()),
            Command::Change(next) => Ok(vec![Event::Changed(next)]),
            Command::Remove(_) if state.is_none() => Ok(Vec::new()),
            Command::Remove(id) => Ok(vec![Event::Removed(id)]),
        }
    }

    fn evolve(_: State, event: &Event) -> State {
        match event {
            Event::Changed(class) => Some(class.clone()),
            Event::Removed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;
    use crate::spec::given;

    fn seminar() -> Class {
        let tenant = TenantId::from_slug("t");
        Class {
            id: ClassId::derive(tenant, "k"),
            source_id: "k".into(),
            title: "Career Seminar P1".into(),
            organization: OrganizationId::derive(tenant, "s"),
            course_source_id: "c".into(),
        }
    }

    #[test]
    fn is_taken_in_once() {
        let changed = Event::Changed(seminar());
        given::<Aggregate>(&[])
            .when(Command::Change(seminar()))
            .then(std::slice::from_ref(&changed));
        given::<Aggregate>(&[changed]).when(Command::Change(seminar())).then_nothing();
    }

    #[test]
    fn is_taken_out_once_and_may_come_back() {
        let gone = [Event::Changed(seminar()), Event::Removed(seminar().id)];
        given::<Aggregate>(&gone[..1]).when(Command::Remove(seminar().id)).then(&gone[1..]);
        given::<Aggregate>(&gone).when(Command::Remove(seminar().id)).then_nothing();
        given::<Aggregate>(&gone).when(Command::Change(seminar())).then(&gone[..1]);
    }

    #[test]
    fn needs_a_title() {
        let untitled = Class { title: String::new(), ..seminar() };
        given::<Aggregate>(&[]).when(Command::Change(untitled)).then_refused(Refusal::Untitled);
    }
}
