//! Open Badges 3.0: an award as an AchievementCredential of the W3C data model 2.0.
//!
//! The subject is a pseudonym made for this one credential: no name, e-mail or number of the
//! learner, and nothing that two credentials of one learner have in common.

mod evidence;
mod results;

use northstar_credentials_domain::achievement::{Achievement, Alignment};
use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::Grounds;
use northstar_kernel::{AchievementId, CredentialId, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use super::did_web::Did;
use super::status::Entry;
use evidence::EvidenceDocument;
use results::{ResultDescription, ResultDocument};

pub use evidence::lineage;
pub use results::{Level, Reached};

/// The contexts, in the order that both specifications ask for; the third one defines the type of
/// `credentialSchema`, without which no signer that is strict signs.
pub const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];

/// The types of every credential made here.
pub const TYPES: [&str; 2] = ["VerifiableCredential", "OpenBadgeCredential"];

const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// What a credential says.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// Its id.
    pub credential: CredentialId,
    /// Pseudonym of the learner, used in this credential alone.
    pub subject: Uuid,
    /// Who says it.
    pub issuer: &'a Did,
    /// The issuer's name for people.
    pub issuer_name: &'a str,
    /// From when on it holds; the fraction of a second is dropped.
    pub valid_from: Timestamp,
    /// When it ends by itself; `None` if it does not.
    pub valid_until: Option<Timestamp>,
    /// What was earned.
    pub achievement: &'a Achievement,
    /// Which wording of its definition that is, from 1.
    pub version: u32,
    /// What was reached in the competencies that it stands at.
    pub reached: &'a [Reached],
    /// The mastery decision that earned it.
    pub decision: MasteryEvent,
    /// What that rests on.
    pub grounds: &'a Grounds,
    /// Where its bit in a status list is; `None` if it has none.
    pub status: Option<&'a Entry>,
}

/// A credential, not signed yet; serialized, it is the JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementCredential {
    #[serde(rename = "@context")]
    context: [&'static str; 3],
    pub(super) id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 2],
    name: String,
    pub(super) issuer: Profile,
    pub(super) valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    pub(super) credential_subject: AchievementSubject,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<EvidenceDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_status: Option<Entry>,
    credential_schema: [CredentialSchema; 1],
    #[serde(skip)]
    pub(super) valid_from_seconds: i64,
    #[serde(skip)]
    pub(super) valid_until_seconds: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Profile {
    pub(super) id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    name: String,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct AchievementSubject {
    pub(super) id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    achievement: AchievementDocument,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    result: Vec<ResultDocument>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AchievementDocument {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    achievement_type: &'static str,
    name: String,
    description: String,
    criteria: Criteria,
    version: String,
    alignment: Vec<AlignmentDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    result_description: Vec<ResultDescription>,
}

#[derive(Debug, Clone, Serialize)]
struct Criteria {
    narrative: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AlignmentDocument {
    #[serde(rename = "type")]
    kind: [&'static str; 1],
    #[serde(skip_serializing_if = "String::is_empty")]
    target_code: String,
    target_name: String,
    target_type: &'static str,
    target_url: String,
}

#[derive(Debug, Clone, Serialize)]
struct Related {
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 1],
}

#[derive(Debug, Clone, Serialize)]
struct CredentialSchema {
    id: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl AchievementCredential {
    /// The document that says this.
    pub fn new(statement: &Statement<'_>) -> Self {
        let (seconds, _) = statement.valid_from.parts();
        let whole = Timestamp::from_micros(seconds * 1_000_000);
        Self {
            context: CONTEXTS,
            id: urn(statement.credential.uuid()),
            kind: TYPES,
            name: statement.achievement.name.clone(),
            issuer: Profile {
                id: statement.issuer.to_string(),
                kind: ["Profile"],
                name: statement.issuer_name.into(),
            },
            valid_from: whole.to_string(),
            valid_until: statement.valid_until.map(|until| until.to_string()),
            credential_subject: subject(statement),
            evidence: evidence::document(statement.decision, statement.grounds),
            credential_status: statement.status.cloned(),
            credential_schema: [CredentialSchema {
                id: SCHEMA,
                kind: "1EdTechJsonSchemaValidator2019",
            }],
            valid_from_seconds: seconds,
            valid_until_seconds: statement.valid_until.map(|until| until.parts().0),
        }
    }
}

/// A UUID as a URI.
pub fn urn(uuid: Uuid) -> String {
    uuid.urn().to_string()
}

fn subject(statement: &Statement<'_>) -> AchievementSubject {
    let id = statement.achievement.id;
    AchievementSubject {
        id: urn(statement.subject),
        kind: ["AchievementSubject"],
        achievement: achievement(statement),
        result: statement.reached.iter().filter_map(|reached| reached.result(id)).collect(),
    }
}

fn achievement(statement: &Statement<'_>) -> AchievementDocument {
    let Statement { achievement, version, reached, .. } = statement;
    let alignment = |alignment: &Alignment| AlignmentDocument {
        kind: ["Alignment"],
        target_code: alignment.code.clone(),
        target_name: alignment.name.clone(),
        target_type: "CFItem",
        target_url: alignment.uri.clone(),
    };
    // The parts of a stack by what they are, not by whose: credentials of one learner have nothing in
    // common that a stranger could see.
    let parts = achievement.rule().map(|rule| rule.requires()).unwrap_or_default();
    let related = |part: AchievementId| Related { id: urn(part.uuid()), kind: ["Related"] };
    AchievementDocument {
        id: urn(achievement.id.uuid()),
        kind: ["Achievement"],
        achievement_type: "Competency",
        name: achievement.name.clone(),
        description: achievement.description.clone(),
        criteria: Criteria { narrative: achievement.criteria.clone() },
        version: version.to_string(),
        alignment: achievement.alignments().map(alignment).collect(),
        related: parts.into_iter().map(related).collect(),
        result_description: reached.iter().map(|it| it.description(achievement.id)).collect(),
    }
}
