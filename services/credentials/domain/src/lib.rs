//! The credentials domain, pure: what can be earned, who earned it, and who signs for it.
//!
//! Six kinds of aggregate, each a stream of its own: an [`achievement`], an [`award`] (one learner's
//! standing towards one achievement: the lives of its [`credential`]s, one after the other), an
//! issuer's keys through their lives ([`issuer_keys`]), a learner's [`record`], an [`endorsement`]
//! given or received, and an [`import`] of another issuer's credential. Beside them stands what no single stream
//! decides: the [`status`] lists that all of a tenant's credentials share, and the [`criteria`] of
//! achievements.

pub mod achievement;
pub mod award;
pub mod credential;
pub mod criteria;
mod definition;
pub mod disclosure;
pub mod endorsement;
pub mod fact;
pub mod import;
pub mod issuer_keys;
pub mod received;
pub mod record;
pub mod share;
pub mod status;
pub mod verified;
pub mod wallet;

/// Everything that can be in this context's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// About an achievement.
    Achievement(achievement::Event),
    /// About one of an award's credentials.
    Award(award::Event),
    /// An authority stated something of a learner.
    Fact(fact::Stated),
    /// The tenant said how long a withdrawn mastery is looked at.
    ReviewWindow(credential::ReviewWindow),
    /// What a compromised key signed was replaced, up to one credential.
    Replaced(credential::Replaced),
    /// The tenant decided whether it publishes the ids of what it revoked.
    RevocationList(status::RevocationList),
    /// A status list was published.
    Published(status::Published),
    /// About an issuer's keys.
    Issuer(issuer_keys::Event),
    /// About a credential that is shown to whoever has a link.
    Share(share::Event),
    /// A program registered, for wallets.
    WalletClient(wallet::Client),
    /// About a wallet's access.
    Wallet(wallet::Event),
    /// A wallet brought a credential.
    Received(received::Received),
    /// A learner's record was assembled.
    Record(Box<record::Assembled>),
    /// About an endorsement.
    Endorsement(endorsement::Event),
    /// About an imported credential.
    Import(import::Event),
    /// About a credential that can be disclosed in part.
    Disclosure(disclosure::Event),
}

impl From<disclosure::Event> for Event {
    fn from(event: disclosure::Event) -> Self {
        Self::Disclosure(event)
    }
}

impl From<achievement::Event> for Event {
    fn from(event: achievement::Event) -> Self {
        Self::Achievement(event)
    }
}

impl From<award::Event> for Event {
    fn from(event: award::Event) -> Self {
        Self::Award(event)
    }
}

impl From<issuer_keys::Event> for Event {
    fn from(event: issuer_keys::Event) -> Self {
        Self::Issuer(event)
    }
}

impl From<fact::Stated> for Event {
    fn from(event: fact::Stated) -> Self {
        Self::Fact(event)
    }
}

impl From<status::RevocationList> for Event {
    fn from(event: status::RevocationList) -> Self {
        Self::RevocationList(event)
    }
}

impl From<share::Event> for Event {
    fn from(event: share::Event) -> Self {
        Self::Share(event)
    }
}

impl From<wallet::Event> for Event {
    fn from(event: wallet::Event) -> Self {
        Self::Wallet(event)
    }
}

impl From<status::Published> for Event {
    fn from(event: status::Published) -> Self {
        Self::Published(event)
    }
}

impl From<credential::ReviewWindow> for Event {
    fn from(event: credential::ReviewWindow) -> Self {
        Self::ReviewWindow(event)
    }
}

impl From<credential::Replaced> for Event {
    fn from(event: credential::Replaced) -> Self {
        Self::Replaced(event)
    }
}

impl From<record::Assembled> for Event {
    fn from(event: record::Assembled) -> Self {
        Self::Record(Box::new(event))
    }
}

impl From<endorsement::Event> for Event {
    fn from(event: endorsement::Event) -> Self {
        Self::Endorsement(event)
    }
}

impl From<import::Event> for Event {
    fn from(event: import::Event) -> Self {
        Self::Import(event)
    }
}
