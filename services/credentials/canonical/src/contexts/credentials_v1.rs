//! The W3C data model 1.1, as others still write it; nothing here is issued in it. Its dates have other
//! names, and it knows no status and no Data Integrity proof of its own.
//!
//! `https://www.w3.org/2018/credentials/v1`, the W3C's file, which npm `@digitalbazaar/credentials-context`
//! 3.2.0 has byte for byte inside its `lib/v1.js` (its `contexts/v1.jsonld` says the same, laid out anew),
//! SHA-256 `ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc`.

use super::term::{Context, term};

pub(super) static PROOF_PURPOSE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("assertionMethod", sec!("assertionMethod")).iri().set(),
        term("authentication", sec!("authenticationMethod")).iri().set(),
        term("sec", "https://w3id.org/security#").prefix(),
    ],
};

pub(super) static ECDSA_SECP256K1_SIGNATURE2019: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("challenge", sec!("challenge")),
        term("created", "http://purl.org/dc/terms/created").typed("xsd:dateTime"),
        term("domain", sec!("domain")),
        term("expires", sec!("expiration")).typed("xsd:dateTime"),
        term("jws", sec!("jws")),
        term("nonce", sec!("nonce")),
        term("proofPurpose", sec!("proofPurpose")).vocab().within(&PROOF_PURPOSE),
        term("proofValue", sec!("proofValue")),
        term("sec", "https://w3id.org/security#").prefix(),
        term("verificationMethod", sec!("verificationMethod")).iri(),
        term("xsd", "http://www.w3.org/2001/XMLSchema#").prefix(),
    ],
};

pub(super) static RSA_SIGNATURE2018: Context = Context {
    protected: true,
    aliases: false,
    terms: &[
        term("challenge", "sec:challenge"),
        term("created", "http://purl.org/dc/terms/created").typed("xsd:dateTime"),
        term("domain", "sec:domain"),
        term("expires", "sec:expiration").typed("xsd:dateTime"),
        term("jws", "sec:jws"),
        term("nonce", "sec:nonce"),
        term("proofPurpose", "sec:proofPurpose").vocab().within(&PROOF_PURPOSE),
        term("proofValue", "sec:proofValue"),
        term("verificationMethod", "sec:verificationMethod").iri(),
    ],
};

pub(super) static CREDENTIAL_SCHEMA: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("JsonSchemaValidator2018", cred!("JsonSchemaValidator2018")),
        term("cred", "https://www.w3.org/2018/credentials#").prefix(),
    ],
};

pub(super) static REFRESH_SERVICE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("ManualRefreshService2018", cred!("ManualRefreshService2018")),
        term("cred", "https://www.w3.org/2018/credentials#").prefix(),
    ],
};

pub(super) static VERIFIABLE_CREDENTIAL: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("cred", "https://www.w3.org/2018/credentials#").prefix(),
        term("credentialSchema", cred!("credentialSchema")).iri().within(&CREDENTIAL_SCHEMA),
        term("credentialStatus", cred!("credentialStatus")).iri(),
        term("credentialSubject", cred!("credentialSubject")).iri(),
        term("evidence", cred!("evidence")).iri(),
        term("expirationDate", cred!("expirationDate")).typed("xsd:dateTime"),
        term("holder", cred!("holder")).iri(),
        term("issuanceDate", cred!("issuanceDate")).typed("xsd:dateTime"),
        term("issued", cred!("issued")).typed("xsd:dateTime"),
        term("issuer", cred!("issuer")).iri(),
        term("proof", sec!("proof")).iri().graph(),
        term("refreshService", cred!("refreshService")).iri().within(&REFRESH_SERVICE),
        term("sec", "https://w3id.org/security#").prefix(),
        term("termsOfUse", cred!("termsOfUse")).iri(),
        term("validFrom", cred!("validFrom")).typed("xsd:dateTime"),
        term("validUntil", cred!("validUntil")).typed("xsd:dateTime"),
        term("xsd", "http://www.w3.org/2001/XMLSchema#").prefix(),
    ],
};

pub(super) static VERIFIABLE_PRESENTATION: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("cred", "https://www.w3.org/2018/credentials#").prefix(),
        term("holder", cred!("holder")).iri(),
        term("proof", sec!("proof")).iri().graph(),
        term("sec", "https://w3id.org/security#").prefix(),
        term("verifiableCredential", cred!("verifiableCredential")).iri().graph(),
    ],
};

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("EcdsaSecp256k1Signature2019", sec!("EcdsaSecp256k1Signature2019"))
            .within(&ECDSA_SECP256K1_SIGNATURE2019),
        term("EcdsaSecp256r1Signature2019", sec!("EcdsaSecp256r1Signature2019"))
            .within(&ECDSA_SECP256K1_SIGNATURE2019),
        term("Ed25519Signature2018", sec!("Ed25519Signature2018"))
            .within(&ECDSA_SECP256K1_SIGNATURE2019),
        term("RsaSignature2018", sec!("RsaSignature2018")).within(&RSA_SIGNATURE2018),
        term("VerifiableCredential", cred!("VerifiableCredential")).within(&VERIFIABLE_CREDENTIAL),
        term("VerifiablePresentation", cred!("VerifiablePresentation"))
            .within(&VERIFIABLE_PRESENTATION),
        term("proof", sec!("proof")).iri().graph(),
    ],
};
