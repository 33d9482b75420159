//! CLR 2.0: a learner's badges as they are, in one ClrCredential, with what connects their
//! achievements. The subject is a pseudonym made for this one record.

use northstar_credentials_proof::{ProofError, Signer, jws};
use northstar_kernel::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::did_web::Did;
use super::open_badges::urn;

/// The contexts, in the order that the specification asks for; the last one defines the type of
/// `credentialSchema`.
pub const CONTEXTS: [&str; 4] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];

/// The types of every record made here.
pub const TYPES: [&str; 2] = ["VerifiableCredential", "ClrCredential"];

/// How achievements may be connected; frameworks know more, which a record cannot say.
pub const ASSOCIATIONS: [&str; 8] = [
    "exactMatchOf",
    "isChildOf",
    "isParentOf",
    "isPartOf",
    "isPeerOf",
    "isRelatedTo",
    "precedes",
    "replacedBy",
];

const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json";

/// What a record says.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Its id.
    pub record: Uuid,
    /// Pseudonym of the learner, used in this record alone.
    pub subject: Uuid,
    /// Who says it.
    pub issuer: &'a Did,
    /// The issuer's name for people.
    pub issuer_name: &'a str,
    /// What the record is called.
    pub name: &'a str,
    /// From when on it holds, in whole seconds.
    pub valid_from: Timestamp,
    /// When it ends by itself, in whole seconds.
    pub valid_until: Timestamp,
    /// Whether there is more to tell of the learner.
    pub partial: bool,
    /// The badges, as they were signed.
    pub badges: Vec<Value>,
    /// What connects their achievements.
    pub associations: Vec<Association>,
}

/// A connection between two achievements of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Association {
    #[serde(rename = "type")]
    kind: &'static str,
    association_type: &'static str,
    source_id: String,
    target_id: String,
}

impl Association {
    /// From one achievement to another; `None` if a record cannot say it.
    pub fn new(kind: &str, source: Uuid, target: Uuid) -> Option<Self> {
        let association_type = ASSOCIATIONS.into_iter().find(|known| *known == kind)?;
        let (source_id, target_id) = (urn(source), urn(target));
        Some(Self { kind: "Association", association_type, source_id, target_id })
    }
}

/// The record, not signed yet; serialized, it is the JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClrCredential {
    #[serde(rename = "@context")]
    context: [&'static str; 4],
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 2],
    name: String,
    issuer: Publisher,
    valid_from: String,
    valid_until: String,
    partial: bool,
    credential_subject: ClrSubject,
    credential_schema: [CredentialSchema; 1],
}

#[derive(Debug, Clone, Serialize)]
struct Publisher {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClrSubject {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    verifiable_credential: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    association: Vec<Association>,
}

#[derive(Debug, Clone, Serialize)]
struct CredentialSchema {
    id: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl ClrCredential {
    /// The document that says this.
    pub fn new(statement: Statement<'_>) -> Self {
        Self {
            context: CONTEXTS,
            id: urn(statement.record),
            kind: TYPES,
            name: statement.name.into(),
            issuer: Publisher {
                id: statement.issuer.to_string(),
                kind: ["Profile"],
                name: statement.issuer_name.into(),
            },
            valid_from: statement.valid_from.to_string(),
            valid_until: statement.valid_until.to_string(),
            partial: statement.partial,
            credential_subject: ClrSubject {
                id: urn(statement.subject),
                kind: ["ClrSubject"],
                verifiable_credential: statement.badges,
                association: statement.associations,
            },
            credential_schema: [CredentialSchema {
                id: SCHEMA,
                kind: "1EdTechJsonSchemaValidator2019",
            }],
        }
    }
}

/// The record as VC-JWT: its members with the registered claims beside them and equal to them.
///
/// # Errors
/// It cannot be written as JSON, or the key did not sign.
pub fn token(
    signer: &dyn Signer,
    method: &str,
    (from, until): (Timestamp, Timestamp),
    record: &Value,
) -> Result<String, ProofError> {
    let ((from, _), (until, _)) = (from.parts(), until.parts());
    let mut claims: Map<String, Value> = record.as_object().cloned().unwrap_or_default();
    claims.insert("iss".into(), record["issuer"]["id"].clone());
    claims.insert("jti".into(), record["id"].clone());
    claims.insert("nbf".into(), from.into());
    claims.insert("exp".into(), until.into());
    claims.insert("sub".into(), record["credentialSubject"]["id"].clone());
    jws::sign(signer, method, &claims)
}
