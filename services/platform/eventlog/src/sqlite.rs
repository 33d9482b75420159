//! The embedded engine: one file a context, one writer thread, a few readers.

mod connect;
mod documents;
mod events;
mod rows;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use northstar_kernel::{Position, Sequence, Shard, TenantId, Version};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::engine::{
    DocumentPut, DocumentRange, Engine, LaneCommit, LaneState, Row, Turn, WriteError,
};
use crate::{Answered, Document, Fault, Recorded};

use connect::{Readers, Writer};

/// The schema this code needs and makes.
pub const SCHEMA_VERSION: u32 = 1;

/// An [`Engine`] over one SQLite file in WAL mode, synced at every commit.
pub struct Sqlite {
    writer: Writer,
    readers: Readers,
}

impl Sqlite {
    /// Opens the file, and makes the tables if it is new.
    ///
    /// # Errors
    /// When the file cannot be opened, or was made by a newer version.
    pub fn open(file: &Path) -> Result<Self, Fault> {
        let connection = connect::writing(file)?;
        Ok(Self { writer: Writer::start(connection)?, readers: Readers::open(file)? })
    }
}

#[async_trait]
impl Engine for Sqlite {
    async fn head(&self, shard: Shard) -> Result<Position, Fault> {
        self.readers.run("reading a head", move |db| events::head(db, shard)).await
    }

    async fn heads(&self) -> Result<Vec<(Shard, Position)>, Fault> {
        self.readers.run("reading heads", events::heads).await
    }

    async fn sequences(&self, tenants: &[TenantId]) -> Result<Vec<Sequence>, Fault> {
        let tenants = tenants.to_vec();
        self.readers.run("reading sequences", move |db| events::sequences(db, &tenants)).await
    }

    async fn versions(&self, streams: &[(TenantId, String)]) -> Result<Vec<Version>, Fault> {
        let streams = streams.to_vec();
        self.readers.run("reading versions", move |db| events::versions(db, &streams)).await
    }

    async fn answered(&self, keys: &[(TenantId, String)]) -> Result<Vec<Option<Answered>>, Fault> {
        let keys = keys.to_vec();
        self.readers.run("reading requests", move |db| events::answered(db, &keys)).await
    }

    async fn write(
        &self,
        rows: Vec<Row>,
        lane: Option<&LaneCommit>,
        _: Option<&Turn>,
    ) -> Result<(), WriteError> {
        let lane = lane.cloned();
        self.writer
            .run(move |db| events::write(db, &rows, lane.as_ref()))
            .await
            .map_err(WriteError::Fault)?
    }

    /// The file has one writer.
    async fn turn(&self, _: Shard) -> Result<Turn, Fault> {
        Ok(Turn::holding(()))
    }

    async fn scan(
        &self,
        shard: Shard,
        after: Position,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault> {
        self.readers.run("scanning", move |db| events::scan(db, shard, after, limit)).await
    }

    async fn feed(
        &self,
        tenant: TenantId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault> {
        self.readers.run("reading a feed", move |db| events::feed(db, tenant, after, limit)).await
    }

    async fn stream(&self, tenant: TenantId, stream: &str) -> Result<Vec<Recorded>, Fault> {
        let stream = stream.to_owned();
        self.readers.run("reading a stream", move |db| events::stream(db, tenant, &stream)).await
    }

    async fn streams(
        &self,
        tenant: TenantId,
        streams: Vec<String>,
    ) -> Result<Vec<Recorded>, Fault> {
        self.readers.run("reading streams", move |db| events::streams(db, tenant, &streams)).await
    }

    async fn lane(&self, consumer: &str, shard: Shard) -> Result<LaneState, Fault> {
        let consumer = consumer.to_owned();
        self.readers
            .run("reading a checkpoint", move |db| documents::lane(db, &consumer, shard))
            .await
    }

    async fn document(
        &self,
        range: DocumentRange<'_>,
        key: &[u8],
    ) -> Result<Option<Document>, Fault> {
        let (tenant, noun, shard, generation) =
            (range.tenant, range.noun, range.shard, range.generation);
        let key = key.to_vec();
        self.readers
            .run("reading a document", move |db| {
                documents::document(db, tenant, noun, shard, generation, &key)
            })
            .await
    }

    async fn documents_of(
        &self,
        range: DocumentRange<'_>,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        let range = documents::OwnedRange::from(range);
        self.readers
            .run("reading documents", move |db| documents::documents_of(db, &range, keys))
            .await
    }

    async fn documents(&self, range: DocumentRange<'_>) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        let range = documents::OwnedRange::from(range);
        self.readers.run("reading documents", move |db| documents::documents(db, &range)).await
    }

    async fn put_documents(&self, generation: u32, puts: Vec<DocumentPut>) -> Result<(), Fault> {
        self.writer
            .run(move |db| documents::put_all(db, generation, &puts))
            .await?
            .map_err(|error| connect::fault("writing documents", error))
    }

    async fn sweep_documents(
        &self,
        tenants: &[TenantId],
        nouns: &[&'static str],
        keep: u32,
    ) -> Result<(), Fault> {
        let (tenants, nouns) = (tenants.to_vec(), nouns.to_vec());
        self.writer
            .run(move |db| documents::sweep(db, &tenants, &nouns, keep))
            .await?
            .map_err(|error| connect::fault("removing old documents", error))
    }

    async fn switch(
        &self,
        consumer: &'static str,
        shard: Shard,
        seen_commits: u64,
        generation: u32,
        nouns: &[&'static str],
    ) -> Result<(), WriteError> {
        let nouns = nouns.to_vec();
        self.writer
            .run(move |db| documents::switch(db, consumer, shard, seen_commits, generation, &nouns))
            .await
            .map_err(WriteError::Fault)?
    }

    async fn tenants(&self, shard: Shard) -> Result<Vec<TenantId>, Fault> {
        self.readers.run("reading tenants", move |db| events::tenants(db, shard)).await
    }

    async fn document_tenants(&self) -> Result<Vec<TenantId>, Fault> {
        self.readers.run("reading documents' tenants", documents::tenants).await
    }

    async fn secret(&self, tenant: TenantId, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = name.to_owned();
        self.readers.run("reading a secret", move |db| documents::secret(db, tenant, &name)).await
    }

    async fn keep_secret(
        &self,
        tenant: TenantId,
        name: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let (name, sealed) = (name.to_owned(), sealed.to_vec());
        self.writer
            .run(move |db| documents::keep_secret(db, tenant, &name, &sealed))
            .await?
            .map_err(|error| connect::fault("keeping a secret", error))
    }

    async fn destroy_secret(&self, tenant: TenantId, name: &str) -> Result<(), Fault> {
        let name = name.to_owned();
        self.writer
            .run(move |db| {
                db.execute(
                    "delete from secrets where tenant = ?1 and name = ?2",
                    params![tenant.uuid().as_bytes(), name],
                )
            })
            .await?
            .map(drop)
            .map_err(|error| connect::fault("destroying a secret", error))
    }

    /// The one process that has the file holds every shard.
    async fn hold_shards(&self, _: Uuid, all: u16, _: Duration) -> Result<Vec<Shard>, Fault> {
        Ok((0..all).map(Shard).collect())
    }

    async fn release_shards(&self, _: Uuid) -> Result<(), Fault> {
        Ok(())
    }

    async fn schema_version(&self) -> Result<(u32, u32), Fault> {
        self.readers
            .run("reading the schema version", |db| {
                db.query_row("pragma user_version", [], |row| row.get(0)).optional()
            })
            .await
            .map(|version| (version.unwrap_or_default(), SCHEMA_VERSION))
    }
}
