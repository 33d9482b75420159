//! Addresses that may be called: by HTTPS, or on this computer.

use std::fmt;

use anyhow::{Context as _, ensure};
use axum::http::Uri;

/// Longest address that is looked at, in bytes.
const LONGEST: usize = 4_096;

/// An address that may be called, if it is not on this computer or that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    text: String,
    /// Host and port.
    authority: String,
    here: bool,
}

impl Address {
    /// Reads one.
    ///
    /// # Errors
    /// It is neither HTTPS nor on this computer, or has a user or a fragment in it.
    pub(crate) fn read(text: &str) -> anyhow::Result<Self> {
        let wrong = || format!("{text:?} is no address: write https://host/…");
        let odd = text.len() > LONGEST || text.contains(['#', '@', '\\']);
        ensure!(!odd && !text.chars().any(|c| c.is_control() || c == ' '), wrong());
        let uri: Uri = text.parse().with_context(wrong)?;
        let host = uri.host().with_context(wrong)?.to_ascii_lowercase();
        let here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => here,
            _ => false,
        };
        ensure!(secure, "{text} is not called: it must begin with https://");
        let authority = uri.authority().map(|it| it.as_str().to_ascii_lowercase());
        let authority = authority.with_context(wrong)?;
        Ok(Self { text: text.to_owned(), authority, here })
    }

    /// As it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port, as people are told them.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether it is on this computer.
    pub(crate) fn is_here(&self) -> bool {
        self.here
    }

    /// Whether the other one is at the same host and port, by the same scheme.
    pub(crate) fn same_origin(&self, other: &Self) -> bool {
        let scheme = |one: &Self| one.text.split(':').next().map(str::to_ascii_lowercase);
        self.authority == other.authority && scheme(self) == scheme(other)
    }

    /// What is under it.
    ///
    /// # Errors
    /// What comes of it is no address.
    pub(crate) fn under(&self, path: &str) -> anyhow::Result<Self> {
        Self::read(&format!("{}/{path}", self.text.trim_end_matches('/')))
    }

    /// The same with a query.
    ///
    /// # Errors
    /// What comes of it is no address.
    pub(crate) fn asking(&self, query: &str) -> anyhow::Result<Self> {
        let separator = if self.text.contains('?') { '&' } else { '?' };
        Self::read(&format!("{}{separator}{query}", self.text))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_called_but_on_this_computer() {
        let here = ["http://localhost:7402/t/north", "http://127.0.0.1/", "http://[::1]:80/x"];
        assert!(here.into_iter().all(|text| Address::read(text).expect(text).is_here()));
        assert!(!Address::read("https://badges.example/x").expect("sound").is_here());
        for wrong in [
            "http://badges.example/",
            "http://localhost.example/",
            "http://127.0.0.1@badges.example/",
            "https://user@badges.example/",
            "https://badges.example/#x",
            "ftp://badges.example/",
            "badges.example",
            "https:///x",
            "/x",
            "",
        ] {
            assert!(Address::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn another_port_is_another_origin() {
        let read = |text| Address::read(text).expect("sound");
        let one = read("https://badges.example/a");
        assert!(one.same_origin(&read("https://BADGES.example/b")));
        for other in ["https://badges.example:8443/a", "https://other.example/a"] {
            assert!(!one.same_origin(&read(other)), "{other}");
        }
        assert_eq!(one.under("x").expect("sound").as_str(), "https://badges.example/a/x");
    }
}
