//! `credentialStatus`: where a credential's own bit is.

use northstar_credentials_domain::status::Place;
use serde::Serialize;
use serde_json::Value;

use super::{Finding, List, REVOCATION};

const TYPE: &str = "BitstringStatusListEntry";

/// The `credentialStatus` of a credential: one bit of a list that its issuer publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "Document")]
pub struct Entry {
    purpose: String,
    index: u64,
    list: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    status_purpose: String,
    status_list_index: String,
    status_list_credential: String,
}

impl From<Entry> for Document {
    fn from(entry: Entry) -> Self {
        Self {
            id: format!("{}#{}", entry.list, entry.index),
            kind: TYPE,
            status_purpose: entry.purpose,
            status_list_index: entry.index.to_string(),
            status_list_credential: entry.list,
        }
    }
}

impl Entry {
    /// An entry for revocation: this bit of the list published at this URL.
    pub fn new(list_url: String, place: Place) -> Self {
        Self { purpose: REVOCATION.into(), index: place.index.into(), list: list_url }
    }

    /// Reads the `credentialStatus` of anybody's credential. An index is taken as digits, as the
    /// W3C has it, and as a number, as 1EdTech's own sample has it.
    ///
    /// # Errors
    /// A sentence on what is not as it must be, among it a status of more than one bit.
    pub fn read(entry: &Value) -> Result<Self, String> {
        if entry["type"] != TYPE {
            return Err(format!("credentialStatus is not of the type {TYPE}"));
        }
        if entry.get("statusSize").is_some_and(|size| *size != 1) {
            return Err("credentialStatus.statusSize is not 1; a revocation is one bit".into());
        }
        Ok(Self {
            purpose: text(entry, "statusPurpose")?,
            index: index(&entry["statusListIndex"])
                .ok_or("credentialStatus.statusListIndex is not a whole number from 0")?,
            list: text(entry, "statusListCredential")?,
        })
    }

    /// The URL of the list: what to fetch, and what its `id` should be.
    pub fn list(&self) -> &str {
        &self.list
    }

    /// What that list says about the bit.
    pub fn look_up_in(&self, list: &List) -> Finding {
        if self.purpose != REVOCATION {
            return Finding::WrongPurpose(format!("the entry's purpose is {:?}", self.purpose));
        }
        if !list.purposes().iter().any(|purpose| purpose == REVOCATION) {
            return Finding::WrongPurpose(format!("the list's purpose is {:?}", list.purposes()));
        }
        match list.is_set(self.index) {
            Some(true) => Finding::Revoked,
            Some(false) => Finding::NotRevoked,
            None => Finding::OutOfRange { index: self.index, length: list.length() },
        }
    }
}

fn text(entry: &Value, member: &str) -> Result<String, String> {
    let text = entry[member].as_str().filter(|text| !text.is_empty());
    text.map(ToOwned::to_owned).ok_or_else(|| format!("credentialStatus.{member} is not a text"))
}

fn index(value: &Value) -> Option<u64> {
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    value.as_u64().or_else(|| value.as_str().filter(digits)?.parse().ok())
}
