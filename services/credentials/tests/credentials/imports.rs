//! Badges of other issuers: kept as they came, refused with the check that failed, accepted as evidence,
//! withdrawn.

use northstar_chassis::{Principal, Role};
use northstar_credentials::standard::baking::{Baked, bake};
use northstar_credentials_proof::jws;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::endorsements::{accreditor, admin, did_of, signed_by};
use crate::region::{FRONT_RANGE, Region, by, caller, competency, learner};

const RES: &str = "res";

/// A region that knows `s1` and a competency.
pub(crate) async fn school() -> Region {
    let region = Region::running().await;
    region.knows(learner("s1"), RES).await;
    region.settled().await;
    region
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn unsigned(issuer: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:4f0f3d9a-5f0e-4b9f-8f1d-9b6f4e1c2a33",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Scouts of the Plains"},
        "validFrom": "2026-03-02T12:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:b2f0b6a1-4c3d-4a1e-9a59-2f6f0f7f9c10",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://scouts.example/badges/leader", "type": ["Achievement"],
                "name": "Patrol leader", "description": "Led a patrol for a year.",
                "criteria": {"narrative": "A year as patrol leader."},
                "alignment": [{
                    "type": ["Alignment"], "targetName": "Responsibility", "targetType": "CFItem",
                    "targetUrl": format!("https://case.example/uri/{}", competency(RES)),
                }]
            }
        }
    })
}

/// A badge of the scouts', whose name is their own key.
pub(crate) fn foreign() -> Value {
    let did = did_of(&accreditor());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    signed_by(&accreditor(), &method, &unsigned(&did))
}

/// The same in the data model 1.1, for a year, as a document and as a token; with a revocation list at
/// this URL.
pub(crate) fn older(list: Option<&str>) -> (Value, String) {
    let did = did_of(&accreditor());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let mut badge = unsigned(&did);
    badge["@context"][0] = "https://www.w3.org/2018/credentials/v1".into();
    let contexts = badge["@context"].as_array_mut().expect("an array");
    contexts.push("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json".into());
    contexts.push("https://w3id.org/security/data-integrity/v2".into());
    let members = badge.as_object_mut().expect("an object");
    let from = members.remove("validFrom").expect("a start");
    members.insert("issuanceDate".into(), from);
    members.insert("expirationDate".into(), "2027-03-02T12:00:00Z".into());
    let status = list.map(|list| json!({"id": list, "type": "1EdTechRevocationList"}));
    members.extend(status.map(|status| ("credentialStatus".to_owned(), status)));
    let claims = json!({"iss": did, "jti": badge["id"], "sub": badge["credentialSubject"]["id"],
        "nbf": 1_772_452_800, "exp": 1_803_988_800, "vc": badge});
    let token = jws::sign(&accreditor(), &method, &claims).expect("JSON");
    (signed_by(&accreditor(), &method, &badge), token)
}

/// The same by an issuer whose document is not at hand.
fn unheard_of() -> Value {
    let did = "did:web:scouts.example";
    signed_by(&accreditor(), &format!("{did}#key"), &unsigned(did))
}

pub(crate) async fn imported(
    region: &Region,
    who: &Principal,
    file: impl Into<Vec<u8>>,
) -> Result<wire::ImportedCredential, Status> {
    let request = wire::ImportCredentialRequest {
        learner_id: learner("s1").to_string(),
        file: file.into(),
        ..Default::default()
    };
    let answer = region.api.import_credential(by(who, request)).await?.into_inner();
    region.settled().await;
    Ok(answer.imported.expect("it is told"))
}

fn herself() -> Principal {
    caller(FRONT_RANGE, Role::Learner, &[learner("s1")])
}

fn teacher() -> Principal {
    caller(FRONT_RANGE, Role::Teacher, &[])
}

pub(crate) async fn accepted(
    region: &Region,
    import_id: &str,
    level: u32,
) -> Result<wire::AcceptImportedCredentialResponse, Status> {
    let request = wire::AcceptImportedCredentialRequest {
        import_id: import_id.into(),
        competency_id: competency(RES).to_string(),
        level,
    };
    let answer = region.api.accept_imported_credential(by(&teacher(), request)).await?;
    region.settled().await;
    Ok(answer.into_inner())
}

pub(crate) async fn withdrawn(region: &Region, import_id: &str) -> Result<bool, Status> {
    let request = wire::WithdrawImportedCredentialRequest {
        import_id: import_id.into(),
        reason: "Their list revokes it.".into(),
    };
    let answer = region.api.withdraw_imported_credential(by(&admin(), request)).await?;
    region.settled().await;
    Ok(answer.into_inner().changed)
}

async fn got(region: &Region, import_id: &str) -> wire::GetImportedCredentialResponse {
    let request = wire::GetImportedCredentialRequest { import_id: import_id.into() };
    let answer = region.api.get_imported_credential(by(&herself(), request)).await;
    answer.expect("it is there").into_inner()
}

#[tokio::test]
async fn every_form_is_kept_byte_for_byte() {
    let region = school().await;
    let json = foreign().to_string();
    let did = did_of(&accreditor());
    let mut claims = unsigned(&did);
    claims["iss"] = did.clone().into();
    claims["jti"] = claims["id"].clone();
    claims["sub"] = claims["credentialSubject"]["id"].clone();
    claims["nbf"] = 1_772_452_800.into();
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let token = jws::sign(&accreditor(), &method, &claims).expect("JSON");
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>"#;
    let baked = bake(svg, &Baked::Json(json.clone())).expect("baked");
    let files = [("json", json.into_bytes()), ("jws", token.into_bytes()), ("svg", baked)];
    for (form, file) in files {
        let about = imported(&region, &herself(), file.clone()).await.expect(form);
        assert_eq!((about.form.as_str(), about.name.as_str()), (form, "Patrol leader"));
        assert_eq!(about.issuer, did);
        assert!(about.checks.iter().all(|check| check.outcome != "failed") && !about.on_word);
        let found = got(&region, &about.import_id).await;
        assert_eq!(found.file, file, "{form}");
        assert_eq!(found.imported, Some(about.clone()));
        let again = imported(&region, &herself(), file).await.expect("the same");
        assert_eq!(again.import_id, about.import_id);
    }
    let list = wire::ListImportedCredentialsRequest {
        learner_id: learner("s1").to_string(),
        ..Default::default()
    };
    let list = region.api.list_imported_credentials(by(&herself(), list)).await.expect("a list");
    assert_eq!(list.into_inner().imported.len(), 3);
    let bytes = std::fs::read(region.folder().join("credentials.db")).expect("the log");
    let clear = b"Led a patrol for a year.";
    assert!(!bytes.windows(clear.len()).any(|window| window == clear), "files are sealed");
}

#[tokio::test]
async fn badges_of_the_older_data_model_are_kept_with_their_own_dates() {
    let region = school().await;
    let (document, token) = older(None);
    for file in [document.to_string(), token] {
        let about = imported(&region, &herself(), file).await.expect("it is sound");
        let from = about.valid_from.expect("it says when");
        assert_eq!((from.seconds, about.name.as_str()), (1_772_452_800, "Patrol leader"));
    }
}

#[tokio::test]
async fn what_does_not_verify_is_refused_with_the_check_that_failed() {
    let region = school().await;
    type Spoil = fn(&mut Value);
    let cases: [(&str, Spoil); 4] = [
        ("form", |badge| badge["addition"] = json!("x")),
        ("arithmetic", |badge| badge["credentialSubject"]["achievement"]["name"] = json!("Lord")),
        ("key owner", |badge| badge["issuer"]["id"] = json!("did:web:elsewhere.example")),
        ("schema", |badge| badge["validUntil"] = json!("2026-03-03")),
    ];
    for (check, spoil) in cases {
        let mut badge = foreign();
        spoil(&mut badge);
        let refused = imported(&region, &herself(), badge.to_string()).await.expect_err(check);
        assert_eq!(reason(&refused), "CREDENTIAL_NOT_VERIFIED", "{check}");
        let failing = refused.message().split('"').nth(1).unwrap_or_default().to_owned();
        // An issuer that is another's is both: whose key it is, and other bytes than were signed.
        let named = [check, "arithmetic"].contains(&failing.as_str());
        assert!(named, "{check}: {}", refused.message());
        let fields = refused.get_details_bad_request().expect("a field").field_violations;
        assert_eq!(fields[0].field, "file");
    }
    for file in ["", "nonsense", "{}", "<svg/>", "\u{89}PNG"] {
        let refused = imported(&region, &herself(), file).await.expect_err(file);
        assert!(!reason(&refused).is_empty(), "{file}: {refused:?}");
    }
    let long = "x".repeat(700_001);
    let refused = imported(&region, &herself(), long).await.expect_err("too long");
    assert_eq!(reason(&refused), "CREDENTIAL_FILE_INVALID");
    assert_eq!(region.event_types().await.iter().filter(|it| it.contains("import")).count(), 0);
}

#[tokio::test]
async fn what_cannot_be_resolved_takes_an_administrators_word_or_the_documents() {
    let region = school().await;
    let file = unheard_of().to_string().into_bytes();
    let refused = imported(&region, &admin(), file.clone()).await.expect_err("nobody vouches");
    assert_eq!(reason(&refused), "CREDENTIAL_UNRESOLVED");
    assert!(refused.message().contains("administrator"), "{}", refused.message());
    let learner_id = learner("s1").to_string();
    let on_word = wire::ImportCredentialRequest {
        learner_id,
        file,
        word: "I rang them up.".into(),
        ..Default::default()
    };
    for who in [herself(), teacher()] {
        let refused = region.api.import_credential(by(&who, on_word.clone())).await;
        assert_eq!(reason(&refused.expect_err("no administrator")), "ROLE_REQUIRED");
    }
    let did = "did:web:scouts.example";
    let multibase = accreditor().public().multibase().expect("a key that has one");
    let document = json!({
        "id": did,
        "verificationMethod": [{"id": format!("{did}#key"), "type": "Multikey",
            "controller": did, "publicKeyMultibase": multibase}],
        "assertionMethod": [format!("{did}#key")],
    });
    let resolved = wire::ImportCredentialRequest {
        issuer_documents: vec![document.to_string().into_bytes()],
        ..on_word.clone()
    };
    let answer = region.api.import_credential(by(&admin(), on_word)).await.expect("their word");
    let about = answer.into_inner().imported.expect("it is told");
    assert!(about.on_word);
    let owner = about.checks.iter().find(|check| check.name == "key owner").expect("a check");
    assert_eq!(owner.outcome, "not checked");

    let region = school().await;
    let answer = region.api.import_credential(by(&admin(), resolved)).await.expect("it verifies");
    let about = answer.into_inner().imported.expect("it is told");
    assert!(!about.on_word, "the word was not needed");
}

#[tokio::test]
async fn an_assessor_accepts_it_at_a_level_once_and_withdrawing_names_the_evidence() {
    let region = school().await;
    let about = imported(&region, &herself(), foreign().to_string()).await.expect("it verifies");
    let refused = accepted(&region, &about.import_id, 5).await.expect_err("no such level");
    assert_eq!(reason(&refused), "LEVEL_UNKNOWN");
    let first = accepted(&region, &about.import_id, 3).await.expect("accepted");
    let again = accepted(&region, &about.import_id, 3).await.expect("accepted");
    assert!(first.changed && !again.changed);
    assert_eq!(first.evidence_id, again.evidence_id);
    let refused = accepted(&region, &about.import_id, 4).await.expect_err("another level");
    assert_eq!(reason(&refused), "IMPORTED_CREDENTIAL_ACCEPTED");
    let found = got(&region, &about.import_id).await.imported.expect("it is told");
    assert_eq!(found.accepted[0].evidence_id, first.evidence_id);

    region.knows(learner("s1"), "other").await;
    region.settled().await;
    let other = wire::AcceptImportedCredentialRequest {
        import_id: about.import_id.clone(),
        competency_id: competency("other").to_string(),
        level: 3,
    };
    let refused = region.api.accept_imported_credential(by(&teacher(), other.clone())).await;
    assert_eq!(reason(&refused.expect_err("not aligned")), "COMPETENCY_NOT_NAMED");
    let unknown = wire::AcceptImportedCredentialRequest {
        competency_id: competency("unpublished").to_string(),
        ..other.clone()
    };
    let refused = region.api.accept_imported_credential(by(&teacher(), unknown)).await;
    assert_eq!(reason(&refused.expect_err("not published")), "COMPETENCY_NOT_FOUND");
    let refused = region.api.accept_imported_credential(by(&herself(), other)).await;
    assert_eq!(reason(&refused.expect_err("forbidden")), "ROLE_REQUIRED");

    assert!(withdrawn(&region, &about.import_id).await.expect("allowed"));
    assert!(!withdrawn(&region, &about.import_id).await.expect("so already"));
    let refused = accepted(&region, &about.import_id, 3).await.expect_err("it was withdrawn");
    assert_eq!(reason(&refused), "IMPORTED_CREDENTIAL_WITHDRAWN");
    let names = region.event_types().await;
    let names: Vec<_> = names.iter().filter(|name| name.contains("credential_")).collect();
    let expected =
        ["credential_imported", "foreign_credential_accepted", "imported_credential_withdrawn"];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn only_of_known_learners_and_only_to_who_may_see_them() {
    let region = school().await;
    let request = wire::ImportCredentialRequest {
        learner_id: learner("nobody").to_string(),
        file: foreign().to_string().into_bytes(),
        ..Default::default()
    };
    let refused = region.api.import_credential(by(&teacher(), request)).await;
    assert_eq!(reason(&refused.expect_err("unknown")), "LEARNER_NOT_FOUND");
    for role in [Role::Employer, Role::Integrator, Role::Service] {
        let who = caller(FRONT_RANGE, role, &[]);
        let refused = imported(&region, &who, foreign().to_string()).await.expect_err("forbidden");
        assert_eq!(reason(&refused), "ROLE_REQUIRED", "{role:?}");
    }
    let about = imported(&region, &herself(), foreign().to_string()).await.expect("it verifies");
    let stranger = caller(FRONT_RANGE, Role::Guardian, &[learner("s2")]);
    let get = |import_id: String| wire::GetImportedCredentialRequest { import_id };
    let foreign = region.api.get_imported_credential(by(&stranger, get(about.import_id))).await;
    let absent = get(learner("x").to_string());
    let absent = region.api.get_imported_credential(by(&stranger, absent)).await;
    let told = |status: Status| (status.code(), status.message().to_owned(), reason(&status));
    assert_eq!(told(foreign.expect_err("no")), told(absent.expect_err("no")));
}
