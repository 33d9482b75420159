//! The state is the same however the same facts came in, and a rebuild gives the same bytes.

use northstar_bus::rebuild::{self, Options};
use northstar_bus::state_hash;
use northstar_eventlog::Document;
use northstar_eventlog::engine::DocumentRange;
use northstar_kernel::{Digest, Shard, TenantId};

use northstar_chassis::Role;
use northstar_wire::credentials::v1 as wire;
use northstar_wire::credentials::v1::credentials_service_server::CredentialsService as _;

use crate::region::{FRONT_RANGE, Region, achievement, by, caller, learner, present, scope};

const RES: &str = "responsibility";

/// The hash of the tenant's state, and how many documents are in it.
async fn state(region: &Region) -> (Digest, u64) {
    let handlers = [region.handler()];
    let state = state_hash::of(&region.credentials, &handlers, &scope(FRONT_RANGE)).await;
    let state = state.expect("a hash");
    (state.hash, state.documents)
}

/// Every document of every noun, with what is not state.
pub(crate) async fn documents(region: &Region) -> Vec<(&'static str, Vec<u8>, Document)> {
    let mut all = Vec::new();
    for noun in region.handler().nouns() {
        let range = DocumentRange {
            tenant: TenantId::from_slug(FRONT_RANGE),
            noun,
            shard: Shard(0),
            generation: None,
            prefix: &[],
            after: None,
            limit: 1_000,
        };
        let documents = region.credentials.documents(range).await.expect("documents");
        all.extend(documents.into_iter().map(|(key, document)| (*noun, key, document)));
    }
    all
}

/// A step of a region's history: a learner's level, and whether it is mastery.
type Step = (&'static str, u32, bool);

const STEPS: [Step; 5] =
    [("a", 3, true), ("a", 2, false), ("b", 3, true), ("a", 4, true), ("c", 2, false)];

/// A region after these steps, its achievement defined and its tenant named somewhere among them.
async fn told(steps: &[Step], defined_after: usize, named_after: usize) -> Region {
    let mut region = Region::new();
    region.start();
    for at in 0..=steps.len() {
        if at == defined_after {
            region.define(achievement("res-3", RES, 3)).await.expect("sound");
        }
        if at == named_after {
            region.name(FRONT_RANGE).await;
        }
        if let Some(&(key, level, mastered)) = steps.get(at) {
            region.mastery(learner(key), RES, level, mastered).await;
        }
        region.settled().await;
    }
    region
}

#[tokio::test]
async fn whatever_order_the_sources_come_in_the_state_is_the_same() {
    let (hash, documents) = state(&told(&STEPS, 0, 0).await).await;
    assert_eq!(documents, 4, "an achievement, an issuer, two that hold it");
    for (defined_after, named_after) in [(5, 0), (0, 5), (2, 3), (5, 5), (1, 4)] {
        let region = told(&STEPS, defined_after, named_after).await;
        assert_eq!(state(&region).await, (hash, 4), "{defined_after} {named_after}");
    }
}

#[tokio::test]
async fn detours_on_the_way_leave_no_trace_in_the_state() {
    let detour = [("a", 3, true), ("a", 1, false), ("a", 3, true), ("b", 3, true), ("b", 1, false)];
    let expected = state(&told(&[("a", 4, true)], 0, 0).await).await;
    assert_eq!(state(&told(&detour, 0, 0).await).await, expected);
}

#[tokio::test]
async fn a_rebuild_gives_every_byte_again_and_appends_nothing() {
    let region = told(&STEPS, 0, 1).await;
    let (before, events) = (documents(&region).await, region.event_types().await);
    let nouns: Vec<_> = before.iter().map(|(noun, _, _)| *noun).collect();
    let count = |wanted: &str| nouns.iter().filter(|noun| **noun == wanted).count();
    let counts = region.handler().nouns().iter().map(|noun| count(noun)).collect::<Vec<_>>();
    let beside = [0; 12];
    let badges = [1, 2, 3, 3, 1, 3, 3, 0, 1, 1, 1, 0];
    let rules = [1, 0, 0, 0, 3, 1, 0, 0];
    let expected = [&badges[..], &beside, &rules].concat();
    assert_eq!(counts, expected, "{:?}", region.handler().nouns());
    for (workers, batch_size) in [(1, 1), (2, 100), (7, 10_000), (1, 0)] {
        let options = Options { workers, batch_size };
        let report = rebuild::rebuild(&region.lane(), Shard(0), options).await.expect("rebuilt");
        assert_eq!(report.events, 6 + events.len() as u64);
        assert_eq!(documents(&region).await, before, "{workers} {batch_size}");
    }
    assert_eq!(region.event_types().await, events);
    region.mastery(learner("c"), RES, 3, true).await;
    region.settled().await;
    assert_eq!(region.credentials_of(learner("c")).await.len(), 1, "and life goes on");
}

/// Everything that is shown: the credentials, what the issuer publishes of itself, its lists.
async fn shown(region: &Region) -> (Vec<wire::Credential>, wire::GetIssuerResponse, String) {
    let mut credentials = Vec::new();
    for key in ["a", "b", "c"] {
        credentials.extend(region.credentials_of(learner(key)).await);
    }
    let anybody = caller(FRONT_RANGE, Role::Employer, &[]);
    let request = by(&anybody, wire::GetStatusListRequest { list: 0 });
    let list = region.api.get_status_list(request).await.expect("it is published").into_inner();
    (credentials, region.issuer().await, list.document)
}

#[tokio::test]
async fn from_log_and_secrets_alone_every_document_comes_back_byte_for_byte() {
    let region = told(&STEPS, 0, 1).await;
    assert_eq!(region.due_at(present()).await, 1, "the list is published");
    region.mastery(learner("b"), RES, 1, false).await;
    region.settled().await;
    assert_eq!(region.due_at(present()).await, 1, "and again with one more bit");
    let (before, kept) = (shown(&region).await, documents(&region).await);
    assert_eq!(before.0.len(), 3);
    assert!(before.0.iter().all(|one| one.document.contains("proofValue")));

    let events = region.event_types().await;
    let mut region = region.emptied();
    assert!(documents(&region).await.is_empty(), "nothing is left but log and secrets");
    region.start();
    region.settled().await;
    assert_eq!(region.event_types().await, events, "and nothing is told anew");
    assert_eq!(shown(&region).await, before);
    assert_eq!(documents(&region).await, kept);
}
