//! A person of a roster. Their name comes here sealed: the domain can tell whether it changed, and
//! no more.

use std::fmt;

use northstar_kernel::{Decider, Kind, OrganizationId, PersonId};

/// The aggregate; stream `person-<id>`.
pub struct Aggregate;

/// The person as they are, while they are in the roster.
pub type State = Option<Person>;

/// A name under the person's own key. The same name of the same person seals to the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedName {
    /// UUID of the key.
    pub key_id: [u8; 16],
    /// Nonce, ciphertext and tag.
    pub sealed: Vec<u8>,
}

/// A person as the roster has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Derived from tenant and source id; the learner id, if they are a learner.
    pub id: PersonId,
    /// Id in the source system.
    pub source_id: String,
    /// student, teacher, guardian …; sorted, none twice.
    pub roles: Vec<String>,
    /// Where they belong; sorted, none twice.
    pub organizations: Vec<OrganizationId>,
    /// Grades as the source has them; sorted, none twice.
    pub grades: Vec<String>,
    /// Whether the account is enabled in the source.
    pub enabled: bool,
    /// Their name.
    pub name: SealedName,
}

/// What a roster says of a person. What it does not say stays as it was.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whom it is about.
    pub id: PersonId,
    /// Id in the source system.
    pub source_id: String,
    /// Roles and organizations, unless the roster is silent on them.
    pub roles: Option<Roles>,
    /// The rest, unless the roster is silent on it.
    pub details: Option<Details>,
}

/// What a roster says of a person's roles; order and repetition do not matter.
#[derive(Debug, Clone)]
pub struct Roles {
    /// student, teacher, guardian …
    pub roles: Vec<String>,
    /// Where they belong.
    pub organizations: Vec<OrganizationId>,
    /// Whether these come on top of those known, as in a delta, or in their place.
    pub added: bool,
}

/// What a roster says of the person themselves; order and repetition do not matter.
#[derive(Debug, Clone)]
pub struct Details {
    /// Grades as the source has them.
    pub grades: Vec<String>,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// Their name.
    pub name: SealedName,
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Takes the person into the roster, or changes what is said of them.
    Change(Change),
    /// Takes the person out of the roster; one who is not there stays away.
    Remove(PersonId),
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The person was added, or is now this.
    Changed(Person),
    /// The person left the roster.
    Removed(PersonId),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody new without any role.
    Roleless,
    /// Roles of somebody of whom nothing else is known.
    Unknown,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Roleless => "a person needs at least one role; add one to users.csv or roles.csv",
            Self::Unknown => "a role is given to a person who is not in the roster",
        })
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::Roleless => "PERSON_ROLELESS",
            Self::Unknown => "PERSON_UNKNOWN",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Roleless => Kind::Invalid,
            Self::Unknown => Kind::NotFound,
        }
    }
}

impl Decider for Aggregate {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Change(change) => {
                let next = changed(state.as_ref(), change)?;
                let same = state.as_ref() == Some(&next);
                Ok(if same { Vec::new() } else { vec![Event::Changed(next)] })
            }
            Command::Remove(_) if state.is_none() => Ok(Vec::new()),
            Command::Remove(id) => Ok(vec![Event::Removed(id)]),
        }
    }

    fn evolve(_: State, event: &Event) -> State {
        match event {
            Event::Changed(person) => Some(person.clone()),
            Event::Removed(_) => None,
        }
    }
}

fn changed(known: Option<&Person>, change: Change) -> Result<Person, Refusal> {
    let details = change.details.or_else(|| known.map(details_of)).ok_or(Refusal::Unknown)?;
    let (roles, organizations) = merged_roles(known, change.roles);
    if roles.is_empty() {
        return Err(Refusal::Roleless);
    }
    Ok(Person {
        id: change.id,
        source_id: change.source_id,
        roles,
        organizations,
        grades: sorted(details.grades),
        enabled: details.enabled,
        name: details.name,
    })
}

fn details_of(person: &Person) -> Details {
    let Person { grades, enabled, name, .. } = person.clone();
    Details { grades, enabled, name }
}

fn merged_roles(known: Option<&Person>, said: Option<Roles>) -> (Vec<String>, Vec<OrganizationId>) {
    let keep = said.as_ref().is_none_or(|said| said.added);
    let (mut roles, mut organizations) = match known {
        Some(person) if keep => (person.roles.clone(), person.organizations.clone()),
        _ => (Vec::new(), Vec::new()),
    };
    if let Some(said) = said {
        roles.extend(said.roles);
        organizations.extend(said.organizations);
    }
    (sorted(roles), sorted(organizations))
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

#[cfg(test)]
mod tests;
