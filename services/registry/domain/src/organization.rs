//! An organization of a roster: network, district, school, department.

use std::fmt;

use northstar_kernel::{Decider, Kind, OrganizationId};

/// The aggregate; stream `organization-<id>`.
pub struct Aggregate;

/// The organization as it is, while it is in the roster.
pub type State = Option<Organization>;

/// An organization as the roster has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Derived from tenant and source id.
    pub id: OrganizationId,
    /// Id in the source system.
    pub source_id: String,
    /// Name for people.
    pub name: String,
    /// As the roster calls it: district, school, local, state, national, department.
    pub kind: String,
    /// The organization above.
    pub parent: Option<OrganizationId>,
}

/// What can be asked of it.
#[derive(Debug, Clone)]
pub enum Command {
    /// Takes it into the roster, or changes it to this.
    Change(Organization),
    /// Takes it out of the roster; one that is not there stays away.
    Remove(OrganizationId),
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was added, or is now this.
    Changed(Organization),
    /// It left the roster.
    Removed(OrganizationId),
}

/// Why it would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has no name.
    Nameless,
    /// It is said to be above itself.
    OwnParent,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nameless => "an organization needs a name",
            Self::OwnParent => "an organization cannot be its own parent",
        })
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Nameless => "ORGANIZATION_NAMELESS",
            Self::OwnParent => "ORGANIZATION_OWN_PARENT",
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
        match command {
            Command::Change(next) if next.name.trim().is_empty() => Err(Refusal::Nameless),
            Command::Change(next) if next.parent == Some(next.id) => Err(Refusal::OwnParent),
            Command::Change(next) if state.as_ref() == Some(&next) => Ok(Vec::new()),
            Command::Change(next) => Ok(vec![Event::Changed(next)]),
            Command::Remove(_) if state.is_none() => Ok(Vec::new()),
            Command::Remove(id) => Ok(vec![Event::Removed(id)]),
        }
    }

    fn evolve(_: State, event: &Event) -> State {
        match event {
            Event::Changed(organization) => Some(organization.clone()),
            Event::Removed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;
    use crate::spec::given;

    fn id(key: &str) -> OrganizationId {
        OrganizationId::derive(TenantId::from_slug("t"), key)
    }

    fn school() -> Organization {
        Organization {
            id: id("s"),
            source_id: "s".into(),
            name: "District 1 High School".into(),
            kind: "school".into(),
            parent: Some(id("d")),
        }
    }

    #[test]
    fn is_taken_in_once() {
        let changed = Event::Changed(school());
        given::<Aggregate>(&[])
            .when(Command::Change(school()))
            .then(std::slice::from_ref(&changed));
        given::<Aggregate>(&[changed]).when(Command::Change(school())).then_nothing();
    }

    #[test]
    fn a_new_name_is_a_change() {
        let renamed = Organization { name: "North High".into(), ..school() };
        given::<Aggregate>(&[Event::Changed(school())])
            .when(Command::Change(renamed.clone()))
            .then(&[Event::Changed(renamed)]);
    }

    #[test]
    fn is_taken_out_once_and_may_come_back() {
        let gone = [Event::Changed(school()), Event::Removed(id("s"))];
        given::<Aggregate>(&gone[..1]).when(Command::Remove(id("s"))).then(&gone[1..]);
        given::<Aggregate>(&gone).when(Command::Remove(id("s"))).then_nothing();
        given::<Aggregate>(&gone).when(Command::Change(school())).then(&gone[..1]);
    }

    #[test]
    fn needs_a_name_and_a_parent_other_than_itself() {
        let nameless = Organization { name: " ".into(), ..school() };
        given::<Aggregate>(&[]).when(Command::Change(nameless)).then_refused(Refusal::Nameless);
        let circular = Organization { parent: Some(id("s")), ..school() };
        given::<Aggregate>(&[]).when(Command::Change(circular)).then_refused(Refusal::OwnParent);
    }
}
