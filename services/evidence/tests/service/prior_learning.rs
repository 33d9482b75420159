//! A badge of another issuer's that was accepted is evidence, once, until it is withdrawn.

use std::sync::Arc;

use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_chassis::Role;
use northstar_eventlog::{Append, Cause, Log, NewEvent, Stream};
use northstar_kernel::{EvidenceId, ExpectedVersion};
use northstar_wire::credentials::v1::{ForeignCredentialAccepted, ImportedCredentialWithdrawn};
use northstar_wire::evidence::v1::{Evidence, GetEvidenceRequest, RetractEvidenceRequest};
use prost::Message;
use tonic::Status;
use uuid::Uuid;

use crate::region::{
    Region, at, by, caller, competency, evidence_id, framework, learner, open, patiently, reason,
    scope, teacher, tenant,
};

const CONSUMER: &str = "evidence.prior_learning";

/// A region, the log of credentials beside it, and who listens to that.
struct Beside {
    region: Region,
    credentials: Log,
    lane: tokio::task::JoinHandle<()>,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.lane.abort();
    }
}

impl Beside {
    async fn new() -> Self {
        let region = Region::new().await;
        let credentials = open(region.folder(), "credentials");
        let lane = run(&region, &credentials);
        Self { region, credentials, lane }
    }

    async fn said(&self, event_type: &'static str, event: &impl Message) {
        self.append(event_type, 1, event.encode_to_vec()).await;
        self.settled().await;
    }

    async fn append(&self, event_type: &'static str, schema_version: u16, payload: Vec<u8>) {
        let payload = payload.into();
        let event =
            NewEvent { event_type, schema_version, observed_at: None, key_id: None, payload };
        let cause = Cause {
            actor: "test".to_owned(),
            correlation_id: Uuid::nil(),
            causation_id: None,
            traceparent: None,
        };
        let append = Append {
            stream: Stream::new("import", Uuid::new_v5(&Uuid::nil(), event_type.as_bytes())),
            expected: ExpectedVersion::Any,
            events: vec![event],
            request: None,
            cause,
        };
        self.credentials.tenant(&scope()).append(append).await.expect("it is appended");
    }

    async fn settled(&self) {
        let shard = self.credentials.shards().shard_of(tenant());
        let head = self.credentials.head(shard).await.expect("readable");
        patiently("the lane is behind", || async {
            let lane = self.region.evidence.lane(CONSUMER, shard).await.expect("readable");
            lane.position("credentials") >= head
        })
        .await;
        self.region.caught_up().await;
    }

    async fn evidence(&self) -> Result<Evidence, Status> {
        let request = GetEvidenceRequest { evidence_id: prior().to_string() };
        let answer = self.region.client().get_evidence(teacher(request)).await?.into_inner();
        Ok(answer.evidence.expect("it is told"))
    }

    async fn events(&self) -> usize {
        let stream = Stream::new("evidence", prior().uuid());
        self.region.evidence.tenant(&scope()).stream(&stream).await.expect("readable").len()
    }
}

fn run(region: &Region, credentials: &Log) -> tokio::task::JoinHandle<()> {
    let handlers = northstar_evidence::build(region.evidence.clone()).handlers;
    let handler = handlers.into_iter().find(|one| one.consumer() == CONSUMER).expect("it is there");
    let feeds = Arc::new(LocalFeeds::new([region.evidence.clone(), credentials.clone()]));
    let lane = Lane { handler, log: region.evidence.clone(), feeds };
    tokio::spawn(lane.run(credentials.shards().shard_of(tenant())))
}

fn prior() -> EvidenceId {
    evidence_id("imported credential/1/2")
}

fn accepted() -> ForeignCredentialAccepted {
    ForeignCredentialAccepted {
        import_id: Uuid::nil().to_string(),
        learner_id: learner("ana").to_string(),
        evidence_id: prior().to_string(),
        competency_id: competency("resilience").to_string(),
        framework_id: framework().to_string(),
        level: 3,
        score_milli: 3_000,
        assessor_id: "t1".to_owned(),
        assessor_role: "teacher".to_owned(),
        observed_at: Some(at(1_756_111_560)),
        at: Some(at(1_756_200_000)),
    }
}

fn withdrawn() -> ImportedCredentialWithdrawn {
    ImportedCredentialWithdrawn {
        import_id: Uuid::nil().to_string(),
        learner_id: learner("ana").to_string(),
        evidence_ids: vec![prior().to_string()],
        ..ImportedCredentialWithdrawn::default()
    }
}

#[tokio::test]
async fn what_was_accepted_is_recorded_once_as_it_was_judged() {
    let beside = Beside::new().await;
    for _ in 0..2 {
        beside.said("foreign_credential_accepted", &accepted()).await;
    }
    assert_eq!(beside.events().await, 1);
    let evidence = beside.evidence().await.expect("it is there");
    let observation = evidence.item.expect("what it says");
    assert_eq!(observation.kind, "prior learning");
    assert_eq!(
        (observation.assessor_id.as_str(), observation.assessor_role.as_str()),
        ("t1", "teacher")
    );
    assert_eq!(observation.observed_at, Some(at(1_756_111_560)));
    assert!(!evidence.retracted);
}

#[tokio::test]
async fn what_was_withdrawn_is_retracted_once_and_a_lost_checkpoint_changes_nothing() {
    let beside = Beside::new().await;
    beside.said("foreign_credential_accepted", &accepted()).await;
    for _ in 0..2 {
        beside.said("imported_credential_withdrawn", &withdrawn()).await;
    }
    assert!(beside.evidence().await.expect("it is there").retracted);
    assert_eq!(beside.events().await, 2);
    beside.said("foreign_credential_accepted", &accepted()).await;
    assert_eq!(beside.events().await, 2, "what was retracted stays so");
}

#[tokio::test]
async fn both_in_one_step_and_what_a_person_did_before_are_taken_as_they_are() {
    let beside = Beside::new().await;
    beside.append("foreign_credential_accepted", 1, accepted().encode_to_vec()).await;
    beside.append("imported_credential_withdrawn", 1, withdrawn().encode_to_vec()).await;
    beside.settled().await;
    assert_eq!(beside.events().await, 2);

    let beside = Beside::new().await;
    beside.said("foreign_credential_accepted", &accepted()).await;
    let retract = RetractEvidenceRequest {
        request_id: "by hand".to_owned(),
        evidence_id: prior().to_string(),
        reason: "duplicate".to_owned(),
    };
    let admin = caller(Role::NetworkAdmin, &[]);
    beside.region.client().retract_evidence(by(&admin, retract)).await.expect("allowed");
    beside.said("imported_credential_withdrawn", &withdrawn()).await;
    assert_eq!(beside.events().await, 2, "they retracted it already");
}

#[tokio::test]
async fn what_makes_no_sense_is_set_aside_and_the_others_go_on() {
    let beside = Beside::new().await;
    beside.append("foreign_credential_accepted", 2, accepted().encode_to_vec()).await;
    let nonsense = ForeignCredentialAccepted { assessor_role: "king".to_owned(), ..accepted() };
    beside.append("imported_credential_withdrawn", 1, vec![0xff]).await;
    beside.said("something_else", &nonsense).await;
    assert_eq!(reason(&beside.evidence().await.expect_err("none")), "EVIDENCE_NOT_FOUND");
}
