//! The credential that a status list is published as.

use northstar_credentials_domain::status::Bits;
use northstar_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{REVOCATION, bitstring};
use crate::standard::did_web::Did;

const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
const TYPES: [&str; 2] = ["VerifiableCredential", "BitstringStatusListCredential"];
const SUBJECT: &str = "BitstringStatusList";

/// How long a fetched list may be kept, in milliseconds.
pub const TTL_MILLIS: u64 = 60_000;

/// One edition of a list, not signed yet; serialized, it is the JSON document.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCredential {
    #[serde(rename = "@context")]
    context: [&'static str; 1],
    id: String,
    #[serde(rename = "type")]
    kind: [&'static str; 2],
    issuer: String,
    valid_from: String,
    credential_subject: Subject,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    status_purpose: &'static str,
    encoded_list: String,
    ttl: u64,
}

impl ListCredential {
    /// The list with these bits. `url` is the stable one that entries name; `valid_from` is when
    /// this edition was made, to the second.
    pub fn new(url: String, issuer: &Did, valid_from: Timestamp, bits: &Bits) -> Self {
        let second = valid_from.micros().div_euclid(1_000_000) * 1_000_000;
        Self {
            context: [CONTEXT],
            credential_subject: Subject {
                id: format!("{url}#list"),
                kind: SUBJECT,
                status_purpose: REVOCATION,
                encoded_list: bitstring::encode(bits),
                ttl: TTL_MILLIS,
            },
            id: url,
            kind: TYPES,
            issuer: issuer.to_string(),
            valid_from: Timestamp::from_micros(second).to_string(),
        }
    }
}

/// A status list as somebody published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    id: Option<String>,
    purposes: Vec<String>,
    bytes: Vec<u8>,
}

impl List {
    /// Reads the list out of its credential; whether that is genuine is not looked at.
    ///
    /// # Errors
    /// A sentence on what is not as it must be.
    pub fn read(credential: &Value) -> Result<Self, String> {
        if !is_one_of(&credential["type"], TYPES[1]) {
            return Err(format!("the list's type lacks {}", TYPES[1]));
        }
        let subject = &credential["credentialSubject"];
        if !is_one_of(&subject["type"], SUBJECT) {
            return Err(format!("the list's credentialSubject is not of the type {SUBJECT}"));
        }
        let purposes: Option<Vec<_>> =
            members(&subject["statusPurpose"]).map(|one| one.as_str().map(str::to_owned)).collect();
        let purposes = purposes.filter(|purposes| !purposes.is_empty());
        let encoded = subject["encodedList"].as_str().ok_or("the list's encodedList is no text")?;
        Ok(Self {
            id: credential["id"].as_str().map(ToOwned::to_owned),
            purposes: purposes.ok_or("the list's statusPurpose is neither a text nor texts")?,
            bytes: bitstring::decode(encoded)
                .map_err(|e| format!("the list's encodedList: {e}"))?,
        })
    }

    /// What the list calls itself. A list under another name than the entry's may be genuine and
    /// yet not the one that the entry means.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What the bits are about.
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }

    /// How many bits there are.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// Whether the bit is set; `None` beyond the end.
    pub fn is_set(&self, index: u64) -> Option<bool> {
        let byte = self.bytes.get(usize::try_from(index / 8).ok()?)?;
        Some(byte & (0x80 >> (index % 8)) != 0)
    }
}

/// The members of an array; of anything else but nothing, the value itself.
pub(super) fn members(value: &Value) -> impl Iterator<Item = &Value> {
    let many = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let single = Some(value).filter(|value| !value.is_array() && !value.is_null());
    many.iter().chain(single)
}

fn is_one_of(value: &Value, wanted: &str) -> bool {
    members(value).any(|found| found == wanted)
}
