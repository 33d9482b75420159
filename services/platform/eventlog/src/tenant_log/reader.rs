//! Several questions about a tenant's documents in a row.

use super::{TenantLog, decoded};
use crate::engine::Reader;
use crate::{Document, Fault, Shape};

/// What [`TenantLog::reader`] gives: it sees that tenant alone. Each answer is of its own moment.
pub struct TenantReader<'a> {
    log: &'a TenantLog,
    reader: Box<dyn Reader + 'a>,
}

impl<'a> TenantReader<'a> {
    pub(super) fn new(log: &'a TenantLog, reader: Box<dyn Reader + 'a>) -> Self {
        Self { log, reader }
    }

    /// As [`TenantLog::document`].
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn document<S: Shape>(&mut self, key: &[u8]) -> Result<Option<S>, Fault> {
        let found = self.documents_of(vec![key.to_vec()]).await?;
        Ok(found.into_iter().next().map(|(_, shape)| shape))
    }

    /// As [`TenantLog::documents_of`].
    ///
    /// # Errors
    /// When the store fails or holds bytes that make no sense.
    pub async fn documents_of<S: Shape>(
        &mut self,
        keys: Vec<Vec<u8>>,
    ) -> Result<Vec<(Vec<u8>, S)>, Fault> {
        let range = self.log.range::<S>(&[], None, 1);
        decoded(self.reader.documents_of(range, keys).await?)
    }

    /// As [`TenantLog::stored`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stored<S: Shape>(
        &mut self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Vec<(Vec<u8>, Document)>, Fault> {
        self.reader.documents(self.log.range::<S>(prefix, after, limit)).await
    }
}
