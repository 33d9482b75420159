//! What an event changes in the documents, and what that touches.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::award::{self, Claim, MasteryEvent};
use northstar_credentials_domain::credential::{self, Edition, Replaced, ReviewWindow};
use northstar_credentials_domain::status::{Place, Published};
use northstar_credentials_domain::{Event, achievement, endorsement, issuer_keys};
use northstar_eventlog::Recorded;
use northstar_kernel::{AchievementId, CompetencyId, CredentialId, LearnerId, Timestamp};

use super::beside;
use super::sharing;
use crate::codec;
use crate::codec::incoming::{self, MasteryChange, TenantNamed};
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::credential::{CredentialDocument, EvidenceUse, HolderDocument, ReviewDue};
use crate::projection::issuer::IssuerDocument;
use crate::projection::received::ReceivedDocument;
use crate::projection::standing::StandingDocument;
use crate::projection::status::{
    PlacesDocument, ReviewWindowDocument, StatusDue, StatusListDocument,
};
use crate::standard::did_web::Host;

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
    /// What this key signed since then is not to be trusted, and was not replaced yet after this
    /// learner's credential.
    Key(String, Timestamp, Option<(LearnerId, CredentialId)>),
    /// It is to be signed.
    Endorsement(CredentialId),
}

pub(super) async fn named(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
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

/// `host` is where the deployment's DID documents are.
pub(super) async fn folded(
    host: &Host,
    event: &Recorded,
    work: &mut Work,
) -> Result<Touched, HandleError> {
    match codec::decode(event)? {
        Event::Achievement(achievement::Event::Defined(achievement)) => {
            let (competency, id) = (achievement.alignment.competency, achievement.id);
            let key = AchievementDocument::key(competency, id);
            let known = work.get::<AchievementDocument>(&key).await?.map(|known| known.version);
            let version = known.unwrap_or(0) + 1;
            work.put(&key, AchievementDocument { achievement, version });
            // Other words earn nobody anything.
            let new = Touched::Achievement(competency, id, None);
            Ok(if known.is_some() { Touched::Nothing } else { new })
        }
        Event::Achievement(achievement::Event::Offered { achievement, competency, up_to }) => {
            Ok(Touched::Achievement(competency, achievement, Some(up_to)))
        }
        Event::Award(award) => lived(&award, event.observed_at, work).await,
        Event::Issuer(event) => key_lived(event, work).await,
        // Whoever asks for it reads its stream.
        Event::Disclosure(_) => Ok(Touched::Nothing),
        Event::ReviewWindow(ReviewWindow { days }) => {
            work.put(ReviewWindowDocument::KEY, ReviewWindowDocument { days });
            Ok(Touched::Nothing)
        }
        Event::Replaced(Replaced { key_name, from, up_to }) => {
            Ok(Touched::Key(key_name, from, Some(up_to)))
        }
        Event::Wallet(event) => {
            sharing::offered(&event, work);
            Ok(Touched::Nothing)
        }
        Event::WalletClient(_) => Ok(Touched::Nothing),
        Event::Received(received) => {
            work.put(&ReceivedDocument::key(&received), ReceivedDocument(received));
            Ok(Touched::Nothing)
        }
        Event::Share(event) => {
            sharing::folded(&event, work);
            Ok(Touched::Nothing)
        }
        Event::Published(published) => {
            list_published(&published, work).await?;
            Ok(Touched::Nothing)
        }
        Event::Record(record) => {
            beside::record_assembled(&record, work);
            Ok(Touched::Nothing)
        }
        Event::Endorsement(event) => endorsed(host, &event, work).await,
        Event::Import(event) => {
            beside::import_lived(&event, work).await?;
            Ok(Touched::Nothing)
        }
    }
}

async fn endorsed(
    host: &Host,
    event: &endorsement::Event,
    work: &mut Work,
) -> Result<Touched, HandleError> {
    let issuer = work.get::<IssuerDocument>(IssuerDocument::KEY).await?;
    let own = issuer.and_then(|issuer| issuer.did(host)).map(|did| did.to_string());
    let due = beside::endorsement_lived(event, &own.unwrap_or_default(), work).await?;
    Ok(if due { Touched::Endorsement(event.endorsement) } else { Touched::Nothing })
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
    issuer.live_through(event);
    Ok(touched)
}

async fn lived(
    award::Event { claim, what }: &award::Event,
    at: Timestamp,
    work: &mut Work,
) -> Result<Touched, HandleError> {
    let key = CredentialDocument::key(claim.learner, claim.credential);
    if let credential::Event::Issued(edition) = what {
        issued(claim, edition, at, work).await?;
    }
    let Some(document) = work.get_mut::<CredentialDocument>(&key).await? else {
        return Ok(Touched::Nothing);
    };
    let review = document.review_until();
    document.live_through(what);
    let (achievement, competency) = (document.achievement()?, document.competency());
    let place = document.shown.place;
    if let Some(until) = review {
        work.remove::<ReviewDue>(&ReviewDue::key(until, claim.credential));
    }
    match what {
        credential::Event::Issued(edition)
        | credential::Event::Superseded(edition)
        | credential::Event::Renewed(edition) => used(claim, edition, work),
        credential::Event::ReviewOpened { until, .. } => {
            work.put(&ReviewDue::key(*until, claim.credential), ReviewDue(claim.learner));
        }
        credential::Event::Revoked { .. } => {
            let award = AwardDocument::key(claim.learner, achievement);
            work.put(&award, AwardDocument { held: false });
            if let Some(place) = place {
                revoked(Place { list: place.list, index: place.index }, work).await?;
            }
        }
        // What a hold kept from being said is said now.
        credential::Event::HoldLifted { .. } | credential::Event::Reinstated { .. } => {
            return Ok(Touched::Standing(competency, claim.learner));
        }
        credential::Event::HoldPlaced { .. } => {}
    }
    Ok(Touched::Nothing)
}

async fn issued(
    claim: &Claim,
    edition: &Edition,
    at: Timestamp,
    work: &mut Work,
) -> Result<(), HandleError> {
    let award = AwardDocument::key(claim.learner, edition.achievement);
    work.put(&award, AwardDocument { held: true });
    let key = CredentialDocument::key(claim.learner, claim.credential);
    work.put(&key, CredentialDocument::issued(claim, edition, at));
    work.put(claim.credential.as_bytes(), HolderDocument(claim.learner));
    let Some(place) = edition.place else { return Ok(()) };
    let places = work.entry::<PlacesDocument>(PlacesDocument::KEY).await?;
    places.next = places.next.max(edition.serial + 1);
    listed(place, work).await
}

/// A list is published before long after an entry leads to it.
pub(super) async fn listed(place: Place, work: &mut Work) -> Result<(), HandleError> {
    let key = StatusListDocument::key(place.list);
    if work.get::<StatusListDocument>(&key).await?.is_none() {
        work.put(&key, StatusListDocument::default());
        work.put(&key, StatusDue);
    }
    Ok(())
}

fn used(claim: &Claim, edition: &Edition, work: &mut Work) {
    for evidence in &edition.grounds.evidence {
        let key = EvidenceUse::key(*evidence, claim.credential);
        work.put(&key, EvidenceUse(claim.learner));
    }
}

/// Sets the bit at this place.
pub(super) async fn revoked(place: Place, work: &mut Work) -> Result<(), HandleError> {
    let key = StatusListDocument::key(place.list);
    let list = work.entry::<StatusListDocument>(&key).await?;
    if list.revoke(place) {
        work.put(&key, StatusDue);
    }
    Ok(())
}

async fn list_published(published: &Published, work: &mut Work) -> Result<(), HandleError> {
    let key = StatusListDocument::key(published.edition.list);
    let list = work.entry::<StatusListDocument>(&key).await?;
    list.publish(&published.edition, &published.document);
    if list.due(published.edition.list).is_none() {
        work.remove::<StatusDue>(&key);
    }
    Ok(())
}
