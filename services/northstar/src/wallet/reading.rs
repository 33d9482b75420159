//! A learner's credentials at a host, page by page and byte for byte.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use form_urlencoded::Serializer;
use northstar_kernel::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Address, Kind, Wallet};

/// Most pages, and most credentials in all.
const MOST_PAGES: usize = 1_000;
const MOST: usize = 10_000;

/// A credential as it came: a document, or a compact JWS.
pub(crate) type Came = String;

/// Which to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// How many to ask for at once.
    pub(crate) at_once: u32,
    /// Only what came there at that moment or later.
    pub(crate) since: Option<Timestamp>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page {
    credential: Option<Box<RawValue>>,
    #[serde(rename = "compactJwsString")]
    tokens: Option<Box<RawValue>>,
}

impl Reading {
    /// Reads all.
    ///
    /// # Errors
    /// The host answers otherwise than it should, or does not come to an end.
    pub(crate) fn all(self, wallet: &mut Wallet) -> anyhow::Result<Vec<Came>> {
        let mut query = Serializer::new(String::new());
        query.append_pair("limit", &self.at_once.to_string()).append_pair("offset", "0");
        query.extend_pairs(self.since.map(|since| ("since", since.to_string())));
        let first = wallet.api().under("credentials")?;
        let mut next = Some(first.asking(&query.finish())?);
        let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
        while let Some(at) = next {
            ensure!(
                seen.len() < MOST_PAGES && seen.insert(at.as_str().to_owned()),
                "the host's pages do not come to an end"
            );
            ensure!(
                at.same_origin(wallet.api()),
                "the next page is at {}, another host",
                at.authority()
            );
            let longest = longest(wallet.kind());
            let answer = wallet.call(|web, bearer| {
                web.get(&at, &[("Authorization", bearer), ("Accept", "application/json")], longest)
            })?;
            let answer = answer.good().with_context(|| format!("reading {at}"))?;
            all.extend(read(&answer.body).with_context(|| format!("reading {at}"))?);
            ensure!(all.len() <= MOST, "the host has more than {MOST} credentials");
            next = following(answer.header("link"), &at)?;
        }
        Ok(all)
    }
}

/// Longest page, in bytes.
fn longest(kind: Kind) -> usize {
    match kind {
        Kind::Badges => 32 << 20,
        Kind::Records => 64 << 20,
    }
}

fn read(body: &[u8]) -> anyhow::Result<Vec<Came>> {
    // Without this, an empty array would pass for an object that says nothing.
    ensure!(body.trim_ascii_start().starts_with(b"{"), "the page is no JSON object");
    let page: Page = serde_json::from_slice(body).context("the page is no JSON of credentials")?;
    let mut came = Vec::new();
    for one in many(page.credential)? {
        ensure!(one.get().starts_with('{'), "a credential is no object");
        came.push(one.get().to_owned());
    }
    for one in many(page.tokens)? {
        came.push(serde_json::from_str(one.get()).context("a token is no text")?);
    }
    Ok(came)
}

/// One may stand there without its array.
fn many(value: Option<Box<RawValue>>) -> anyhow::Result<Vec<Box<RawValue>>> {
    match value {
        None => Ok(Vec::new()),
        Some(value) if value.get() == "null" => Ok(Vec::new()),
        Some(value) if value.get().starts_with('[') => {
            serde_json::from_str(value.get()).context("the page is no JSON of credentials")
        }
        Some(value) => Ok(vec![value]),
    }
}

/// The address of the next page (RFC 8288), if there is one.
fn following(links: &str, from: &Address) -> anyhow::Result<Option<Address>> {
    for link in links.split('<').skip(1) {
        let Some((target, parameters)) = link.split_once('>') else {
            bail!("{links:?} is no Link")
        };
        let mut parameters = parameters.split([';', ',']).map(str::trim);
        if !parameters.any(|one| matches!(one, "rel=\"next\"" | "rel=next")) {
            continue;
        }
        let origin = || from.as_str().split('/').take(3).collect::<Vec<_>>().join("/");
        let whole = if target.starts_with('/') { origin() + target } else { target.to_owned() };
        return Address::read(&whole).map(Some);
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_kept_byte_for_byte() {
        let body = br#"{"credential":[{"b":1.0,  "a":2},{"c":3}],"compactJwsString":["x.y.z"]}"#;
        assert_eq!(read(body).expect("sound"), [r#"{"b":1.0,  "a":2}"#, r#"{"c":3}"#, "x.y.z"]);
        assert_eq!(read(br#"{"credential":{"a":1}}"#).expect("sound"), [r#"{"a":1}"#]);
        assert!(read(b"{}").expect("nothing").is_empty());
        for wrong in [&b"[]"[..], b"{\"credential\":[1]}", b"{\"compactJwsString\":[1]}", b""] {
            assert!(read(wrong).is_err());
        }
    }

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let from = Address::read("https://a.example/x?offset=0").expect("sound");
        let links = "<https://a.example/x?offset=0>; rel=\"first\", \
                     <https://a.example/x?offset=2,5>; rel=\"next\"";
        let next = following(links, &from).expect("sound").expect("one");
        assert_eq!(next.as_str(), "https://a.example/x?offset=2,5");
        let next = following("</y>; rel=next", &from).expect("sound").expect("one");
        assert_eq!(next.as_str(), "https://a.example/y");
        assert!(following("<https://a.example/x>; rel=\"prev\"", &from).expect("sound").is_none());
        assert!(following("", &from).expect("sound").is_none());
        assert!(following("<http://a.example/x>; rel=\"next\"", &from).is_err());
    }
}
