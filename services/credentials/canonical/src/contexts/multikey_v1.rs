//! Public keys in multibase.
//!
//! `https://w3id.org/security/multikey/v1`, SHA-256
//! `ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597`.

use super::term::{Context, term};

pub(super) static MULTIKEY: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("controller", sec!("controller")).iri(),
        term("expires", sec!("expiration")).typed(xsd!("dateTime")),
        term("publicKeyMultibase", sec!("publicKeyMultibase")).typed(sec!("multibase")),
        term("revoked", sec!("revoked")).typed(xsd!("dateTime")),
        term("secretKeyMultibase", sec!("secretKeyMultibase")).typed(sec!("multibase")),
    ],
};

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("Multikey", sec!("Multikey")).within(&MULTIKEY)],
};
