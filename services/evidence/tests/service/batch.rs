//! Many items on one stream.

use std::collections::BTreeMap;

use northstar_evidence::standard::{Competencies, EvidenceCsv};
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use northstar_wire::evidence::v1::{
    CorrectEvidenceRequest, EvidenceItem, GetEvidenceRequest, RecordEvidenceBatchRequest,
    RetractEvidenceRequest,
};

use crate::region::{
    Client, Region, competency, evidence_id, item, learner, level, levels, record, scope, teacher,
    tenant,
};

/// Sends items numbered from 1 and gathers the replies by number: the reason, or whether repeated.
async fn send(client: &mut Client, commands: Vec<Command>) -> BTreeMap<u64, Result<bool, String>> {
    let items = (1..).zip(commands).map(|(item_number, command)| RecordEvidenceBatchRequest {
        item_number,
        command: Some(command),
    });
    let stream = tokio_stream::iter(items.collect::<Vec<_>>());
    let replies = client.record_evidence_batch(teacher(stream)).await.expect("it is answered");
    let (mut replies, mut told) = (replies.into_inner(), BTreeMap::new());
    while let Some(reply) = replies.message().await.expect("the stream is whole") {
        let outcome = match reply.result.expect("accepted or refused") {
            Outcome::Accepted(accepted) => Ok(accepted.repeated),
            Outcome::Refused(refused) => Err(refused.reason),
        };
        assert_eq!(told.insert(reply.item_number, outcome), None, "one reply an item");
    }
    told
}

fn recording(request_id: &str, item: EvidenceItem) -> Command {
    Command::Record(record(request_id, item))
}

fn correction(request_id: &str, of: &str, item: EvidenceItem) -> Command {
    Command::Correct(CorrectEvidenceRequest {
        request_id: request_id.to_owned(),
        evidence_id: evidence_id(of).to_string(),
        item: Some(item),
    })
}

#[tokio::test]
async fn one_bad_item_is_one_refusal() {
    let region = Region::new().await;
    let mut client = region.client();
    let stranger = EvidenceItem { learner_id: learner("nobody").to_string(), ..item() };
    let retract = Command::Retract(RetractEvidenceRequest {
        request_id: "R".to_owned(),
        evidence_id: "no uuid".to_owned(),
        reason: "other".to_owned(),
    });
    let told = send(
        &mut client,
        vec![
            recording("a", item()),
            recording("b", stranger),
            recording("c", level(12)),
            recording("", item()),
            retract,
            recording("d", item()),
            recording("a", level(1)),
        ],
    )
    .await;
    let refused = |reason: &str| Err(reason.to_owned());
    let expected = [
        Ok(false),
        refused("UNKNOWN_LEARNER"),
        refused("UNKNOWN_LEVEL"),
        refused("REQUEST_ID_MISSING"),
        refused("FIELD_INVALID"),
        Ok(false),
        refused("REQUEST_ID_REUSED"),
    ];
    assert_eq!(told, (1..).zip(expected).collect());
}

#[tokio::test]
async fn a_refusal_says_whether_to_try_again() {
    let region = Region::new().await;
    let mut client = region.client();
    for (item, retryable) in [
        (EvidenceItem { learner_id: learner("nobody").to_string(), ..item() }, true),
        (level(12), false),
    ] {
        let command = Some(recording("x", item));
        let stream = tokio_stream::iter([RecordEvidenceBatchRequest { item_number: 9, command }]);
        let replies = client.record_evidence_batch(teacher(stream)).await.expect("it is answered");
        let reply = replies.into_inner().message().await.expect("whole").expect("one reply");
        let Some(Outcome::Refused(refused)) = reply.result else { panic!("refused: {reply:?}") };
        assert_eq!((refused.retryable, reply.item_number), (retryable, 9));
        assert!(!refused.message.is_empty() && !refused.field.is_empty());
    }
}

#[tokio::test]
async fn an_item_without_a_command_is_refused() {
    let region = Region::new().await;
    let stream = tokio_stream::iter([RecordEvidenceBatchRequest { item_number: 4, command: None }]);
    let replies = region.client().record_evidence_batch(teacher(stream)).await;
    let mut replies = replies.expect("it is answered").into_inner();
    let reply = replies.message().await.expect("whole").expect("one reply");
    assert!(matches!(reply.result, Some(Outcome::Refused(refused)) if refused.field == "command"));
    assert_eq!(replies.message().await.expect("whole"), None);
}

#[tokio::test]
async fn what_follows_on_the_same_evidence_waits_for_it() {
    let region = Region::new().await;
    let mut client = region.client();
    let mut commands = Vec::new();
    for number in 0..300 {
        let id = format!("E{number}");
        commands.push(recording(&id, item()));
        commands.push(correction(&format!("C{number}"), &id, level(1)));
        commands.push(correction(&format!("D{number}"), &id, level(2)));
        commands.push(recording(&id, item()));
    }
    let told = send(&mut client, commands).await;
    assert_eq!(told.len(), 1_200);
    for (number, outcome) in told {
        assert_eq!(outcome, Ok(number % 4 == 0), "item {number}");
    }
    let request = GetEvidenceRequest { evidence_id: evidence_id("E7").to_string() };
    let answer = client.get_evidence(teacher(request)).await.expect("it is there").into_inner();
    let evidence = answer.evidence.expect("it is told");
    assert_eq!((evidence.value_milli, evidence.corrections), (2_000, 2));
}

#[tokio::test]
async fn a_batch_sent_twice_counts_once() {
    let region = Region::new().await;
    let mut client = region.client();
    let commands = || (0..700).map(|number| recording(&format!("E{number}"), item())).collect();
    assert!(send(&mut client, commands()).await.values().all(|outcome| *outcome == Ok(false)));
    assert!(send(&mut client, commands()).await.values().all(|outcome| *outcome == Ok(true)));
    let sequence = region.evidence.tenant(&scope()).sequence().await.expect("readable");
    assert_eq!(sequence.0, 700);
}

#[tokio::test]
async fn the_shared_file_is_taken_over_whole_and_once() {
    let Some(shared) = northstar_testkit::shared_data() else { return };
    let region = Region::new().await;
    let path = shared.join("data/evidence/front_range_evidence.csv");
    let text = std::fs::read_to_string(path).expect("the sample data is whole");
    let mut codes = Vec::new();
    for parent in ["RES", "ADP", "COM", "INT", "PRB"] {
        codes.extend((1..=3).map(|number| format!("NS.{parent}.{number}")));
    }
    for code in &codes {
        region.competency(code, levels()).await;
    }
    let names: std::collections::BTreeSet<_> =
        text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    for name in &names {
        region.person(name, &["student"]).await;
    }
    region.caught_up().await;
    let competencies: Competencies =
        codes.iter().map(|code| (code.clone(), competency(code))).collect();
    let commands = || {
        let rows = EvidenceCsv::open("e.csv", text.as_bytes(), tenant(), &competencies);
        rows.expect("the header is right").map(|row| row.expect("every row is right").command)
    };
    let mut client = region.client();
    let told = send(&mut client, commands().collect()).await;
    let count = |wanted| told.values().filter(|outcome| **outcome == Ok(wanted)).count();
    assert_eq!((count(false), count(true)), (6_451, 32));
    let told = send(&mut client, commands().collect()).await;
    assert!(told.values().all(|outcome| *outcome == Ok(true)));
    let sequence = region.evidence.tenant(&scope()).sequence().await.expect("readable");
    assert_eq!(sequence.0, 6_451);
}
