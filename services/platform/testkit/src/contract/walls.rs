//! A tenant sees its own and nothing else, not even that there is something else.

use northstar_eventlog::{AppendError, LaneState, TenantLog};
use northstar_kernel::{ExpectedVersion, Sequence, Shard, Version};
use uuid::Uuid;

use super::Store;
use super::given::{self, Note};

const PERSON: Uuid = Uuid::from_u128(1);

/// Two tenants of one shard; the first has written, the second has not.
async fn tenants(store: &impl Store) -> (TenantLog, TenantLog) {
    let log = store.log();
    let scopes = given::neighbours("walls", Shard(0), 2);
    let owner = log.tenant(&scopes[0]);
    let first = given::append(&given::stream(1), ExpectedVersion::NoStream, &["1", "2"]);
    owner.append(given::asked(first, "request-1", "one")).await.unwrap();
    let documents = vec![given::put(&scopes[0], b"key", "owner's")];
    let step = given::step(Shard(0), &LaneState::default(), 1, documents);
    log.commit_lane(Vec::new(), step).await.unwrap();
    owner.keep_secret("issuer", b"owner's").await.unwrap();
    (owner, log.tenant(&scopes[1]))
}

/// Another tenant's streams do not exist, nor does anything of its feed.
pub async fn streams_and_feeds_are_the_tenants_own(store: &impl Store) {
    let (owner, other) = tenants(store).await;
    assert_eq!(other.stream(&given::stream(1)).await.unwrap(), []);
    assert_eq!(other.feed(Sequence::START, 100).await.unwrap(), []);
    assert_eq!(other.sequence().await.unwrap(), Sequence::START);
    let exactly = ExpectedVersion::Exactly(Version(2));
    let refused =
        other.append(given::append(&given::stream(1), exactly, &["x"])).await.unwrap_err();
    let AppendError::WrongVersion(wrong) = refused else { panic!("{refused:?}") };
    assert_eq!(wrong.actual, Version::START, "as if it did not exist");
    let no_stream = given::append(&given::stream(1), ExpectedVersion::NoStream, &["other's"]);
    assert_eq!(other.append(no_stream).await.unwrap().version, Version(1));
    for (tenant, count) in [(&owner, 2), (&other, 1)] {
        let read = tenant.stream(&given::stream(1)).await.unwrap();
        assert_eq!(read.len(), count);
        assert!(read.iter().all(|event| event.tenant == tenant.tenant()));
        assert_eq!(tenant.feed(Sequence::START, 100).await.unwrap(), read);
    }
}

/// Another tenant's documents do not exist.
pub async fn documents_are_the_tenants_own(store: &impl Store) {
    let (owner, other) = tenants(store).await;
    assert!(owner.document::<Note>(b"key").await.unwrap().is_some());
    assert_eq!(other.document::<Note>(b"key").await.unwrap(), None);
    assert_eq!(other.documents::<Note>(b"", None, 100).await.unwrap(), []);
    assert_eq!(other.stored::<Note>(b"", None, 100).await.unwrap(), []);
    assert_eq!(other.documents_of::<Note>(vec![b"key".to_vec()]).await.unwrap(), []);
}

/// Another tenant's request ids are free.
pub async fn requests_are_the_tenants_own(store: &impl Store) {
    let (owner, other) = tenants(store).await;
    assert!(owner.answered("request-1").await.unwrap().is_some());
    assert_eq!(other.answered("request-1").await.unwrap(), None);
    let append = given::asked(given::note(&given::stream(9), "x"), "request-1", "other content");
    assert!(!other.append(append).await.unwrap().repeated);
    let known = owner.answered("request-1").await.unwrap().unwrap();
    assert_eq!(known.stream, given::stream(1).as_str());
}

/// Another tenant's secrets and keys do not exist, and forgetting touches one's own alone.
pub async fn secrets_are_the_tenants_own(store: &impl Store) {
    let (owner, other) = tenants(store).await;
    assert_eq!(other.secret("issuer").await.unwrap(), None);
    assert_eq!(other.keep_secret("issuer", b"other's").await.unwrap(), b"other's");
    assert_eq!(owner.secret("issuer").await.unwrap().unwrap(), b"owner's");
    let sealed = owner.seal(PERSON, "name", b"Ana").await.unwrap();
    assert_eq!(other.open(PERSON, "name", &sealed).await.unwrap(), None);
    other.forget(PERSON).await.unwrap();
    assert_eq!(owner.open(PERSON, "name", &sealed).await.unwrap().unwrap(), b"Ana");
}
