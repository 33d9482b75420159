//! An appender says what it believes of the stream, and is told when it is wrong.

use northstar_eventlog::{AppendError, Appended, LaneError, Stream, TenantLog, WrongVersion};
use northstar_kernel::{ExpectedVersion, Version};
use tokio::task::JoinSet;

use super::{Store, given};

const EXACTLY_1: ExpectedVersion = ExpectedVersion::Exactly(Version(1));

async fn append(
    tenant: &TenantLog,
    stream: &Stream,
    expected: ExpectedVersion,
) -> Result<Appended, AppendError> {
    tenant.append(given::append(stream, expected, &["x"])).await
}

fn actual(result: Result<Appended, AppendError>) -> Version {
    match result {
        Err(AppendError::WrongVersion(WrongVersion { actual, .. })) => actual,
        other => panic!("expected a wrong version, got {other:?}"),
    }
}

/// `NoStream` begins a stream once.
pub async fn no_stream_means_none_yet(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("no-stream"));
    let stream = given::stream(1);
    let first = append(&tenant, &stream, ExpectedVersion::NoStream).await.unwrap();
    assert_eq!(first.version, Version(1));
    assert_eq!(actual(append(&tenant, &stream, ExpectedVersion::NoStream).await), Version(1));
    assert_eq!(tenant.stream(&stream).await.unwrap().len(), 1);
}

/// `Exactly` goes on from that version and no other.
pub async fn exactly_means_that_version(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("exactly"));
    let stream = given::stream(1);
    assert_eq!(actual(append(&tenant, &stream, EXACTLY_1).await), Version::START);
    append(&tenant, &stream, ExpectedVersion::Exactly(Version::START)).await.unwrap();
    append(&tenant, &stream, EXACTLY_1).await.unwrap();
    assert_eq!(actual(append(&tenant, &stream, EXACTLY_1).await), Version(2));
    let far = ExpectedVersion::Exactly(Version(u64::MAX));
    assert_eq!(actual(append(&tenant, &stream, far).await), Version(2));
}

/// `Any` begins a stream and goes on with it.
pub async fn any_means_whatever(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("any"));
    for version in 1..=3 {
        let appended = append(&tenant, &given::stream(1), ExpectedVersion::Any).await.unwrap();
        assert_eq!(appended.version, Version(version));
    }
}

/// A refusal says what was expected of which stream, and what is there.
pub async fn a_conflict_names_the_actual_version(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("names"));
    let stream = given::stream(1);
    tenant.append(given::append(&stream, ExpectedVersion::Any, &["1", "2", "3"])).await.unwrap();
    let refused = append(&tenant, &stream, EXACTLY_1).await.unwrap_err();
    let AppendError::WrongVersion(wrong) = refused else { panic!("{refused:?}") };
    let stream = stream.to_string();
    assert_eq!(wrong, WrongVersion { stream, expected: EXACTLY_1, actual: Version(3) });
}

/// What a log remembers of a stream does not count against the store.
pub async fn the_store_is_asked_when_another_log_moved_on(store: &impl Store) {
    let scope = given::scope("moved-on");
    let (one, other) = (store.log().tenant(&scope), store.log().tenant(&scope));
    let stream = given::stream(1);
    append(&one, &stream, ExpectedVersion::NoStream).await.unwrap();
    append(&other, &stream, EXACTLY_1).await.unwrap();
    assert_eq!(actual(append(&one, &stream, EXACTLY_1).await), Version(2));
    append(&other, &stream, ExpectedVersion::Exactly(Version(2))).await.unwrap();
    let third = append(&one, &stream, ExpectedVersion::Exactly(Version(3))).await.unwrap();
    assert_eq!(third.version, Version(4), "right on the store's word, against what it remembers");
}

/// Callers whose appends are gathered into one commit do not pay for each other's conflicts.
pub async fn a_conflict_leaves_its_neighbours_alone(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("neighbours");
    append(&log.tenant(&scope), &given::stream(0), ExpectedVersion::Any).await.unwrap();
    let mut callers = JoinSet::new();
    for number in 0..40 {
        let tenant = log.tenant(&scope);
        let (stream, expected) = match number % 4 {
            0 => (given::stream(0), ExpectedVersion::NoStream),
            1 => (given::stream(number), ExpectedVersion::Exactly(Version(9))),
            _ => (given::stream(number), ExpectedVersion::NoStream),
        };
        callers.spawn(async move { (number, append(&tenant, &stream, expected).await) });
    }
    for (number, result) in callers.join_all().await {
        match number % 4 {
            0 => assert_eq!(actual(result), Version(1)),
            1 => assert_eq!(actual(result), Version::START),
            _ => assert_eq!(result.unwrap().version, Version(1)),
        }
    }
    assert_eq!(log.tenant(&scope).sequence().await.unwrap().0, 21);
}

/// Of many that go on from the same version, one does.
pub async fn one_of_many_wins_a_version(store: &impl Store) {
    let logs = [store.log(), store.log()];
    let scope = given::scope("one-wins");
    let stream = given::stream(1);
    append(&logs[0].tenant(&scope), &stream, ExpectedVersion::NoStream).await.unwrap();
    let mut callers = JoinSet::new();
    for number in 0..24 {
        let (tenant, stream) = (logs[number % 2].tenant(&scope), stream.clone());
        callers.spawn(async move { append(&tenant, &stream, EXACTLY_1).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        callers.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|result| actual(result) == Version(2)));
}

/// There is no place for an append without events, and no waiting for one.
pub async fn an_append_of_nothing_is_refused(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("nothing");
    let nothing = || given::append(&given::stream(1), ExpectedVersion::Any, &[]);
    let refused = log.tenant(&scope).append(nothing()).await.unwrap_err();
    assert!(matches!(&refused, AppendError::Fault(fault) if !fault.retryable()), "{refused:?}");
    let lane = given::step(given::shard(&scope), &Default::default(), 1, Vec::new());
    let refused = log.commit_lane(vec![(scope, nothing())], lane).await.unwrap_err();
    assert!(matches!(&refused, LaneError::Fault(fault) if !fault.retryable()), "{refused:?}");
}

/// A step may touch more streams than a log remembers.
pub async fn many_streams_in_one_step(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("many-streams");
    let shard = given::shard(&scope);
    for round in 1..=2 {
        let state = log.lane(given::CONSUMER, shard).await.unwrap();
        let appends = (0..6_000).map(|number| (scope, given::note(&given::stream(number), "x")));
        let lane = given::step(shard, &state, round, Vec::new());
        log.commit_lane(appends.collect(), lane).await.unwrap();
        let last = log.tenant(&scope).stream(&given::stream(0)).await.unwrap();
        assert_eq!(last.last().unwrap().version, Version(round));
    }
}
