//! A page token made in one tenant opens nothing of it in another.

use std::collections::BTreeSet;

use northstar_wire::credentials::v1::{ListCredentialsRequest, ListCredentialsResponse};
use northstar_wire::evidence::v1::{ListEvidenceRequest, ListEvidenceResponse};
use northstar_wire::registry::v1::{ListLearnersRequest, ListLearnersResponse};

use crate::rpc::{CREDENTIALS, EVIDENCE, REGISTRY};
use crate::tenant::Names;
use crate::world::{Caller, World};

/// Ids on the pages from each of the tokens on, and the tokens that follow.
async fn listed(
    admin: &Caller<'_>,
    own: &Names,
    tokens: [&str; 3],
    page_size: u32,
) -> [Vec<String>; 3] {
    let [learners, evidence, credentials] = tokens.map(str::to_owned);
    let request = ListLearnersRequest { page_size, page_token: learners };
    let learners: ListLearnersResponse =
        admin.ask((REGISTRY, "ListLearners"), request).await.only();
    let (learner_id, competency_id) = (own.ana.clone(), String::new());
    let request =
        ListEvidenceRequest { learner_id, competency_id, page_size, page_token: evidence };
    let evidence: ListEvidenceResponse =
        admin.ask((EVIDENCE, "ListEvidence"), request).await.only();
    let request = ListCredentialsRequest {
        learner_id: String::new(),
        page_size,
        page_token: credentials,
        ends_before: None,
    };
    let credentials: ListCredentialsResponse =
        admin.ask((CREDENTIALS, "ListCredentials"), request).await.only();
    [
        learners.learners.into_iter().map(|it| it.learner_id).collect(),
        evidence.evidence.into_iter().map(|it| it.evidence_id).collect(),
        credentials.credentials.into_iter().map(|it| it.credential_id).collect(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_token_leads_to_ones_own_things_alone() {
    let world = World::start().await;
    let (aspen, birch) = (world.found("aspen", 3).await, world.found("birch", 5).await);
    for (own, foreign) in [(&aspen, &birch), (&birch, &aspen)] {
        let admin = world.admin(own);
        let whole = listed(&admin, own, [""; 3], 1_000).await;
        assert!(whole.iter().all(|ids| ids.len() > 1), "{whole:?}");
        let tokens = [0, 1, 2].map(|list| foreign.pages[list].as_str());
        let pages = listed(&admin, own, tokens, 1_000).await;
        for (page, whole) in pages.iter().zip(&whole) {
            // Where a foreign key sorts is chance; what is listed after it is the end of one's own.
            assert!(whole.ends_with(page), "{page:?} is not the end of {whole:?}");
        }
        let ids: BTreeSet<_> = whole.into_iter().flatten().collect();
        for foreign in [&foreign.ana, &foreign.ben, &foreign.evidence, &foreign.credential] {
            assert!(!ids.contains(foreign));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_of_all_does_not_widen_what_a_learner_is_shown() {
    let world = World::start().await;
    let own = world.found("aspen", 3).await;
    let learner = world.caller(own.tenant, northstar_chassis::Role::Learner, &[&own.ana]);
    for page_token in [&own.pages[2], &own.pages[1], &northstar_chassis::page::encode(&[0])] {
        let (learner_id, page_token) = (own.ana.clone(), page_token.clone());
        let request =
            ListCredentialsRequest { learner_id, page_token, page_size: 0, ends_before: None };
        let page: ListCredentialsResponse =
            learner.ask((CREDENTIALS, "ListCredentials"), request).await.only();
        assert!(page.credentials.iter().all(|it| it.learner_id == own.ana), "{page:?}");
        assert_eq!(page.next_page_token, "");
    }
}
