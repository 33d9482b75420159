//! Signs what was earned: a document with a proof inside, and the same as a token.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::achievement::Achievement;
use northstar_credentials_domain::credential::Edition;
use northstar_credentials_domain::issuer_keys::{Algorithm, IssuerKeys, Key, KeyRing, Purpose};
use northstar_credentials_domain::status::Place;
use northstar_eventlog::Malformed;
use northstar_kernel::{CredentialId, Decider as _, Timestamp};

use super::issuing::Issuing;
use super::streams::Seen;
use crate::keys;
use crate::merit::Merit;
use crate::projection::issuer::IssuerDocument;
use crate::projection::status::PlacesDocument;
use crate::standard::did_web::Did;
use crate::standard::issuer_document::{proof_method, token_method};
use crate::standard::open_badges::{AchievementCredential, Statement};
use crate::standard::status::Entry;
use crate::standard::{embedded, vc_jwt};

/// Who signs, and with what.
pub(super) struct Issuer {
    pub(super) did: Did,
    pub(super) slug: String,
    pub(super) name: String,
    /// For proofs inside documents.
    pub(super) proof_key: Key,
    /// For tokens.
    token_key: Key,
}

impl Issuing<'_> {
    /// Gives the tenant its first keys, unless it has some; the keys after that.
    pub(super) async fn begin_keys(&self, work: &mut Work) -> Result<KeyRing, HandleError> {
        let stream = keys::stream(work.scope().tenant());
        let seen = Seen::load(stream, work).await?;
        let ring = IssuerKeys::fold(seen.issuer());
        let at = self.at;
        let command = keys::first(self.vault, &work.tenant_log(), &ring, at).await?;
        let events = IssuerKeys::decide(&ring, command)
            .map_err(|refusal| Malformed::new("issuer", refusal))?;
        let ring = events.iter().fold(ring, IssuerKeys::evolve);
        seen.append(events, at, self.cause(), work);
        Ok(ring)
    }

    /// Who signs now; `None` while the tenant has no name to sign with, or no key that may: what
    /// is due is looked at again when it gets one.
    pub(super) async fn issuer(&self, work: &mut Work) -> Result<Option<Issuer>, HandleError> {
        let known = work.get::<IssuerDocument>(IssuerDocument::KEY).await?;
        let Some(IssuerDocument { slug, name, ring, .. }) = known.cloned() else {
            return Ok(None);
        };
        if slug.is_empty() {
            return Ok(None);
        }
        let ring = if ring.keys().is_empty() { self.begin_keys(work).await? } else { ring };
        let at = ring.not_before(self.at);
        let key = |algorithm| ring.signing_key(Purpose::Credentials, algorithm, at).cloned();
        let keys = key(Algorithm::Ed25519).zip(key(self.token_algorithm));
        let did = Did::of_tenant(self.host, &slug);
        Ok(keys.map(|(proof_key, token_key)| Issuer { did, slug, name, proof_key, token_key }))
    }

    /// A place that no other credential has.
    pub(super) async fn place(&self, work: &mut Work) -> Result<(u64, Place), HandleError> {
        let key = self.vault.places(&work.tenant_log()).await?;
        let places = work.entry::<PlacesDocument>(PlacesDocument::KEY).await?;
        let serial = places.next;
        places.next += 1;
        Ok((serial, Place::of(&key, serial)))
    }

    /// The signed edition of a credential.
    pub(super) async fn sign(
        &self,
        issuer: &Issuer,
        merit: &Merit,
        (credential, valid_from): (CredentialId, Timestamp),
        (serial, place): (u64, Option<Place>),
        work: &mut Work,
    ) -> Result<Edition, HandleError> {
        let log = work.tenant_log();
        let pseudonyms = self.vault.pseudonyms(&log).await?;
        let status =
            place.map(|place| Entry::new(self.host.status_list(&issuer.slug, place.list), place));
        let (grounds, reached) = (merit.grounds(), merit.reached(work).await?);
        let valid_until = ends(&merit.achievement, valid_from);
        let document = AchievementCredential::new(&Statement {
            credential,
            subject: pseudonyms.subject(credential)?,
            issuer: &issuer.did,
            issuer_name: &issuer.name,
            valid_from,
            valid_until,
            achievement: &merit.achievement,
            version: merit.version,
            reached: &reached,
            decision: merit.decision(),
            grounds: &grounds,
            status: status.as_ref(),
        });
        let unsigned = |why| Malformed::new("a credential that is to be signed", why);
        let method = proof_method(&issuer.did, &issuer.proof_key);
        let signer = self.vault.signer(&log, &issuer.proof_key).await?;
        let created = valid_from.to_string();
        let signed = embedded::sign(&*signer, &method, &created, &document).map_err(unsigned)?;
        let method = token_method(&issuer.did, &issuer.token_key);
        let signer = self.vault.signer(&log, &issuer.token_key).await?;
        let token = vc_jwt::sign(&*signer, &method, &document).map_err(unsigned)?;
        Ok(Edition {
            credential,
            place,
            serial,
            achievement: merit.achievement.id,
            achievement_name: merit.achievement.name.clone(),
            achievement_version: merit.version,
            level: merit.level(),
            decision: merit.decision(),
            valid_from,
            valid_until,
            grounds,
            key_names: [&issuer.proof_key, &issuer.token_key].map(|key| key.name.clone()).into(),
            document: signed,
            token,
        })
    }
}

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// When an edition ends by itself that holds from then on.
fn ends(achievement: &Achievement, valid_from: Timestamp) -> Option<Timestamp> {
    let micros = i64::from(achievement.valid_days) * DAY_MICROS;
    (micros > 0).then(|| Timestamp::from_micros(valid_from.micros().saturating_add(micros)))
}
