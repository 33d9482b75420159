//! Whose key it is: the issuer's own document says so, or nobody does.

use northstar_kernel::Timestamp;
use serde_json::Value;

use super::report::{Finding, Outcome};
use super::{Sources, moment};
use crate::key::PublicKey;

/// The key that a signature is checked by, and whether it is the issuer's.
pub(super) struct Found {
    /// None if it cannot be told which key is meant; a sentence says why.
    pub(super) key: Result<PublicKey, String>,
    pub(super) owner: Finding,
}

impl Found {
    fn nothing(why: String) -> Self {
        Self { key: Err(why.clone()), owner: Finding::failed(why) }
    }
}

/// The key of this name, looked up in the document of whoever the name belongs to.
pub(super) fn find(method: &str, issuer: &str, sources: &dyn Sources, now: Timestamp) -> Found {
    let (base, fragment) = match method.split_once('#') {
        Some((base, fragment)) => (base, Some(fragment)),
        None => (method, None),
    };
    let mut found = if base.starts_with("did:key:") {
        of_did_key(base, fragment)
    } else if let Some(document) = sources.document(base) {
        of_document(&document, base, method, now)
    } else {
        unlisted(base, fragment)
    };
    if base != issuer {
        let sentence = format!("the key is named as one of {base}, and the issuer is {issuer}");
        found.owner = Finding::failed(sentence);
    }
    found
}

/// A name that is its own document: the key is whoever it says it is.
fn of_did_key(base: &str, fragment: Option<&str>) -> Found {
    match PublicKey::from_did_key(base) {
        Ok(_) if fragment.is_some_and(|named| !base.ends_with(&format!(":{named}"))) => {
            Found::nothing(format!("{base} has no other key than itself"))
        }
        Ok(key) => Found { key: Ok(key), owner: Finding::passed(format!("{base} is its own key")) },
        Err(why) => Found::nothing(format!("{base}: {why}")),
    }
}

/// Nobody says whose key it is. One written in the name's own fragment can still be tried, and proves
/// no more than that somebody signed.
fn unlisted(base: &str, fragment: Option<&str>) -> Found {
    let why = format!("no document of {base} is at hand");
    match PublicKey::from_multibase(fragment.unwrap_or_default()) {
        Ok(key) => {
            let sentence =
                format!("unproven: {why}, and the key in the name's fragment proves nothing");
            Found { key: Ok(key), owner: Finding::unknown(sentence) }
        }
        Err(_) => {
            Found { key: Err(why.clone()), owner: Finding::unknown(format!("unproven: {why}")) }
        }
    }
}

fn of_document(document: &Value, base: &str, method: &str, now: Timestamp) -> Found {
    if document["id"] != base {
        return Found::nothing(format!("the document of {base} says that it is another's"));
    }
    let Some((entry, for_assertion)) = entry(document, base, method) else {
        return Found::nothing(format!("the document of {base} does not list {method}"));
    };
    let key = match key_of(entry) {
        Ok(key) => key,
        Err(why) => return Found::nothing(format!("{method} in the document of {base}: {why}")),
    };
    let owner = if !for_assertion {
        Finding::failed(format!("{method} is not listed for assertions"))
    } else if entry["controller"] != base {
        Finding::failed(format!("{method} is not controlled by {base}"))
    } else {
        ended(entry, now).unwrap_or_else(|| Finding::passed(format!("listed by {base}")))
    };
    Found { key: Ok(key), owner }
}

/// A Multikey may say that it is revoked or expired.
fn ended(entry: &Value, now: Timestamp) -> Option<Finding> {
    ["revoked", "expires"].into_iter().find_map(|name| {
        let member = entry.get(name)?;
        let moment = member.as_str().and_then(moment::read);
        let over = moment.is_none_or(|moment| moment <= now);
        over.then(|| Finding::failed(format!("the key's {name} says {member}")))
    })
}

/// The entry of this name, and whether the document has it for assertions.
fn entry<'d>(document: &'d Value, base: &str, method: &str) -> Option<(&'d Value, bool)> {
    let is_it = |id: &Value| {
        let relative = || method.strip_prefix(base);
        id.as_str().is_some_and(|id| id == method || Some(id) == relative())
    };
    let list = |name: &str| document[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let assertion = list("assertionMethod");
    if let Some(entry) = assertion.iter().find(|entry| is_it(&entry["id"])) {
        return Some((entry, true));
    }
    let entry = list("verificationMethod").iter().find(|entry| is_it(&entry["id"]))?;
    Some((entry, assertion.iter().any(is_it)))
}

fn key_of(entry: &Value) -> Result<PublicKey, String> {
    let multibase = entry
        .get("publicKeyMultibase")
        .map(|text| PublicKey::from_multibase(text.as_str().unwrap_or_default()));
    let jwk = entry.get("publicKeyJwk").map(PublicKey::from_jwk);
    match (multibase.transpose()?, jwk.transpose()?) {
        (Some(one), Some(other)) if one != other => Err("has two different keys".into()),
        (Some(key), _) | (None, Some(key)) => Ok(key),
        (None, None) => Err("has no publicKeyMultibase and no publicKeyJwk".into()),
    }
}

/// Whether the issuer's document lists this very key for assertions, under whatever name: what can be
/// said of a key that a token brings along.
pub(super) fn of_key(
    key: &PublicKey,
    issuer: &str,
    sources: &dyn Sources,
    now: Timestamp,
) -> Finding {
    if issuer.starts_with("did:key:") {
        let own = PublicKey::from_did_key(issuer).is_ok_and(|own| own == *key);
        return if own {
            Finding::passed("the issuer is this key")
        } else {
            Finding::failed(format!("the token's own key is not {issuer}"))
        };
    }
    let Some(document) = sources.document(issuer) else {
        return Finding::unknown(format!(
            "unproven: no document of {issuer} is at hand, and the key in the token proves nothing"
        ));
    };
    let methods = document["assertionMethod"].as_array().into_iter().flatten();
    let names = methods.filter_map(|one| one.as_str().or_else(|| one["id"].as_str()));
    let whole = |name: &str| match name.strip_prefix('#') {
        Some(_) => format!("{issuer}{name}"),
        None => name.to_owned(),
    };
    let mut found = names.map(|name| of_document(&document, issuer, &whole(name), now));
    let listed = found.any(|found| {
        found.key.is_ok_and(|listed| listed == *key) && found.owner.outcome == Outcome::Passed
    });
    if listed {
        Finding::passed(format!("listed by {issuer}"))
    } else {
        Finding::failed(format!("the document of {issuer} does not list the token's own key"))
    }
}
