//! `did:web`: who an issuer is, as a name that leads to a document with its keys.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// Where a deployment's DID documents are served: a host name and, unless it is 443, a port.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// A text that is no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a host: write a name, or name:port, as in badges.example:8443")]
pub struct InvalidHost(String);

impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let (name, port) = text.split_once(':').unwrap_or((text, "443"));
        let label = |label: &str| {
            let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            inner && (1..=63).contains(&label.len())
        };
        let port_sound = port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        if name.len() <= 253 && name.split('.').all(label) && port_sound {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidHost(text.into()))
        }
    }
}

/// Where `northstar dev` shows what it publishes.
impl Default for Host {
    fn default() -> Self {
        Self("localhost:7402".into())
    }
}

impl TryFrom<String> for Host {
    type Error = InvalidHost;

    fn try_from(text: String) -> Result<Self, InvalidHost> {
        text.parse()
    }
}

impl Host {
    /// Where a tenant's status list is published: the stable address, which leads to the latest
    /// edition.
    pub fn status_list(&self, slug: &str, list: u64) -> String {
        format!("https://{}/t/{slug}/status/{list}", self.0)
    }

    /// Where a tenant's `1EdTechRevocationList` is published, if it publishes one.
    pub fn revocation_list(&self, slug: &str) -> String {
        format!("https://{}/t/{slug}/revocations", self.0)
    }

    /// The page that a link with this token leads to.
    pub fn share_page(&self, token: &str) -> String {
        format!("{}/s/{token}", self.base())
    }

    /// Where the public face is. Nobody has a certificate for their own machine.
    pub fn base(&self) -> String {
        let name = self.0.split(':').next().unwrap_or_default();
        let scheme = if matches!(name, "localhost" | "127.0.0.1") { "http" } else { "https" };
        format!("{scheme}://{}", self.0)
    }

    /// The slug in the name of an issuer of this deployment; `None` if it is another's.
    pub fn slug_of<'d>(&self, did: &'d str) -> Option<&'d str> {
        let rest = did.strip_prefix("did:web:")?.strip_prefix(&self.0.replace(':', "%3A"))?;
        rest.strip_prefix(":t:").filter(|slug| !slug.contains([':', '#', '/', '?']))
    }
}

/// The name of a tenant as issuer: `did:web:badges.example%3A8443:t:front-range`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did(String);

impl Did {
    /// Of the tenant with this slug, whose document is at `/t/<slug>/did.json` of `host`.
    pub fn of_tenant(host: &Host, slug: &str) -> Self {
        Self(format!("did:web:{}:t:{slug}", host.0.replace(':', "%3A")))
    }

    /// Full name of the verification method for a key of this name.
    pub fn method(&self, key_name: &str) -> String {
        format!("{}#{key_name}", self.0)
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_escaped_and_case_does_not_count() {
        let host: Host = "LocalHost:7400".parse().expect("a host");
        let did = Did::of_tenant(&host, "front-range");
        assert_eq!(did.as_str(), "did:web:localhost%3A7400:t:front-range");
        assert_eq!(did.method("k"), "did:web:localhost%3A7400:t:front-range#k");
        let host: Host = "badges.example".parse().expect("a host");
        assert_eq!(Did::of_tenant(&host, "a").as_str(), "did:web:badges.example:t:a");
    }

    #[test]
    fn only_names_of_this_deployment_have_a_slug() {
        let host: Host = "badges.example:8443".parse().expect("a host");
        assert_eq!(host.slug_of("did:web:badges.example%3A8443:t:north"), Some("north"));
        for foreign in [
            "did:web:badges.example:t:north",
            "did:web:badges.example%3A8443",
            "did:web:badges.example%3A8443:u:north",
            "did:web:badges.example%3A8443:t:north:x",
            "did:web:badges.example%3A8443:t:north#k",
            "did:web:evil.example:t:north",
            "did:key:z6Mk",
        ] {
            assert_eq!(host.slug_of(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_advice() {
        let long = "a".repeat(64);
        let hosts =
            ["", "a b", "a/b", "https://a", "a:", "a:0", "a:65536", "a:+1", "a..b", "a%3A1"];
        for text in hosts.into_iter().chain([long.as_str()]) {
            let error = text.parse::<Host>().expect_err(text);
            assert!(error.to_string().contains("name:port"), "{error}");
        }
    }
}
