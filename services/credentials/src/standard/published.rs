//! What issuers published, as somebody has it at hand: documents with keys, and status lists.
//!
//! A Bitstring Status List is a credential, and is verified like one before it is believed.

use std::collections::BTreeMap;

use northstar_credentials_canonical::{Limits, parse_json};
use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::verifier::{self, Name, Outcome, Sources, Status, Terms};
use northstar_kernel::Timestamp;
use serde_json::Value;

use super::status::{Entry, Finding, look_up, revocation_list};

/// What a list must pass before it is believed. It need be no Open Badge, and carries no status.
const NEEDED: [Name; 4] = [Name::Form, Name::Arithmetic, Name::KeyOwner, Name::Time];

/// Documents and lists by their ids. Whoever adds them vouches that they are the issuers' own.
#[derive(Debug, Clone)]
pub struct Published {
    documents: BTreeMap<String, Value>,
    lists: BTreeMap<String, List>,
    now: Timestamp,
}

/// A list as it came, and what it says.
#[derive(Debug, Clone)]
struct List {
    bytes: Vec<u8>,
    says: Value,
}

impl Published {
    /// Nothing yet; `now` is the time that lists must be valid at.
    pub fn at(now: Timestamp) -> Self {
        Self { documents: BTreeMap::new(), lists: BTreeMap::new(), now }
    }

    /// Adds an issuer's document. A later one of the same id takes its place.
    ///
    /// # Errors
    /// A sentence: no strict JSON, or no `id`.
    pub fn add_document(&mut self, bytes: &[u8]) -> Result<(), String> {
        let document = parse_json(bytes, &Limits::BADGE).map_err(|e| e.to_string())?;
        self.documents.insert(id(&document)?, document);
        Ok(())
    }

    /// Adds a status list: a credential as JSON or as compact JWS, or a 1EdTech revocation list.
    ///
    /// # Errors
    /// A sentence: it cannot be read, or has no `id`.
    pub fn add_list(&mut self, bytes: Vec<u8>) -> Result<(), String> {
        let text = std::str::from_utf8(&bytes).map_err(|e| e.to_string())?.trim();
        let says = if text.starts_with('{') {
            parse_json(text.as_bytes(), &Limits::RECORD).map_err(|e| e.to_string())?
        } else {
            Compact::parse(text, &Limits::RECORD)?.payload
        };
        self.lists.insert(id(&says)?, List { bytes, says });
        Ok(())
    }

    /// What the list says, if it is genuine.
    fn bit(&self, entry: &Value, credential: &Value) -> Status {
        let read = match Entry::read(entry) {
            Ok(read) => read,
            Err(why) => return Status::Malformed(why),
        };
        let Some(list) = self.lists.get(read.list()) else {
            return Status::Unknown(format!("the list {} is not at hand", read.list()));
        };
        if let Err(status) = self.is_genuine(list, credential) {
            return status;
        }
        told(look_up(entry, &list.says), read.list())
    }

    fn is_genuine(&self, list: &List, credential: &Value) -> Result<(), Status> {
        let (of_list, of_credential) = (issuer(&list.says), issuer(credential));
        if of_list != of_credential && !is_deployment_of(of_list, of_credential) {
            let sentence = format!("the list is by {of_list}, the credential by {of_credential}");
            return Err(Status::Malformed(sentence));
        }
        let report = verifier::verify(&list.bytes, self, &Terms::at(self.now));
        let wrong = report
            .checks
            .iter()
            .find(|check| NEEDED.contains(&check.name) && check.outcome >= Outcome::Unknown);
        wrong.map_or(Ok(()), |check| {
            let sentence = format!("the list's {}: {}", check.name.word(), check.detail);
            Err(match check.outcome {
                Outcome::Unknown => Status::Unknown(sentence),
                _ => Status::Malformed(sentence),
            })
        })
    }

    /// A list that names what was revoked. It carries no signature, and is as good as whoever brought
    /// it here.
    fn named(&self, entry: &Value, credential: &Value) -> Status {
        let Some(url) = entry["id"].as_str() else {
            return Status::Malformed("credentialStatus.id is no text".into());
        };
        let Some(list) = self.lists.get(url) else {
            return Status::Unknown(format!("the list {url} is not at hand"));
        };
        let id = credential["id"].as_str().unwrap_or_default();
        if issuer(&list.says) != issuer(credential) {
            return Status::Malformed(format!("the list {url} is another issuer's"));
        }
        told(revocation_list::look_up(id, &list.says), url)
    }
}

impl Sources for Published {
    fn document(&self, id: &str) -> Option<Value> {
        self.documents.get(id).cloned()
    }

    fn status(&self, entry: &Value, credential: &Value) -> Status {
        if entry["type"] == revocation_list::TYPE {
            self.named(entry, credential)
        } else {
            self.bit(entry, credential)
        }
    }
}

fn told(finding: Finding, list: &str) -> Status {
    match finding {
        Finding::NotRevoked => Status::Holds,
        Finding::Revoked => Status::Ended(format!("revoked, by the list {list}")),
        Finding::WrongPurpose(why) => Status::Unknown(why),
        Finding::OutOfRange { index, length } => {
            Status::Malformed(format!("place {index} is beyond the list's {length} bits"))
        }
        Finding::Malformed(why) => Status::Malformed(why),
    }
}

fn id(document: &Value) -> Result<String, String> {
    document["id"].as_str().map(ToOwned::to_owned).ok_or_else(|| "has no id".into())
}

/// Who made it, by its own words; empty if it says nobody.
pub(crate) fn issuer(credential: &Value) -> &str {
    let issuer = &credential["issuer"];
    issuer.as_str().or_else(|| issuer["id"].as_str()).unwrap_or_default()
}

/// Lists are shared by all tenants of a deployment: `did:web:badges.example` publishes those of
/// `did:web:badges.example:t:north`.
fn is_deployment_of(list: &str, credential: &str) -> bool {
    let host = list.strip_prefix("did:web:").filter(|host| !host.contains([':', '#', '/']));
    host.is_some() && credential.strip_prefix(list).is_some_and(|rest| rest.starts_with(':'))
}
