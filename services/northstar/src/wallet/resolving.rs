//! What an issuer publishes itself: the document with its keys, and the list that its badge names.

use std::collections::BTreeMap;

use anyhow::Context as _;
use northstar_credentials_canonical::{Limits, parse_json};
use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::verifier::said_by;
use serde_json::Value;

use super::{Address, Web};

/// Longest document, and longest list, in bytes.
const LONGEST_DOCUMENT: usize = 64 << 10;
const LONGEST_LIST: usize = 4 << 20;

/// What was found of a credential's issuer, and what was not.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) documents: Vec<Vec<u8>>,
    pub(crate) lists: Vec<Vec<u8>>,
    /// Why the rest is missing.
    pub(crate) missing: Vec<String>,
}

/// Fetches each once.
pub(crate) struct Resolver {
    web: Web,
    known: BTreeMap<String, Result<Vec<u8>, String>>,
}

impl Resolver {
    /// Addresses on this computer are called if the host is there itself.
    pub(crate) fn new(here: bool) -> Self {
        Self { web: Web::new(here), known: BTreeMap::new() }
    }

    /// What the issuer of this credential publishes.
    pub(crate) fn of(&mut self, credential: &str) -> Found {
        let mut found = Found::default();
        let Some(said) = said(credential.as_bytes()) else { return found };
        let mut issuers: Vec<String> = issuer(&said).into_iter().collect();
        for list in lists(&said) {
            if let Some(bytes) = self.fetch(&list, (&list, LONGEST_LIST), &mut found.missing) {
                // Who signed the list may have a name of their own.
                issuers.extend(self::said(&bytes).and_then(|said| issuer(&said)));
                found.lists.push(bytes);
            }
        }
        issuers.sort();
        issuers.dedup();
        for issuer in &issuers {
            let Some(address) = document_of(issuer) else { continue };
            let wanted = (issuer.as_str(), LONGEST_DOCUMENT);
            found.documents.extend(self.fetch(&address, wanted, &mut found.missing));
        }
        found
    }

    /// What is at that address, if it goes by the name that led there.
    fn fetch(
        &mut self,
        at: &str,
        (name, longest): (&str, usize),
        missing: &mut Vec<String>,
    ) -> Option<Vec<u8>> {
        if !self.known.contains_key(at) {
            let fetched = self.get(at, longest).map_err(|error| format!("{error:#}"));
            let fetched = fetched.and_then(|bytes| named(&bytes, name).map(|()| bytes));
            self.known.insert(at.to_owned(), fetched);
        }
        match self.known.get(at)? {
            Ok(bytes) => Some(bytes.clone()),
            Err(why) => {
                missing.push(why.clone());
                None
            }
        }
    }

    fn get(&self, at: &str, longest: usize) -> anyhow::Result<Vec<u8>> {
        let address = Address::read(at)?;
        let answer = self.web.get(&local(address)?, &[], longest)?;
        Ok(answer.good().with_context(|| format!("asking {at}"))?.body)
    }
}

/// Whoever answers speaks for the name that led to them, and for no other: a forger's page could say
/// that it is somebody else's document.
fn named(bytes: &[u8], name: &str) -> Result<(), String> {
    match said(bytes).as_ref().and_then(|said| said["id"].as_str()) {
        Some(id) if id == name => Ok(()),
        Some(id) => Err(format!("what was found for {name} calls itself {id:?}")),
        None => Err(format!("what was found for {name} has no id")),
    }
}

/// Nobody has a certificate for their own computer.
fn local(address: Address) -> anyhow::Result<Address> {
    match address.as_str().strip_prefix("https:") {
        Some(rest) if address.is_here() => Address::read(&format!("http:{rest}")),
        _ => Ok(address),
    }
}

/// What a document or a token says; not verified here.
fn said(text: &[u8]) -> Option<Value> {
    match parse_json(text, &Limits::RECORD) {
        Ok(said) => Some(said),
        Err(_) => {
            let text = std::str::from_utf8(text).ok()?.trim();
            Some(said_by(Compact::parse(text, &Limits::RECORD).ok()?.payload))
        }
    }
}

fn issuer(said: &Value) -> Option<String> {
    let issuer = said["issuer"].as_str().or_else(|| said["issuer"]["id"].as_str());
    issuer.map(ToOwned::to_owned)
}

/// Where the lists are that its status names.
fn lists(said: &Value) -> Vec<String> {
    let status = &said["credentialStatus"];
    let entries = status.as_array().map_or(std::slice::from_ref(status), Vec::as_slice);
    let list = |entry: &Value| {
        let named = if entry["type"] == "1EdTechRevocationList" {
            &entry["id"]
        } else {
            &entry["statusListCredential"]
        };
        named.as_str().map(ToOwned::to_owned)
    };
    entries.iter().filter_map(list).collect()
}

/// Where an issuer's document is: of `did:web`, and of an issuer that is an address itself. What other
/// names say is in them.
fn document_of(issuer: &str) -> Option<String> {
    let Some(name) = issuer.strip_prefix("did:web:") else {
        return issuer.starts_with("https://").then(|| issuer.to_owned());
    };
    let mut parts = name.split(':');
    let host = parts.next()?.replace("%3A", ":").replace("%3a", ":");
    let path: Vec<&str> = parts.collect();
    let sound = path.iter().all(|part| !part.is_empty() && !part.contains(['/', '?', '.', '%']));
    let host_sound = !host.contains(['/', '?', '%']);
    let path = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    (sound && host_sound).then(|| format!("https://{host}/{path}/did.json"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn names_lead_to_documents() {
        for (issuer, address) in [
            ("did:web:a.example", Some("https://a.example/.well-known/did.json")),
            ("did:web:a.example%3A8443:t:north", Some("https://a.example:8443/t/north/did.json")),
            ("https://a.example/issuer", Some("https://a.example/issuer")),
            ("did:key:z6Mk", None),
            ("did:web:a.example:..:x", None),
            ("did:web:a.example%2Fx", None),
            ("urn:uuid:1", None),
        ] {
            assert_eq!(document_of(issuer).as_deref(), address, "{issuer}");
        }
    }

    #[test]
    fn a_token_of_the_older_data_model_names_its_issuer_too() {
        let payload = r#"{"vc":{"issuer":{"id":"did:web:a.example"}}}"#;
        let [head, payload] =
            [r#"{"alg":"ES256"}"#, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
        let said = said(format!("{head}.{payload}.{head}").as_bytes()).unwrap();
        assert_eq!(issuer(&said).as_deref(), Some("did:web:a.example"));
    }

    #[test]
    fn nobody_answers_for_another_name() {
        let document = br#"{"id":"did:web:good.example"}"#;
        assert_eq!(named(document, "did:web:good.example"), Ok(()));
        assert!(named(document, "https://forger.example/issuer").is_err());
        for wrong in [&b"{}"[..], b"<html>", b""] {
            assert!(named(wrong, "did:web:good.example").is_err());
        }
    }

    #[test]
    fn what_is_on_this_computer_is_not_called_for_others() {
        let badge = r#"{"issuer":"did:web:localhost%3A1","credentialStatus":
            {"type":"1EdTechRevocationList","id":"http://127.0.0.1:1/list"}}"#;
        let found = Resolver::new(false).of(badge);
        assert!(found.documents.is_empty() && found.lists.is_empty());
        assert_eq!(found.missing.len(), 2);
        assert!(found.missing.iter().all(|why| why.contains("so it is not called")), "{found:?}");
    }
}
