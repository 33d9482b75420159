//! Endorsements: what the tenant says of something in public, and what others say of what is its own.
//!
//! One that the tenant gives is asked for first and signed in its turn, when its place in the status
//! lists is known. One that it receives was signed elsewhere and is kept as it came. Either can be
//! withdrawn, for good.

use northstar_kernel::{CredentialId, Decider, LearnerId, Timestamp};

use crate::credential::Person;
use crate::status::Place;
use crate::verified::Found;

/// Longest comment, in characters.
pub const LONGEST_COMMENT: usize = 2_000;

/// What somebody of the tenant wants to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Id of what is endorsed.
    pub subject: String,
    /// What is said of it.
    pub comment: String,
    /// When it ends by itself; `None` if it does not.
    pub valid_until: Option<Timestamp>,
    /// Whose credential it is about; `None` if it is about something else.
    pub learner: Option<LearnerId>,
    /// Who wants it, as their token names them.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// An endorsement as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Counts the tenant's places, from 0: what the place follows from.
    pub serial: u64,
    /// Its bit in the status lists.
    pub place: Place,
    /// From when on it holds.
    pub valid_from: Timestamp,
    /// Name of the key that signed it.
    pub key_name: String,
    /// The document with its proof inside, byte for byte.
    pub document: String,
}

/// An endorsement as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Id of what is endorsed.
    pub subject: String,
    /// Who endorses.
    pub endorser: String,
    /// As it came; a sealed text.
    pub document: String,
    /// Whose credential it is about; `None` if it is about something else.
    pub learner: Option<LearnerId>,
    /// What verification came to.
    pub checks: Vec<Found>,
    /// An administrator's word for what could not be checked, a sealed text; `None` if all was.
    pub word: Option<String>,
    /// Who took it in.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// What happened to an endorsement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which.
    pub endorsement: CredentialId,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was asked for.
    Requested(Request),
    /// It was signed.
    Given(Signed),
    /// It came in.
    Received(Received),
    /// It counts no more.
    Withdrawn {
        /// Who, and why.
        by: Person,
        /// When.
        at: Timestamp,
    },
}

/// What is known of an endorsement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What the tenant wants to be said.
    pub request: Option<Request>,
    /// As the tenant signed it.
    pub signed: Option<Signed>,
    /// As it came in.
    pub received: Option<Received>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

impl State {
    /// Whether it is there at all.
    pub fn exists(&self) -> bool {
        self.request.is_some() || self.received.is_some()
    }

    /// Whether it is still to be signed.
    pub fn is_due(&self) -> bool {
        self.request.is_some() && self.signed.is_none() && !self.withdrawn
    }

    /// Id of what is endorsed; `None` if it is not there.
    pub fn subject(&self) -> Option<&str> {
        let given = self.request.as_ref().map(|request| request.subject.as_str());
        given.or_else(|| self.received.as_ref().map(|received| received.subject.as_str()))
    }

    /// Whose credential it is about; `None` if it is about something else.
    pub fn learner(&self) -> Option<LearnerId> {
        let given = self.request.as_ref().and_then(|request| request.learner);
        given.or_else(|| self.received.as_ref().and_then(|received| received.learner))
    }
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none.
    #[error("there is no such endorsement")]
    NotFound,
    /// It was withdrawn, which is for good.
    #[error("this endorsement was withdrawn, which is for good")]
    Withdrawn,
}

impl northstar_kernel::Refusal for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound => "ENDORSEMENT_NOT_FOUND",
            Self::Withdrawn => "ENDORSEMENT_WITHDRAWN",
        }
    }

    fn kind(&self) -> northstar_kernel::Kind {
        match self {
            Self::NotFound => northstar_kernel::Kind::NotFound,
            Self::Withdrawn => northstar_kernel::Kind::Precondition,
        }
    }
}

/// Decides about endorsements; what is asked for is what would have happened.
#[derive(Debug)]
pub struct Endorsements;

impl Decider for Endorsements {
    type State = State;
    type Command = Event;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Event) -> Result<Vec<Event>, Refusal> {
        let news = match &command.what {
            What::Requested(_) | What::Received(_) if !state.exists() => true,
            What::Requested(_) => false,
            What::Received(_) if state.withdrawn => return Err(Refusal::Withdrawn),
            What::Received(_) => false,
            What::Given(_) => state.is_due(),
            What::Withdrawn { .. } if !state.exists() => return Err(Refusal::NotFound),
            What::Withdrawn { .. } => !state.withdrawn,
        };
        Ok(if news { vec![command] } else { Vec::new() })
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match &event.what {
            What::Requested(request) => state.request = Some(request.clone()),
            What::Given(signed) => state.signed = Some(signed.clone()),
            What::Received(received) => state.received = Some(received.clone()),
            What::Withdrawn { .. } => state.withdrawn = true,
        }
        state
    }
}
