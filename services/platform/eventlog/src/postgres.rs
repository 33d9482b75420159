//! The cluster's engine: one database, a schema and a role a context.

mod connect;
mod copy;
mod documents;
mod events;
mod insert;
mod leases;
pub mod migrate;
mod rows;
mod streams;

use std::time::Duration;

use async_trait::async_trait;
use northstar_kernel::{Position, Sequence, Shard, TenantId, Version};
use uuid::Uuid;

use crate::engine::{
    DocumentPut, DocumentRange, Engine, LaneCommit, LaneState, Row, Turn, WriteError,
};
use crate::{Answered, Document, Fault, Recorded};

pub use connect::{Connection, Postgres};

#[async_trait]
impl Engine for Postgres {
    async fn head(&self, shard: Shard) -> Result<Position, Fault> {
        events::head(self, shard).await.map_err(|error| connect::fault("reading a head", error))
    }

    async fn heads(&self) -> Result<Vec<(Shard, Position)>, Fault> {
        events::heads(self).await.map_err(|error| connect::fault("reading heads", error))
    }

    async fn sequences(&self, tenants: &[TenantId]) -> Result<Vec<Sequence>, Fault> {
        let sequences = events::sequences(self, tenants).await;
        sequences.map_err(|error| connect::fault("reading sequences", error))
    }

    async fn versions(&self, streams: &[(TenantId, String)]) -> Result<Vec<Version>, Fault> {
        let versions = events::versions(self, streams).await;
        versions.map_err(|error| connect::fault("reading versions", error))
    }

    async fn answered(&self, keys: &[(TenantId, String)]) -> Result<Vec<Option<Answered>>, Fault> {
        let answered = events::answered(self, keys).await;
        answered.map_err(|error| connect::fault("reading requests", error))
    }

    async fn write(
        &self,
        rows: Vec<Row>,
        lane: Option<&LaneCommit>,
        turn: Option<&Turn>,
    ) -> Result<(), WriteError> {
        let shard = rows.first().map(|row| row.event.shard);
        let wait_for = if turn.is_none() { shard } else { None };
        match lane {
            None => events::append(self, &rows, wait_for).await.map_err(connect::write_error),
            Some(lane) => documents::commit_lane(self, &rows, lane, wait_for).await,
        }
    }

    async fn turn(&self, shard: Shard) -> Result<Turn, Fault> {
        let turn = leases::turn(self, shard).await;
        turn.map(Turn::holding).map_err(|error| connect::fault("taking a turn", error))
    }

    async fn scan(
        &self,
        shard: Shard,
        after: Position,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault> {
        copy::scan(self, shard, after, limit).await
    }

    async fn feed(
        &self,
        tenant: TenantId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Recorded>, Fault> {
        let events = events::feed(self, tenant, after, limit).await;
        events.map_err(|error| connect::fault("reading a feed", error))
    }

    async fn stream(&self, tenant: TenantId, stream: &str) -> Result<Vec<Recorded>, Fault> {
        let events = events::stream(self, tenant, stream).await;
        events.map_err(|error| connect::fault("reading a stream", error))
    }

    async fn streams(
        &self,
        tenant: TenantId,
        streams: Vec<String>,
    ) -> Result<Vec<Recorded>, Fault> {
        let events = streams::streams(self, tenant, &streams).await;
        events.map_err(|error| connect::fault("reading streams", error))
    }

    async fn lane(&self, consumer: &str, shard: Shard) -> Result<LaneState, Fault> {
        let lane = documents::lane(self, consumer, shard).await;
        lane.map_err(|error| connect::fault("reading a checkpoint", error))
    }

    async fn document(
        &self,
        range: DocumentRange<'_>,
        key: &[u8],
    ) -> Result<Option<Document>, Fault> {
        let document = documents::document(self, range, key).await;
        document.map_err(|error| connect::fault("reading a document", error))
    }

    async fn documents_of(
        &self,
        range: DocumentRange<'_>,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        let documents = documents::documents_of(self, range, &keys).await;
        documents.map_err(|error| connect::fault("reading documents", error))
    }

    async fn documents(&self, range: DocumentRange<'_>) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        let documents = documents::documents(self, range).await;
        documents.map_err(|error| connect::fault("reading documents", error))
    }

    async fn put_documents(&self, generation: u32, puts: Vec<DocumentPut>) -> Result<(), Fault> {
        let put = documents::put_all(self, generation, &puts).await;
        put.map_err(|error| connect::fault("writing documents", error))
    }

    async fn sweep_documents(
        &self,
        tenants: &[TenantId],
        nouns: &[&'static str],
        keep: u32,
    ) -> Result<(), Fault> {
        let swept = documents::sweep(self, tenants, nouns, keep).await;
        swept.map_err(|error| connect::fault("removing old documents", error))
    }

    async fn switch(
        &self,
        consumer: &'static str,
        shard: Shard,
        seen_commits: u64,
        generation: u32,
        nouns: &[&'static str],
    ) -> Result<(), WriteError> {
        documents::switch(self, consumer, shard, seen_commits, generation, nouns).await
    }

    async fn tenants(&self, shard: Shard) -> Result<Vec<TenantId>, Fault> {
        let tenants = events::tenants(self, shard).await;
        tenants.map_err(|error| connect::fault("reading tenants", error))
    }

    async fn document_tenants(&self) -> Result<Vec<TenantId>, Fault> {
        let tenants = documents::tenants(self).await;
        tenants.map_err(|error| connect::fault("reading documents' tenants", error))
    }

    async fn secret(&self, tenant: TenantId, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let secret = documents::secret(self, tenant, name).await;
        secret.map_err(|error| connect::fault("reading a secret", error))
    }

    async fn keep_secret(
        &self,
        tenant: TenantId,
        name: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let kept = documents::keep_secret(self, tenant, name, sealed).await;
        kept.map_err(|error| connect::fault("keeping a secret", error))
    }

    async fn destroy_secret(&self, tenant: TenantId, name: &str) -> Result<(), Fault> {
        let destroyed = documents::destroy_secret(self, tenant, name).await;
        destroyed.map_err(|error| connect::fault("destroying a secret", error))
    }

    async fn hold_shards(
        &self,
        replica: Uuid,
        all: u16,
        ttl: Duration,
    ) -> Result<Vec<Shard>, Fault> {
        let held = leases::hold(self, replica, all, ttl).await;
        held.map_err(|error| connect::fault("holding shards", error))
    }

    async fn release_shards(&self, replica: Uuid) -> Result<(), Fault> {
        let released = leases::release(self, replica).await;
        released.map_err(|error| connect::fault("letting go of shards", error))
    }

    async fn schema_version(&self) -> Result<(u32, u32), Fault> {
        let version = migrate::version(self.pool()).await;
        version
            .map(|has| (has, migrate::SCHEMA_VERSION))
            .map_err(|error| connect::fault("reading the schema version", error))
    }
}
