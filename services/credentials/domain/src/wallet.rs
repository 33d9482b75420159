//! A wallet's access to a learner's credentials.
//!
//! Somebody who may offers it and is given a code; whoever shows the code to a wallet's page within
//! minutes consents; the wallet gets tokens, changes them for others, and gives them back. Codes and
//! tokens are kept as digests alone, and each is good once: one that comes a second time was seen by
//! somebody else, and ends the access.

mod client;
mod refusal;
mod scope;

pub use client::Client;
pub use refusal::Refusal;
pub use scope::Scope;

use northstar_kernel::{Decider, Digest, LearnerId, Timestamp, WalletClientId, WalletId};

const SECOND: i64 = 1_000_000;
/// How long an offered code is good, in microseconds.
pub const OFFER_MICROS: i64 = 600 * SECOND;
/// How long a wallet has to change its code for tokens, in microseconds.
pub const CODE_MICROS: i64 = 120 * SECOND;
/// How long an access token is good, in microseconds.
pub const ACCESS_MICROS: i64 = 3_600 * SECOND;
/// How long a consent lasts, in microseconds: ninety days.
pub const CONSENT_MICROS: i64 = 90 * 24 * 3_600 * SECOND;

/// Access that somebody may take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Names the access.
    pub id: WalletId,
    /// Whose credentials.
    pub learner: LearnerId,
    /// Of the code.
    pub code: Digest,
    /// Who offered: the subject of their token.
    pub by: String,
    /// When; the offer lasts for [`OFFER_MICROS`].
    pub at: Timestamp,
}

/// What was consented to, on the wallet's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The access.
    pub wallet: WalletId,
    /// The wallet's program.
    pub client: WalletClientId,
    /// What it may do, each once and in order.
    pub scopes: Vec<Scope>,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// RFC 7636: SHA-256 of what the wallet keeps to itself, base64url.
    pub challenge: String,
    /// Of the code that is changed for tokens.
    pub code: Digest,
    /// When; the consent lasts for [`CONSENT_MICROS`].
    pub at: Timestamp,
}

/// Tokens that a wallet was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access.
    pub wallet: WalletId,
    /// Of the token that opens the API, for [`ACCESS_MICROS`].
    pub access: Digest,
    /// Of the one that is changed for the next ones.
    pub refresh: Digest,
    /// What the first one is for, if it is for less than was consented to; empty if it is for all.
    pub scopes: Vec<Scope>,
    /// When.
    pub at: Timestamp,
}

/// Why an access ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The wallet gave it back.
    Returned,
    /// The learner, or who speaks for them, took the consent back.
    Withdrawn,
    /// A code or a token came a second time.
    Replayed,
}

/// A request about an access. `at` is the present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Offer it.
    Offer(Offer),
    /// Take the offer up.
    Accept(Consent),
    /// Change the code for tokens.
    Redeem {
        /// Of the code.
        code: Digest,
        /// Who asks.
        client: WalletClientId,
        /// Where the code was sent, by their word.
        redirect_uri: String,
        /// What their secret comes to.
        challenge: String,
        /// The tokens.
        tokens: Tokens,
    },
    /// Change tokens for others, which may be for less.
    Refresh {
        /// Of the token for that.
        refresh: Digest,
        /// Who asks.
        client: WalletClientId,
        /// The tokens.
        tokens: Tokens,
    },
    /// Give the access back.
    Return {
        /// Of either token.
        token: Digest,
        /// Who asks.
        client: WalletClientId,
        /// The present.
        at: Timestamp,
    },
    /// Take the consent back, or the offer.
    Withdraw {
        /// Who does: the subject of their token.
        by: String,
        /// The present.
        at: Timestamp,
    },
}

/// What happened to an access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was offered.
    Offered(Offer),
    /// Somebody consented.
    Accepted(Consent),
    /// The wallet was given tokens.
    TokensGiven(Tokens),
    /// It is over.
    Ended {
        /// The access.
        wallet: WalletId,
        /// Why.
        why: End,
        /// Who took the consent back; empty if nobody did.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// What is known of an access.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// What was offered.
    pub offer: Option<Offer>,
    /// What was consented to.
    pub consent: Option<Consent>,
    /// The tokens in use.
    pub tokens: Option<Tokens>,
    /// Of refresh tokens that were changed for others.
    spent: Vec<Digest>,
    /// Whether it is over.
    pub ended: bool,
}

impl State {
    /// What an access token opens at that moment: whose credentials, and to do what.
    pub fn opened_by(&self, access: Digest, now: Timestamp) -> Option<(LearnerId, &[Scope])> {
        let (consent, tokens) = (self.consent.as_ref()?, self.tokens.as_ref()?);
        let good = !self.ended && tokens.access == access && within(tokens.at, ACCESS_MICROS, now);
        let offer = self.offer.as_ref().filter(|_| good)?;
        let narrowed = Some(&tokens.scopes).filter(|scopes| !scopes.is_empty());
        Some((offer.learner, narrowed.unwrap_or(&consent.scopes)))
    }
}

/// Decides about accesses.
#[derive(Debug)]
pub struct Wallets;

impl Decider for Wallets {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Offer(offer) => Ok(vec![Event::Offered(offer)]),
            Command::Accept(consent) => accept(state, consent),
            Command::Redeem { code, client, redirect_uri, challenge, tokens } => {
                let consent = state.consent.as_ref().ok_or(Refusal::NotGood)?;
                let theirs = (consent.client, &consent.redirect_uri, &consent.challenge);
                if consent.code != code || theirs != (client, &redirect_uri, &challenge) {
                    return Err(Refusal::NotGood);
                }
                give(state, state.tokens.is_some(), (consent.at, CODE_MICROS), tokens)
            }
            Command::Refresh { refresh, client, tokens } => {
                let consent = state.consent.as_ref().filter(|consent| consent.client == client);
                let consent = consent.ok_or(Refusal::NotGood)?;
                let spent = state.spent.contains(&refresh);
                let current = state.tokens.as_ref().is_some_and(|now| now.refresh == refresh);
                if !spent && !current {
                    return Err(Refusal::NotGood);
                }
                let consented = |scope| consent.scopes.contains(scope);
                if current && !tokens.scopes.iter().all(consented) {
                    return Err(Refusal::NoScope);
                }
                give(state, spent, (consent.at, CONSENT_MICROS), tokens)
            }
            Command::Return { token, client, at } => Ok(returned(state, token, client, at)),
            Command::Withdraw { by, at } => {
                let wallet = state.offer.as_ref().ok_or(Refusal::NotFound)?.id;
                let ended = Event::Ended { wallet, why: End::Withdrawn, by, at };
                Ok(if state.ended { Vec::new() } else { vec![ended] })
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Offered(offer) => state.offer = Some(offer.clone()),
            Event::Accepted(consent) => state.consent = Some(consent.clone()),
            Event::TokensGiven(tokens) => {
                state.spent.extend(state.tokens.take().map(|before| before.refresh));
                state.tokens = Some(tokens.clone());
            }
            Event::Ended { .. } => state.ended = true,
        }
        state
    }
}

fn accept(state: &State, consent: Consent) -> Result<Vec<Event>, Refusal> {
    let offer = state.offer.as_ref().filter(|_| state.consent.is_none() && !state.ended);
    let offered = offer.is_some_and(|offer| within(offer.at, OFFER_MICROS, consent.at));
    match (offered, consent.scopes.is_empty()) {
        (false, _) => Err(Refusal::NotGood),
        (true, true) => Err(Refusal::NoScope),
        (true, false) => Ok(vec![Event::Accepted(consent)]),
    }
}

/// Gives tokens, if what they are given for is good for so long from then on; `replayed` if it was
/// used before.
fn give(
    state: &State,
    replayed: bool,
    (from, micros): (Timestamp, i64),
    tokens: Tokens,
) -> Result<Vec<Event>, Refusal> {
    match (state.ended, replayed) {
        (true, _) => Err(Refusal::NotGood),
        (false, true) => {
            let (wallet, at) = (tokens.wallet, tokens.at);
            Ok(vec![Event::Ended { wallet, why: End::Replayed, by: String::new(), at }])
        }
        (false, false) if within(from, micros, tokens.at) => Ok(vec![Event::TokensGiven(tokens)]),
        (false, false) => Err(Refusal::NotGood),
    }
}

/// Nothing, if it is not theirs: whoever gives back what they never had is told that it is gone.
fn returned(state: &State, token: Digest, client: WalletClientId, at: Timestamp) -> Vec<Event> {
    let theirs = state.consent.as_ref().filter(|consent| consent.client == client);
    let tokens = state.tokens.iter().flat_map(|tokens| [&tokens.access, &tokens.refresh]);
    let known = tokens.chain(&state.spent).any(|known| *known == token);
    let ends = theirs.filter(|_| known && !state.ended);
    let (why, by) = (End::Returned, String::new());
    let ended = ends.map(|consent| Event::Ended { wallet: consent.wallet, why, by, at });
    ended.into_iter().collect()
}

fn within(from: Timestamp, micros: i64, now: Timestamp) -> bool {
    now.micros() < from.micros().saturating_add(micros)
}
