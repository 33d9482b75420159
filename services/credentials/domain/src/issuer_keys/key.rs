//! One key, and what it has lived through.

use std::fmt;

use northstar_kernel::Timestamp;

use super::Event;

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519, for proofs inside documents.
    Ed25519,
    /// ECDSA over P-256, for JWTs and selective disclosure.
    P256,
}

impl Algorithm {
    /// Bytes of a public key: an Ed25519 point, a compressed P-256 point.
    pub const fn public_bytes(self) -> usize {
        match self {
            Self::Ed25519 => 32,
            Self::P256 => 33,
        }
    }
}

/// The name as keys' names begin with it.
impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "ed",
            Self::P256 => "p256",
        })
    }
}

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Credentials, endorsements and records.
    Credentials,
    /// Status lists. They are signed every few seconds, all day: the key in such use is not the one
    /// that badges rest on.
    StatusLists,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It exists, and nobody knows of it.
    Created,
    /// It is listed, and signs nothing yet.
    Published,
    /// It signs.
    Active,
    /// It is listed for what it signed, and signs nothing more.
    Retired,
    /// It is listed no longer; nothing in use rests on it.
    Removed,
    /// It is listed no longer; nothing it signed is trusted.
    Compromised,
}

impl Stage {
    /// Whether the issuer's document lists a key at this stage.
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Published | Self::Active | Self::Retired)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created and not published",
            Self::Published => "published and not in use",
            Self::Active => "in use",
            Self::Retired => "retired",
            Self::Removed => "removed",
            Self::Compromised => "compromised",
        })
    }
}

/// One key of an issuer; its private half is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Fragment of its verification method: `ed-2026-11`.
    pub name: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// What it signs.
    pub purpose: Purpose,
    /// The public half, as many bytes as the algorithm has.
    pub public: Vec<u8>,
    /// When it came to which stage, in order.
    stages: Vec<(Timestamp, Stage)>,
    compromised_from: Option<Timestamp>,
}

impl Key {
    pub(super) fn new(
        name: String,
        algorithm: Algorithm,
        purpose: Purpose,
        public: Vec<u8>,
        at: Timestamp,
    ) -> Self {
        let stages = vec![(at, Stage::Created)];
        Self { name, algorithm, purpose, public, stages, compromised_from: None }
    }

    /// Its stage at that moment; `None` before it was created.
    pub fn stage(&self, at: Timestamp) -> Option<Stage> {
        let reached = self.stages.iter().rev().find(|(since, _)| *since <= at);
        reached.map(|(_, stage)| *stage)
    }

    /// Since when nothing it signed is to be trusted; `None` unless it is compromised.
    pub fn compromised_from(&self) -> Option<Timestamp> {
        self.compromised_from
    }

    /// Its latest stage.
    pub(super) fn now(&self) -> Stage {
        self.stages.last().map_or(Stage::Created, |(_, stage)| *stage)
    }

    pub(super) fn published_at(&self) -> Option<Timestamp> {
        let published = self.stages.iter().find(|(_, stage)| *stage == Stage::Published);
        published.map(|(at, _)| *at)
    }

    pub(super) fn live_through(&mut self, event: &Event) {
        let (at, stage) = match event {
            Event::KeyCreated { .. } => return,
            Event::KeyPublished { at, .. } => (*at, Stage::Published),
            Event::KeyActivated { at, .. } => (*at, Stage::Active),
            Event::KeyRetired { at, .. } => (*at, Stage::Retired),
            Event::KeyRemoved { at, .. } => (*at, Stage::Removed),
            Event::KeyCompromised { from, at, .. } => {
                let known = self.compromised_from.unwrap_or(*from);
                self.compromised_from = Some(known.min(*from));
                (*at, Stage::Compromised)
            }
        };
        self.stages.push((at, stage));
    }
}

/// The name of the month's first key.
pub(super) fn month_name(algorithm: Algorithm, purpose: Purpose, at: Timestamp) -> String {
    let (year, month, ..) = at.civil();
    let purpose = match purpose {
        Purpose::Credentials => "",
        Purpose::StatusLists => "status-",
    };
    format!("{purpose}{algorithm}-{year:04}-{month:02}")
}
