//! The members that embedded proofs have in common.

use northstar_credentials_canonical::{Limits, canonicalize, read};
use serde_json::{Map, Value};

use crate::error::ProofError;

/// The one type of proof.
const TYPE: &str = "DataIntegrityProof";

/// How a proof is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// Ed25519 over canonical quads: what certification names, and the default.
    EddsaRdfc2022,
    /// Ed25519 over canonical JSON: any change of the text's meaning as JSON breaks it.
    EddsaJcs2022,
    /// P-256 over each quad by itself: the holder may disclose some and withhold others.
    EcdsaSd2023,
}

impl Suite {
    /// Its name as `cryptosuite`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let all = [Self::EddsaRdfc2022, Self::EddsaJcs2022, Self::EcdsaSd2023];
        all.into_iter().find(|suite| suite.name() == name)
    }
}

/// What the signer says about a proof; its purpose is always `assertionMethod`.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Full name of the key: `did:web:badges.example:t:one#ed-2026-11`.
    pub verification_method: &'a str,
    /// When it was made, as an XML Schema `dateTime`.
    pub created: &'a str,
}

impl Options<'_> {
    /// The proof without its value, and with the context that its members are read by.
    pub(crate) fn config(&self, document: &Value, suite: Suite) -> Map<String, Value> {
        let members = [
            ("type", TYPE),
            ("cryptosuite", suite.name()),
            ("created", self.created),
            ("verificationMethod", self.verification_method),
            ("proofPurpose", "assertionMethod"),
        ];
        let mut config: Map<String, Value> =
            members.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
        config.insert("@context".into(), document["@context"].clone());
        config
    }
}

/// A proof as somebody wrote it, its value not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof<'a> {
    /// How it is made.
    pub suite: Suite,
    /// What it says made it: the full name of a key. Nothing but a name.
    pub verification_method: &'a str,
    /// What it is for; `assertionMethod` on credentials.
    pub purpose: &'a str,
    /// When it says it was made.
    pub created: Option<&'a str>,
    /// Until when it says it holds.
    pub expires: Option<&'a str>,
    pub(crate) value: &'a str,
    pub(crate) members: &'a Map<String, Value>,
}

impl<'a> Proof<'a> {
    /// Reads a member of `proof`.
    ///
    /// # Errors
    /// A sentence: another type or suite, or members missing or of the wrong kind.
    pub fn read(proof: &'a Value) -> Result<Self, ProofError> {
        let members = proof.as_object().ok_or(ProofError::malformed("the proof is no object"))?;
        let text = |name: &str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(ProofError::malformed(format!("the proof's {name} is no text"))),
        };
        let needed = |name: &str| {
            text(name)?.ok_or_else(|| ProofError::malformed(format!("the proof has no {name}")))
        };
        if needed("type")? != TYPE {
            return Err(ProofError::malformed(format!("the proof's type is not {TYPE}")));
        }
        if members.contains_key("previousProof") {
            return Err(ProofError::malformed("the proof builds on another, which is not read"));
        }
        let suite = needed("cryptosuite")?;
        let unknown = || ProofError::malformed(format!("the cryptosuite {suite:?} is not known"));
        Ok(Self {
            suite: Suite::named(suite).ok_or_else(unknown)?,
            verification_method: needed("verificationMethod")?,
            purpose: needed("proofPurpose")?,
            created: text("created")?,
            expires: text("expires")?,
            value: needed("proofValue")?,
            members,
        })
    }

    /// What is signed of the proof itself, under the document's context.
    pub(crate) fn config(&self, document: &Value) -> Map<String, Value> {
        let mut config = self.members.clone();
        config.remove("proofValue");
        config.insert("@context".into(), document["@context"].clone());
        config
    }
}

/// SHA-256 of the proof's own quads.
pub(crate) fn hash(config: Map<String, Value>, limits: &Limits) -> Result<[u8; 32], ProofError> {
    let config = Value::Object(config);
    Ok(canonicalize(read(&config, limits)?.dataset(), limits)?.sha256())
}

/// The document as it was before any proof was put in.
///
/// # Errors
/// It is no object.
pub fn without_proofs(document: &Value) -> Result<Value, ProofError> {
    let members = document.as_object().ok_or(ProofError::malformed("the document is no object"))?;
    let kept = members.iter().filter(|(name, _)| *name != "proof");
    Ok(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into())
}

/// The document with this proof as its only one.
pub(crate) fn with_proof(
    document: &Value,
    mut config: Map<String, Value>,
    value: String,
    keep_context: bool,
) -> Result<Value, ProofError> {
    if !keep_context {
        config.remove("@context");
    }
    config.insert("proofValue".into(), value.into());
    let mut secured = without_proofs(document)?;
    secured["proof"] = config.into();
    Ok(secured)
}
