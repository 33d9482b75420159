//! What a credential says that it rests on, and what was reached: to strangers, in the documents.

use std::fs;
use std::path::Path;
use std::process::Command;

use northstar_chassis::Role;
use northstar_credentials::standard::open_badges::lineage;
use northstar_credentials_domain::award::MasteryEvent;
use northstar_credentials_domain::credential::Grounds;
use northstar_kernel::{Digest, Sequence};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};

use crate::badge;
use crate::issuing::id_of;
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, evidence, learner, present};
use crate::rules::{at, of, ruled};
use crate::standards::schema;

const RUNGS: [&str; 4] = ["Emerging", "Developing", "Proficient", "Advanced"];

/// A region that issues: by one competency, by two for a year, by a part, by a scale nobody named.
async fn issued() -> (Region, Vec<wire::Credential>) {
    let region = Region::running().await;
    for name in ["a", "b"] {
        region.scale(name, &RUNGS).await;
    }
    region.settled().await;
    region.define(achievement("one", "a", 2)).await.expect("sound");
    let mut two = ruled("two", "a", of(0, vec![at("a", 2), at("b", 3)]));
    two.further_alignments = achievement("x", "b", 1).alignment.into_iter().collect();
    two.valid_days = 365;
    region.define(two).await.expect("sound");
    let part = wire::rule::What::AchievementId(id_of("one").to_string());
    let part = wire::Rule { what: Some(part) };
    region.define(ruled("stack", "whole", of(0, vec![part]))).await.expect("sound");
    region.define(achievement("bare", "c", 1)).await.expect("sound");
    for name in ["a", "b", "c"] {
        region.mastery(learner("s1"), name, 3, true).await;
    }
    region.settled().await;
    let all = region.credentials_of(learner("s1")).await;
    assert_eq!(all.len(), 4);
    (region, all)
}

fn document(all: &[wire::Credential], key: &str) -> Value {
    let id = id_of(key).to_string();
    let found = all.iter().find(|it| it.achievement_id == id).expect("it is issued");
    serde_json::from_str(&found.document).expect("JSON")
}

#[tokio::test]
async fn results_name_the_rungs_of_the_framework() {
    let (_, all) = issued().await;
    let one = document(&all, "one");
    let achievement = &one["credentialSubject"]["achievement"];
    let described = &achievement["resultDescription"][0];
    assert_eq!(described["resultType"], "RubricCriterionLevel");
    let levels = described["rubricCriterionLevel"].as_array().expect("rungs");
    let names: Vec<_> =
        levels.iter().map(|level| level["name"].as_str().expect("a name")).collect();
    assert_eq!(names, RUNGS);
    assert_eq!(described["requiredLevel"], levels[1]["id"]);
    let result = &one["credentialSubject"]["result"][0];
    assert_eq!((&result["achievedLevel"], &result["value"]), (&levels[2]["id"], &json!("3")));
    assert_eq!(result["resultDescription"], described["id"]);
    assert_eq!(achievement["version"], "1");

    let two = document(&all, "two");
    assert_eq!(two["credentialSubject"]["result"].as_array().expect("results").len(), 2);
    let alignments = two["credentialSubject"]["achievement"]["alignment"].as_array();
    assert_eq!(alignments.expect("alignments").len(), 2);
    let bare = document(&all, "bare");
    let described = &bare["credentialSubject"]["achievement"]["resultDescription"][0];
    assert_eq!(described["rubricCriterionLevel"][2]["name"], "Level 3", "as high as it is held");
    let stack = document(&all, "stack");
    assert!(stack["credentialSubject"].get("result").is_none(), "it states no level");
    let related = &stack["credentialSubject"]["achievement"]["related"][0]["id"];
    assert_eq!(*related, format!("urn:uuid:{}", id_of("one")));
}

/// Whoever may see the grounds can work the name out again; who may not learns nothing from it.
#[tokio::test]
async fn evidence_is_named_by_a_hash_of_what_counted_and_by_nothing_else() {
    let (region, all) = issued().await;
    let id = id_of("one").to_string();
    let credential = all.iter().find(|it| it.achievement_id == id).expect("it is issued");
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let request =
        wire::ExplainCredentialRequest { credential_id: credential.credential_id.clone() };
    let told = region.api.explain_credential(by(&teacher, request)).await.expect("it is told");
    let grounds = told.into_inner().editions.remove(0);
    let hashed = format!(
        r#"{{"competency":"{}","decision":"{}","evidence":["{}"],"policy":"0a"}}"#,
        grounds.competency_id, grounds.mastery_event_id, grounds.evidence_ids[0]
    );
    let shown = document(&all, "one")["evidence"][0].clone();
    assert_eq!(shown["id"], format!("urn:sha256:{}", Digest::of(hashed.as_bytes())));
    let text = shown.to_string();
    for hidden in [evidence(learner("s1"), "a").to_string(), learner("s1").to_string()] {
        assert!(!text.contains(&hidden), "{text}");
    }
    assert!(text.contains("One piece of judged work"), "{text}");

    let other = MasteryEvent { sequence: Sequence(9), ..badge::decision() };
    assert_eq!(lineage(badge::decision(), &badge::grounds()), lineage(other, &badge::grounds()));
    let more = Grounds { evidence: badge::grounds().evidence[..1].to_vec(), ..badge::grounds() };
    assert_ne!(lineage(badge::decision(), &badge::grounds()), lineage(badge::decision(), &more));
}

#[tokio::test]
async fn every_kind_passes_the_official_schema_and_our_own_verifier() {
    let (region, all) = issued().await;
    let schema = schema();
    for key in ["one", "two", "stack", "bare"] {
        let document = document(&all, key);
        assert_eq!(region.failed_check_of(&document).await, None, "{key}");
        let Some(schema) = &schema else { continue };
        let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{key}: {errors:?}");
    }
}

#[tokio::test]
async fn independent_javascript_verifies_every_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/javascript");
    if !folder.join("node_modules").is_dir() {
        eprintln!("skipped: the packages of tests/javascript are not installed");
        return;
    }
    let (region, all) = issued().await;
    let mut credentials = Vec::new();
    for key in ["one", "two", "stack", "bare"] {
        let sound = document(&all, key);
        let mut changed = sound.clone();
        changed["credentialSubject"]["achievement"]["version"] = "7".into();
        credentials.push(json!({"name": key, "secured": sound}));
        credentials
            .push(json!({"name": format!("{key}, changed"), "secured": changed, "sound": false}));
    }
    let tokens = all.iter().map(|it| json!({"name": "a token", "secured": it.compact_jws}));
    credentials.extend(tokens);
    let issuer: Value = serde_json::from_str(&region.issuer().await.did_document).expect("JSON");
    let now =
        format!("{}", northstar_kernel::Timestamp::from_micros(present().micros() + 2_000_000));
    let input = json!({"documents": [issuer], "credentials": credentials, "now": now});
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kinds.json");
    fs::write(&file, input.to_string()).expect("a file");
    let ended = Command::new("node").arg(folder.join("verify.mjs")).arg(&file).output();
    let ended = ended.expect("node is there");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains(&format!("{} passed, 0 failed", credentials_in(&input))), "{said}");
}

fn credentials_in(input: &Value) -> usize {
    input["credentials"].as_array().map_or(0, Vec::len)
}
