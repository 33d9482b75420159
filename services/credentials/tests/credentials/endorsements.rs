//! What the tenant says of others, and what others say of what is its own.

use northstar_chassis::{Principal, Role};
use northstar_credentials_proof::{Options, SecretKey, Suite, secure};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::records::learned;
use crate::region::{FRONT_RANGE, Region, by, caller, learner, present};
use crate::standards::schema_named;

pub(crate) fn admin() -> Principal {
    caller(FRONT_RANGE, Role::NetworkAdmin, &[])
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// Another issuer, whose name is its own key.
pub(crate) fn accreditor() -> SecretKey {
    SecretKey::ed25519(&[5; 32])
}

pub(crate) fn did_of(key: &SecretKey) -> String {
    format!("did:key:{}", key.public().multibase().expect("a key that has one"))
}

/// The document signed by the key as one of `issuer`'s; `method` is the key's name.
pub(crate) fn signed_by(key: &SecretKey, method: &str, document: &Value) -> Value {
    let created = "2026-03-02T12:00:00Z";
    let options = Options { verification_method: method, created };
    let limits = northstar_credentials_canonical::Limits::BADGE;
    secure(document, Suite::EddsaRdfc2022, &options, key, &limits).expect("it is signed")
}

/// The accreditor's endorsement of something, signed.
pub(crate) fn endorsement(about: &str) -> Value {
    let did = did_of(&accreditor());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    signed_by(&accreditor(), &method, &unsigned(&did, about))
}

fn unsigned(issuer: &str, about: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:8a4b1d5e-0f65-4f3e-9c1d-0c5f4f0e7a11",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Accreditors of the Plains"},
        "validFrom": "2026-03-02T12:00:00Z",
        "credentialSubject": {
            "id": about, "type": ["EndorsementSubject"], "endorsementComment": "Well assessed."
        }
    })
}

pub(crate) async fn given(region: &Region, subject: &str) -> Result<String, Status> {
    let request = wire::GiveEndorsementRequest {
        request_id: format!("of {subject}"),
        subject: subject.into(),
        comment: "We rely on it.".into(),
        valid_until: None,
    };
    let answer = region.api.give_endorsement(by(&admin(), request)).await?.into_inner();
    region.settled().await;
    Ok(answer.endorsement_id)
}

pub(crate) async fn listed(region: &Region, subject: &str) -> Vec<wire::Endorsement> {
    listed_for(region, &admin(), subject).await
}

async fn listed_for(region: &Region, who: &Principal, subject: &str) -> Vec<wire::Endorsement> {
    let request = wire::ListEndorsementsRequest { subject: subject.into(), ..Default::default() };
    let answer = region.api.list_endorsements(by(who, request)).await.expect("a list");
    answer.into_inner().endorsements
}

pub(crate) async fn withdrawn(region: &Region, id: &str) -> Result<bool, Status> {
    let request = wire::WithdrawEndorsementRequest {
        endorsement_id: id.into(),
        reason: "We no longer do.".into(),
    };
    let answer = region.api.withdraw_endorsement(by(&admin(), request)).await?.into_inner();
    region.settled().await;
    Ok(answer.changed)
}

async fn received(region: &Region, document: &Value) -> Result<wire::Endorsement, Status> {
    let request =
        wire::ReceiveEndorsementRequest { document: document.to_string(), ..Default::default() };
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let answer = region.api.receive_endorsement(by(&teacher, request)).await?.into_inner();
    region.settled().await;
    Ok(answer.endorsement.expect("an endorsement"))
}

/// The one badge of `s1` in planning, and its id as documents have it.
pub(crate) async fn badge(region: &Region) -> (wire::Credential, String) {
    let badges = region.credentials_of(learner("s1")).await;
    let badge = badges.into_iter().find(|one| one.achievement_name.contains("plan"));
    let badge = badge.expect("a badge");
    let id = format!("urn:uuid:{}", badge.credential_id);
    (badge, id)
}

/// What verification with endorsements beside says: the failed check, if one failed.
async fn failed_beside(region: &Region, document: &str, beside: &[String]) -> Option<String> {
    let request = wire::VerifyCredentialRequest {
        document: document.into(),
        endorsements: beside.to_vec(),
        ..Default::default()
    };
    let employer = caller(FRONT_RANGE, Role::Employer, &[]);
    let report = region.api.verify_credential(by(&employer, request)).await.expect("a report");
    let report = report.into_inner();
    assert_eq!(report.carried.len(), beside.len());
    report.checks.into_iter().find(|check| !check.passed).map(|check| check.name)
}

#[tokio::test]
async fn one_that_is_given_is_signed_verifies_and_can_be_revoked() {
    let region = learned().await;
    let (badge, subject) = badge(&region).await;
    let id = given(&region, &subject).await.expect("allowed");
    assert_eq!(given(&region, &subject).await.expect("the same"), id);
    let all = listed(&region, &subject).await;
    let [endorsement] = &all[..] else { panic!("one, not {all:?}") };
    assert_eq!(endorsement.state(), wire::EndorsementState::Standing);
    assert!(endorsement.given && endorsement.place.is_some());
    let document: Value = serde_json::from_str(&endorsement.document).expect("JSON");
    assert_eq!(region.failed_check_of(&document).await, None);
    let beside = [endorsement.document.clone()];
    assert_eq!(failed_beside(&region, &badge.document, &beside).await, None);
    let place = endorsement.place.expect("a place");
    let places: Vec<_> = region.credentials_of(learner("s1")).await;
    assert!(places.iter().all(|one| one.place != Some(place)), "a bit of its own");

    region.due_at(present()).await;
    assert!(withdrawn(&region, &id).await.expect("allowed"));
    assert!(!withdrawn(&region, &id).await.expect("so already"));
    assert_eq!(region.failed_check_of(&document).await.as_deref(), Some("status"));
    let failed = failed_beside(&region, &badge.document, &beside).await;
    assert_eq!(failed.as_deref(), Some("endorsements"));
    assert_eq!(region.due_at(present()).await, 1, "its bit is published");
    assert_eq!(listed(&region, &subject).await[0].state(), wire::EndorsementState::Withdrawn);

    let Some(schema) = schema_named("ob_v3p0_endorsementcredential_schema.json") else { return };
    let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[tokio::test]
async fn one_that_is_asked_for_before_there_is_a_key_waits_for_it() {
    let region = learned().await;
    let (_, subject) = badge(&region).await;
    let key_name = region.issuer().await.keys[0].key_name.clone();
    let rotate = by(&admin(), wire::RotateIssuerKeyRequest::default());
    region.api.rotate_issuer_key(rotate).await.expect("allowed");
    let compromise = wire::CompromiseIssuerKeyRequest { key_name, from: None };
    region.api.compromise_issuer_key(by(&admin(), compromise)).await.expect("allowed");
    region.settled().await;
    given(&region, &subject).await.expect("allowed");
    let state = async || listed(&region, &subject).await[0].state();
    assert_eq!(state().await, wire::EndorsementState::Requested);
    let later = northstar_kernel::Timestamp::from_micros(present().micros() + 2 * 86_400_000_000);
    region.due_at(later).await;
    assert_eq!(state().await, wire::EndorsementState::Standing);
}

#[tokio::test]
async fn one_that_is_received_is_kept_as_it_came_and_stands_beside_the_badge() {
    let region = learned().await;
    let (badge, subject) = badge(&region).await;
    let document = endorsement(&subject);
    let kept = received(&region, &document).await.expect("it verifies");
    assert_eq!(kept.endorser, did_of(&accreditor()));
    assert!(kept.checks.iter().all(|check| check.outcome != "failed") && !kept.on_word);
    let again = received(&region, &document).await.expect("the same");
    assert_eq!(again.endorsement_id, kept.endorsement_id);
    let all = listed(&region, &subject).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].document, document.to_string(), "byte for byte");
    let beside = [all[0].document.clone()];
    assert_eq!(failed_beside(&region, &badge.document, &beside).await, None);
    let mut tampered = document.clone();
    tampered["credentialSubject"]["endorsementComment"] = json!("Never seen it.");
    let failed = failed_beside(&region, &badge.document, &[tampered.to_string()]).await;
    assert_eq!(failed.as_deref(), Some("endorsements"));
    let elsewhere = [endorsement("urn:uuid:0d9a6b7e-28cb-4c5b-8b8e-1d5d0e6b1a2c").to_string()];
    let failed = failed_beside(&region, &badge.document, &elsewhere).await;
    assert_eq!(failed.as_deref(), Some("endorsements"), "it is about something else");

    let stranger = caller(FRONT_RANGE, Role::Learner, &[learner("s2")]);
    assert!(listed_for(&region, &stranger, &subject).await.is_empty());
    let bytes = std::fs::read(region.folder().join("credentials.db")).expect("the log");
    let clear = b"Well assessed.";
    assert!(!bytes.windows(clear.len()).any(|window| window == clear), "it is sealed");
    assert!(withdrawn(&region, &kept.endorsement_id).await.expect("allowed"));
    let refused = received(&region, &document).await.expect_err("it was withdrawn");
    assert_eq!(reason(&refused), "ENDORSEMENT_WITHDRAWN");
}

#[tokio::test]
async fn what_does_not_verify_or_is_not_about_us_is_refused() {
    let region = learned().await;
    let (badge, subject) = badge(&region).await;
    let mut tampered = endorsement(&subject);
    tampered["credentialSubject"]["endorsementComment"] = json!("Never seen it.");
    let refused = received(&region, &tampered).await.expect_err("tampered");
    assert_eq!(reason(&refused), "CREDENTIAL_NOT_VERIFIED");
    assert!(refused.message().contains("\"arithmetic\""), "{}", refused.message());
    let refused = received(&region, &endorsement("https://elsewhere.example")).await;
    assert_eq!(reason(&refused.expect_err("others'")), "ENDORSEMENT_OF_OTHERS");
    let own: Value = serde_json::from_str(&badge.document).expect("JSON");
    let refused = received(&region, &own).await.expect_err("it is ours");
    assert_eq!(reason(&refused), "CREDENTIAL_UNRESOLVED");

    let unheard = unsigned("did:web:accreditor.example", &subject);
    let unheard = signed_by(&accreditor(), "did:web:accreditor.example#key", &unheard);
    let refused = received(&region, &unheard).await.expect_err("nobody knows whose key it is");
    assert_eq!(reason(&refused), "CREDENTIAL_UNRESOLVED");
    let mut request =
        wire::ReceiveEndorsementRequest { document: unheard.to_string(), ..Default::default() };
    request.word = "I spoke with them.".into();
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let refused = region.api.receive_endorsement(by(&teacher, request.clone())).await;
    assert_eq!(reason(&refused.expect_err("no administrator")), "ROLE_REQUIRED");
    let kept = region.api.receive_endorsement(by(&admin(), request)).await.expect("their word");
    let kept = kept.into_inner().endorsement.expect("an endorsement");
    assert!(kept.on_word);
    let owner = kept.checks.iter().find(|check| check.name == "key owner").expect("a check");
    assert_eq!(owner.outcome, "not checked");
}

#[tokio::test]
async fn bad_requests_are_refused_with_field_and_reason() {
    let region = learned().await;
    let told = |status: Status| {
        let fields = status.get_details_bad_request().map(|bad| bad.field_violations);
        let field = fields.and_then(|mut all| all.pop()).map(|one| one.field);
        (reason(&status), field.unwrap_or_default())
    };
    let refused = given(&region, "not an id").await.expect_err("no IRI");
    assert_eq!(told(refused), ("ENDORSEMENT_INVALID".into(), "subject".into()));
    let sound = wire::GiveEndorsementRequest {
        request_id: "r".into(),
        subject: "https://school.example".into(),
        comment: "We rely on it.".into(),
        valid_until: Some(prost_types::Timestamp { seconds: 1, nanos: 0 }),
    };
    let refused = region.api.give_endorsement(by(&admin(), sound.clone())).await;
    assert_eq!(told(refused.expect_err("past")), ("INSTANT_INVALID".into(), "valid_until".into()));
    let control = wire::GiveEndorsementRequest {
        comment: "a\u{7}b".into(),
        valid_until: None,
        ..sound.clone()
    };
    let refused = region.api.give_endorsement(by(&admin(), control)).await.expect_err("a bell");
    assert_eq!(told(refused), ("ENDORSEMENT_INVALID".into(), "comment".into()));
    for role in [Role::Teacher, Role::Learner, Role::Employer, Role::Service] {
        let request = by(&caller(FRONT_RANGE, role, &[]), sound.clone());
        let refused = region.api.give_endorsement(request).await.expect_err("forbidden");
        assert_eq!(reason(&refused), "ROLE_REQUIRED", "{role:?}");
    }
    let refused = withdrawn(&region, &learner("x").to_string()).await.expect_err("none");
    assert_eq!(reason(&refused), "ENDORSEMENT_NOT_FOUND");
}
