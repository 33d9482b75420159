//! Sealed fields and secrets.

use northstar_eventlog::{Sealed, TenantLog};
use uuid::Uuid;

use super::{Store, given};

const PERSON: Uuid = Uuid::from_u128(1);

/// What the box gives there, if it opens at all.
async fn opened(
    tenant: &TenantLog,
    subject: Uuid,
    field: &'static str,
    sealed: &Sealed,
) -> Option<Vec<u8>> {
    tenant.open(subject, field, sealed).await.ok().flatten()
}

/// Equal texts of one person and field have equal boxes, in every log over the store, so that an
/// import sees what is unchanged; any difference makes another box.
pub async fn equal_texts_give_equal_boxes(store: &impl Store) {
    let scope = given::scope("equal");
    let (one, other) = (store.log().tenant(&scope), store.log().tenant(&scope));
    let sealed = one.seal(PERSON, "name", b"Ana").await.unwrap();
    assert_eq!(other.seal(PERSON, "name", b"Ana").await.unwrap(), sealed);
    assert_ne!(one.seal(PERSON, "name", b"Anna").await.unwrap(), sealed);
    assert_ne!(one.seal(PERSON, "note", b"Ana").await.unwrap().bytes, sealed.bytes);
    assert_ne!(one.seal(Uuid::from_u128(2), "name", b"Ana").await.unwrap().bytes, sealed.bytes);
    let contains = |text: &[u8]| sealed.bytes.windows(text.len()).any(|window| window == text);
    assert!(!contains(b"Ana"));
    assert_eq!(other.open(PERSON, "name", &sealed).await.unwrap().unwrap(), b"Ana");
    let empty = one.seal(PERSON, "name", b"").await.unwrap();
    assert_eq!(one.open(PERSON, "name", &empty).await.unwrap().unwrap(), b"");
}

/// Moved to another person, field or tenant, or changed by a bit, a box does not open.
pub async fn a_box_opens_only_where_it_belongs(store: &impl Store) {
    let log = store.log();
    let (tenant, foreign) = (log.tenant(&given::scope("box")), log.tenant(&given::scope("box-2")));
    let other = Uuid::from_u128(2);
    let sealed = tenant.seal(PERSON, "name", b"Ana").await.unwrap();
    tenant.seal(other, "name", b"Ben").await.unwrap();
    foreign.seal(PERSON, "name", b"Cem").await.unwrap();
    assert_eq!(opened(&tenant, PERSON, "name", &sealed).await.unwrap(), b"Ana");
    assert_eq!(opened(&tenant, PERSON, "note", &sealed).await, None);
    assert_eq!(opened(&tenant, other, "name", &sealed).await, None);
    assert_eq!(opened(&tenant, Uuid::from_u128(3), "name", &sealed).await, None);
    assert_eq!(opened(&foreign, PERSON, "name", &sealed).await, None);
    for index in 0..sealed.bytes.len() {
        let mut bent = sealed.clone();
        bent.bytes[index] ^= 1;
        assert_eq!(opened(&tenant, PERSON, "name", &bent).await, None);
        bent.bytes.truncate(index);
        assert_eq!(opened(&tenant, PERSON, "name", &bent).await, None);
    }
}

/// Without the key there is no text, and no fault either; what is sealed later has a new key.
pub async fn a_forgotten_key_opens_nothing(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("forgotten");
    let tenant = log.tenant(&scope);
    let other = Uuid::from_u128(2);
    let sealed = tenant.seal(PERSON, "name", b"Ana").await.unwrap();
    let kept = tenant.seal(other, "name", b"Ben").await.unwrap();
    tenant.forget(PERSON).await.unwrap();
    tenant.forget(PERSON).await.unwrap();
    for tenant in [&tenant, &store.log().tenant(&scope)] {
        assert_eq!(tenant.open(PERSON, "name", &sealed).await.unwrap(), None);
        assert_eq!(tenant.open(other, "name", &kept).await.unwrap().unwrap(), b"Ben");
    }
    let anew = tenant.seal(PERSON, "name", b"Ana").await.unwrap();
    assert_ne!(anew.key_id, sealed.key_id);
    assert_eq!(tenant.open(PERSON, "name", &sealed).await.unwrap(), None);
    assert_eq!(tenant.open(PERSON, "name", &anew).await.unwrap().unwrap(), b"Ana");
}

/// The store alone, without the key that is kept outside it, gives nothing away.
pub async fn another_master_key_opens_nothing(store: &impl Store) {
    let scope = given::scope("master");
    let tenant = store.log().tenant(&scope);
    let sealed = tenant.seal(PERSON, "name", b"Ana").await.unwrap();
    tenant.keep_secret("issuer", b"signing key").await.unwrap();
    let thief = store.log_under([8; 32]).tenant(&scope);
    assert_eq!(opened(&thief, PERSON, "name", &sealed).await, None);
    assert!(thief.open(PERSON, "name", &sealed).await.is_err(), "that is a fault, not forgetting");
    assert!(thief.secret("issuer").await.is_err());
    assert!(thief.keep_secret("issuer", b"other").await.is_err());
    assert!(thief.seal(PERSON, "name", b"Ana").await.is_err());
}

/// Of two replicas that make a secret at the same time, both get the one that is kept.
pub async fn the_first_secret_is_kept(store: &impl Store) {
    let scope = given::scope("secret");
    let (one, other) = (store.log().tenant(&scope), store.log().tenant(&scope));
    assert_eq!(one.secret("issuer").await.unwrap(), None);
    let (a, b) =
        tokio::join!(one.keep_secret("issuer", b"one"), other.keep_secret("issuer", b"other"));
    let kept = a.unwrap();
    assert_eq!(kept, b.unwrap());
    assert_eq!(one.keep_secret("issuer", b"late").await.unwrap(), kept);
    assert_eq!(other.secret("issuer").await.unwrap(), Some(kept));
    assert_eq!(other.secret("issuer-2").await.unwrap(), None);
}
