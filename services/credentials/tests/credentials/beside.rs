//! Records, endorsements and imported badges come back from log and secrets alone, byte for byte.

use northstar_bus::rebuild::{self, Options};
use northstar_chassis::Role;
use northstar_kernel::Shard;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;

use crate::endorsements::{badge, endorsement, given, listed, withdrawn};
use crate::imports::{accepted, foreign, imported};
use crate::rebuilt::documents;
use crate::records::{asked, assembled, learned, record};
use crate::region::{FRONT_RANGE, Region, by, caller, learner, present};

/// A region with one of each.
async fn lived() -> (Region, String, String) {
    let region = learned().await;
    region.knows(learner("s1"), "res").await;
    region.settled().await;
    let made = assembled(&region, asked(vec![])).await.expect("a record").record.expect("one");
    let (_, subject) = badge(&region).await;
    given(&region, &subject).await.expect("given");
    let other = given(&region, "https://school.example").await.expect("given");
    let request = wire::ReceiveEndorsementRequest {
        document: endorsement(&subject).to_string(),
        ..Default::default()
    };
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    region.api.receive_endorsement(by(&teacher, request)).await.expect("received");
    let import = imported(&region, &teacher, foreign().to_string()).await.expect("imported");
    accepted(&region, &import.import_id, 3).await.expect("accepted");
    region.due_at(present()).await;
    withdrawn(&region, &other).await.expect("withdrawn");
    region.due_at(present()).await;
    (region, made.record_id, import.import_id)
}

type Shown = (Vec<wire::GetRecordResponse>, Vec<wire::Endorsement>, String, Vec<u8>);

async fn shown(region: &Region, record_id: &str, import_id: &str) -> Shown {
    let records =
        vec![record(region, record_id, false).await, record(region, record_id, true).await];
    let (_, subject) = badge(region).await;
    let mut endorsements = listed(region, &subject).await;
    endorsements.extend(listed(region, "https://school.example").await);
    let teacher = caller(FRONT_RANGE, Role::Teacher, &[]);
    let request = by(&teacher, wire::GetStatusListRequest { list: 0 });
    let list = region.api.get_status_list(request).await.expect("it is published").into_inner();
    let request = wire::GetImportedCredentialRequest { import_id: import_id.into() };
    let import = region.api.get_imported_credential(by(&teacher, request)).await;
    (records, endorsements, list.document, import.expect("it is there").into_inner().file)
}

#[tokio::test]
async fn what_stands_beside_badges_is_rebuilt_and_comes_back_from_nothing() {
    let (region, record_id, import_id) = lived().await;
    let (before, kept) = (shown(&region, &record_id, &import_id).await, documents(&region).await);
    assert_eq!((before.0.len(), before.1.len()), (2, 3));
    for (workers, batch_size) in [(1, 1), (3, 10), (2, 10_000)] {
        let options = Options { workers, batch_size };
        rebuild::rebuild(&region.lane(), Shard(0), options).await.expect("rebuilt");
        assert_eq!(documents(&region).await, kept, "{workers} {batch_size}");
    }
    let events = region.event_types().await;
    let mut region = region.emptied();
    region.start();
    region.settled().await;
    assert_eq!(region.event_types().await, events, "and nothing is told anew");
    assert_eq!(documents(&region).await, kept);
    assert_eq!(shown(&region, &record_id, &import_id).await, before);
}
