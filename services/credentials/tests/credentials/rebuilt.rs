//! The state is the same however the same facts came in.

use northstar_eventlog::engine::DocumentRange;
use northstar_kernel::{Shard, TenantId};

use crate::region::{FRONT_RANGE, Region, achievement, learner};

const NOUNS: [&str; 6] = ["achievement", "award", "credential", "holder", "issuer", "standing"];

/// Every document with a state: noun, key, state.
async fn state(region: &Region) -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let mut state = Vec::new();
    for noun in NOUNS {
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
        let stated = documents.into_iter().filter(|(_, document)| !document.state.is_empty());
        state.extend(stated.map(|(key, document)| (noun, key, document.state)));
    }
    state
}

/// A step of a region's history.
type Step = (&'static str, u32, bool);

/// Mastery after each step, in this order; what is defined before it, in between, or after it.
async fn told(steps: &[Step], defined_after: usize, named_after: usize) -> Region {
    let mut region = Region::new();
    region.start();
    for at in 0..=steps.len() {
        if at == defined_after {
            region.define(achievement("res-3", "responsibility", 3)).await.expect("sound");
        }
        if at == named_after {
            region.name(FRONT_RANGE).await;
        }
        if let Some(&(key, level, mastered)) = steps.get(at) {
            region.mastery(learner(key), "responsibility", level, mastered).await;
        }
        region.settled().await;
    }
    region
}

#[tokio::test]
async fn whatever_order_the_sources_come_in_the_state_is_the_same() {
    let steps = [("a", 3, true), ("a", 2, false), ("b", 3, true), ("a", 4, true), ("c", 2, false)];
    let expected = state(&told(&steps, 0, 0).await).await;
    let nouns: Vec<_> = expected.iter().map(|(noun, _, _)| *noun).collect();
    assert_eq!(nouns, ["achievement", "award", "award", "issuer"]);
    for (defined_after, named_after) in [(5, 0), (0, 5), (2, 3), (5, 5), (1, 4)] {
        let region = told(&steps, defined_after, named_after).await;
        assert_eq!(state(&region).await, expected, "{defined_after} {named_after}");
    }
}

#[tokio::test]
async fn detours_on_the_way_leave_no_trace_in_the_state() {
    let detour = [("a", 3, true), ("a", 1, false), ("a", 3, true), ("b", 3, true), ("b", 1, false)];
    let straight = [("a", 4, true)];
    let expected = state(&told(&straight, 0, 0).await).await;
    assert_eq!(state(&told(&detour, 0, 0).await).await, expected);
}
