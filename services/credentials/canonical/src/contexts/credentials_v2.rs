//! The W3C data model 2.0, with status lists and proofs.
//!
//! `https://www.w3.org/ns/credentials/v2`, SHA-256
//! `59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734`.

use super::term::{Context, term};

pub(super) static BITSTRING_STATUS_LIST: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("encodedList", status!("encodedList")).typed(sec!("multibase")),
        term("statusPurpose", status!("statusPurpose")),
        term("ttl", status!("ttl")),
    ],
};

pub(super) static STATUS_MESSAGE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("message", status!("message")), term("status", status!("status"))],
};

pub(super) static BITSTRING_STATUS_LIST_ENTRY: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("statusListCredential", status!("statusListCredential")).iri(),
        term("statusListIndex", status!("statusListIndex")),
        term("statusMessage", status!("statusMessage")).within(&STATUS_MESSAGE),
        term("statusPurpose", status!("statusPurpose")),
        term("statusReference", status!("statusReference")).iri(),
        term("statusSize", status!("statusSize")).typed(xsds!("integer")),
    ],
};

pub(super) static PROOF_PURPOSE: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("assertionMethod", sec!("assertionMethod")).iri().set(),
        term("authentication", sec!("authenticationMethod")).iri().set(),
        term("capabilityDelegation", sec!("capabilityDelegationMethod")).iri().set(),
        term("capabilityInvocation", sec!("capabilityInvocationMethod")).iri().set(),
        term("keyAgreement", sec!("keyAgreementMethod")).iri().set(),
    ],
};

pub(super) static DATA_INTEGRITY_PROOF: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("challenge", sec!("challenge")),
        term("created", "http://purl.org/dc/terms/created").typed(xsd!("dateTime")),
        term("cryptosuite", sec!("cryptosuite")).typed(sec!("cryptosuiteString")),
        term("domain", sec!("domain")),
        term("expires", sec!("expiration")).typed(xsd!("dateTime")),
        term("nonce", sec!("nonce")),
        term("previousProof", sec!("previousProof")).iri(),
        term("proofPurpose", sec!("proofPurpose")).vocab().within(&PROOF_PURPOSE),
        term("proofValue", sec!("proofValue")).typed(sec!("multibase")),
        term("verificationMethod", sec!("verificationMethod")).iri(),
    ],
};

pub(super) static JSON_SCHEMA: Context = Context {
    protected: true,
    aliases: true,
    terms: &[term("jsonSchema", cred!("jsonSchema")).json()],
};

pub(super) static VERIFIABLE_CREDENTIAL: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("confidenceMethod", cred!("confidenceMethod")).iri(),
        term("credentialSchema", cred!("credentialSchema")).iri(),
        term("credentialStatus", cred!("credentialStatus")).iri(),
        term("credentialSubject", cred!("credentialSubject")).iri(),
        term("description", schema!("description")),
        term("evidence", cred!("evidence")).iri(),
        term("issuer", cred!("issuer")).iri(),
        term("name", schema!("name")),
        term("proof", sec!("proof")).iri().graph(),
        term("refreshService", cred!("refreshService")).iri(),
        term("relatedResource", cred!("relatedResource")).iri(),
        term("renderMethod", cred!("renderMethod")).iri(),
        term("termsOfUse", cred!("termsOfUse")).iri(),
        term("validFrom", cred!("validFrom")).typed(xsd!("dateTime")),
        term("validUntil", cred!("validUntil")).typed(xsd!("dateTime")),
    ],
};

pub(super) static VERIFIABLE_PRESENTATION: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("holder", cred!("holder")).iri(),
        term("proof", sec!("proof")).iri().graph(),
        term("termsOfUse", cred!("termsOfUse")).iri(),
        term("verifiableCredential", cred!("verifiableCredential")).iri().graph().without_context(),
    ],
};

pub(super) static CNF: Context = Context {
    protected: true,
    aliases: false,
    terms: &[term("jwk", jwt!("jwk")).json(), term("kid", jwt!("kid")).iri()],
};

pub(super) static ROOT: Context = Context {
    protected: true,
    aliases: true,
    terms: &[
        term("...", jwt!("...")),
        term("BitstringStatusList", status!("BitstringStatusList")).within(&BITSTRING_STATUS_LIST),
        term("BitstringStatusListCredential", status!("BitstringStatusListCredential")),
        term("BitstringStatusListEntry", status!("BitstringStatusListEntry"))
            .within(&BITSTRING_STATUS_LIST_ENTRY),
        term("DataIntegrityProof", sec!("DataIntegrityProof")).within(&DATA_INTEGRITY_PROOF),
        term("EnvelopedVerifiableCredential", cred!("EnvelopedVerifiableCredential")),
        term("EnvelopedVerifiablePresentation", cred!("EnvelopedVerifiablePresentation")),
        term("JsonSchema", cred!("JsonSchema")).within(&JSON_SCHEMA),
        term("JsonSchemaCredential", cred!("JsonSchemaCredential")),
        term("VerifiableCredential", cred!("VerifiableCredential")).within(&VERIFIABLE_CREDENTIAL),
        term("VerifiablePresentation", cred!("VerifiablePresentation"))
            .within(&VERIFIABLE_PRESENTATION),
        term("_sd", jwt!("_sd")).json(),
        term("_sd_alg", jwt!("_sd_alg")),
        term("aud", jwt!("aud")).iri(),
        term("cnf", jwt!("cnf")).within(&CNF),
        term("description", schema!("description")),
        term("digestMultibase", sec!("digestMultibase")).typed(sec!("multibase")),
        term("digestSRI", cred!("digestSRI")).typed(cred!("sriString")),
        term("exp", jwt!("exp")).typed(xsds!("nonNegativeInteger")),
        term("iat", jwt!("iat")).typed(xsds!("nonNegativeInteger")),
        term("iss", jose!("iss")).iri(),
        term("jku", jose!("jku")).iri(),
        term("kid", jose!("kid")).iri(),
        term("mediaType", schema!("encodingFormat")),
        term("name", schema!("name")),
        term("nbf", jwt!("nbf")).typed(xsds!("nonNegativeInteger")),
        term("sub", jose!("sub")).iri(),
        term("x5u", jose!("x5u")).iri(),
    ],
};
