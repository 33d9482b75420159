//! One tenant's part of a log.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{Position, Sequence, TenantId, TenantScope};
use tokio::sync::watch;
use uuid::Uuid;

use crate::engine::{DocumentRange, LaneState};
use crate::writer::TenantAppend;
use crate::{
    Answered, Append, AppendError, Appended, Document, Fault, Log, Recorded, RequestKey, Sealed,
    Shape, Stream,
};

/// The only way to a tenant's tables; every method sees that tenant alone.
#[derive(Clone)]
pub struct TenantLog {
    log: Log,
    scope: TenantScope,
}

impl TenantLog {
    pub(crate) fn new(log: Log, scope: TenantScope) -> Self {
        Self { log, scope }
    }

    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        self.scope.tenant()
    }

    /// Appends to a stream, durably; many callers' appends share one commit.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.log.append(TenantAppend { tenant: self.tenant(), append }).await
    }

    /// All events of one stream, in order; none if there is no such stream.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stream(&self, stream: &Stream) -> Result<Vec<Recorded>, Fault> {
        self.log.engine().stream(self.tenant(), stream.as_str()).await
    }

    /// All events of these streams, by stream, those that have any; read at one moment and in one
    /// round.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn streams(
        &self,
        streams: &BTreeSet<Stream>,
    ) -> Result<BTreeMap<String, Vec<Recorded>>, Fault> {
        let names = streams.iter().map(|stream| stream.as_str().to_owned()).collect();
        let mut found: BTreeMap<String, Vec<Recorded>> = BTreeMap::new();
        for event in self.log.engine().streams(self.tenant(), names).await? {
            match found.get_mut(&*event.stream) {
                Some(events) => events.push(event),
                None => drop(found.insert(event.stream.to_string(), vec![event])),
            }
        }
        Ok(found)
    }

    /// The tenant's events after a sequence, in order and without holes, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn feed(&self, after: Sequence, limit: u32) -> Result<Vec<Recorded>, Fault> {
        let shard = self.log.shards().shard_of(self.tenant());
        let recent = self.log.recent(shard).of_tenant(self.tenant(), after, limit);
        match recent {
            Some(events) => Ok(events),
            None => self.log.engine().feed(self.tenant(), after, limit).await,
        }
    }

    /// The tenant's newest sequence.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sequence(&self) -> Result<Sequence, Fault> {
        let newest = self.log.engine().sequences(&[self.tenant()]).await?;
        Ok(newest.first().copied().unwrap_or_default())
    }

    /// The newest position of the tenant's shard.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn position(&self) -> Result<Position, Fault> {
        self.log.head(self.log.shards().shard_of(self.tenant())).await
    }

    /// How far a consumer has come in the tenant's shard.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lane(&self, consumer: &str) -> Result<LaneState, Fault> {
        self.log.lane(consumer, self.log.shards().shard_of(self.tenant())).await
    }

    /// Wakes when the tenant's shard has a new head.
    pub fn head(&self) -> watch::Receiver<Position> {
        self.log.watch(self.log.shards().shard_of(self.tenant()))
    }

    /// What an earlier request with this id asked and came to, if there was one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn answered(&self, request_id: &str) -> Result<Option<Answered>, Fault> {
        if !RequestKey::is_id(request_id) {
            return Ok(None);
        }
        let key = [(self.tenant(), request_id.to_owned())];
        Ok(self.log.engine().answered(&key).await?.pop().flatten())
    }

    /// One document of a projection.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn document<S: Shape>(&self, key: &[u8]) -> Result<Option<S>, Fault> {
        let range = self.range::<S>(&[], None, 1);
        let document = self.log.engine().document(range, key).await?;
        document.map(|document| S::decode(&document)).transpose().map_err(malformed)
    }

    /// Documents of a projection under these keys, where there are any: each once, in the order of the
    /// keys' bytes, all read at one moment and in one round.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn documents_of<S: Shape>(
        &self,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, S)>, Fault> {
        let range = self.range::<S>(&[], None, 1);
        let documents = self.log.engine().documents_of(range, keys).await?;
        decoded(documents)
    }

    /// Documents of a projection whose keys start with `prefix`, by key, after `after`.
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn documents<S: Shape>(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Vec<(Vec<u8>, S)>, Fault> {
        decoded(self.stored::<S>(prefix, after, limit).await?)
    }

    /// The same as they are stored: for whoever reads a great many, passes over most, and decodes the
    /// rest where that holds nobody up.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stored<S: Shape>(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        self.log.engine().documents(self.range::<S>(prefix, after, limit)).await
    }

    /// Seals a personal field under the person's key, which is made if there is none.
    ///
    /// The same text under the same key gives the same box.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seal(
        &self,
        subject: Uuid,
        field: &'static str,
        plain: &[u8],
    ) -> Result<Sealed, Fault> {
        self.log.keyring().seal(self.tenant(), subject, field, plain).await
    }

    /// Opens a sealed field; `None` if the person's key was destroyed.
    ///
    /// # Errors
    /// When the store fails, or the box is not this person's and field's.
    pub async fn open(
        &self,
        subject: Uuid,
        field: &'static str,
        sealed: &Sealed,
    ) -> Result<Option<Vec<u8>>, Fault> {
        self.log.keyring().open(self.tenant(), subject, field, sealed).await
    }

    /// Destroys a person's key: whatever was sealed under it can never be read again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget(&self, subject: Uuid) -> Result<(), Fault> {
        self.log.keyring().forget(self.tenant(), subject).await
    }

    /// A secret of the tenant's own, such as a signing key.
    ///
    /// # Errors
    /// When the store fails or the secret was sealed under another master key.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.log.keyring().secret(self.tenant(), name).await
    }

    /// Keeps a secret unless there is one of that name, and returns the one that is kept, so that
    /// two replicas that make one at the same time agree.
    ///
    /// # Errors
    /// When the store fails or the secret was sealed under another master key.
    pub async fn keep_secret(&self, name: &str, secret: &[u8]) -> Result<Vec<u8>, Fault> {
        self.log.keyring().keep_secret(self.tenant(), name, secret).await
    }

    fn range<'a, S: Shape>(
        &self,
        prefix: &'a [u8],
        after: Option<&'a [u8]>,
        limit: u32,
    ) -> DocumentRange<'a> {
        let tenant = self.tenant();
        let shard = self.log.shards().shard_of(tenant);
        DocumentRange { tenant, noun: S::NOUN, shard, generation: None, prefix, after, limit }
    }
}

fn decoded<S: Shape>(documents: Vec<(Vec<u8>, Document)>) -> Result<Vec<(Vec<u8>, S)>, Fault> {
    let decode = |(key, document)| S::decode(&document).map(|shape| (key, shape));
    documents.into_iter().map(decode).collect::<Result<_, _>>().map_err(malformed)
}

fn malformed(error: crate::Malformed) -> Fault {
    Fault::lasting("reading a document", error)
}
