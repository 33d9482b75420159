//! Open Badges 3.0: what somebody says of an achievement, an issuer or a credential, as an
//! EndorsementCredential with a proof of its own. It stands beside what it is of, never inside: that
//! is signed already.

use northstar_credentials_canonical::{Limits, Refusal, read};
use northstar_kernel::Timestamp;
use serde::Serialize;

use super::did_web::Did;
use super::open_badges::CONTEXTS;
use super::status::Entry;

/// The types of every endorsement made here.
pub const TYPES: [&str; 2] = ["VerifiableCredential", "EndorsementCredential"];

const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json";

/// What an endorsement says.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// Its id.
    pub id: &'a str,
    /// Who endorses.
    pub issuer: &'a Did,
    /// The endorser's name for people.
    pub issuer_name: &'a str,
    /// From when on it holds, in whole seconds.
    pub valid_from: Timestamp,
    /// When it ends by itself, in whole seconds; `None` if it does not.
    pub valid_until: Option<Timestamp>,
    /// Id of what is endorsed.
    pub subject: &'a str,
    /// What is said of it.
    pub comment: &'a str,
    /// Its bit in a status list; `None` leaves the member out.
    pub status: Option<&'a Entry>,
}

/// The endorsement, not signed yet; serialized, it is the JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementCredential {
    #[serde(rename = "@context")]
    context: [&'static str; 3],
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 2],
    name: &'static str,
    issuer: Endorser,
    valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    credential_subject: EndorsementSubject,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_status: Option<Entry>,
    credential_schema: [CredentialSchema; 1],
}

#[derive(Debug, Clone, Serialize)]
struct Endorser {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct EndorsementSubject {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    endorsement_comment: String,
}

#[derive(Debug, Clone, Serialize)]
struct CredentialSchema {
    id: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl EndorsementCredential {
    /// The document that says this.
    pub fn new(statement: &Statement<'_>) -> Self {
        Self {
            context: CONTEXTS,
            id: statement.id.to_owned(),
            kind: TYPES,
            name: "Endorsement",
            issuer: Endorser {
                id: statement.issuer.to_string(),
                kind: ["Profile"],
                name: statement.issuer_name.into(),
            },
            valid_from: statement.valid_from.to_string(),
            valid_until: statement.valid_until.map(|until| until.to_string()),
            credential_subject: EndorsementSubject {
                id: statement.subject.into(),
                kind: ["EndorsementSubject"],
                endorsement_comment: statement.comment.into(),
            },
            credential_status: statement.status.cloned(),
            credential_schema: [CredentialSchema {
                id: SCHEMA,
                kind: "1EdTechJsonSchemaValidator2019",
            }],
        }
    }

    /// Whether it has a canonical form, so that it can be signed.
    ///
    /// # Errors
    /// What is wrong, and where: a subject that is no IRI, control characters.
    pub fn check(&self) -> Result<(), Refusal> {
        let document = serde_json::to_value(self).unwrap_or_default();
        read(&document, &Limits::BADGE).map(drop)
    }
}
