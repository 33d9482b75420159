//! A lane's events, documents and checkpoint are written together, and only by whoever saw the last.

use northstar_eventlog::{LaneError, LaneState, Log};
use northstar_kernel::{ExpectedVersion, Position, Shard, TenantScope};
use tokio::task::JoinSet;

use super::Store;
use super::given::{self, Note};

async fn state(log: &Log, shard: Shard) -> LaneState {
    log.lane(given::CONSUMER, shard).await.unwrap()
}

async fn document(log: &Log, scope: &TenantScope) -> Option<Note> {
    log.tenant(scope).document(b"key").await.unwrap()
}

/// After a step all of it is there, for several tenants of the shard.
pub async fn events_documents_and_checkpoint_are_one(store: &impl Store) {
    let log = store.log();
    let tenants = given::neighbours("step", Shard(1), 3);
    let appends = tenants[..2].iter().map(|scope| (*scope, given::note(&given::stream(1), "x")));
    let documents = tenants[1..].iter().map(|scope| given::put(scope, b"key", "written"));
    let step = given::step(Shard(1), &LaneState::default(), 9, documents.collect());
    log.commit_lane(appends.collect(), step).await.unwrap();

    let other = store.log();
    let expected = LaneState {
        commits: 1,
        generation: 0,
        positions: vec![("registry".to_owned(), Position(9))],
    };
    assert_eq!(state(&other, Shard(1)).await, expected);
    assert_eq!(state(&other, Shard(0)).await, LaneState::default());
    assert_eq!(other.lane("contract.others", Shard(1)).await.unwrap(), LaneState::default());
    let scanned = other.scan(Shard(1), Position::START, 10).await.unwrap();
    let whose: Vec<_> = scanned.iter().map(|event| event.tenant).collect();
    assert_eq!(whose, [tenants[0].tenant(), tenants[1].tenant()]);
    let written = Some(Note("written".to_owned()));
    assert_eq!(document(&other, &tenants[0]).await, None);
    assert_eq!(document(&other, &tenants[1]).await, written);
    assert_eq!(document(&other, &tenants[2]).await, written);
}

/// Folding alone moves the checkpoint, of each source by itself.
pub async fn a_step_may_have_no_events(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("folds");
    let shard = given::shard(&scope);
    for position in 1..=3 {
        let text = format!("at {position}");
        let seen = state(&log, shard).await;
        let mut step = given::step(shard, &seen, position, vec![given::put(&scope, b"key", &text)]);
        step.next.advance("evidence", Position(position * 10));
        log.commit_lane(Vec::new(), step).await.unwrap();
        assert_eq!(document(&log, &scope).await, Some(Note(text)));
    }
    let last = state(&log, shard).await;
    assert_eq!(last.commits, 3);
    assert_eq!((last.position("registry"), last.position("evidence")), (Position(3), Position(30)));
    assert_eq!(last.position("pathways"), Position::START);
    assert_eq!(log.head(shard).await.unwrap(), Position::START);
}

/// A replica whose lane was taken over can write nothing more, with or without events.
pub async fn a_stale_lane_writes_nothing(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("stale");
    let shard = given::shard(&scope);
    let put = |text: &str| vec![given::put(&scope, b"key", text)];
    let first = given::step(shard, &LaneState::default(), 1, put("first"));
    log.commit_lane(Vec::new(), first).await.unwrap();
    let seen = state(&log, shard).await;
    log.commit_lane(Vec::new(), given::step(shard, &seen, 2, put("second"))).await.unwrap();

    let ahead = LaneState { commits: 7, ..seen.clone() };
    for stale in [&seen, &LaneState::default(), &ahead] {
        for appends in [Vec::new(), vec![(scope, given::note(&given::stream(1), "x"))]] {
            let step = given::step(shard, stale, 3, put("stale"));
            let fenced = store.log().commit_lane(appends, step).await.unwrap_err();
            assert!(matches!(fenced, LaneError::Fenced), "{fenced:?}");
        }
    }
    assert_eq!(state(&log, shard).await.position("registry"), Position(2));
    assert_eq!(document(&log, &scope).await, Some(Note("second".to_owned())));
    assert_eq!(store.log().head(shard).await.unwrap(), Position::START);
    let appended = log.tenant(&scope).append(given::note(&given::stream(1), "y")).await.unwrap();
    assert_eq!(appended.position, Position(1), "what was fenced has left no hole");
}

/// Two replicas that both think a lane is new: one begins it.
pub async fn a_first_step_is_made_once(store: &impl Store) {
    let logs = [store.log(), store.log()];
    let scope = given::scope("first");
    let shard = given::shard(&scope);
    let mut replicas = JoinSet::new();
    for number in 0..8_u64 {
        let log = logs[number as usize % 2].clone();
        let appends = vec![(scope, given::note(&given::stream(1), "x"))];
        let documents = vec![given::put(&scope, b"key", &number.to_string())];
        let step = given::step(shard, &LaneState::default(), number, documents);
        replicas.spawn(async move { (number, log.commit_lane(appends, step).await) });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        replicas.join_all().await.into_iter().partition(|(_, result)| result.is_ok());
    let [(winner, _)] = won[..] else { panic!("{} replicas won", won.len()) };
    assert!(lost.iter().all(|(_, result)| matches!(result, Err(LaneError::Fenced))), "{lost:?}");
    assert_eq!(state(&logs[0], shard).await.position("registry"), Position(winner));
    assert_eq!(document(&logs[0], &scope).await, Some(Note(winner.to_string())));
    assert_eq!(logs[0].head(shard).await.unwrap(), Position(1));
}

/// A step that decided on a stream that has moved since is not made.
pub async fn a_moved_stream_writes_nothing(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("moved");
    let shard = given::shard(&scope);
    let tenant = log.tenant(&scope);
    tenant.append(given::note(&given::stream(1), "1")).await.unwrap();
    // The log that makes the step does not know yet that the stream was moved by another.
    store.log().tenant(&scope).append(given::note(&given::stream(1), "2")).await.unwrap();
    let stale = ExpectedVersion::Exactly(northstar_kernel::Version(1));
    let appends = vec![
        (scope, given::note(&given::stream(2), "x")),
        (scope, given::append(&given::stream(1), stale, &["x"])),
    ];
    let documents = vec![given::put(&scope, b"key", "x")];
    let step = given::step(shard, &LaneState::default(), 1, documents);
    let refused = log.commit_lane(appends, step).await.unwrap_err();
    assert!(matches!(refused, LaneError::Conflict), "{refused:?}");
    assert_eq!(state(&log, shard).await, LaneState::default());
    assert_eq!(document(&log, &scope).await, None);
    let next = tenant.append(given::note(&given::stream(1), "3")).await.unwrap();
    assert_eq!((next.position.0, next.sequence.0, next.version.0), (3, 3, 3));
}

/// Steps and callers' appends ride with the same writer, and everybody gets places of their own.
pub async fn a_step_and_appends_share_the_shard(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("shares");
    let shard = given::shard(&scope);
    let mut callers = JoinSet::new();
    for number in 0..30 {
        let tenant = log.tenant(&scope);
        let note = given::note(&given::stream(number % 3), "caller");
        callers.spawn(async move { tenant.append(note).await.unwrap() });
    }
    for number in 1..=10 {
        let seen = state(&log, shard).await;
        let appends = vec![(scope, given::note(&given::stream(1), "lane"))];
        log.commit_lane(appends, given::step(shard, &seen, number, Vec::new())).await.unwrap();
    }
    callers.join_all().await;
    let scanned = log.scan(shard, Position::START, 100).await.unwrap();
    assert_eq!(scanned.len(), 40);
    assert_eq!(scanned.iter().filter(|event| &event.payload[..] == b"lane").count(), 10);
}

/// A lane that asks again what was answered moves on and writes no second event; one that asks
/// something else under the id is at fault.
pub async fn a_repeated_request_is_not_written_again(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("again");
    let shard = given::shard(&scope);
    let request = |content| given::asked(given::note(&given::stream(1), "x"), "id", content);
    log.tenant(&scope).append(request("one")).await.unwrap();
    let step = given::step(shard, &LaneState::default(), 1, Vec::new());
    let appends = vec![(scope, request("one")), (scope, given::note(&given::stream(2), "y"))];
    log.commit_lane(appends, step).await.unwrap();
    assert_eq!(log.head(shard).await.unwrap(), Position(2));
    assert_eq!(state(&log, shard).await.commits, 1);

    let step = given::step(shard, &state(&log, shard).await, 2, Vec::new());
    let refused = log.commit_lane(vec![(scope, request("two"))], step).await.unwrap_err();
    assert!(matches!(&refused, LaneError::Fault(fault) if !fault.retryable()), "{refused:?}");
    assert_eq!(state(&log, shard).await.commits, 1);
}

/// A tenant's events stand in its own shard, whatever a lane asks.
pub async fn a_foreign_shard_is_refused(store: &impl Store) {
    let log = store.log();
    let scope = given::neighbours("foreign", Shard(0), 1)[0];
    let step = given::step(Shard(1), &LaneState::default(), 1, Vec::new());
    let appends = vec![(scope, given::note(&given::stream(1), "x"))];
    let refused = log.commit_lane(appends, step).await.unwrap_err();
    assert!(matches!(&refused, LaneError::Fault(fault) if !fault.retryable()), "{refused:?}");
    assert_eq!(state(&log, Shard(1)).await, LaneState::default());
}
