//! Editions of a credential that their holder can disclose in part, and what was disclosed of them.
//!
//! One stream a credential, beside that of its award: nothing here decides whether it holds.

use std::fmt;

use northstar_kernel::{
    CredentialId, Decider, Kind, LearnerId, Refusal as Refused, Timestamp, Violation,
};

/// Members that one disclosure names, at most.
pub const MOST_MEMBERS: usize = 100;
/// Longest name of a member, in bytes.
pub const LONGEST_MEMBER: usize = 500;

/// An edition signed statement by statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosable {
    /// Which credential.
    pub credential: CredentialId,
    /// Whose.
    pub learner: LearnerId,
    /// The edition: SHA-256 of its document, in hexadecimal.
    pub edition: String,
    /// The key that signed.
    pub key_name: String,
    /// The document with its base proof, byte for byte.
    pub document: String,
    /// When.
    pub at: Timestamp,
}

/// That parts of it were disclosed, and with whose consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Which credential.
    pub credential: CredentialId,
    /// Whose.
    pub learner: LearnerId,
    /// The edition, as above.
    pub edition: String,
    /// JSON pointers to what was chosen, beside what is always shown.
    pub members: Vec<String>,
    /// Who chose: the learner, or a guardian.
    pub actor: String,
    /// Whom it is for, sealed.
    pub audience: String,
    /// When.
    pub at: Timestamp,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The holder can disclose parts from now on.
    Made(Disclosable),
    /// The holder did.
    Disclosed(Disclosure),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To have it signed so; this is it.
    Make(Disclosable),
    /// To note a disclosure.
    Disclose(Disclosure),
}

/// What is known: the latest edition that was signed so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// `None` before the first.
    pub made: Option<Disclosable>,
}

/// Why nothing is disclosed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was not signed so, or another edition was.
    NotMade,
    /// It was revoked.
    Ended,
    /// It cannot be signed so; a sentence says why.
    NotDisclosable(String),
    /// Too many members.
    TooMany(usize),
    /// No name of a member.
    NoPointer(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMade => {
                f.write_str("this edition cannot be disclosed in part yet; ask for that first")
            }
            Self::Ended => {
                f.write_str("the credential was revoked; nothing is disclosed of it any more")
            }
            Self::NotDisclosable(why) => {
                write!(f, "the credential cannot be disclosed in part: {why}")
            }
            Self::TooMany(count) => write!(
                f,
                "{count} members are named, and at most {MOST_MEMBERS} may be; name an object for \
                 all that is in it"
            ),
            Self::NoPointer(name) => write!(
                f,
                "{name:?} is no JSON pointer to a member, such as /credentialSubject/result"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotMade | Self::NotDisclosable(_) => "CREDENTIAL_NOT_DISCLOSABLE",
            Self::Ended => "CREDENTIAL_ENDED",
            Self::TooMany(_) => "TOO_MANY_MEMBERS",
            Self::NoPointer(_) => "MEMBER_INVALID",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NotMade | Self::Ended | Self::NotDisclosable(_) => Kind::Precondition,
            Self::TooMany(_) | Self::NoPointer(_) => Kind::Invalid,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::TooMany(_) | Self::NoPointer(_) => {
                vec![Violation::new("members", self.to_string())]
            }
            _ => Vec::new(),
        }
    }
}

/// The decider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosures;

impl Decider for Disclosures {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Make(new) => {
                let known = state.made.as_ref();
                let same = |made: &Disclosable| {
                    (&made.edition, &made.key_name) == (&new.edition, &new.key_name)
                };
                Ok(if known.is_some_and(same) { Vec::new() } else { vec![Event::Made(new)] })
            }
            Command::Disclose(disclosure) => {
                check(&disclosure.members)?;
                let made = state.made.as_ref();
                if made.is_none_or(|made| made.edition != disclosure.edition) {
                    return Err(Refusal::NotMade);
                }
                Ok(vec![Event::Disclosed(disclosure)])
            }
        }
    }

    fn evolve(state: State, event: &Event) -> State {
        match event {
            Event::Made(made) => State { made: Some(made.clone()) },
            Event::Disclosed(_) => state,
        }
    }
}

/// Whether these may be named; what they lead to is another question.
///
/// # Errors
/// Too many of them, or one that is no pointer.
pub fn check(members: &[String]) -> Result<(), Refusal> {
    if members.len() > MOST_MEMBERS {
        return Err(Refusal::TooMany(members.len()));
    }
    let is_pointer = |name: &&String| name.starts_with('/') && name.len() <= LONGEST_MEMBER;
    match members.iter().find(|name| !is_pointer(name)) {
        Some(wrong) => Err(Refusal::NoPointer(wrong.chars().take(60).collect())),
        None => Ok(()),
    }
}
