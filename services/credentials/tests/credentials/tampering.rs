//! Whatever the service signs: with any one member of it changed or taken out, it fails at the check
//! that is named for it, by what the issuer publishes alone.

use northstar_chassis::Role;
use northstar_credentials::standard::published::Published;
use northstar_credentials_proof::verifier::{Name, Outcome, Report, Terms, verify};
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;
use serde_json::Value;

use crate::changes::{each_changed, each_taken_out, each_token_changed, refuses};
use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present};

const RES: &str = "responsibility";

/// What is issued, in every form, with the issuer's documents.
struct Issued {
    documents: Vec<(&'static str, Value)>,
    token: String,
    list: Value,
    published: Published,
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

async fn issued() -> Issued {
    let region = Region::running().await;
    region.define(achievement("res-3", RES, 3)).await.expect("sound");
    region.mastery(learner("s1"), RES, 3, true).await;
    region.settled().await;
    region.due_at(present()).await;
    let credential = region.credentials_of(learner("s1")).await.remove(0);
    let holder = caller(FRONT_RANGE, Role::Learner, &[learner("s1")]);
    let credential_id = credential.credential_id;
    let request = wire::IssueDisclosableRequest { credential_id: credential_id.clone() };
    let base = region.api.issue_disclosable(by(&holder, request)).await.expect("it holds");
    let request = wire::DiscloseCredentialRequest {
        credential_id,
        members: vec!["/credentialSubject/result".into()],
        audience: "somebody".into(),
    };
    let derived = region.api.disclose_credential(by(&holder, request)).await.expect("hers");
    let request = by(&holder, wire::GetStatusListRequest { list: 0 });
    let list = region.api.get_status_list(request).await.expect("a list").into_inner().document;
    let mut published = Published::at(present());
    let document = region.issuer().await.did_document;
    published.add_document(document.as_bytes()).expect("the issuer's");
    published.add_list(list.clone().into_bytes()).expect("its list");
    Issued {
        documents: vec![
            ("the document", json(&credential.document)),
            ("the base for disclosures", json(&base.into_inner().document)),
            ("what is disclosed", json(&derived.into_inner().document)),
        ],
        token: credential.compact_jws,
        list: json(&list),
        published,
    }
}

impl Issued {
    fn look(&self, text: &str) -> Report {
        verify(text.as_bytes(), &self.published, &Terms::at(present()))
    }
}

#[tokio::test]
async fn no_member_of_what_is_issued_can_be_changed_or_taken_out() {
    let issued = issued().await;
    for (name, document) in &issued.documents {
        let report = issued.look(&document.to_string());
        assert!(report.verified, "{name}: {report:?}");
        let look = |place: &str, wanted, changed: &Value| {
            let report = issued.look(&changed.to_string());
            assert!(refuses(&report, wanted), "{name}, {place}: {report:?}");
        };
        let changes = each_changed(document, look) + each_taken_out(document, look);
        assert!(changes > 60, "{name}: {changes}");
    }
    assert!(issued.look(&issued.token).verified);
    each_token_changed(&issued.token, |place, wanted, changed| {
        let report = issued.look(changed);
        assert!(refuses(&report, wanted), "{place}: {report:?}");
    });
}

#[tokio::test]
async fn no_member_of_a_status_list_can_be_changed_or_taken_out() {
    let issued = issued().await;
    // A list is no badge, so what badges must have does not count.
    let needed = [Name::Form, Name::Arithmetic, Name::KeyOwner, Name::Time, Name::Policy];
    let report = issued.look(&issued.list.to_string());
    for name in needed {
        let outcome = report.check(name).map(|check| check.outcome);
        assert_eq!(outcome, Some(Outcome::Passed), "{report:?}");
    }
    let look = |place: &str, wanted, changed: &Value| {
        let report = issued.look(&changed.to_string());
        let failed = |name| report.check(name).is_some_and(|it| it.outcome == Outcome::Failed);
        assert!(failed(wanted) || failed(Name::Form), "{place}: {report:?}");
    };
    let changes = each_changed(&issued.list, look) + each_taken_out(&issued.list, look);
    assert!(changes > 25, "{changes}");
}
