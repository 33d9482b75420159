//! Aggregates in their streams: load, decide, append, and again if somebody was faster.

use northstar_chassis::status;
use northstar_eventlog::{Append, AppendError, Cause, Fault, NewEvent, Stream, TenantLog};
use northstar_kernel::{Decider, ExpectedVersion, Refusal, Version};
use northstar_mastery_domain::{Advancement, Overriding, Published};
use tonic::Status;

use crate::codec::Event;

/// How often a decision is made anew because its stream moved on meanwhile.
const ATTEMPTS: u32 = 8;

/// An aggregate that has a stream.
pub(crate) trait Stored: Decider<State = Self> + Default {
    /// The context's event as its own, if it is one.
    fn own(event: Event) -> Option<Self::Event>;
}

impl Stored for Published {
    fn own(event: Event) -> Option<Self::Event> {
        if let Event::PolicyPublished(event) = event { Some(event) } else { None }
    }
}

impl Stored for Overriding {
    fn own(event: Event) -> Option<Self::Event> {
        if let Event::Overridden(overridden) = event { Some(overridden.event) } else { None }
    }
}

impl Stored for Advancement {
    fn own(event: Event) -> Option<Self::Event> {
        if let Event::LearnerAdvanced(advanced) = event { Some(advanced.event) } else { None }
    }
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Done<A> {
    /// The aggregate after it.
    pub(crate) after: A,
    /// Whether there was nothing to do.
    pub(crate) repeated: bool,
}

/// The aggregate as the log has it.
pub(crate) async fn load<A: Stored>(log: &TenantLog, stream: &Stream) -> Result<A, Status> {
    Ok(versioned(log, stream).await?.0)
}

/// Puts a command, made for the aggregate as it is, to it, and appends what follows.
pub(crate) async fn execute<A: Stored<Refusal: Refusal>>(
    log: &TenantLog,
    cause: &Cause,
    stream: &Stream,
    command: impl Fn(&A) -> A::Command,
    write: impl Fn(&A::Event) -> NewEvent,
) -> Result<Done<A>, Status> {
    let mut attempt = 1;
    loop {
        let (state, version) = versioned::<A>(log, stream).await?;
        let decided = A::decide(&state, command(&state));
        let events = decided.map_err(|refusal| status::refused(&refusal))?;
        if events.is_empty() {
            return Ok(Done { after: state, repeated: true });
        }
        let append = Append {
            stream: stream.clone(),
            expected: ExpectedVersion::Exactly(version),
            events: events.iter().map(&write).collect(),
            request: None,
            cause: cause.clone(),
        };
        match log.append(append).await {
            Ok(_) => {
                let after = events.iter().fold(state, A::evolve);
                return Ok(Done { after, repeated: false });
            }
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}

async fn versioned<A: Stored>(log: &TenantLog, stream: &Stream) -> Result<(A, Version), Status> {
    let mut state = A::default();
    let mut version = Version::START;
    for recorded in log.stream(stream).await.map_err(status::fault)? {
        version = recorded.version;
        let malformed = |why| status::fault(Fault::lasting("reading a stream", why));
        if let Some(event) = A::own(Event::read(&recorded).map_err(malformed)?) {
            state = A::evolve(state, &event);
        }
    }
    Ok((state, version))
}
