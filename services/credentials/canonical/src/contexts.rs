//! The pinned contexts, as tables: what a document may be written in. Nothing is fetched.
//!
//! A table holds what one published file defines; its digest is the file's. OB 3.0.3 exists in two
//! forms under one URL, and only a digest tells them apart.

/// `name!("x")` is the IRI of x in one vocabulary, at compile time.
macro_rules! vocabularies {
    ($dollar:tt $($name:ident $base:literal)*) => {$(
        macro_rules! $name {
            ($dollar last:literal) => {
                concat!($base, $dollar last)
            };
        }
    )*};
}

vocabularies! { $
    ob "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
    clr "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
    cred "https://www.w3.org/2018/credentials#"
    sec "https://w3id.org/security#"
    schema "https://schema.org/"
    status "https://www.w3.org/ns/credentials/status#"
    jwt "https://www.iana.org/assignments/jwt#"
    jose "https://www.iana.org/assignments/jose#"
    xsds "https://www.w3.org/2001/XMLSchema#"
    xsd "http://www.w3.org/2001/XMLSchema#"
}

mod active;
mod clr_2_0_1;
mod credentials_v1;
mod credentials_v2;
mod data_integrity_v2;
mod multikey_v1;
mod ob_3_0_1;
mod ob_3_0_2;
mod ob_3_0_3;
mod ob_extensions;
mod term;
#[cfg(test)]
mod tests;

pub(crate) use active::{Active, Actives, Clash, Found};
pub(crate) use term::{Coercion, Container, Context, Definition, Scoped};

/// A context that documents may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pinned {
    /// The name in `@context`.
    pub url: &'static str,
    /// SHA-256 of the published file, in lower-case hexadecimal.
    pub sha256: &'static str,
    pub(crate) context: &'static Context,
}

static PINNED: [Pinned; 9] = [
    Pinned {
        url: "https://www.w3.org/ns/credentials/v2",
        sha256: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        context: &credentials_v2::ROOT,
    },
    Pinned {
        url: "https://www.w3.org/2018/credentials/v1",
        sha256: "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        context: &credentials_v1::ROOT,
    },
    Pinned {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        sha256: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        context: &ob_3_0_3::ROOT,
    },
    Pinned {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        sha256: "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        context: &ob_3_0_2::ROOT,
    },
    Pinned {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        sha256: "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
        context: &ob_3_0_1::ROOT,
    },
    Pinned {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        sha256: "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
        context: &ob_extensions::ROOT,
    },
    Pinned {
        url: "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        sha256: "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
        context: &clr_2_0_1::ROOT,
    },
    Pinned {
        url: "https://w3id.org/security/data-integrity/v2",
        sha256: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        context: &data_integrity_v2::ROOT,
    },
    Pinned {
        url: "https://w3id.org/security/multikey/v1",
        sha256: "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        context: &multikey_v1::ROOT,
    },
];

/// All contexts that documents may name; any other is refused.
pub fn pinned() -> &'static [Pinned] {
    &PINNED
}

/// The context of this name.
pub(crate) fn named(url: &str) -> Option<&'static Context> {
    PINNED.iter().find(|pinned| pinned.url == url).map(|pinned| pinned.context)
}
