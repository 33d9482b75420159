//! Competencies are remembered between two questions, and never longer than they stand.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::Shard;
use northstar_wire::mastery::v1 as wire;

use crate::region::{Client, Region, held, latest, learner, seen};
use crate::stand::Stand;

/// Ana's profile as this replica shows it: code, value and level.
async fn ana(client: &mut Client) -> Vec<(String, (i64, u32))> {
    let learner_id = learner("ana").to_string();
    let request = wire::GetProfileRequest { learner_id, ..Default::default() };
    let profile = client.get_profile(request).await.expect("a profile").into_inner();
    let shown = |entry: wire::ProfileEntry| (entry.competency_code, held(entry.mastery.as_ref()));
    profile.entries.into_iter().map(shown).collect()
}

async fn every_replica_shows_a_competency_as_it_is(stand: Stand) {
    let region = Region::on(stand).await;
    // The other one handles nothing, so only the store can tell it that something changed.
    let mut replicas = [region.admin(), region.other_replica()];
    region.publish_policy(latest()).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    let scales: [&[i64]; 4] = [&[], &[1, 2, 3, 4], &[2], &[1, 2]];
    for (scale, level) in scales.into_iter().zip([None, Some(2), Some(1), Some(2)]) {
        if level.is_some() {
            region.publish_competency("NS.INT.1", scale).await;
        }
        region.settled().await;
        let expected = level.map(|level| ("NS.INT.1".to_owned(), (2_000, level)));
        for replica in &mut replicas {
            for _ in 0..2 {
                assert_eq!(ana(replica).await, expected.iter().cloned().collect::<Vec<_>>());
            }
        }
    }
    rebuild(&region.lane, Shard(0), Options { workers: 1, batch_size: 1 }).await.expect("rebuilt");
    region.publish_competency("NS.INT.1", &[]).await;
    region.settled().await;
    for replica in &mut replicas {
        assert_eq!(ana(replica).await, [("NS.INT.1".to_owned(), (2_000, 0))]);
    }
}

#[tokio::test]
async fn every_replica_shows_a_competency_as_it_is_on_sqlite() {
    every_replica_shows_a_competency_as_it_is(Stand::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_replica_shows_a_competency_as_it_is_on_postgres() {
    every_replica_shows_a_competency_as_it_is(Stand::postgres().await).await;
}

/// What a profile shows must not depend on what another tenant's profile has made known.
#[tokio::test]
async fn what_is_remembered_is_the_tenants_own() {
    let mut region = Region::new().await;
    for (tenant, scale) in [("front-range", [1, 2]), ("elsewhere", [2, 3])] {
        region.move_to(tenant);
        region.publish_policy(latest()).await;
        region.publish_competency("NS.INT.1", &scale).await;
        region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    }
    region.settled().await;
    for (tenant, level) in [("front-range", 2), ("elsewhere", 1), ("front-range", 2)] {
        region.move_to(tenant);
        let shown = ana(&mut region.admin()).await;
        assert_eq!(shown, [("NS.INT.1".to_owned(), (2_000, level))], "{tenant}");
    }
}
