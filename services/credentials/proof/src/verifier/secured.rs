//! A credential and what secures it: proofs inside, or a token around.

use northstar_credentials_canonical::{Limits, parse_json, read};
use serde_json::{Map, Value};

use super::owner::{self, Found};
use super::report::Finding;
use super::{Sources, Terms, issuer, model, moment};
use crate::jws::Compact;
use crate::key::PublicKey;
use crate::proof::{Proof, Suite, without_proofs};

/// Most proofs of one credential that are looked at.
const MOST_PROOFS: usize = 8;

/// Claims that a token has beside the credential's members.
const CLAIMS: [&str; 7] = ["iss", "jti", "sub", "nbf", "exp", "iat", "aud"];

/// Either way of securing, in sound form.
pub(super) enum Secured<'a> {
    /// The document as it came, and its proofs.
    Embedded(Value),
    /// The token, and the credential that it is.
    Token(Box<Compact<'a>>, Value),
}

impl<'a> Secured<'a> {
    /// Reads JSON or a compact JWS, by how it begins.
    pub(super) fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.starts_with('{') {
            let document = parse_json(text.as_bytes(), limits).map_err(|e| e.to_string())?;
            return Self::of_value(document, limits);
        }
        let compact = Compact::parse(text, limits)?;
        let credential = of_token(&compact.payload, limits)?;
        Ok(Self::Token(Box::new(compact), credential))
    }

    /// Of a document that is parsed already.
    pub(super) fn of_value(document: Value, limits: &Limits) -> Result<Self, String> {
        let unsecured = without_proofs(&document).map_err(|error| error.to_string())?;
        read(&unsecured, limits).map_err(|refusal| refusal.to_string())?;
        for (number, proof) in proofs(&document).iter().enumerate() {
            let mut config = proof.as_object().ok_or("proof is no object")?.clone();
            config.insert("@context".into(), document["@context"].clone());
            read(&config.into(), limits).map_err(|refusal| format!("proof {number}: {refusal}"))?;
        }
        Ok(Self::Embedded(document))
    }

    /// The credential itself.
    pub(super) fn credential(&self) -> &Value {
        match self {
            Self::Embedded(credential) | Self::Token(_, credential) => credential,
        }
    }

    /// The proofs inside; a token has none.
    pub(super) fn proofs(&self) -> &[Value] {
        match self {
            Self::Embedded(document) => proofs(document),
            Self::Token(..) => &[],
        }
    }

    /// What it is, in words.
    pub(super) fn form(&self) -> &'static str {
        match self {
            Self::Embedded(_) => "strict JSON, and every member is known",
            Self::Token(..) => "a compact JWS whose claims say what its members say",
        }
    }

    /// Arithmetic and key owner, of all signatures.
    pub(super) fn signatures(&self, sources: &dyn Sources, terms: &Terms) -> (Finding, Finding) {
        let Some(issuer) = issuer(self.credential()) else {
            let finding = Finding::failed("the credential names no issuer");
            return (Finding::unknown("it cannot be told whose key to look up"), finding);
        };
        match self {
            Self::Token(compact, _) => token(compact, issuer, sources, terms),
            Self::Embedded(document) => match proofs(document) {
                [] => unsigned(),
                many if many.len() > MOST_PROOFS => {
                    let finding =
                        Finding::failed(format!("there are more than {MOST_PROOFS} proofs"));
                    (finding.clone(), finding)
                }
                many => {
                    let one = |proof| embedded(document, proof, issuer, sources, terms);
                    let (arithmetic, owners): (Vec<_>, Vec<_>) = many.iter().map(one).unzip();
                    (Finding::worst(arithmetic), Finding::worst(owners))
                }
            },
        }
    }

    /// Whether it is secured in a way that is accepted.
    pub(super) fn policy(&self, suites: &[Suite]) -> Finding {
        let proof = match self {
            Self::Token(compact, _) => {
                return Finding::passed(format!("{} is accepted", compact.algorithm()));
            }
            Self::Embedded(document) => proofs(document),
        };
        let look = |proof| match Proof::read(proof) {
            Err(error) => Finding::unknown(error.to_string()),
            Ok(proof) if proof.purpose != "assertionMethod" => {
                Finding::failed(format!("the proof is for {:?}, not to assert", proof.purpose))
            }
            Ok(proof) if suites.contains(&proof.suite) => {
                Finding::passed(format!("{} is accepted", proof.suite.name()))
            }
            Ok(proof) => Finding::failed(format!("{} is not accepted", proof.suite.name())),
        };
        Finding::worst(proof.iter().map(look))
    }
}

fn proofs(document: &Value) -> &[Value] {
    match document.get("proof") {
        None => &[],
        Some(Value::Array(proofs)) => proofs,
        Some(proof) => std::slice::from_ref(proof),
    }
}

fn unsigned() -> (Finding, Finding) {
    let owner = Finding::unknown("there is no proof whose key could be looked up");
    (Finding::failed("the credential has no proof"), owner)
}

fn embedded(
    document: &Value,
    proof: &Value,
    issuer: &str,
    sources: &dyn Sources,
    terms: &Terms,
) -> (Finding, Finding) {
    let proof = match Proof::read(proof) {
        Ok(proof) => proof,
        Err(error) => {
            let owner = Finding::unknown("the proof cannot be read");
            return (Finding::failed(error.to_string()), owner);
        }
    };
    let Found { key, owner } = owner::find(proof.verification_method, issuer, sources, terms.now);
    let arithmetic = match key {
        Err(why) => Finding::unknown(why),
        Ok(key) => match crate::verify(document, &proof, &key, &terms.limits) {
            Ok(()) => Finding::passed(format!("{} by the key that is named", proof.suite.name())),
            Err(error) => Finding::failed(error.to_string()),
        },
    };
    (arithmetic, owner)
}

fn token(
    compact: &Compact<'_>,
    issuer: &str,
    sources: &dyn Sources,
    terms: &Terms,
) -> (Finding, Finding) {
    let Found { key, owner } = match (&compact.method, &compact.jwk) {
        (Some(method), None) if method.contains(':') => {
            owner::find(method, issuer, sources, terms.now)
        }
        // Relative to the issuer.
        (Some(name), None) => {
            let method = format!("{issuer}#{}", name.trim_start_matches('#'));
            owner::find(&method, issuer, sources, terms.now)
        }
        (_, Some(jwk)) => {
            let key = PublicKey::from_jwk(jwk);
            let owner = match &key {
                Ok(key) => owner::of_key(key, issuer, sources, terms.now),
                Err(why) => Finding::failed(why.clone()),
            };
            Found { key, owner }
        }
        (None, None) => {
            let why = "the header names no key".to_owned();
            Found { owner: Finding::failed(why.clone()), key: Err(why) }
        }
    };
    let arithmetic = match key {
        Err(why) => Finding::unknown(why),
        Ok(key) => match compact.verify(&key) {
            Ok(()) => Finding::passed(format!("{} by the key that is named", compact.algorithm())),
            Err(error) => Finding::failed(error.to_string()),
        },
    };
    (arithmetic, owner)
}

/// The credential that a token is: its payload without the claims, each of which must say what a
/// member says.
fn of_token(payload: &Value, limits: &Limits) -> Result<Value, String> {
    if let Some(credential) = payload.get("vc") {
        return of_claim(payload, credential, limits);
    }
    if payload.get("proof").is_some() {
        return Err("it is secured twice, by a token and by a proof inside".into());
    }
    let members = payload.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !CLAIMS.contains(&name.as_str()));
    let credential: Map<_, _> =
        members.map(|(name, value)| (name.clone(), value.clone())).collect();
    let credential = Value::Object(credential);
    read(&credential, limits).map_err(|refusal| refusal.to_string())?;
    claims(payload, payload)?;
    Ok(credential)
}

/// The credential of the data model 1.1 that a claim holds, whole, with nothing beside it.
fn of_claim(payload: &Value, credential: &Value, limits: &Limits) -> Result<Value, String> {
    if !model::is_old(credential) || credential.get("proof").is_some() {
        return Err("the claim vc is no credential of the data model 1.1, secured once".into());
    }
    let beside = |name: &&String| *name != "vc" && !CLAIMS.contains(&name.as_str());
    if let Some(name) = payload.as_object().into_iter().flat_map(Map::keys).find(beside) {
        return Err(format!("{name} stands beside the claim vc"));
    }
    read(credential, limits).map_err(|refusal| refusal.to_string())?;
    claims(payload, credential)?;
    Ok(credential.clone())
}

/// That each claim says what the credential says.
fn claims(payload: &Value, credential: &Value) -> Result<(), String> {
    let subject = &credential["credentialSubject"];
    let pairs = [
        ("iss", "issuer", issuer(credential)),
        ("jti", "id", credential["id"].as_str()),
        ("sub", "credentialSubject.id", subject["id"].as_str()),
    ];
    for (claim, member, value) in pairs {
        if payload.get(claim).and_then(Value::as_str) != value {
            return Err(format!("the claim {claim} is not equal to {member}"));
        }
    }
    for (claim, member) in ["nbf", "exp"].into_iter().zip(model::dates(credential)) {
        let seconds = payload.get(claim).map(|claim| claim.as_i64());
        let stated = credential.get(member).map(|member| {
            let moment = member.as_str().and_then(moment::read);
            moment.map(|moment| moment.micros().div_euclid(1_000_000))
        });
        if seconds != stated || seconds == Some(None) {
            return Err(format!("the claim {claim} is not equal to {member}"));
        }
    }
    Ok(())
}
