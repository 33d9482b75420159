//! A learner's consent, or that of who speaks for them, to show one credential to whoever has a link.
//!
//! It always has an end, and can be withdrawn before. The link's secret is not kept, only its digest:
//! nobody who reads the log can open the page.

use std::fmt;

use northstar_kernel::{
    CredentialId, Decider, Digest, Kind, LearnerId, Refusal as Refused, ShareId, Timestamp,
    Violation,
};

/// The longest that a consent may last, in days.
pub const MOST_DAYS: i64 = 366;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// What was consented to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Names the consent; the link cannot be told from it.
    pub id: ShareId,
    /// What is shown.
    pub credential: CredentialId,
    /// Whose it is.
    pub learner: LearnerId,
    /// SHA-256 of the link's token.
    pub token: Digest,
    /// When it ends.
    pub until: Timestamp,
    /// Who consented: the subject of their token.
    pub by: String,
    /// When they did.
    pub at: Timestamp,
}

impl Share {
    /// Whether the page is to be seen at that moment, unless the consent was withdrawn.
    pub fn lasts_at(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// A request about a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Consent.
    Open(Share),
    /// Take the consent back.
    Withdraw {
        /// Who does: the subject of their token.
        by: String,
        /// The present.
        at: Timestamp,
    },
}

/// What happened to a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody consented.
    Opened(Share),
    /// The consent was taken back.
    Withdrawn {
        /// The consent.
        id: ShareId,
        /// What was shown.
        credential: CredentialId,
        /// Who took it back.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// Why nothing is shared, or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It would end before it begins.
    EndsInThePast,
    /// It would last longer than anybody can foresee.
    TooLong,
    /// There is no such consent, as far as the caller may know.
    NotFound,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndsInThePast => f.write_str("until: must be after the present"),
            Self::TooLong => write!(f, "until: must be at most {MOST_DAYS} days ahead"),
            Self::NotFound => f.write_str("there is no such share"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refused for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::EndsInThePast => "SHARE_ENDS_IN_THE_PAST",
            Self::TooLong => "SHARE_TOO_LONG",
            Self::NotFound => "SHARE_NOT_FOUND",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::EndsInThePast | Self::TooLong => Kind::Invalid,
            Self::NotFound => Kind::NotFound,
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::EndsInThePast | Self::TooLong => vec![Violation::new("until", self.to_string())],
            Self::NotFound => Vec::new(),
        }
    }
}

/// What is known of a share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What was consented to.
    pub share: Option<Share>,
    /// When it was taken back.
    pub withdrawn: Option<Timestamp>,
}

impl State {
    /// What is to be seen at that moment.
    pub fn seen_at(&self, now: Timestamp) -> Option<&Share> {
        self.share.as_ref().filter(|share| self.withdrawn.is_none() && share.lasts_at(now))
    }
}

/// Decides about shares.
#[derive(Debug)]
pub struct Shares;

impl Decider for Shares {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Open(share) => open(share).map(|share| vec![Event::Opened(share)]),
            Command::Withdraw { by, at } => {
                let share = state.share.as_ref().ok_or(Refusal::NotFound)?;
                let (id, credential) = (share.id, share.credential);
                let withdrawn = Event::Withdrawn { id, credential, by, at };
                Ok(if state.withdrawn.is_some() { Vec::new() } else { vec![withdrawn] })
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Opened(share) => state.share = Some(share.clone()),
            Event::Withdrawn { at, .. } => state.withdrawn = state.withdrawn.or(Some(*at)),
        }
        state
    }
}

fn open(share: Share) -> Result<Share, Refusal> {
    let lasts = share.until.micros().saturating_sub(share.at.micros());
    match lasts {
        ..=0 => Err(Refusal::EndsInThePast),
        _ if lasts > MOST_DAYS * DAY_MICROS => Err(Refusal::TooLong),
        _ => Ok(share),
    }
}
