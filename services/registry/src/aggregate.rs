//! Aggregates in their streams: load, decide, append, and again if somebody was faster.

use northstar_eventlog::{Append, AppendError, Cause, Fault, Stream, TenantLog};
use northstar_kernel::{Decider, ExpectedVersion, Position, Version};
use northstar_registry_domain::{class, enrollment, framework, organization, person, tenant};
use uuid::Uuid;

use crate::codec::{self, Event};

/// How often a decision is made anew because its stream moved on meanwhile.
const ATTEMPTS: u32 = 8;

/// An aggregate that has a stream.
pub(crate) trait Stored: Decider {
    /// The first part of its streams' names.
    const KIND: &'static str;

    /// Its event as one of the registry's.
    fn wrapped(event: Self::Event) -> Event;

    /// The registry's event as its own, if it is one.
    fn unwrapped(event: Event) -> Option<Self::Event>;

    /// Whether there is one: it was made, and not taken away.
    fn exists(state: &Self::State) -> bool;
}

macro_rules! stored {
    ($($module:ident = $kind:literal $variant:ident $exists:expr),+ $(,)?) => {$(
        impl Stored for $module::Aggregate {
            const KIND: &'static str = $kind;

            fn wrapped(event: Self::Event) -> Event {
                Event::$variant(event)
            }

            fn unwrapped(event: Event) -> Option<Self::Event> {
                if let Event::$variant(event) = event { Some(event) } else { None }
            }

            fn exists(state: &Self::State) -> bool {
                let exists: fn(&Self::State) -> bool = $exists;
                exists(state)
            }
        }
    )+};
}

stored! {
    tenant = "tenant" Tenant Option::is_some,
    organization = "organization" Organization Option::is_some,
    person = "person" Person Option::is_some,
    class = "class" Class Option::is_some,
    enrollment = "enrollment" Enrollment Option::is_some,
    framework = "framework" Framework |state| state.head.is_some(),
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Done<E> {
    /// What happened; empty if there was nothing to do.
    pub(crate) events: Vec<E>,
    /// Where the last of it stands.
    pub(crate) position: Option<Position>,
}

/// Why nothing came of a command.
#[derive(Debug)]
pub(crate) enum NotDone<R> {
    /// A business rule forbids it.
    Refused(R),
    /// It could not be written.
    Failed(AppendError),
}

impl<R> From<Fault> for NotDone<R> {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

/// Puts a command to an aggregate and appends what follows.
pub(crate) async fn execute<A: Stored>(
    log: &TenantLog,
    cause: &Cause,
    id: Uuid,
    command: A::Command,
) -> Result<Done<A::Event>, NotDone<A::Refusal>>
where
    A::Command: Clone,
    A::Event: Clone,
{
    let mut attempt = 1;
    loop {
        let (state, version) = load::<A>(log, id).await?;
        let events = A::decide(&state, command.clone()).map_err(NotDone::Refused)?;
        if events.is_empty() {
            return Ok(Done { events, position: None });
        }
        let append = Append {
            stream: Stream::new(A::KIND, id),
            expected: expected(version),
            events: events.iter().map(|event| codec::encode(&A::wrapped(event.clone()))).collect(),
            request: None,
            cause: cause.clone(),
        };
        match log.append(append).await {
            Ok(appended) => return Ok(Done { events, position: Some(appended.position) }),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(NotDone::Failed(error)),
        }
    }
}

/// Whether an aggregate exists, as its stream has it.
pub(crate) async fn exists<A: Stored>(log: &TenantLog, id: Uuid) -> Result<bool, Fault> {
    let (state, _) = load::<A>(log, id).await?;
    Ok(A::exists(&state))
}

async fn load<A: Stored>(log: &TenantLog, id: Uuid) -> Result<(A::State, Version), Fault> {
    let recorded = log.stream(&Stream::new(A::KIND, id)).await?;
    let version = recorded.last().map_or(Version::START, |last| last.version);
    let mut state = A::State::default();
    for recorded in &recorded {
        let event = codec::decode(recorded);
        let event = event.map_err(|error| Fault::lasting("reading a stream", error))?;
        let own = A::unwrapped(event).ok_or("an event of another kind of aggregate");
        let own = own.map_err(|error| Fault::lasting("reading a stream", error))?;
        state = A::evolve(state, &own);
    }
    Ok((state, version))
}

fn expected(version: Version) -> ExpectedVersion {
    if version == Version::START {
        ExpectedVersion::NoStream
    } else {
        ExpectedVersion::Exactly(version)
    }
}
