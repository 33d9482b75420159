//! What is folded: the same documents for the same facts, however they came.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_eventlog::Document;
use northstar_eventlog::engine::DocumentRange;
use northstar_wire::evidence::v1::{CorrectEvidenceRequest, EvidenceItem, RetractEvidenceRequest};
use northstar_wire::registry::v1 as registry;

use crate::region::{
    Region, at, competency, criterion, evidence_id, framework, item, learner, levels, reason,
    record, teacher, tenant,
};

const NOUNS: [&str; 5] = ["competency", "criterion", "evidence", "learner", "rubric"];

/// Every document in use, by noun and key.
async fn documents(region: &Region) -> Vec<(&'static str, Vec<u8>, Document)> {
    let mut all = Vec::new();
    for noun in NOUNS {
        let range = DocumentRange {
            tenant: tenant(),
            noun,
            shard: region.evidence.shards().shard_of(tenant()),
            generation: None,
            prefix: &[],
            after: None,
            limit: 10_000,
        };
        let found = region.evidence.documents(range).await.expect("readable");
        all.extend(found.into_iter().map(|(key, document)| (noun, key, document)));
    }
    all
}

/// Some evidence with late arrivals, corrections, a withdrawal and notes; in this order or, as far
/// as it may be turned round, in the other.
async fn walk(region: &Region, turned: bool) {
    let mut client = region.client();
    let mut recordings: Vec<i64> = (0..30).collect();
    if turned {
        recordings.reverse();
    }
    for number in recordings {
        let item = EvidenceItem {
            observed_at: Some(at(1_000 * (number % 7))),
            note: format!("note {number}"),
            ..item()
        };
        let request = teacher(record(&format!("E{number}"), item));
        client.record_evidence(request).await.expect("recorded");
    }
    let correction = CorrectEvidenceRequest {
        request_id: "C".to_owned(),
        evidence_id: evidence_id("E3").to_string(),
        item: Some(EvidenceItem { observed_at: Some(at(-5)), ..item() }),
    };
    let retraction = RetractEvidenceRequest {
        request_id: "R".to_owned(),
        evidence_id: evidence_id("E4").to_string(),
        reason: "duplicate".to_owned(),
    };
    if turned {
        client.retract_evidence(teacher(retraction)).await.expect("withdrawn");
        client.correct_evidence(teacher(correction)).await.expect("corrected");
    } else {
        client.correct_evidence(teacher(correction)).await.expect("corrected");
        client.retract_evidence(teacher(retraction)).await.expect("withdrawn");
    }
    region.caught_up().await;
}

#[tokio::test]
async fn the_same_facts_in_another_order_are_the_same_state() {
    let mut states = Vec::new();
    for turned in [false, true] {
        let region = Region::new().await;
        walk(&region, turned).await;
        let state =
            |(noun, key, document): (&'static str, Vec<u8>, Document)| (noun, key, document.state);
        states.push(documents(&region).await.into_iter().map(state).collect::<Vec<_>>());
    }
    assert_eq!(states[0].iter().filter(|(noun, ..)| *noun == "evidence").count(), 30);
    assert_eq!(states[0], states[1]);
}

#[tokio::test]
async fn a_rebuild_gives_the_same_documents() {
    let region = Region::new().await;
    region.rubric("rubric", &[("one", "resilience"), ("two", "teamwork")]).await;
    region.rubric("rubric", &[("one", "resilience")]).await;
    walk(&region, false).await;
    let before = documents(&region).await;
    assert!(before.len() > 30);
    let shard = region.evidence.shards().shard_of(tenant());
    for (workers, batch_size) in [(1, 1), (2, 100), (7, 10_000)] {
        let options = Options { workers, batch_size };
        let report = rebuild(region.lane(), shard, options).await.expect("rebuilt");
        assert_eq!(report.malformed, 0);
        assert_eq!(documents(&region).await, before, "{workers} workers, {batch_size} a batch");
    }
}

#[tokio::test]
async fn what_the_registry_withdraws_can_no_longer_be_judged() {
    let region = Region::new().await;
    region.competency("juggling", levels()).await;
    region.rubric("rubric", &[("one", "juggling"), ("two", "juggling")]).await;
    region.rubric("rubric", &[("two", "juggling")]).await;
    region.caught_up().await;
    let judging = |by: &str| EvidenceItem {
        competency_id: competency("juggling").to_string(),
        criterion_id: criterion(by).to_string(),
        ..item()
    };
    let mut client = region.client();
    let lost = client.record_evidence(teacher(record("a", judging("one")))).await.unwrap_err();
    assert_eq!(reason(&lost), "UNKNOWN_CRITERION");
    client.record_evidence(teacher(record("b", judging("two")))).await.expect("it is there");

    let withdrawn = registry::CompetencyWithdrawn {
        competency_id: competency("juggling").to_string(),
        framework_id: framework().to_string(),
    };
    region.publish(framework().uuid(), "competency_withdrawn", &withdrawn).await;
    let removed = registry::PersonRemoved { person_id: learner("ben").to_string() };
    region.publish(learner("ben").uuid(), "person_removed", &removed).await;
    region.caught_up().await;
    let mut client = region.client();
    let gone = client.record_evidence(teacher(record("c", judging("two")))).await.unwrap_err();
    assert_eq!(reason(&gone), "UNKNOWN_COMPETENCY");
    let of_ben = EvidenceItem { learner_id: learner("ben").to_string(), ..item() };
    let gone = client.record_evidence(teacher(record("d", of_ben))).await.unwrap_err();
    assert_eq!(reason(&gone), "UNKNOWN_LEARNER");
}

#[tokio::test]
async fn an_event_that_makes_no_sense_parks_its_stream_alone() {
    let region = Region::new().await;
    let nonsense = registry::PersonRemoved { person_id: "no uuid".to_owned() };
    region.publish(learner("odd").uuid(), "person_removed", &nonsense).await;
    region.person("cleo", &["student"]).await;
    region.caught_up().await;
    let of_cleo = EvidenceItem { learner_id: learner("cleo").to_string(), ..item() };
    let done = region.client().record_evidence(teacher(record("a", of_cleo))).await;
    done.expect("the others go on");
}
