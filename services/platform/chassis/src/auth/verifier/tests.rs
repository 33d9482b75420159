use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use northstar_kernel::{LearnerId, TenantId};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::auth::Role;
use crate::auth::issuer::Issuer;

const ISSUER: &str = "https://id.example";
const AUDIENCE: &str = "northstar";

struct Fixture {
    _folder: TempDir,
    issuer: Issuer,
    verifier: Verifier,
    now: u64,
}

/// A verifier that knows the keys of `issuer` and of `others`.
async fn fixture_with(others: &[Jwk]) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::open(&folder.path().join("issuer.pem"), ISSUER, AUDIENCE).unwrap();
    let mut set = issuer.jwks();
    set.keys.extend_from_slice(others);
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, serde_json::to_vec(&set).unwrap()).unwrap();
    let config = AuthConfig {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        jwks: path.to_str().unwrap().to_owned(),
        clock_skew_seconds: 30,
    };
    let verifier = Verifier::open(&config).await.unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Fixture { _folder: folder, issuer, verifier, now }
}

async fn fixture() -> Fixture {
    fixture_with(&[]).await
}

impl Fixture {
    fn grant(&self) -> Grant {
        let tenant = TenantId::from_slug("front-range");
        Grant {
            subject: "teacher-7".to_owned(),
            tenant: Some(tenant),
            roles: BTreeSet::from([Role::Teacher, Role::Guardian]),
            learners: BTreeSet::from([LearnerId::derive(tenant, "s1")]),
        }
    }

    fn claims(&self, issuer: &str, audience: &str, not_before: u64, expires: u64) -> String {
        let claims = Claims::new(&self.grant(), issuer, audience, not_before, expires);
        self.issuer.sign(&claims).unwrap()
    }

    /// A good token but for `change` made to its claims.
    fn changed(&self, change: impl FnOnce(&mut Value)) -> String {
        let claims = Claims::new(&self.grant(), ISSUER, AUDIENCE, self.now, self.now + 600);
        let mut claims = serde_json::to_value(claims).unwrap();
        change(&mut claims);
        self.issuer.sign(&claims).unwrap()
    }

    async fn denied(&self, token: &str) -> Denied {
        self.verifier.verify(token).await.unwrap_err()
    }
}

#[tokio::test]
async fn a_good_token_grants_what_it_says_again_and_again() {
    let fixture = fixture().await;
    let token = fixture.issuer.mint(&fixture.grant(), std::time::Duration::from_secs(60)).unwrap();
    for _ in 0..3 {
        assert_eq!(*fixture.verifier.verify(&token).await.unwrap(), fixture.grant());
    }
    let platform = Grant { tenant: None, learners: BTreeSet::new(), ..fixture.grant() };
    let token = fixture.issuer.mint(&platform, std::time::Duration::from_secs(60)).unwrap();
    assert_eq!(*fixture.verifier.verify(&token).await.unwrap(), platform);
}

#[tokio::test]
async fn time_issuer_and_audience_must_fit() {
    let fixture = fixture().await;
    let now = fixture.now;
    let cases = [
        (fixture.claims(ISSUER, AUDIENCE, now - 900, now - 300), Denied::Expired),
        (fixture.claims(ISSUER, AUDIENCE, now + 300, now + 900), Denied::TooEarly),
        (fixture.claims("https://evil.example", AUDIENCE, now, now + 600), Denied::Issuer),
        (fixture.claims(ISSUER, "other", now, now + 600), Denied::Audience),
    ];
    for (token, expected) in cases {
        assert_eq!(fixture.denied(&token).await, expected);
    }
}

#[tokio::test]
async fn clocks_may_differ_by_the_configured_skew() {
    let fixture = fixture().await;
    let now = fixture.now;
    let token = fixture.claims(ISSUER, AUDIENCE, now + 15, now - 10);
    assert!(fixture.verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn a_remembered_token_still_expires() {
    let fixture = fixture().await;
    let token = fixture.claims(ISSUER, AUDIENCE, fixture.now, fixture.now + 60);
    assert!(fixture.verifier.verify(&token).await.is_ok());
    let name: [u8; 32] = Sha256::digest(&token).into();
    let remembered = |now| fixture.verifier.remembered(&name, now);
    assert!(remembered(fixture.now + 90).unwrap().is_some());
    assert_eq!(remembered(fixture.now + 91).unwrap_err(), Denied::Expired);
    assert_eq!(remembered(fixture.now - 31).unwrap_err(), Denied::TooEarly);
}

#[tokio::test]
async fn every_required_claim_is_required() {
    let fixture = fixture().await;
    for claim in ["iss", "aud", "exp", "sub", "roles"] {
        let token = fixture.changed(|claims| {
            claims.as_object_mut().unwrap().remove(claim);
        });
        assert_eq!(fixture.denied(&token).await, Denied::Incomplete, "{claim}");
    }
}

#[tokio::test]
async fn claims_of_the_wrong_form_are_refused() {
    let fixture = fixture().await;
    let cases = [
        ("tenant", json!("not-a-uuid"), Denied::Malformed),
        ("tenant", json!(7), Denied::Malformed),
        ("learners", json!(["x"]), Denied::Malformed),
        ("roles", json!("teacher"), Denied::Malformed),
        ("roles", json!(["teacher", "wizard"]), Denied::UnknownRole),
        ("sub", json!(""), Denied::Malformed),
        ("sub", json!("a\nb"), Denied::Malformed),
        ("sub", json!("x".repeat(256)), Denied::Malformed),
        ("aud", json!(["a", "b"]), Denied::Audience),
    ];
    for (claim, value, expected) in cases {
        let token = fixture.changed(|claims| claims[claim] = value.clone());
        assert_eq!(fixture.denied(&token).await, expected, "{claim} = {value}");
    }
    let token = fixture.changed(|claims| claims["aud"] = json!(["other", AUDIENCE]));
    assert!(fixture.verifier.verify(&token).await.is_ok());
}

/// A token with `header` and good claims, signed by `sign`.
fn forged(fixture: &Fixture, header: &Value, sign: impl FnOnce(&[u8]) -> String) -> String {
    let good = fixture.claims(ISSUER, AUDIENCE, fixture.now, fixture.now + 600);
    let claims = good.split('.').nth(1).unwrap();
    let message = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let signature = sign(message.as_bytes());
    format!("{message}.{signature}")
}

#[tokio::test]
async fn a_token_cannot_choose_how_it_is_judged() {
    let fixture = fixture().await;
    let jwk = fixture.issuer.jwks().keys.remove(0);
    let kid = jwk.common.key_id.clone().unwrap();
    let none = forged(&fixture, &json!({"alg": "none", "kid": kid}), |_| String::new());
    assert_eq!(fixture.denied(&none).await, Denied::Malformed);
    let public = serde_json::to_vec(&jwk).unwrap();
    let secret = EncodingKey::from_secret(&public);
    let hmac = forged(&fixture, &json!({"alg": "HS256", "kid": kid}), |message| {
        jsonwebtoken::crypto::sign(message, &secret, Algorithm::HS256).unwrap()
    });
    assert_eq!(fixture.denied(&hmac).await, Denied::Algorithm);
    let good = fixture.claims(ISSUER, AUDIENCE, fixture.now, fixture.now + 600);
    let signature = good.rsplit('.').next().unwrap();
    let other = forged(&fixture, &json!({"alg": "ES384", "kid": kid}), |_| signature.to_owned());
    assert_eq!(fixture.denied(&other).await, Denied::Algorithm);
}

#[tokio::test]
async fn a_token_that_was_touched_is_refused() {
    let fixture = fixture().await;
    let good = fixture.claims(ISSUER, AUDIENCE, fixture.now, fixture.now + 600);
    let [header, claims, signature]: [&str; 3] =
        good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut other = Grant { subject: "principal".to_owned(), ..fixture.grant() };
    other.roles.insert(Role::NetworkAdmin);
    let raised = Claims::new(&other, ISSUER, AUDIENCE, fixture.now, fixture.now + 600);
    let raised = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&raised).unwrap());
    assert_eq!(fixture.denied(&format!("{header}.{raised}.{signature}")).await, Denied::Signature);
    for bad in ["", ".", "..", "a.b", &format!("{header}.{claims}"), &format!("{good}.x")] {
        assert_eq!(fixture.denied(bad).await, Denied::Malformed, "{bad}");
    }
}

#[tokio::test]
async fn a_stranger_with_our_key_name_is_refused() {
    let ours = fixture().await;
    let theirs = fixture().await;
    let token = theirs.claims(ISSUER, AUDIENCE, theirs.now, theirs.now + 600);
    assert_eq!(ours.denied(&token).await, Denied::UnknownKey);
    let kid = ours.issuer.jwks().keys[0].common.key_id.clone();
    let header = json!({"alg": "ES256", "kid": kid});
    let signature = token.rsplit('.').next().unwrap().to_owned();
    let disguised = forged(&theirs, &header, |_| signature);
    assert_eq!(ours.denied(&disguised).await, Denied::Signature);
}

#[tokio::test]
async fn an_ed25519_issuer_is_believed_too() {
    // PKCS#8 of the first private key in RFC 8410, section 10.3.
    let der = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20, 0xd4, 0xee, 0x72, 0xdb, 0xf9, 0x13, 0x58, 0x4a, 0xd5, 0xb6, 0xd8, 0xf1, 0xf7, 0x69,
        0xf8, 0xad, 0x3a, 0xfe, 0x7c, 0x28, 0xcb, 0xf1, 0xd4, 0xfb, 0xe0, 0x97, 0xa8, 0x8f, 0x44,
        0x75, 0x58, 0x42,
    ];
    let key = EncodingKey::from_ed_der(&der);
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
    jwk.common.key_id = Some("ed".to_owned());
    let fixture = fixture_with(&[jwk]).await;
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("ed".to_owned());
    let now = fixture.now;
    let claims = Claims::new(&fixture.grant(), ISSUER, AUDIENCE, now, now + 600);
    let token = encode(&header, &claims, &key).unwrap();
    assert_eq!(*fixture.verifier.verify(&token).await.unwrap(), fixture.grant());
}

#[tokio::test]
async fn a_key_file_that_cannot_be_used_stops_the_start() {
    let config = AuthConfig {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        jwks: "/absent/jwks.json".to_owned(),
        clock_skew_seconds: 30,
    };
    let error = Verifier::open(&config).await.err().unwrap();
    assert_eq!(error.to_string(), "auth.jwks: /absent/jwks.json");
    let config = AuthConfig { clock_skew_seconds: 601, ..config };
    assert!(matches!(Verifier::open(&config).await, Err(SetupError::Skew)));
}
