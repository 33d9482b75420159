//! A source that is read again and again.

use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use northstar_wire::evidence::v1::{
    EvidenceItem, GetEvidenceRequest, RecordEvidenceBatchRequest, RestateEvidenceRequest,
};

use crate::region::{Client, Region, evidence_id, learner, level, teacher};

/// What a source says of one thing it keeps, sent as a batch of one.
async fn restate(client: &mut Client, item: EvidenceItem) -> Result<(bool, u64), String> {
    let request = RestateEvidenceRequest { source_key: "result:1".to_owned(), item: Some(item) };
    let item =
        RecordEvidenceBatchRequest { item_number: 1, command: Some(Command::Restate(request)) };
    let stream = tokio_stream::iter([item]);
    let replies = client.record_evidence_batch(teacher(stream)).await.expect("it is answered");
    let reply = replies.into_inner().message().await.expect("it is whole").expect("one reply");
    match reply.result.expect("accepted or refused") {
        Outcome::Accepted(accepted) => Ok((accepted.repeated, accepted.sequence)),
        Outcome::Refused(refused) => Err(refused.reason),
    }
}

async fn value(client: &mut Client) -> (i64, u32) {
    let request = GetEvidenceRequest { evidence_id: evidence_id("result:1").to_string() };
    let answer = client.get_evidence(teacher(request)).await.expect("it is there").into_inner();
    let evidence = answer.evidence.expect("it is told");
    (evidence.value_milli, evidence.corrections)
}

#[tokio::test]
async fn what_is_unchanged_changes_nothing_and_what_changed_is_corrected() {
    let region = Region::new().await;
    let mut client = region.client();
    assert_eq!(restate(&mut client, level(3)).await, Ok((false, 1)));
    assert_eq!(restate(&mut client, level(3)).await, Ok((true, 1)));
    assert_eq!(restate(&mut client, level(2)).await, Ok((false, 2)));
    assert_eq!(restate(&mut client, level(2)).await, Ok((true, 2)));
    assert_eq!(value(&mut client).await, (2_000, 1));
    assert_eq!(restate(&mut client, level(3)).await, Ok((false, 3)), "back to the first value");
    assert_eq!(restate(&mut client, level(3)).await, Ok((true, 3)));
    assert_eq!(value(&mut client).await, (3_000, 2));
}

#[tokio::test]
async fn a_note_counts_as_content() {
    let region = Region::new().await;
    let mut client = region.client();
    let noted = |text: &str| EvidenceItem { note: text.to_owned(), ..level(3) };
    assert_eq!(restate(&mut client, noted("a")).await, Ok((false, 1)));
    assert_eq!(restate(&mut client, noted("a")).await, Ok((true, 1)));
    assert_eq!(restate(&mut client, noted("b")).await, Ok((false, 2)));
    assert_eq!(restate(&mut client, noted("b")).await, Ok((true, 2)));
}

#[tokio::test]
async fn what_fits_nobody_is_refused_as_ever() {
    let region = Region::new().await;
    let mut client = region.client();
    let stranger = EvidenceItem { learner_id: learner("nobody").to_string(), ..level(3) };
    assert_eq!(restate(&mut client, stranger).await, Err("UNKNOWN_LEARNER".to_owned()));
    restate(&mut client, level(3)).await.expect("it is recorded");
    assert_eq!(restate(&mut client, level(8)).await, Err("UNKNOWN_LEVEL".to_owned()));
    let of_ben = EvidenceItem { learner_id: learner("ben").to_string(), ..level(3) };
    assert_eq!(restate(&mut client, of_ben).await, Err("LEARNER_MISMATCH".to_owned()));
    assert_eq!(value(&mut client).await, (3_000, 0));
}
