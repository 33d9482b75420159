//! A credential that its holder discloses in part: what is shown, what is not, and who may.

use northstar_chassis::{Principal, Role};
use northstar_credentials::standard::published::Published;
use northstar_credentials_proof::verifier::{Report, Terms, verify};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

const RES: &str = "responsibility";
const RESULT: &str = "/credentialSubject/result";

/// A region in which `s1` holds a credential at level 3; its list is published.
async fn awarded() -> (Region, String) {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(present()).await;
    let id = region.credentials_of(learner("s1")).await.remove(0).credential_id;
    (region, id)
}

fn holder(role: Role) -> Principal {
    caller(FRONT_RANGE, role, &[learner("s1")])
}

async fn issue(region: &Region, who: &Principal, id: &str) -> Result<(Value, bool), Status> {
    let request = wire::IssueDisclosableRequest { credential_id: id.into() };
    let response = region.api.issue_disclosable(by(who, request)).await?.into_inner();
    Ok((serde_json::from_str(&response.document).expect("JSON"), response.issued))
}

async fn disclose(
    region: &Region,
    who: &Principal,
    id: &str,
    members: &[&str],
) -> Result<Value, Status> {
    let request = wire::DiscloseCredentialRequest {
        credential_id: id.into(),
        members: members.iter().map(|member| (*member).to_owned()).collect(),
        audience: "The bakery on Main Street".into(),
    };
    let response = region.api.disclose_credential(by(who, request)).await?.into_inner();
    Ok(serde_json::from_str(&response.document).expect("JSON"))
}

/// By what the issuer publishes alone, as a stranger has it.
async fn look(region: &Region, document: &Value) -> Report {
    let mut published = Published::at(present());
    let issuer = region.issuer().await.did_document;
    published.add_document(issuer.as_bytes()).expect("a document");
    let anybody = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = by(&anybody, wire::GetStatusListRequest { list: 0 });
    let list = region.api.get_status_list(request).await.expect("a list").into_inner().document;
    published.add_list(list.into_bytes()).expect("a list");
    verify(document.to_string().as_bytes(), &published, &Terms::at(present()))
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().expect("details").reason
}

#[tokio::test]
async fn what_is_chosen_is_shown_and_nothing_else_and_it_verifies() {
    let (region, id) = awarded().await;
    let learner = holder(Role::Learner);
    let bare = disclose(&region, &learner, &id, &[]).await.expect("it is hers");
    let more = disclose(&region, &learner, &id, &[RESULT, "/name"]).await.expect("as she likes");
    for document in [&bare, &more] {
        assert_eq!(document["proof"]["cryptosuite"], "ecdsa-sd-2023");
        let report = look(&region, document).await;
        assert!(report.verified, "{report:?}");
        for shown in
            ["/issuer/id", "/validFrom", "/credentialStatus", "/credentialSubject/achievement/name"]
        {
            assert!(document.pointer(shown).is_some(), "{shown}");
        }
        assert_eq!(document.pointer("/credentialSubject/achievement/alignment"), None);
    }
    assert_eq!((bare.get("name"), bare.pointer(RESULT)), (None, None));
    assert_eq!(more.pointer(RESULT).expect("chosen")[0]["value"], "3");
    let types = region.event_types().await;
    let of = |name: &str| types.iter().filter(|one| *one == name).count();
    assert_eq!((of("credential_made_disclosable"), of("credential_disclosed")), (1, 2));
}

/// Something that is done to what was disclosed.
type Change = fn(&mut Value);

#[tokio::test]
async fn nothing_can_be_put_in_taken_out_or_changed() {
    let (region, id) = awarded().await;
    let document =
        disclose(&region, &holder(Role::Guardian), &id, &[RESULT]).await.expect("theirs");
    let changes: [(&str, Change); 5] = [
        ("arithmetic", |d| d["credentialSubject"]["result"][0]["value"] = json!("4")),
        ("arithmetic", |d| d["name"] = json!("Responsible")),
        ("arithmetic", |d| drop(d.as_object_mut().expect("an object").remove("credentialStatus"))),
        ("form", |d| d["invented"] = json!(1)),
        ("key owner", |d| d["issuer"]["id"] = json!("did:web:elsewhere.example")),
    ];
    for (check, change) in changes {
        let mut changed = document.clone();
        change(&mut changed);
        let report = look(&region, &changed).await;
        let failed = report.checks.iter().filter(|one| one.outcome.words() == "failed");
        let failed: Vec<_> = failed.map(|one| one.name.word()).collect();
        assert!(failed.contains(&check), "{check}: {report:?}");
    }
}

#[tokio::test]
async fn it_is_signed_once_and_again_for_another_edition() {
    let (region, id) = awarded().await;
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let (base, issued) = issue(&region, &teacher, &id).await.expect("staff may");
    assert!(issued && look(&region, &base).await.verified);
    assert_eq!(
        issue(&region, &holder(Role::Learner), &id).await.expect("it stands"),
        (base.clone(), false)
    );
    region.mastery(learner("s1"), RES, 4, true).await;
    region.settled().await;
    let (next, issued) = issue(&region, &teacher, &id).await.expect("the next edition");
    assert!(issued);
    assert_eq!(next.pointer(RESULT).expect("a result")[0]["value"], "4");
    assert_ne!(next["proof"], base["proof"]);
}

#[tokio::test]
async fn what_was_revoked_is_not_disclosed_and_what_was_disclosed_ends_with_it() {
    let (region, id) = awarded().await;
    let learner_herself = holder(Role::Learner);
    let shown = disclose(&region, &learner_herself, &id, &[RESULT]).await.expect("it holds");
    region.mastery(learner("s1"), RES, 1, false).await;
    region.settled().await;
    region.due_at(present()).await;
    let report = look(&region, &shown).await;
    assert_eq!(report.worst().map(|check| check.name.word()), Some("status"));
    let refused = disclose(&region, &learner_herself, &id, &[]).await.expect_err("it ended");
    assert_eq!(reason(&refused), "CREDENTIAL_ENDED");
}

#[tokio::test]
async fn who_may_not_and_what_makes_no_sense_is_refused() {
    let (region, id) = awarded().await;
    for role in [Role::Teacher, Role::NetworkAdmin, Role::Employer] {
        let who = caller(FRONT_RANGE, role, &[]);
        let refused = disclose(&region, &who, &id, &[]).await.expect_err("not theirs to show");
        assert_eq!(refused.code(), tonic::Code::PermissionDenied, "{role:?}");
    }
    let another = caller(FRONT_RANGE, Role::Learner, &[learner("s2")]);
    let absent = disclose(&region, &another, &id, &[]).await.expect_err("another's");
    assert_eq!(reason(&absent), "CREDENTIAL_NOT_FOUND");
    for wrong in
        ["name", "", "/grade", "/proof", "/proof/proofValue", "/credentialSubject/result/7"]
    {
        let refused = disclose(&region, &holder(Role::Learner), &id, &[wrong]).await;
        assert_eq!(reason(&refused.expect_err(wrong)), "MEMBER_INVALID", "{wrong}");
    }
    let request = wire::DiscloseCredentialRequest { credential_id: id, ..Default::default() };
    let silent = region.api.disclose_credential(by(&holder(Role::Learner), request)).await;
    assert_eq!(reason(&silent.expect_err("for whom?")), "AUDIENCE_INVALID");
    let types = region.event_types().await;
    assert!(!types.iter().any(|name| name == "credential_disclosed"));
}

#[tokio::test]
async fn whom_it_is_for_is_not_in_the_log_in_clear() {
    let (region, id) = awarded().await;
    disclose(&region, &holder(Role::Learner), &id, &[]).await.expect("hers");
    for file in std::fs::read_dir(region.folder()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("bytes");
        assert!(!bytes.windows(6).any(|window| window == b"bakery"));
    }
}
