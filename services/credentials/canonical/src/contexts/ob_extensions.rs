//! 1EdTech's own kinds of schema, status and refresh.
//!
//! `https://purl.imsglobal.org/spec/ob/v3p0/extensions.json`, SHA-256
//! `87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93`.

use super::term::{Context, term};

pub(super) static ROOT: Context = Context {
    protected: false,
    aliases: true,
    terms: &[
        term(
            "1EdTechCredentialRefresh",
            "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh",
        ),
        term(
            "1EdTechJsonSchemaValidator2019",
            "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019",
        ),
        term(
            "1EdTechRevocationList",
            "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList",
        ),
    ],
};
