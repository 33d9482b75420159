//! Credentials that their holder discloses in part.

use northstar_chassis::{Principal, Role, status};
use northstar_credentials_canonical::Limits;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::award::Claim;
use northstar_credentials_domain::disclosure::{
    Command, Disclosable, Disclosure, Disclosures, Refusal, State, check,
};
use northstar_credentials_domain::issuer_keys::{Algorithm, Key, KeyRing, Purpose};
use northstar_credentials_proof::{Options, ProofError, Selective, derive, secure_selectively};
use northstar_eventlog::{Append, AppendError, Fault, Stream, TenantLog, now};
use northstar_kernel::{CredentialId, Decider as _, Digest, ExpectedVersion, Timestamp, Version};
use northstar_wire::credentials::v1 as wire;
use serde_json::Value;
use tonic::Status;

use super::orders::WORDS;
use super::{credentials, issuers};
use crate::codec::{self, sealed};
use crate::secrets::Vault;
use crate::standard::did_web::{Did, Host};
use crate::standard::issuer_document::proof_method;

/// Who may have a credential signed so. Whoever has it sees all of it.
const ISSUING: [Role; 5] =
    [Role::NetworkAdmin, Role::DistrictAdmin, Role::Teacher, Role::Learner, Role::Guardian];
/// Who decides what is shown to whom.
const HOLDERS: [Role; 2] = [Role::Learner, Role::Guardian];
/// Times a decision is taken anew because another call was faster.
const ATTEMPTS: u32 = 4;
/// Longest word on whom it is for, in characters.
const LONGEST_AUDIENCE: usize = 2_000;
/// What is shown whatever is chosen: what was earned, as the schema asks for it. What decides whether
/// the credential holds is shown as well.
const SHOWN: [&str; 4] = ["id", "name", "description", "criteria"];

/// Who signs, and with what.
pub(super) struct Issuer<'a> {
    pub(super) host: &'a Host,
    pub(super) vault: &'a Vault,
}

/// A credential's disclosures as the log has them.
struct Loaded {
    state: State,
    version: Version,
}

impl Issuer<'_> {
    /// Signs one so that parts can be disclosed.
    pub(super) async fn issue(
        &self,
        principal: &Principal,
        log: &TenantLog,
        request: &wire::IssueDisclosableRequest,
    ) -> Result<wire::IssueDisclosableResponse, Status> {
        principal.require(&ISSUING)?;
        let (made, issued) = self.made(principal, log, &request.credential_id).await?;
        Ok(wire::IssueDisclosableResponse { document: made.document, issued })
    }

    /// Derives what the holder chose, and notes that they did.
    pub(super) async fn disclose(
        &self,
        principal: &Principal,
        log: &TenantLog,
        request: wire::DiscloseCredentialRequest,
    ) -> Result<wire::DiscloseCredentialResponse, Status> {
        principal.require(&HOLDERS)?;
        let wire::DiscloseCredentialRequest { credential_id, mut members, audience } = request;
        check(&members).map_err(|refusal| status::refused(&refusal))?;
        members.sort();
        members.dedup();
        let audience = said(&audience)?;
        let (made, _) = self.made(principal, log, &credential_id).await?;
        let document = derived(&made.document, &members)?;
        let audience = log.seal(made.learner.uuid(), WORDS, audience.as_bytes()).await;
        let disclosure = Disclosure {
            credential: made.credential,
            learner: made.learner,
            edition: made.edition,
            members,
            actor: principal.subject().to_owned(),
            audience: sealed::text(&audience.map_err(status::fault)?),
            at: now(),
        };
        let command = || Command::Disclose(disclosure.clone());
        decided(principal, log, made.credential, command).await?;
        Ok(wire::DiscloseCredentialResponse { document })
    }

    /// The edition that counts, signed so now or before; true if now.
    async fn made(
        &self,
        principal: &Principal,
        log: &TenantLog,
        credential_id: &str,
    ) -> Result<(Disclosable, bool), Status> {
        let (claim, found) = credentials::find(principal, log, credential_id).await?;
        if found.shown.status() == wire::CredentialStatus::Revoked {
            return Err(status::refused(&Refusal::Ended));
        }
        let (did, issuer) = issuers::find(self.host, log).await?;
        let at = issuer.ring.not_before(now());
        let edition = Digest::of(found.shown.document.as_bytes()).to_string();
        let known = load(log, claim.credential).await.map_err(status::fault)?.state.made;
        let known = known.filter(|made| made.edition == edition && lists(&issuer.ring, made, at));
        if let Some(known) = known {
            return Ok((known, false));
        }
        let key = issuer.ring.signing_key(Purpose::Credentials, Algorithm::P256, at);
        let no_key = || refused("no key of the issuer's signs so now; try again later");
        let key = key.ok_or_else(no_key)?;
        let document = self.signed(log, (&did, key), claim, &found.shown.document, at).await?;
        let made = Disclosable {
            credential: claim.credential,
            learner: claim.learner,
            edition,
            key_name: key.name.clone(),
            document,
            at,
        };
        let issued =
            decided(principal, log, claim.credential, || Command::Make(made.clone())).await?;
        Ok((made, issued))
    }

    async fn signed(
        &self,
        log: &TenantLog,
        (did, key): (&Did, &Key),
        claim: Claim,
        document: &str,
        at: Timestamp,
    ) -> Result<String, Status> {
        let document: Value = serde_json::from_str(document)
            .map_err(|_| refused("it is from before credentials had proofs inside"))?;
        let document = without_lists(document);
        let pseudonyms = self.vault.pseudonyms(log).await.map_err(status::fault)?;
        let seed = pseudonyms.seed(claim.credential).map_err(status::fault)?;
        let mandatory = mandatory(&document);
        let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
        let signer = self.vault.signer(log, key).await.map_err(status::fault)?;
        let (method, created) = (proof_method(did, key), whole_second(at).to_string());
        let options = Options { verification_method: &method, created: &created };
        let selective = Selective { mandatory: &mandatory, seed: &seed };
        let signed = secure_selectively(&document, &selective, &options, &*signer, &Limits::BADGE);
        match signed {
            Ok(signed) => Ok(signed.to_string()),
            Err(ProofError::Signer(why)) => {
                Err(status::fault(Fault::lasting("signing a credential", why)))
            }
            Err(why) => Err(refused(&why.to_string())),
        }
    }
}

fn refused(why: &str) -> Status {
    status::refused(&Refusal::NotDisclosable(why.to_owned()))
}

fn said(audience: &str) -> Result<&str, Status> {
    let audience = audience.trim();
    let wrong = |why: &str| status::invalid("AUDIENCE_INVALID", "audience", why);
    match audience.chars().count() {
        0 => Err(wrong("must say whom it is for, in a sentence")),
        length if length > LONGEST_AUDIENCE => Err(wrong("must have at most 2000 characters")),
        _ => Ok(audience),
    }
}

/// Whether whoever verifies it finds the key that signed it.
fn lists(ring: &KeyRing, made: &Disclosable, at: Timestamp) -> bool {
    ring.listed_keys(at).any(|key| key.name == made.key_name)
}

/// What of the document every derived one shows.
fn mandatory(document: &Value) -> Vec<String> {
    let places = SHOWN.map(|name| format!("/credentialSubject/achievement/{name}"));
    places.into_iter().filter(|place| document.pointer(place).is_some()).collect()
}

/// The values that a result may have stand in a list, and a list cannot be disclosed in part.
fn without_lists(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| name != "allowedValue");
            Value::Object(kept.map(|(name, value)| (name, without_lists(value))).collect())
        }
        Value::Array(elements) => elements.into_iter().map(without_lists).collect(),
        other => other,
    }
}

fn whole_second(at: Timestamp) -> Timestamp {
    let (seconds, _) = at.parts();
    Timestamp::from_micros(seconds * 1_000_000)
}

fn derived(base: &str, members: &[String]) -> Result<String, Status> {
    let malformed = |why| status::fault(Fault::lasting("reading a base credential", why));
    let base: Value = serde_json::from_str(base).map_err(malformed)?;
    let leads_nowhere =
        |name: &&String| base.pointer(name).is_none() || name.split('/').nth(1) == Some("proof");
    if let Some(lost) = members.iter().find(leads_nowhere) {
        let why = format!("{lost:?} leads to nothing in the credential");
        return Err(status::invalid("MEMBER_INVALID", "members", &why));
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let derived = derive(&base, &members, &Limits::BADGE);
    let wrong = |why: ProofError| status::invalid("MEMBER_INVALID", "members", &why.to_string());
    Ok(derived.map_err(wrong)?.to_string())
}

fn stream(credential: CredentialId) -> Stream {
    Stream::new("disclosure", credential.uuid())
}

async fn load(log: &TenantLog, credential: CredentialId) -> Result<Loaded, Fault> {
    let recorded = log.stream(&stream(credential)).await?;
    let mut state = State::default();
    for event in &recorded {
        let event =
            codec::decode(event).map_err(|why| Fault::lasting("reading disclosures", why))?;
        if let Event::Disclosure(event) = event {
            state = Disclosures::evolve(state, &event);
        }
    }
    Ok(Loaded { state, version: Version(recorded.len() as u64) })
}

/// Decides on what the log has now, and appends; true if there was something to append.
async fn decided(
    principal: &Principal,
    log: &TenantLog,
    credential: CredentialId,
    command: impl Fn() -> Command,
) -> Result<bool, Status> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let Loaded { state, version } = load(log, credential).await.map_err(status::fault)?;
        let events = Disclosures::decide(&state, command());
        let events = events.map_err(|refusal| status::refused(&refusal))?;
        if events.is_empty() {
            return Ok(false);
        }
        let expected = match version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let events = events.into_iter().map(|event| codec::encode(&event.into(), None)).collect();
        let (stream, cause) = (stream(credential), principal.cause());
        match log.append(Append { stream, expected, events, request: None, cause }).await {
            Ok(_) => return Ok(true),
            Err(AppendError::WrongVersion(_)) if attempt < ATTEMPTS => {}
            Err(error) => return Err(status::append_failed(error)),
        }
    }
}
