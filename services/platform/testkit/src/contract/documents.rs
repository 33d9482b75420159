//! Documents by key, and generations of them.

use northstar_eventlog::engine::{DocumentPut, DocumentRange};
use northstar_eventlog::{LaneError, LaneState, Log, Shape as _};
use northstar_kernel::{Shard, TenantScope};

use super::Store;
use super::given::{self, Note};

async fn commit(log: &Log, shard: Shard, documents: Vec<DocumentPut>) {
    let seen = log.lane(given::CONSUMER, shard).await.unwrap();
    let step = given::step(shard, &seen, seen.commits + 1, documents);
    log.commit_lane(Vec::new(), step).await.unwrap();
}

async fn keys(
    log: &Log,
    scope: &TenantScope,
    prefix: &[u8],
    after: Option<&[u8]>,
    limit: u32,
) -> Vec<Vec<u8>> {
    let found = log.tenant(scope).documents::<Note>(prefix, after, limit).await.unwrap();
    found.into_iter().map(|(key, _)| key).collect()
}

async fn text(log: &Log, scope: &TenantScope) -> Option<String> {
    log.tenant(scope).document::<Note>(b"key").await.unwrap().map(|note| note.0)
}

/// What a certain generation holds, whichever is in use.
async fn in_generation(log: &Log, scope: &TenantScope, generation: u32) -> Vec<String> {
    let range = DocumentRange {
        tenant: scope.tenant(),
        noun: Note::NOUN,
        shard: given::shard(scope),
        generation: Some(generation),
        prefix: &[],
        after: None,
        limit: 100,
    };
    let found = log.documents(range).await.unwrap();
    found.into_iter().map(|(_, document)| Note::decode(&document).unwrap().0).collect()
}

/// State and extra come back as they were put, and a later put wins.
pub async fn what_is_put_is_read(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("put");
    let shard = given::shard(&scope);
    let mut empty = given::put(&scope, b"", "");
    empty.document = Some(Default::default());
    commit(&log, shard, vec![given::put(&scope, b"key", "first"), empty]).await;
    commit(&log, shard, vec![given::put(&scope, b"key", "Größe 🦉")]).await;
    assert_eq!(text(&store.log(), &scope).await.unwrap(), "Größe 🦉");
    let range = DocumentRange {
        tenant: scope.tenant(),
        noun: Note::NOUN,
        shard,
        generation: None,
        prefix: &[],
        after: None,
        limit: 1,
    };
    let read = log.document(range, b"key").await.unwrap().unwrap();
    assert_eq!(read, Note("Größe 🦉".to_owned()).encode());
    assert_eq!(log.document(range, b"").await.unwrap().unwrap(), Default::default());
    assert_eq!(log.document(range, b"ke").await.unwrap(), None);
    let other_noun = DocumentRange { noun: "other", ..range };
    assert_eq!(log.document(other_noun, b"key").await.unwrap(), None);
}

/// Ranges are in the order of the keys' bytes: by prefix, after a key, at most so many.
pub async fn ranges_go_by_key(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("ranges");
    let sorted: [&[u8]; 7] =
        [b"a", b"a\x00", b"a\xff", b"a\xff\x01", b"b", b"\xff", b"\xff\xff\x07"];
    let puts = sorted.iter().rev().map(|key| given::put(&scope, key, "x")).collect();
    commit(&log, given::shard(&scope), puts).await;
    assert_eq!(keys(&log, &scope, b"", None, 100).await, sorted);
    assert_eq!(keys(&log, &scope, b"a", None, 100).await, sorted[..4]);
    assert_eq!(keys(&log, &scope, b"a\xff", None, 100).await, sorted[2..4]);
    assert_eq!(keys(&log, &scope, b"\xff", None, 100).await, sorted[5..]);
    assert_eq!(keys(&log, &scope, b"", Some(b"a\xff"), 2).await, sorted[3..5]);
    assert_eq!(keys(&log, &scope, b"a", Some(b"a"), 2).await, sorted[1..3]);
    assert_eq!(keys(&log, &scope, b"a", Some(b"a\xff\x01"), 2).await, [b""; 0]);
    assert_eq!(keys(&log, &scope, b"b", Some(b"a"), 2).await, [b"b"]);
    assert_eq!(keys(&log, &scope, b"c", None, 100).await, [b""; 0]);
    assert_eq!(keys(&log, &scope, b"", None, 0).await, [b""; 0]);
}

/// Many keys in one read: those that are there, each once, in the order of their bytes, and nobody
/// else's.
pub async fn keys_are_read_together(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("together");
    let (shard, other) = (given::shard(&scope), given::scope("apart"));
    let there: [&[u8]; 5] = [b"", b"a", b"a\xff", b"b", b"\xff\xff"];
    let puts = there.iter().map(|key| given::put(&scope, key, "ours")).collect();
    commit(&log, shard, puts).await;
    commit(&log, given::shard(&other), vec![given::put(&other, b"c", "theirs")]).await;
    let read = async |keys: &[&[u8]]| {
        let keys = keys.iter().map(|key| key.to_vec()).collect();
        let found = log.tenant(&scope).documents_of::<Note>(keys).await.unwrap();
        assert!(found.iter().all(|(_, note)| note.0 == "ours"), "{found:?}");
        found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(read(&[b"\xff\xff", b"b", b"a\xff", b"a", b""]).await, there);
    assert_eq!(read(&[b"b", b"a", b"b", b"c", b"a\xfe"]).await, [b"a", b"b"]);
    assert_eq!(read(&[b"c", b"nothing"]).await, [b""; 0]);
    assert_eq!(read(&[]).await, [b""; 0]);
    let many: Vec<Vec<u8>> = (0..3_000_u16).map(|number| number.to_be_bytes().to_vec()).collect();
    let puts = many.iter().map(|key| given::put(&scope, key, "ours")).collect();
    commit(&log, shard, puts).await;
    let keys: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    assert_eq!(read(&keys).await, many);
}

/// Of several questions in a row each sees what was written before it.
pub async fn several_questions_in_a_row(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("in-a-row");
    let shard = given::shard(&scope);
    let puts = [b"a", b"b"].iter().map(|key| given::put(&scope, *key, "first")).collect();
    commit(&log, shard, puts).await;
    let tenant = log.tenant(&scope);
    let stored = tenant.stored::<Note>(b"", None, 100).await.unwrap();
    let first = Note("first".to_owned()).encode();
    assert_eq!(stored, [(b"a".to_vec(), first.clone()), (b"b".to_vec(), first.clone())]);
    commit(&store.log(), shard, vec![given::put(&scope, b"c", "second")]).await;
    assert_eq!(tenant.document::<Note>(b"c").await.unwrap(), Some(Note("second".to_owned())));
    assert_eq!(tenant.document::<Note>(b"d").await.unwrap(), None);
    let together = tenant.documents_of::<Note>(vec![b"c".to_vec(), b"a".to_vec()]).await.unwrap();
    let keys: Vec<_> = together.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, [b"a", b"c"]);
    let stored = tenant.stored::<Note>(b"", Some(b"a"), 1).await.unwrap();
    assert_eq!(stored, [(b"b".to_vec(), first)]);
}

/// A removed document is gone; removing what is not there is no fault.
pub async fn removed_is_gone(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("removed");
    let shard = given::shard(&scope);
    let both = vec![given::put(&scope, b"key", "x"), given::put(&scope, b"other", "y")];
    commit(&log, shard, both).await;
    let removals = vec![given::removal(&scope, b"key"), given::removal(&scope, b"nothing")];
    commit(&log, shard, removals).await;
    assert_eq!(text(&log, &scope).await, None);
    assert_eq!(keys(&log, &scope, b"", None, 100).await, [b"other"]);
}

/// A rebuild's documents are seen by nobody until the switch, and then all at once.
pub async fn a_new_generation_is_unseen_until_the_switch(store: &impl Store) {
    let log = store.log();
    let tenants = given::neighbours("generations", Shard(0), 2);
    let elsewhere = given::neighbours("generations", Shard(1), 1)[0];
    let old = |scope| given::put(scope, b"key", "old");
    commit(&log, Shard(0), tenants.iter().map(old).collect()).await;
    commit(&log, Shard(1), vec![old(&elsewhere)]).await;
    let seen = log.lane(given::CONSUMER, Shard(0)).await.unwrap();
    let puts = |text| tenants.iter().map(|scope| given::put(scope, b"key", text)).collect();
    log.put_documents(1, vec![given::put(&tenants[0], b"key", "first")]).await.unwrap();
    log.put_documents(1, puts("new")).await.unwrap();
    assert_eq!(text(&log, &tenants[0]).await.unwrap(), "old");
    assert_eq!(in_generation(&log, &tenants[0], 1).await, ["new"]);
    log.switch(given::CONSUMER, Shard(0), seen.commits, 1, &[Note::NOUN]).await.unwrap();
    let other = store.log();
    for scope in &tenants {
        assert_eq!(text(&other, scope).await.unwrap(), "new");
    }
    assert_eq!(text(&other, &elsewhere).await.unwrap(), "old", "another shard is another switch");
    let switched = other.lane(given::CONSUMER, Shard(0)).await.unwrap();
    assert_eq!((switched.commits, switched.generation), (seen.commits + 1, 1));
    assert_eq!(switched.positions, seen.positions);

    let late = given::step(Shard(0), &seen, 9, vec![given::put(&tenants[0], b"key", "late")]);
    let fenced = log.commit_lane(Vec::new(), late).await.unwrap_err();
    assert!(matches!(fenced, LaneError::Fenced), "a lane from before the switch: {fenced:?}");
    commit(&log, Shard(0), vec![given::put(&tenants[0], b"key", "newer")]).await;
    assert_eq!(text(&log, &tenants[0]).await.unwrap(), "newer");
}

/// A rebuild that did not see the lane's last step does not replace its documents.
pub async fn a_moved_lane_is_not_switched(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("not-switched");
    let shard = given::shard(&scope);
    commit(&log, shard, vec![given::put(&scope, b"key", "old")]).await;
    log.put_documents(1, vec![given::put(&scope, b"key", "new")]).await.unwrap();
    commit(&log, shard, vec![given::put(&scope, b"key", "latest")]).await;
    for stale in [0, 1, 3] {
        let fenced = log.switch(given::CONSUMER, shard, stale, 1, &[Note::NOUN]).await.unwrap_err();
        assert!(matches!(fenced, LaneError::Fenced), "{fenced:?}");
    }
    assert_eq!(text(&log, &scope).await.unwrap(), "latest");
    assert_eq!(log.lane(given::CONSUMER, shard).await.unwrap().generation, 0);
}

/// After a switch nothing of other generations is left, also of tenants that have no events here;
/// other nouns and shards keep theirs.
pub async fn the_old_generation_is_swept(store: &impl Store) {
    let log = store.log();
    let tenants = given::neighbours("swept", Shard(0), 2);
    let elsewhere = given::neighbours("swept", Shard(1), 1)[0];
    log.tenant(&tenants[0]).append(given::note(&given::stream(1), "x")).await.unwrap();
    let everybody = || tenants.iter().chain([&elsewhere]);
    let puts = |text| everybody().map(|scope| given::put(scope, b"key", text)).collect();
    commit(&log, Shard(0), puts("old")).await;
    let mut other_noun = given::put(&tenants[0], b"key", "x");
    other_noun.noun = "other";
    log.put_documents(0, vec![other_noun]).await.unwrap();
    for generation in [1, 2] {
        log.put_documents(generation, puts("new")).await.unwrap();
    }
    let seen: LaneState = log.lane(given::CONSUMER, Shard(0)).await.unwrap();
    log.switch(given::CONSUMER, Shard(0), seen.commits, 2, &[Note::NOUN]).await.unwrap();
    for scope in &tenants {
        let mut left = Vec::new();
        for generation in 0..3 {
            left.push(in_generation(&log, scope, generation).await.len());
        }
        assert_eq!(left, [0, 0, 1]);
    }
    assert_eq!(in_generation(&log, &elsewhere, 0).await, ["old"]);
    let range = DocumentRange {
        tenant: tenants[0].tenant(),
        noun: "other",
        shard: Shard(0),
        generation: Some(0),
        prefix: &[],
        after: None,
        limit: 1,
    };
    assert!(log.document(range, b"key").await.unwrap().is_some());
}
