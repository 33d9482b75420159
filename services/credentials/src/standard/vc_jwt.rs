//! VC-JWT as Open Badges 3.0 has it on the data model 2.0: the payload is the credential itself,
//! with the registered claims beside its members and equal to them.

use northstar_credentials_domain::issuer::PublicKey;
use northstar_credentials_proof::ProofError;
use northstar_kernel::{CredentialId, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::did_web::Did;
use super::jose::{self, ALGORITHM, Compact, Key};
use super::open_badges::{AchievementCredential, CONTEXTS, TYPES};

/// How far two clocks may be apart before a credential counts as not valid yet.
const SKEW_SECONDS: i64 = 60;

#[derive(Serialize)]
struct Claims<'a> {
    #[serde(flatten)]
    credential: &'a AchievementCredential,
    iss: &'a str,
    jti: &'a str,
    nbf: i64,
    sub: &'a str,
}

/// Signs the credential; `method` is the full name of the issuer's verification method.
///
/// # Errors
/// The credential cannot be written as JSON.
pub fn sign(
    key: &Key,
    method: &str,
    credential: &AchievementCredential,
) -> Result<String, ProofError> {
    let claims = Claims {
        credential,
        iss: &credential.issuer.id,
        jti: &credential.id,
        nbf: credential.valid_from_seconds,
        sub: &credential.credential_subject.id,
    };
    key.sign(method, &claims)
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What: form, key, signature, claims, time or status.
    pub name: &'static str,
    /// Whether it is as it must be.
    pub passed: bool,
    /// What was seen, for people.
    pub detail: String,
}

/// What the document by itself came to; whether it still holds is for the issuer's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In order; form, key and signature end the matter when they fail.
    pub checks: Vec<Check>,
    /// Which credential it is, once the signature is known to be sound.
    pub credential: Option<CredentialId>,
}

/// Looks at everything that document, issuer and time can tell.
pub fn verify(compact_jws: &str, issuer: &Did, keys: &[PublicKey], now: Timestamp) -> Report {
    let mut checks = Vec::new();
    let credential = look(&mut checks, compact_jws, issuer, keys, now);
    Report { checks, credential }
}

fn look(
    checks: &mut Vec<Check>,
    compact_jws: &str,
    issuer: &Did,
    keys: &[PublicKey],
    now: Timestamp,
) -> Option<CredentialId> {
    let compact =
        jose::parse(compact_jws).and_then(|compact| form(&compact.payload).map(|()| compact));
    let compact = note(checks, "form", compact, |_| "an Open Badge 3.0 as VC-JWT".into())?;
    let key = key_of(&compact, issuer, keys);
    let key = note(checks, "key", key, |key| format!("{} of {issuer}", key.name))?;
    let signature = jose::verify(&compact, &key.jwk);
    note(checks, "signature", signature, |()| format!("{ALGORITHM} over these bytes"))?;
    let payload = &compact.payload;
    note(checks, "claims", claims(payload), |()| "equal to the members".into());
    note(checks, "time", time(payload, now), Clone::clone);
    credential_id(payload)
}

/// Writes down what a check found, and passes it on if it is as it must be.
fn note<T>(
    checks: &mut Vec<Check>,
    name: &'static str,
    found: Result<T, String>,
    seen: impl FnOnce(&T) -> String,
) -> Option<T> {
    let detail = found.as_ref().map_or_else(Clone::clone, seen);
    checks.push(Check { name, passed: found.is_ok(), detail });
    found.ok()
}

fn form(payload: &Value) -> Result<(), String> {
    if !CONTEXTS.iter().eq(payload["@context"].as_array().into_iter().flatten()) {
        return Err(format!("@context is not {CONTEXTS:?}"));
    }
    let types = payload["type"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some(missing) = TYPES.iter().find(|kind| !types.iter().any(|found| found == **kind)) {
        return Err(format!("type lacks {missing}"));
    }
    if credential_id(payload).is_none() {
        return Err("id is not a urn:uuid".into());
    }
    Ok(())
}

fn credential_id(payload: &Value) -> Option<CredentialId> {
    payload["id"].as_str()?.strip_prefix("urn:uuid:")?.parse().ok()
}

/// The key is looked up among the issuer's own, so that nothing in the document can bring one in.
fn key_of<'k>(
    compact: &Compact<'_>,
    issuer: &Did,
    keys: &'k [PublicKey],
) -> Result<&'k PublicKey, String> {
    for (member, value) in
        [("iss", &compact.payload["iss"]), ("issuer.id", &compact.payload["issuer"]["id"])]
    {
        if value != issuer.as_str() {
            return Err(format!("{member} is not {issuer}"));
        }
    }
    let algorithm = compact.algorithm();
    if algorithm != ALGORITHM {
        return Err(format!("alg is {algorithm:?}; the issuer's keys sign {ALGORITHM}"));
    }
    keys.iter()
        .find(|key| Some(issuer.method(&key.name)) == compact.method)
        .ok_or_else(|| format!("kid {:?} is no key of {issuer}", compact.method))
}

fn claims(payload: &Value) -> Result<(), String> {
    let pairs = [
        ("jti", "id", &payload["id"]),
        ("sub", "credentialSubject.id", &payload["credentialSubject"]["id"]),
    ];
    for (claim, member, value) in pairs {
        if payload[claim].as_str().is_none() || payload[claim] != *value {
            return Err(format!("{claim} is not equal to {member}"));
        }
    }
    if payload.get("nbf").is_none() {
        return Err("nbf is missing".into());
    }
    same_moment(payload, "nbf", "validFrom")?;
    same_moment(payload, "exp", "validUntil")
}

/// Neither is there, or both are, and the claim's seconds are the member's moment.
fn same_moment(payload: &Value, claim: &str, member: &str) -> Result<(), String> {
    let same = match (payload.get(claim), payload.get(member)) {
        (None, None) => true,
        (Some(claimed), Some(stated)) => {
            seconds(claimed).is_some_and(|moment| *stated == moment.to_string())
        }
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("{claim} is not equal to {member}")) }
}

fn time(payload: &Value, now: Timestamp) -> Result<String, String> {
    let from = seconds(&payload["nbf"]).ok_or("nbf is no time in seconds")?;
    if now.micros() < from.micros().saturating_sub(SKEW_SECONDS * 1_000_000) {
        return Err(format!("valid from {from} on"));
    }
    match payload.get("exp").map(seconds) {
        None => Ok(format!("valid since {from}")),
        Some(Some(until)) if now < until => Ok(format!("valid since {from}, until {until}")),
        Some(Some(until)) => Err(format!("valid until {until}")),
        Some(None) => Err("exp is no time in seconds".into()),
    }
}

fn seconds(value: &Value) -> Option<Timestamp> {
    Timestamp::from_parts(value.as_i64()?, 0)
}
