//! An enrollment: one person's part in one class.

use std::fmt;

use northstar_kernel::{ClassId, Decider, EnrollmentId, Kind, PersonId};

/// The aggregate; stream `enrollment-<id>`.
pub struct Aggregate;

/// The enrollment as it is, while it is in the roster.
pub type State = Option<Enrollment>;

/// An enrollment as the roster has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrollment {
    /// Derived from tenant and source id.
    pub id: EnrollmentId,
    /// The class.
    pub class: ClassId,
    /// The person.
    pub person: PersonId,
    /// student, teacher, aide, administrator, proctor.
    pub role: String,
    /// First day, `YYYY-MM-DD`; may be empty.
    pub begin_date: String,
    /// Last day, `YYYY-MM-DD`; may be empty.
    pub end_date: String,
}

/// What can be asked of it.
#[derive(Debug, Clone)]
pub enum Command {
    /// Takes it into the roster, or changes it to this.
    Change(Enrollment),
    /// Takes it out of the roster; one that is not there stays away.
    Remove(EnrollmentId),
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was added, or is now this.
    Changed(Enrollment),
    /// It left the roster.
    Removed(EnrollmentId),
}

/// Why it would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The last day lies before the first.
    EndsBeforeItBegins,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an enrollment cannot end before it begins; correct one of the dates")
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        "ENROLLMENT_ENDS_BEFORE_IT_BEGINS"
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
            Command::Change(next) if ends_before_it_begins(&next) => {
                Err(Refusal::EndsBeforeItBegins)
            }
            Command::Change(next) if state.as_ref() == Some(&next) => Ok(Vec::new()),
            Command::Change(next) => Ok(vec![Event::Changed(next)]),
            Command::Remove(_) if state.is_none() => Ok(Vec::new()),
            Command::Remove(id) => Ok(vec![Event::Removed(id)]),
        }
    }

    fn evolve(_: State, event: &Event) -> State {
        match event {
            Event::Changed(enrollment) => Some(enrollment.clone()),
            Event::Removed(_) => None,
        }
    }
}

/// ISO dates of equal length sort as text.
fn ends_before_it_begins(enrollment: &Enrollment) -> bool {
    !enrollment.begin_date.is_empty()
        && !enrollment.end_date.is_empty()
        && enrollment.end_date < enrollment.begin_date
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;
    use crate::spec::given;

    fn part() -> Enrollment {
        let tenant = TenantId::from_slug("t");
        Enrollment {
            id: EnrollmentId::derive(tenant, "e"),
            class: ClassId::derive(tenant, "k"),
            person: PersonId::derive(tenant, "p"),
            role: "student".into(),
            begin_date: "2025-08-18".into(),
            end_date: "2026-06-05".into(),
        }
    }

    #[test]
    fn is_taken_in_once() {
        let changed = Event::Changed(part());
        given::<Aggregate>(&[]).when(Command::Change(part())).then(std::slice::from_ref(&changed));
        given::<Aggregate>(&[changed]).when(Command::Change(part())).then_nothing();
    }

    #[test]
    fn is_taken_out_once_and_may_come_back() {
        let gone = [Event::Changed(part()), Event::Removed(part().id)];
        given::<Aggregate>(&gone[..1]).when(Command::Remove(part().id)).then(&gone[1..]);
        given::<Aggregate>(&gone).when(Command::Remove(part().id)).then_nothing();
        given::<Aggregate>(&gone).when(Command::Change(part())).then(&gone[..1]);
    }

    #[test]
    fn may_be_open_but_not_end_before_it_begins() {
        let backwards = Enrollment { end_date: "2025-08-17".into(), ..part() };
        given::<Aggregate>(&[])
            .when(Command::Change(backwards))
            .then_refused(Refusal::EndsBeforeItBegins);
        for open in [
            Enrollment { end_date: String::new(), ..part() },
            Enrollment { begin_date: String::new(), ..part() },
            Enrollment { end_date: "2025-08-18".into(), ..part() },
        ] {
            given::<Aggregate>(&[])
                .when(Command::Change(open.clone()))
                .then(&[Event::Changed(open)]);
        }
    }
}
