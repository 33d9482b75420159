//! What a region issues verifies with independent JavaScript, its status lists read, where the packages
//! are installed: `npm ci` in `tests/javascript`.

use std::fs;
use std::path::Path;
use std::process::Command;

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};

use crate::endorsements::{badge, given, listed, withdrawn};
use crate::records::{asked, assembled, learned, record};
use crate::region::{FRONT_RANGE, Region, by, caller, learner, present};

const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json";

/// The context that no package has, where the shared data is present.
fn contexts() -> Option<Value> {
    let folder = northstar_testkit::shared_data()?.join("credential-vectors/contexts");
    let text = fs::read(folder.join("clr-v2p0-context-2.0.1.json")).expect("it is there");
    Some(json!({CLR: serde_json::from_slice::<Value>(&text).expect("JSON")}))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A credential, and the same with something changed behind its issuer's back.
fn both(name: &str, sound: &str, pointer: &str, all: &mut Vec<Value>) {
    let mut changed = parsed(sound);
    *changed.pointer_mut(pointer).expect("it is there") = "urn:changed".into();
    all.push(json!({"name": name, "secured": parsed(sound)}));
    all.push(json!({"name": format!("{name}, changed"), "secured": changed, "sound": false}));
}

fn ended(name: &str, secured: Value, all: &mut Vec<Value>) {
    all.push(json!({"name": name, "secured": secured, "sound": false}));
}

/// What a region with a badge, a revoked badge, two endorsements and a record has to show.
async fn issued(region: &Region, records: bool) -> Vec<Value> {
    let mut all = Vec::new();
    let (revoked, subject) = badge(region).await;
    let made = assembled(region, asked(vec![])).await.expect("a record").record.expect("one");
    let before = record(region, &made.record_id, false).await.document;
    region.mastery(learner("s1"), "plan", 1, false).await;
    given(region, &subject).await.expect("given");
    let other = given(region, "https://school.example").await.expect("given");
    withdrawn(region, &other).await.expect("withdrawn");
    let mut next = asked(vec![]);
    next.request_id = "next".into();
    let made = assembled(region, next).await.expect("a record").record.expect("one");

    for one in region.credentials_of(learner("s1")).await {
        if one.credential_id != revoked.credential_id {
            both("a badge", &one.document, "/credentialSubject/achievement/id", &mut all);
            all.push(json!({"name": "a badge's token", "secured": one.compact_jws}));
        }
    }
    ended("a revoked badge", parsed(&revoked.document), &mut all);
    ended("a revoked badge's token", revoked.compact_jws.into(), &mut all);
    let endorsement = listed(region, &subject).await.remove(0).document;
    both("an endorsement", &endorsement, "/credentialSubject/id", &mut all);
    let gone = listed(region, "https://school.example").await.remove(0).document;
    ended("a revoked endorsement", parsed(&gone), &mut all);
    if records {
        let document = record(region, &made.record_id, false).await.document;
        both("a record", &document, "/credentialSubject/verifiableCredential/0/id", &mut all);
        both(
            "a record's connection",
            &document,
            "/credentialSubject/association/0/targetId",
            &mut all,
        );
        let token = record(region, &made.record_id, true).await.compact_jws;
        all.push(json!({"name": "a record's token", "secured": token}));
        ended("a record with a badge that ended", parsed(&before), &mut all);
    }
    all
}

#[tokio::test]
async fn badges_endorsements_records_and_status_lists_verify_with_independent_javascript() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/javascript");
    if !folder.join("node_modules").is_dir() {
        eprintln!("skipped: the packages of tests/javascript are not installed");
        return;
    }
    let contexts = contexts();
    let region = learned().await;
    let all = issued(&region, contexts.is_some()).await;
    region.due_at(present()).await;
    let anybody = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = by(&anybody, wire::GetStatusListRequest { list: 0 });
    let list = region.api.get_status_list(request).await.expect("it is published").into_inner();
    let now = northstar_kernel::Timestamp::from_micros(present().micros() + 5_000_000);
    let input = json!({
        "documents": [parsed(&region.issuer().await.did_document)],
        "contexts": contexts.unwrap_or_else(|| json!({})),
        "lists": [parsed(&list.document)],
        "now": now.to_string(),
        "credentials": all,
    });
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("issued by a region.json");
    fs::write(&file, input.to_string()).expect("a file");
    let ended = Command::new("node").arg(folder.join("verify.mjs")).arg(&file).output();
    let ended = ended.expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains(&format!("{} passed, 0 failed", all.len())), "{said}");
}
