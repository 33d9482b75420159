//! Credentials, by learner, and whose each one is.
//!
//! All of it is `extra`: ids, signatures and times differ from one recording to the next.

use northstar_credentials_domain::award::{Credential, Revocation};
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, CredentialId, LearnerId, Timestamp};
use northstar_wire::credentials::v1 as wire;
use prost::Message as _;
use uuid::Uuid;

use super::{joined, read};
use crate::codec::field::moment;

/// A credential as the API shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CredentialDocument(pub(crate) wire::Credential);

impl CredentialDocument {
    /// One that was issued at `at`.
    pub(crate) fn issued(credential: &Credential, at: Timestamp) -> Self {
        Self(wire::Credential {
            credential_id: credential.id.to_string(),
            learner_id: credential.learner.to_string(),
            achievement_id: credential.achievement.to_string(),
            achievement_name: credential.achievement_name.clone(),
            status: wire::CredentialStatus::Issued.into(),
            issued_at: Some(moment(at)),
            compact_jws: credential.compact_jws.clone(),
            revoked_at: None,
            revocation_reason: String::new(),
        })
    }

    /// Notes that it was revoked at `at`.
    pub(crate) fn revoke(&mut self, revocation: &Revocation, at: Timestamp) {
        self.0.status = wire::CredentialStatus::Revoked.into();
        self.0.revoked_at = Some(moment(at));
        self.0.revocation_reason = revocation.reason.code().into();
    }

    /// What was earned.
    pub(crate) fn achievement(&self) -> Result<AchievementId, Malformed> {
        self.0.achievement_id.parse().map_err(|why| Malformed::new(Self::NOUN, why))
    }

    /// Where it is kept: a learner's credentials are neighbours.
    pub(crate) fn key(learner: LearnerId, credential: CredentialId) -> Vec<u8> {
        joined(learner.uuid(), credential.uuid())
    }
}

impl Shape for CredentialDocument {
    const NOUN: &'static str = "credential";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        read(Self::NOUN, &document.extra).map(Self)
    }

    fn weight(&self) -> usize {
        4_096
    }
}

/// Whose a credential is; kept under the credential's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HolderDocument(pub(crate) LearnerId);

impl Shape for HolderDocument {
    const NOUN: &'static str = "holder";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.as_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let learner = Uuid::from_slice(&document.extra);
        learner
            .map(|uuid| Self(LearnerId::from_uuid(uuid)))
            .map_err(|why| Malformed::new(Self::NOUN, why))
    }
}
