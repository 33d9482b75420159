//! A tenant: a regional network, or a district that stands alone.

use std::fmt;

use northstar_kernel::{Decider, Kind, TenantId, Violation};

/// Longest slug, the limit of a DNS label.
pub const SLUG_MAX: usize = 63;
/// Longest name, in characters.
pub const NAME_MAX_CHARS: usize = 200;

/// The aggregate; stream `tenant-<id>`.
pub struct Aggregate;

/// Its name, once it exists.
pub type State = Option<String>;

/// What can be asked of it.
#[derive(Debug, Clone)]
pub enum Command {
    /// Creates it, or finds it as it is.
    Create {
        /// Short name, DNS label form; the id derives from it.
        slug: String,
        /// Name for people.
        name: String,
    },
}

/// What can happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was created.
    Created {
        /// Derived from the slug.
        tenant: TenantId,
        /// Short name for URLs.
        slug: String,
        /// Name for people.
        name: String,
    },
}

/// Why it would not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The slug is no DNS label.
    SlugMalformed,
    /// The name is empty or too long.
    NameLength,
    /// The slug belongs to a tenant of another name.
    NameTaken,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SlugMalformed => {
                "the slug must be 1 to 63 lower-case letters, digits or hyphens, \
                 and neither start nor end with a hyphen"
            }
            Self::NameLength => "the name must have 1 to 200 characters",
            Self::NameTaken => "a tenant with this slug and another name exists; take another slug",
        })
    }
}

impl std::error::Error for Refusal {}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::SlugMalformed => "TENANT_SLUG_MALFORMED",
            Self::NameLength => "TENANT_NAME_LENGTH",
            Self::NameTaken => "TENANT_EXISTS",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::SlugMalformed | Self::NameLength => Kind::Invalid,
            Self::NameTaken => Kind::AlreadyExists,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::SlugMalformed => vec![Violation::new("slug", self.to_string())],
            Self::NameLength => vec![Violation::new("name", self.to_string())],
            Self::NameTaken => Vec::new(),
        }
    }
}

impl Decider for Aggregate {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::Create { slug, name } = command;
        if !is_dns_label(&slug) {
            return Err(Refusal::SlugMalformed);
        }
        if name.trim().is_empty() || name.chars().count() > NAME_MAX_CHARS {
            return Err(Refusal::NameLength);
        }
        match state {
            None => Ok(vec![Event::Created { tenant: TenantId::from_slug(&slug), slug, name }]),
            Some(known) if *known == name => Ok(Vec::new()),
            Some(_) => Err(Refusal::NameTaken),
        }
    }

    fn evolve(_: State, event: &Event) -> State {
        let Event::Created { name, .. } = event;
        Some(name.clone())
    }
}

fn is_dns_label(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=SLUG_MAX).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::given;

    fn create(slug: &str, name: &str) -> Command {
        Command::Create { slug: slug.into(), name: name.into() }
    }

    fn created() -> Event {
        let tenant = TenantId::from_slug("front-range");
        Event::Created { tenant, slug: "front-range".into(), name: "Front Range".into() }
    }

    #[test]
    fn is_created_under_an_id_that_derives_from_the_slug() {
        given::<Aggregate>(&[]).when(create("front-range", "Front Range")).then(&[created()]);
    }

    #[test]
    fn creating_it_again_changes_nothing() {
        given::<Aggregate>(&[created()]).when(create("front-range", "Front Range")).then_nothing();
    }

    #[test]
    fn a_slug_names_one_tenant_for_ever() {
        given::<Aggregate>(&[created()])
            .when(create("front-range", "Another Range"))
            .then_refused(Refusal::NameTaken);
    }

    #[test]
    fn a_slug_must_be_a_dns_label() {
        let long = "a".repeat(64);
        for slug in ["", "-a", "a-", "A", "a_b", "a.b", "é", long.as_str()] {
            given::<Aggregate>(&[]).when(create(slug, "Name")).then_refused(Refusal::SlugMalformed);
        }
    }

    #[test]
    fn a_name_must_say_something_and_be_short() {
        for name in ["", "  ", &"é".repeat(201)] {
            given::<Aggregate>(&[]).when(create("a", name)).then_refused(Refusal::NameLength);
        }
        assert_eq!(given::<Aggregate>(&[]).when(create("a", &"é".repeat(200))).events().len(), 1);
    }
}
