//! What stands beside badges: records, endorsements, imported credentials. Folds them, and signs the
//! endorsements that were asked for.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::endorsement::{self, Endorsements, Signed, State, What};
use northstar_credentials_domain::record::Assembled;
use northstar_credentials_domain::{import, status::Place};
use northstar_eventlog::{Malformed, Stream};
use northstar_kernel::{CredentialId, Decider as _};
use uuid::Uuid;

use super::issuing::{Issuing, whole_second};
use super::lived::{listed, revoked};
use super::streams::Seen;
use crate::projection::endorsement::{EndorsementDocument, EndorsementDue, EndorsementOf};
use crate::projection::import::ImportDocument;
use crate::projection::key_use::KeyUse;
use crate::projection::record::RecordDocument;
use crate::projection::status::PlacesDocument;
use crate::standard::endorsement::{EndorsementCredential, Statement};
use crate::standard::issuer_document::proof_method;
use crate::standard::status::Entry;
use crate::standard::{embedded, open_badges::urn};

/// Folds a record.
pub(super) fn record_assembled(event: &Assembled, work: &mut Work) {
    work.put(&RecordDocument::key(event.learner, event.record), RecordDocument::from(event));
}

/// Folds what happened to an imported credential.
pub(super) async fn import_lived(
    event: &import::Event,
    work: &mut Work,
) -> Result<(), HandleError> {
    let key = ImportDocument::key(event.learner, event.import);
    work.entry::<ImportDocument>(&key).await?.live_through(event);
    Ok(())
}

/// Folds what happened to an endorsement; true if it is to be signed.
pub(super) async fn endorsement_lived(
    event: &endorsement::Event,
    work: &mut Work,
) -> Result<bool, HandleError> {
    let id = event.endorsement;
    let document = work.entry::<EndorsementDocument>(id.as_bytes()).await?;
    document.live_through(event);
    let (place, key_name) = (document.shown.place, document.key_name.clone());
    match &event.what {
        What::Requested(request) => {
            work.put(&EndorsementOf::key(&request.subject, id), EndorsementOf);
            work.put(id.as_bytes(), EndorsementDue);
            return Ok(true);
        }
        What::Received(received) => {
            work.put(&EndorsementOf::key(&received.subject, id), EndorsementOf);
        }
        What::Given(signed) => {
            work.remove::<EndorsementDue>(id.as_bytes());
            let places = work.entry::<PlacesDocument>(PlacesDocument::KEY).await?;
            places.next = places.next.max(signed.serial + 1);
            listed(signed.place, work).await?;
            KeyUse::more(std::slice::from_ref(&signed.key_name), work).await?;
        }
        What::Withdrawn { .. } => {
            work.remove::<EndorsementDue>(id.as_bytes());
            KeyUse::fewer(&[key_name], work).await?;
            if let Some(place) = place {
                revoked(Place { list: place.list, index: place.index }, work).await?;
            }
        }
    }
    Ok(false)
}

impl Issuing<'_> {
    /// Signs all endorsements that wait for a name or a key.
    pub(super) async fn endorse_all(&self, work: &mut Work) -> Result<(), HandleError> {
        for key in work.keys::<EndorsementDue>(&[]).await? {
            let id = Uuid::from_slice(&key).map_err(|why| Malformed::new("endorsement", why))?;
            self.endorse(CredentialId::from_uuid(id), work).await?;
        }
        Ok(())
    }

    /// Signs an endorsement that was asked for, unless it was signed or withdrawn since.
    pub(super) async fn endorse(
        &self,
        id: CredentialId,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let seen = Seen::load(Stream::new("endorsement", id.uuid()), work).await?;
        let state = Endorsements::fold(seen.endorsement());
        if !state.is_due() {
            return Ok(());
        }
        let Some(signed) = self.endorsed(id, &state, work).await? else { return Ok(()) };
        let command = endorsement::Event { endorsement: id, what: What::Given(signed) };
        let events = Endorsements::decide(&state, command)
            .map_err(|refusal| Malformed::new("endorsement", refusal))?;
        seen.append(events, self.event.recorded_at, self.cause(), work);
        Ok(())
    }

    /// The signed endorsement; `None` while nobody can sign.
    async fn endorsed(
        &self,
        id: CredentialId,
        state: &State,
        work: &mut Work,
    ) -> Result<Option<Signed>, HandleError> {
        let Some(issuer) = self.issuer(work).await? else { return Ok(None) };
        let Some(request) = &state.request else { return Ok(None) };
        let (serial, place) = self.place(work).await?;
        let entry = Entry::new(self.host.status_list(&issuer.slug, place.list), place);
        let valid_from = whole_second(self.event.recorded_at);
        let document = EndorsementCredential::new(&Statement {
            id: &urn(id.uuid()),
            issuer: &issuer.did,
            issuer_name: &issuer.name,
            valid_from,
            valid_until: request.valid_until,
            subject: &request.subject,
            comment: &request.comment,
            status: Some(&entry),
        });
        let method = proof_method(&issuer.did, &issuer.proof_key);
        let signer = self.vault.signer(&work.tenant_log(), &issuer.proof_key).await?;
        let document = embedded::sign(&*signer, &method, &valid_from.to_string(), &document)
            .map_err(|why| Malformed::new("an endorsement that is to be signed", why))?;
        let key_name = issuer.proof_key.name.clone();
        Ok(Some(Signed { serial, place, valid_from, key_name, document }))
    }
}
