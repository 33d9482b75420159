//! A tenant as issuer: the public side of its signing keys. Private keys never come here.

use std::fmt;

use northstar_kernel::{Decider, Kind, Refusal as Refused};

/// The public half of a signing key, under the name credentials call it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Fragment of the verification method: `es256-1`.
    pub name: String,
    /// The key as a JSON Web Key (JSON text).
    pub jwk: String,
}

/// A request about an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sign with this key from here on.
    CreateKey(PublicKey),
}

/// What happened to an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was created.
    KeyCreated(PublicKey),
}

/// Why a key was not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Another key has this name; what it signed would no longer verify.
    KeyNameTaken(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::KeyNameTaken(name) = self;
        write!(f, "the issuer has another key named {name}; use a new name for a new key")
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        "KEY_NAME_TAKEN"
    }

    fn kind(&self) -> Kind {
        Kind::AlreadyExists
    }
}

/// Decides about issuers; the state is the issuer's keys, oldest first.
#[derive(Debug)]
pub struct Issuers;

impl Decider for Issuers {
    type State = Vec<PublicKey>;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &Self::State, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::CreateKey(wanted) = command;
        match state.iter().find(|key| key.name == wanted.name) {
            None => Ok(vec![Event::KeyCreated(wanted)]),
            Some(key) if *key == wanted => Ok(Vec::new()),
            Some(_) => Err(Refusal::KeyNameTaken(wanted.name)),
        }
    }

    fn evolve(mut state: Self::State, event: &Event) -> Self::State {
        let Event::KeyCreated(key) = event;
        state.push(key.clone());
        state
    }
}
