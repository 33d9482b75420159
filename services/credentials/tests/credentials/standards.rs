//! What is issued, judged by others: the official JSON Schema and an independent verifier.

use std::fs;

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

use northstar_credentials::{Config, TokenAlgorithm};

use crate::badge;
use crate::region::{FRONT_RANGE, Region, achievement, learner};

/// The schema, where the shared data is present.
pub(crate) fn schema() -> Option<jsonschema::Validator> {
    schema_named("ob_v3p0_achievementcredential_schema.json")
}

/// Whether it is as that schema says, where the shared data is present.
pub(crate) fn official(name: &str, value: &Value) {
    let Some(schema) = schema_named(name) else { return };
    let errors: Vec<_> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {value}");
}

pub(crate) fn schema_named(name: &str) -> Option<jsonschema::Validator> {
    let schemas = northstar_testkit::shared_data()?.join("credential-vectors/schemas");
    let file = schemas.join(name);
    let text = fs::read_to_string(file).expect("the schema is among the shared data");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let options = jsonschema::options().should_validate_formats(true);
    Some(options.build(&schema).expect("the schema is a schema"))
}

#[test]
fn credentials_pass_the_official_schema() {
    let Some(schema) = schema() else { return };
    for code in ["NS.RES", ""] {
        let mut achievement = badge::achievement();
        achievement.alignment.code = code.into();
        let issued = badge::payload(&badge::sign(&achievement));
        let errors: Vec<_> = schema.iter_errors(&issued).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_schema_misses_what_is_taken_out() {
    let Some(schema) = schema() else { return };
    let required = ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"];
    for member in required {
        let mut spoiled = badge::payload(&badge::sign(&badge::achievement()));
        spoiled.as_object_mut().expect("an object").remove(member);
        assert!(!schema.is_valid(&spoiled), "without {member}");
    }
}

#[test]
fn an_independent_implementation_verifies_the_signature() {
    let jwk: Jwk = serde_json::from_value(badge::key().public().jwk()).expect("a JWK");
    let key = DecodingKey::from_jwk(&jwk).expect("a P-256 key");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims = ["iss", "sub", "nbf"].map(ToOwned::to_owned).into();
    validation.set_issuer(&[badge::issuer().as_str()]);
    validation.validate_nbf = true;
    validation.validate_exp = false;
    let compact = badge::sign(&badge::achievement());
    let token = decode::<Value>(&compact, &key, &validation).expect("it verifies");
    assert_eq!(token.header.kid, Some(badge::issuer().method("es256-1")));
    assert_eq!(token.header.typ.as_deref(), Some("JWT"));
    assert_eq!(token.claims["jti"], token.claims["id"]);

    let mut changed = compact.into_bytes();
    let last = changed.len() - 2;
    changed[last] = if changed[last] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ASCII");
    assert!(decode::<Value>(&changed, &key, &validation).is_err());
}

#[test]
fn nothing_about_the_learner_is_in_the_document() {
    let payload = badge::payload(&badge::sign(&badge::achievement()));
    let subject = payload["credentialSubject"].as_object().expect("an object");
    let mut members: Vec<_> = subject.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["achievement", "id", "result", "type"]);
    assert_eq!(subject["id"], format!("urn:uuid:{}", badge::SUBJECT));
    assert_eq!(subject["result"][0]["value"], "3");
    let described = &subject["achievement"]["resultDescription"][0]["id"];
    assert_eq!(subject["result"][0]["resultDescription"], *described);
}

/// What a region issues, in both forms, its token by this algorithm.
async fn issued_by(token_algorithm: TokenAlgorithm) -> (Region, Value, String) {
    let mut region = Region::new();
    region.name(FRONT_RANGE).await;
    let config = Config { token_algorithm, ..Config::default() };
    region.run(region.handler_by(config));
    region.define(achievement("res-3", "responsibility", 3)).await.expect("sound");
    region.mastery(learner("s1"), "responsibility", 3, true).await;
    region.settled().await;
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    let document = serde_json::from_str(&credential.document).expect("JSON");
    (region, document, credential.compact_jws)
}

#[tokio::test]
async fn what_a_region_issues_passes_the_official_schema() {
    let (_, document, token) = issued_by(TokenAlgorithm::default()).await;
    assert_eq!(document["proof"]["cryptosuite"], "eddsa-rdfc-2022");
    let Some(schema) = schema() else { return };
    for issued in [document, badge::payload(&token)] {
        let errors: Vec<_> = schema.iter_errors(&issued).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[tokio::test]
async fn tokens_are_signed_by_what_the_deployment_decided() {
    for (algorithm, name) in [(TokenAlgorithm::Es256, "ES256"), (TokenAlgorithm::EdDsa, "EdDSA")] {
        let (region, _, token) = issued_by(algorithm).await;
        let header = jsonwebtoken::decode_header(&token).expect("a header");
        assert_eq!(format!("{:?}", header.alg), name);
        assert_eq!(region.failed_check(&token).await, None);
    }
}
