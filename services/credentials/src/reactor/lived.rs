//! What happens to a credential, in the documents.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::award::{self, Claim};
use northstar_credentials_domain::credential::{self, Edition, Moment};
use northstar_credentials_domain::status::Place;
use northstar_kernel::{AchievementId, Timestamp};

use super::folding::Touched;
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::catalog::CatalogDocument;
use crate::projection::credential::{CredentialDocument, EvidenceUse, HolderDocument, ReviewDue};
use crate::projection::due::CourseDue;
use crate::projection::key_use::KeyUse;
use crate::projection::revoked::Revoked;
use crate::projection::status::{PlacesDocument, StatusDue, StatusListDocument};

/// Takes in what happened to a credential, and says what is to be looked at because of it.
pub(super) async fn lived(
    award::Event { claim, what }: &award::Event,
    at: Timestamp,
    work: &mut Work,
) -> Result<Vec<Touched>, HandleError> {
    let key = CredentialDocument::key(claim.learner, claim.credential);
    match what {
        credential::Event::Requested { achievement, .. } => {
            let key = place_of(*achievement, work).await?;
            return Ok(key.map(|key| Touched::Award(key, claim.learner)).into_iter().collect());
        }
        credential::Event::Issued(edition) => issued(claim, edition, at, work).await?,
        _ => {}
    }
    let Some(document) = work.get_mut::<CredentialDocument>(&key).await? else {
        return Ok(Vec::new());
    };
    let (review, course) = (document.review_until(), document.course(claim.credential));
    document.live_through(what);
    let (more, fewer) = document.count(what);
    let achievement = document.achievement()?;
    let defined = AchievementDocument::key(document.competency(), achievement);
    let place = document.shown.place;
    let comes = document.course(claim.credential);
    if let Some(until) = review {
        work.remove::<ReviewDue>(&ReviewDue::key(until, claim.credential));
    }
    KeyUse::more(&more, work).await?;
    KeyUse::fewer(&fewer, work).await?;
    stands(claim, achievement, what, work).await?;
    let mut touched = vec![Touched::Watched(achievement.uuid(), claim.learner)];
    match what {
        credential::Event::Issued(edition)
        | credential::Event::Superseded(edition)
        | credential::Event::Renewed(edition) => {
            used(claim, edition, work);
            course.iter().for_each(|key| work.remove::<CourseDue>(key));
            comes.iter().for_each(|key| work.put(key, CourseDue(claim.learner)));
        }
        credential::Event::ReviewOpened { until, .. } => {
            work.put(&ReviewDue::key(*until, claim.credential), ReviewDue(claim.learner));
        }
        credential::Event::Revoked { .. } => {
            work.put(claim.credential.as_bytes(), Revoked);
            course.iter().for_each(|key| work.remove::<CourseDue>(key));
            if let Some(place) = place {
                revoked(Place { list: place.list, index: place.index }, work).await?;
            }
        }
        // What a hold kept from being said is said now.
        credential::Event::HoldLifted { .. } | credential::Event::Reinstated { .. } => {
            touched.push(Touched::Award(defined, claim.learner));
        }
        credential::Event::Came { moment, due, .. } => {
            work.remove::<CourseDue>(&CourseDue::key(*due, *moment, claim.credential));
            touched.push(Touched::Award(defined, claim.learner));
        }
        _ => {}
    }
    Ok(touched)
}

/// Whether the achievement is held from here on.
async fn stands(
    claim: &Claim,
    achievement: AchievementId,
    what: &credential::Event,
    work: &mut Work,
) -> Result<(), HandleError> {
    let key = AwardDocument::key(claim.learner, achievement);
    let known = work.get::<AwardDocument>(&key).await?.copied().unwrap_or_default();
    let held = match what {
        credential::Event::Issued(_)
        | credential::Event::Renewed(_)
        | credential::Event::Resumed { .. } => true,
        credential::Event::Revoked { .. }
        | credential::Event::Suspended { .. }
        | credential::Event::Came { moment: Moment::End, .. } => false,
        _ => known.held,
    };
    let now = AwardDocument { held };
    if now != known {
        work.put(&key, now);
    }
    Ok(())
}

async fn issued(
    claim: &Claim,
    edition: &Edition,
    at: Timestamp,
    work: &mut Work,
) -> Result<(), HandleError> {
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

/// Where the definition of an achievement is kept; `None` if there is none. Those from before there
/// was a catalog are looked for.
async fn place_of(id: AchievementId, work: &mut Work) -> Result<Option<Vec<u8>>, HandleError> {
    let catalog = work.get::<CatalogDocument>(CatalogDocument::KEY).await?;
    if let Some(key) = catalog.and_then(|catalog| catalog.key_of(id)) {
        return Ok(Some(key));
    }
    let keys = work.keys::<AchievementDocument>(&[]).await?;
    Ok(keys.into_iter().find(|key| key.ends_with(id.as_bytes())))
}
