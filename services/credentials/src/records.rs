//! Makes a learner's record out of what stands in the documents, and reads what was made.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::issuer_keys::{Algorithm, Key, Purpose};
use northstar_credentials_domain::record::{Assembled, Candidate, DAYS, Packed, Selection, Token};
use northstar_credentials_proof::verifier;
use northstar_eventlog::{Fault, Stream, TenantLog};
use northstar_kernel::{AchievementId, CompetencyId, CredentialId, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;

use crate::packing::{packed, unpacked};
use crate::projection::achievement::AchievementDocument;
use crate::projection::credential::CredentialDocument;
use crate::projection::framework::KnownAssociation;
use crate::projection::issuer::IssuerDocument;
use crate::secrets::Vault;
use crate::standard::clr::{Association, ClrCredential, Statement, token};
use crate::standard::did_web::Did;
use crate::standard::embedded;
use crate::standard::issuer_document::{proof_method, token_method};

const PAGE: u32 = 1_000;
const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// A learner's credentials, by id.
pub(crate) type Badges = BTreeMap<CredentialId, CredentialDocument>;

/// All of a learner's credentials.
pub(crate) async fn badges(log: &TenantLog, learner: LearnerId) -> Result<Badges, Fault> {
    let (mut badges, mut after) = (Badges::new(), None::<Vec<u8>>);
    loop {
        let page = log.documents::<CredentialDocument>(learner.as_bytes(), after.as_deref(), PAGE);
        let page = page.await?;
        after = page.last().map(|(key, _)| key.clone());
        let last = page.len() < PAGE as usize;
        for (_, badge) in page {
            let claim = badge.claim(log.tenant());
            let claim = claim.map_err(|why| Fault::lasting("reading a credential", why))?;
            badges.insert(claim.credential, badge);
        }
        if last {
            return Ok(badges);
        }
    }
}

/// What a record may have of them at that moment.
pub(crate) fn candidates(badges: &Badges, at: Timestamp) -> Vec<Candidate> {
    let candidate = |(id, badge): (&CredentialId, &CredentialDocument)| {
        let status = badge.shown.status();
        let said = said(badge);
        let [_, until] = verifier::bounds(&said);
        let over = until.and_then(verifier::instant).is_some_and(|until| until <= at);
        let holds = status == wire::CredentialStatus::Issued && !over;
        let shows = holds && !badge.shown.document.is_empty();
        let ended = status == wire::CredentialStatus::Revoked;
        Candidate { credential: *id, shows, ended }
    };
    badges.iter().map(candidate).collect()
}

/// The document as it was signed.
fn said(badge: &CredentialDocument) -> Value {
    serde_json::from_str(&badge.shown.document).unwrap_or_default()
}

/// What connects the achievements of these badges: the framework's own associations between their
/// competencies, and of two levels in one competency, that the lower one precedes the higher.
pub(crate) async fn associations(
    log: &TenantLog,
    badges: &[&CredentialDocument],
) -> Result<Vec<Association>, Fault> {
    let mut earned: BTreeMap<CompetencyId, BTreeMap<AchievementId, u32>> = BTreeMap::new();
    for badge in badges {
        let malformed = |why| Fault::lasting("reading a credential", why);
        let (competency, id) = (badge.competency(), badge.achievement().map_err(malformed)?);
        let known: Option<AchievementDocument> =
            log.document(&AchievementDocument::key(competency, id)).await?;
        let level = known.map_or(0, |known| known.achievement.required_level);
        earned.entry(competency).or_default().insert(id, level);
    }
    let mut found = Vec::new();
    for (competency, achievements) in &earned {
        for (lower, level) in achievements {
            let higher = achievements.iter().filter(|(_, higher)| *higher > level);
            let pair = |higher| Association::new("precedes", lower.uuid(), higher);
            found.extend(higher.filter_map(|(higher, _)| pair(higher.uuid())));
        }
        let mut after = None::<Vec<u8>>;
        loop {
            let page = log
                .documents::<KnownAssociation>(competency.as_bytes(), after.as_deref(), PAGE)
                .await?;
            after = page.last().map(|(key, _)| key.clone());
            for (_, KnownAssociation { kind, destination }) in &page {
                for target in earned.get(destination).into_iter().flat_map(BTreeMap::keys) {
                    let of = |source: &AchievementId| {
                        Association::new(kind, source.uuid(), target.uuid())
                    };
                    found.extend(achievements.keys().filter(|one| *one != target).filter_map(of));
                }
            }
            if page.len() < PAGE as usize {
                break;
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// What a record is to say, and for whom.
pub(crate) struct Wanted {
    /// Its id.
    pub(crate) record: CredentialId,
    /// Whose.
    pub(crate) learner: LearnerId,
    /// What it is called.
    pub(crate) name: String,
    /// What it has.
    pub(crate) selection: Selection,
    /// Who asks for it.
    pub(crate) actor: String,
    /// What it is for; a sealed text.
    pub(crate) purpose: String,
    /// On whose consent it rests; a sealed text.
    pub(crate) consent: String,
}

/// Who signs, and with what.
pub(crate) struct Signing<'a> {
    /// Where private keys are.
    pub(crate) vault: &'a Vault,
    /// The issuer.
    pub(crate) issuer: &'a IssuerDocument,
    /// Its name.
    pub(crate) did: &'a Did,
    /// What tokens are signed by.
    pub(crate) token_algorithm: Algorithm,
    /// The present.
    pub(crate) at: Timestamp,
}

impl Signing<'_> {
    fn key(&self, algorithm: Algorithm) -> Option<&Key> {
        let at = self.issuer.ring.not_before(self.at);
        self.issuer.ring.signing_key(Purpose::Credentials, algorithm, at)
    }

    /// The signed record; `None` while no key may sign.
    pub(crate) async fn assemble(
        &self,
        log: &TenantLog,
        badges: &Badges,
        wanted: Wanted,
    ) -> Result<Option<Assembled>, Fault> {
        let keys = self.key(Algorithm::Ed25519).zip(self.key(self.token_algorithm));
        let Some((proof_key, token_key)) = keys else { return Ok(None) };
        let (seconds, _) = self.at.parts();
        let valid_from = Timestamp::from_micros(seconds * 1_000_000);
        let valid_until = Timestamp::from_micros(valid_from.micros() + DAYS * DAY_MICROS);
        let chosen: Vec<_> =
            wanted.selection.credentials.iter().filter_map(|id| badges.get(id)).collect();
        let pseudonyms = self.vault.pseudonyms(log).await?;
        let record = ClrCredential::new(Statement {
            record: wanted.record.uuid(),
            subject: pseudonyms.subject(wanted.record)?,
            issuer: self.did,
            issuer_name: &self.issuer.name,
            name: &wanted.name,
            valid_from,
            valid_until,
            partial: wanted.selection.partial,
            badges: chosen.iter().map(|badge| said(badge)).collect(),
            associations: associations(log, &chosen).await?,
        });
        let unsigned = |why| Fault::lasting("signing a record", why);
        let record =
            serde_json::to_value(record).map_err(|why| Fault::lasting("writing a record", why))?;
        let method = proof_method(self.did, proof_key);
        let signer = self.vault.signer(log, proof_key).await?;
        let created = valid_from.to_string();
        let limits = Limits::RECORD;
        let document = embedded::sign_within(&limits, &*signer, &method, &created, &record);
        let method = token_method(self.did, token_key);
        let signer = self.vault.signer(log, token_key).await?;
        let compact = token(&*signer, &method, (valid_from, valid_until), &record);
        Ok(Some(Assembled {
            record: wanted.record,
            learner: wanted.learner,
            name: wanted.name,
            credentials: wanted.selection.credentials,
            partial: wanted.selection.partial,
            valid_from,
            valid_until,
            actor: wanted.actor,
            purpose: wanted.purpose,
            consent: wanted.consent,
            key_names: [proof_key, token_key].map(|key| key.name.clone()).into(),
            document: packed(document.map_err(unsigned)?.as_bytes()),
            token: apart(&compact.map_err(unsigned)?),
        }))
    }
}

/// A token as it is kept: what it says compresses, the letters that stand for it in the token do not.
fn apart(compact: &str) -> Token {
    let mut parts = compact.split('.').map(ToOwned::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (header, payload, signature) = (next(), next(), next());
    let payload = packed(&URL_SAFE_NO_PAD.decode(payload).unwrap_or_default());
    Token { header, payload, signature }
}

/// The token again, byte for byte.
pub(crate) fn compact(token: &Token) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.encode(unpacked(&token.payload)?);
    Some([token.header.as_str(), &payload, &token.signature].join("."))
}

/// The document again, byte for byte.
pub(crate) fn document(packed: &Packed) -> Option<String> {
    String::from_utf8(unpacked(packed)?).ok()
}

/// The stream of a record.
pub(crate) fn stream(record: CredentialId) -> Stream {
    Stream::new("record", record.uuid())
}
