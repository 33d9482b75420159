//! Inside a tenant: learners and guardians see those their token names, and cannot tell the others
//! from learners who do not exist.

use northstar_chassis::Role;
use northstar_wire::credentials::v1::{GetCredentialRequest, ListCredentialsRequest};
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, GetEvidenceRequest, ListEvidenceRequest, RecordEvidenceRequest,
    RetractEvidenceRequest,
};
use northstar_wire::mastery::v1::{
    GetDerivationRequest, GetMissingRequest, GetPaceRequest, GetPolicyRequest, GetProfileRequest,
    ListOverridesRequest,
};
use northstar_wire::pathways::v1::RankOccupationsRequest;
use northstar_wire::registry::v1::GetLearnerRequest;
use tonic::Code;

use crate::answer::Answer;
use crate::rpc::{CREDENTIALS, EVIDENCE, MASTERY, PATHWAYS, REGISTRY};
use crate::tenant::Names;
use crate::world::{Caller, World};

/// All that may be asked about a learner by id.
async fn about(caller: &Caller<'_>, own: &Names, learner: &str) -> Vec<Answer> {
    let learner_id = learner.to_owned();
    let get = GetLearnerRequest { learner_id: learner_id.clone() };
    let profile = GetProfileRequest { learner_id: learner_id.clone(), ..Default::default() };
    let policy = GetPolicyRequest {
        framework_id: own.framework.clone(),
        learner_id: learner_id.clone(),
        ..GetPolicyRequest::default()
    };
    let derivation = GetDerivationRequest {
        learner_id: learner_id.clone(),
        competency_id: own.competency.clone(),
        ..GetDerivationRequest::default()
    };
    let overrides =
        ListOverridesRequest { learner_id: learner_id.clone(), ..ListOverridesRequest::default() };
    let missing = GetMissingRequest {
        learner_id: learner_id.clone(),
        competency_id: own.competency.clone(),
        as_of: None,
        known_at: None,
    };
    let pace = GetPaceRequest {
        learner_id: learner_id.clone(),
        framework_id: own.framework.clone(),
        as_of: None,
        known_at: None,
    };
    let evidence =
        ListEvidenceRequest { learner_id: learner_id.clone(), ..ListEvidenceRequest::default() };
    let credentials = ListCredentialsRequest {
        learner_id: learner_id.clone(),
        ..ListCredentialsRequest::default()
    };
    let rank = RankOccupationsRequest { learner_id, ..RankOccupationsRequest::default() };
    vec![
        caller.ask((REGISTRY, "GetLearner"), get).await,
        caller.ask((MASTERY, "GetProfile"), profile).await,
        caller.ask((MASTERY, "GetPolicy"), policy).await,
        caller.ask((MASTERY, "GetDerivation"), derivation).await,
        caller.ask((MASTERY, "ListOverrides"), overrides).await,
        caller.ask((MASTERY, "GetMissing"), missing).await,
        caller.ask((MASTERY, "GetPace"), pace).await,
        caller.ask((EVIDENCE, "ListEvidence"), evidence).await,
        caller.ask((CREDENTIALS, "ListCredentials"), credentials).await,
        caller.ask((PATHWAYS, "RankOccupations"), rank).await,
    ]
}

/// All that may be done with a piece of evidence and a credential by id.
async fn things(caller: &Caller<'_>, own: &Names, evidence: &str, credential: &str) -> Vec<Answer> {
    let (evidence_id, request_id) = (evidence.to_owned(), "tried".to_owned());
    let get = GetEvidenceRequest { evidence_id: evidence_id.clone() };
    let mut item = own.item(3, 0);
    (item.assessor_role, item.assessor_id) = ("self".to_owned(), own.ana.clone());
    let (id, item) = (evidence_id.clone(), Some(item));
    let correct = CorrectEvidenceRequest { request_id: request_id.clone(), evidence_id: id, item };
    let retract = RetractEvidenceRequest { request_id, evidence_id, reason: "other".to_owned() };
    let credential = GetCredentialRequest { credential_id: credential.to_owned() };
    vec![
        caller.ask((EVIDENCE, "GetEvidence"), get).await,
        caller.ask((EVIDENCE, "CorrectEvidence"), correct).await,
        caller.ask((EVIDENCE, "RetractEvidence"), retract).await,
        caller.ask((CREDENTIALS, "GetCredential"), credential).await,
    ]
}

fn reasons(answers: &[Answer]) -> Vec<String> {
    answers.iter().map(Answer::reason).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_learners_in_the_token_are_shown() {
    let world = World::start().await;
    let (own, foreign) = (world.found("aspen", 2).await, world.found("birch", 2).await);
    let absent = Names::of("cedar");
    let names = own.beside(&absent);
    for role in [Role::Learner, Role::Guardian] {
        let caller = world.caller(own.tenant, role, &[&own.ana]);
        for answer in about(&caller, &own, &own.ana).await {
            assert_eq!(answer.code(), Code::Ok, "{role}: {answer:?}");
        }
        let ben = about(&caller, &own, &own.ben).await;
        let said = reasons(&ben);
        assert!(said.iter().all(|reason| reason == "LEARNER_NOT_IN_TOKEN"), "{role}: {said:?}");
        for other in [&foreign.ana, &foreign.ben, &absent.ana] {
            assert_eq!(about(&caller, &own, other).await, ben, "{role}");
        }

        let bens = things(&caller, &own, &own.bens_evidence, &own.bens_credential).await;
        let none = things(&caller, &own, &absent.bens_evidence, &absent.bens_credential).await;
        let renamed: Vec<_> = bens.iter().map(|answer| answer.renamed(&names)).collect();
        assert_eq!(renamed, none.iter().map(|it| it.renamed(&names)).collect::<Vec<_>>(), "{role}");
        assert!(bens.iter().all(|answer| answer.replies.is_empty()), "{role}: {bens:?}");
        let ana = things(&caller, &own, &own.evidence, &own.credential).await;
        assert_eq!((ana[0].code(), ana[3].code()), (Code::Ok, Code::Ok), "{role}");
        assert_ne!((ana[1].code(), ana[2].code()), (Code::Ok, Code::Ok), "it is the teacher's");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_names_another_tenants_learner_opens_nothing() {
    let world = World::start().await;
    let (own, foreign) = (world.found("aspen", 2).await, world.found("birch", 2).await);
    let absent = Names::of("cedar");
    let names = foreign.beside(&absent);
    for role in [Role::Learner, Role::Guardian] {
        let caller = world.caller(own.tenant, role, &[&foreign.ana, &absent.ana]);
        let theirs = about(&caller, &own, &foreign.ana).await;
        let renamed: Vec<_> = theirs.iter().map(|answer| answer.renamed(&names)).collect();
        assert_eq!(renamed, about(&caller, &own, &absent.ana).await, "{role}");
        let theirs = things(&caller, &own, &foreign.evidence, &foreign.credential).await;
        let renamed: Vec<_> = theirs.iter().map(|answer| answer.renamed(&names)).collect();
        let none = things(&caller, &own, &absent.evidence, &absent.credential).await;
        assert_eq!(renamed, none, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_speaks_for_no_other() {
    let world = World::start().await;
    let own = world.found("aspen", 2).await;
    let learner = world.caller(own.tenant, Role::Learner, &[&own.ana]);
    let mut answers = Vec::new();
    for other in [own.ben.clone(), Names::of("cedar").ana] {
        let mut item = own.item(3, 0);
        (item.learner_id, item.assessor_id) = (other.clone(), other);
        item.assessor_role = "self".to_owned();
        let request = RecordEvidenceRequest { request_id: "tried".to_owned(), item: Some(item) };
        answers.push(learner.ask((EVIDENCE, "RecordEvidence"), request).await);
    }
    assert_eq!(reasons(&answers), ["SELF_EVIDENCE_ONLY"; 2]);
    assert_eq!(answers[0], answers[1]);
}
