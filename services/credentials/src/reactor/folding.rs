//! What an event changes in the documents, and what that touches.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::achievement::Achievement;
use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::{Replaced, ReviewWindow};
use northstar_credentials_domain::status::{Published, RevocationList};
use northstar_credentials_domain::{Event, achievement, fact, issuer_keys};
use northstar_eventlog::{Malformed, Recorded};
use northstar_kernel::{AchievementId, CompetencyId, CredentialId, LearnerId, Timestamp};
use uuid::Uuid;

use super::beside;
use super::lived::lived;
use super::sharing;
use crate::codec;
use crate::codec::incoming::{self, MasteryChange, RolesChanged, TenantNamed};
use crate::projection::achievement::AchievementDocument;
use crate::projection::catalog::{self, CatalogDocument, ROLE};
use crate::projection::issuer::IssuerDocument;
use crate::projection::key_use::KeyUse;
use crate::projection::person::{FactsDocument, RolesDocument};
use crate::projection::received::ReceivedDocument;
use crate::projection::revoked::RevocationListDocument;
use crate::projection::scale::ScaleDocument;
use crate::projection::standing::StandingDocument;
use crate::projection::status::{ReviewWindowDocument, StatusDue, StatusListDocument};

/// What an event touched, and what is to be looked at because of it.
pub(super) enum Touched {
    /// Nothing that matters.
    Nothing,
    /// The issuer can sign from now on.
    Issuer,
    /// It can be earned from now on, and was not offered yet to learners after this one.
    Achievement(CompetencyId, AchievementId, Option<LearnerId>),
    /// It may earn or lose achievements.
    Standing(CompetencyId, LearnerId),
    /// What is watched changed for this learner: an achievement, a fact, their roles.
    Watched(Uuid, LearnerId),
    /// The achievement that is kept there is to be looked at for this learner.
    Award(Vec<u8>, LearnerId),
    /// What this key signed since then is not to be trusted, and was not replaced yet after this
    /// learner's credential.
    Key(String, Timestamp, Option<(LearnerId, CredentialId)>),
    /// It is to be signed.
    Endorsement(CredentialId),
}

/// Takes in what the registry says: how the tenant is called, who has which role, what the
/// rungs of scales are called.
pub(super) async fn registered(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
    if let Some(RolesChanged { person, roles }) = incoming::roles_changed(event)? {
        if roles.is_empty() {
            work.remove::<RolesDocument>(person.as_bytes());
        } else {
            work.put(person.as_bytes(), RolesDocument(roles));
        }
        return Ok(Touched::Watched(ROLE, person));
    }
    if let Some((competency, rungs)) = incoming::scale_published(event)? {
        if !rungs.is_empty() {
            work.put(competency.as_bytes(), ScaleDocument(rungs));
        }
        return Ok(Touched::Nothing);
    }
    let Some(TenantNamed { slug, name }) = incoming::tenant_named(event)? else {
        return Ok(Touched::Nothing);
    };
    let issuer = work.entry::<IssuerDocument>(IssuerDocument::KEY).await?;
    (issuer.slug, issuer.name) = (slug, name);
    Ok(Touched::Issuer)
}

pub(super) fn mastery_changed(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
    let Some(change) = incoming::mastery_change(event)? else { return Ok(Touched::Nothing) };
    let MasteryChange { learner, competency, standing, evidence, policy_hash } = change;
    let mastery_event = MasteryEvent { id: event.id, sequence: event.sequence };
    let key = StandingDocument::key(competency, learner);
    work.put(&key, StandingDocument { standing, mastery_event, evidence, policy_hash });
    Ok(Touched::Standing(competency, learner))
}

pub(super) async fn folded(event: &Recorded, work: &mut Work) -> Result<Vec<Touched>, HandleError> {
    let touched = match codec::decode(event)? {
        Event::Achievement(achievement::Event::Defined(achievement)) => {
            defined(achievement, work).await?
        }
        Event::Achievement(achievement::Event::Offered { achievement, competency, up_to }) => {
            Touched::Achievement(competency, achievement, Some(up_to))
        }
        Event::Award(award) => return lived(&award, event.observed_at, work).await,
        Event::Issuer(event) => key_lived(event, work).await?,
        Event::Fact(fact::Stated { learner, name, times, .. }) => {
            let watched = catalog::fact(&name);
            work.entry::<FactsDocument>(learner.as_bytes()).await?.state(name, times);
            Touched::Watched(watched, learner)
        }
        // Whoever asks for it reads its stream.
        Event::Disclosure(_) => Touched::Nothing,
        Event::ReviewWindow(ReviewWindow { days }) => {
            work.put(ReviewWindowDocument::KEY, ReviewWindowDocument { days });
            Touched::Nothing
        }
        Event::Replaced(Replaced { key_name, from, up_to }) => {
            Touched::Key(key_name, from, Some(up_to))
        }
        Event::RevocationList(RevocationList { published }) => {
            work.put(RevocationListDocument::KEY, RevocationListDocument { published });
            Touched::Nothing
        }
        Event::Wallet(event) => {
            sharing::offered(&event, work);
            Touched::Nothing
        }
        Event::WalletClient(_) => Touched::Nothing,
        Event::Received(received) => {
            work.put(&ReceivedDocument::key(&received), ReceivedDocument(received));
            Touched::Nothing
        }
        Event::Share(event) => {
            sharing::folded(&event, work);
            Touched::Nothing
        }
        Event::Published(published) => {
            list_published(&published, work).await?;
            Touched::Nothing
        }
        Event::Record(record) => {
            beside::record_assembled(&record, work);
            Touched::Nothing
        }
        Event::Endorsement(event) => match beside::endorsement_lived(&event, work).await? {
            true => Touched::Endorsement(event.endorsement),
            false => Touched::Nothing,
        },
        Event::Import(event) => {
            beside::import_lived(&event, work).await?;
            Touched::Nothing
        }
    };
    Ok(vec![touched])
}

async fn defined(achievement: Achievement, work: &mut Work) -> Result<Touched, HandleError> {
    let (competency, id) = (achievement.alignment.competency, achievement.id);
    let key = AchievementDocument::key(competency, id);
    let known = work.get::<AchievementDocument>(&key).await?.map(|known| known.version);
    let rule = achievement.rule().map_err(|_| Malformed::new("achievement", "its rule is none"))?;
    work.entry::<CatalogDocument>(CatalogDocument::KEY).await?.define(&achievement, &rule);
    let version = known.unwrap_or(0) + 1;
    work.put(&key, AchievementDocument { achievement, version });
    // Other words earn nobody anything.
    let new = Touched::Achievement(competency, id, None);
    Ok(if known.is_some() { Touched::Nothing } else { new })
}

async fn key_lived(event: issuer_keys::Event, work: &mut Work) -> Result<Touched, HandleError> {
    let issuer = work.entry::<IssuerDocument>(IssuerDocument::KEY).await?;
    let touched = match &event {
        issuer_keys::Event::KeyCompromised { name, from, .. } => {
            Touched::Key(name.clone(), *from, None)
        }
        // What waited for a key to sign with is looked at again.
        issuer_keys::Event::KeyActivated { .. } if issuer.lacks_a_key() => Touched::Issuer,
        _ => Touched::Nothing,
    };
    let created = match &event {
        issuer_keys::Event::KeyCreated { name, .. } => Some(name.clone()),
        _ => None,
    };
    issuer.live_through(event);
    if let Some(name) = created {
        work.put(name.as_bytes(), KeyUse::default());
    }
    Ok(touched)
}

async fn list_published(published: &Published, work: &mut Work) -> Result<(), HandleError> {
    let key = StatusListDocument::key(published.edition.list);
    let list = work.entry::<StatusListDocument>(&key).await?;
    let before = list.key_name.clone();
    list.publish(&published.edition, &published.document);
    let (after, due) = (list.key_name.clone(), list.due(published.edition.list));
    if due.is_none() {
        work.remove::<StatusDue>(&key);
    }
    if after != before {
        KeyUse::more(&[after], work).await?;
        KeyUse::fewer(&[before], work).await?;
    }
    Ok(())
}
