//! Documents kept in memory, as they are thought of.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use northstar_eventlog::engine::DocumentPut;
use northstar_eventlog::{Document, Shape};
use northstar_kernel::TenantId;

/// What an entry costs beside its document.
const ENTRY_WEIGHT: usize = 160;

/// A [`Shape`] whose type is known to whoever asks for it.
pub(super) trait AnyShape: Send + Sync {
    fn encode(&self) -> Document;
    fn weight(&self) -> usize;
    fn as_any(&self) -> &(dyn Any + Send + Sync);
    fn as_any_mut(&mut self) -> &mut (dyn Any + Send + Sync);
}

impl<S: Shape> AnyShape for S {
    fn encode(&self) -> Document {
        Shape::encode(self)
    }

    fn weight(&self) -> usize {
        Shape::weight(self)
    }

    fn as_any(&self) -> &(dyn Any + Send + Sync) {
        self
    }

    fn as_any_mut(&mut self) -> &mut (dyn Any + Send + Sync) {
        self
    }
}

/// One document, or the knowledge that there is none.
pub(super) struct Entry {
    pub(super) shape: Option<Box<dyn AnyShape>>,
    table: usize,
    key: Arc<[u8]>,
    weight: usize,
    changed: bool,
    unsettled: bool,
    /// Whether it has changed since it came here, and was taken to be written.
    written: bool,
}

/// One tenant's documents of one noun.
struct Table {
    tenant: TenantId,
    noun: &'static str,
    entries: HashMap<Arc<[u8]>, usize>,
}

/// All of a lane's documents that are in memory, and which of them have changed.
#[derive(Default)]
pub(super) struct Kept {
    tables: Vec<Table>,
    places: HashMap<(TenantId, &'static str), usize>,
    /// The table that was asked for last: most often it is the next, too.
    recent: usize,
    entries: Vec<Entry>,
    changed: Vec<usize>,
    unsettled: Vec<usize>,
    weight: usize,
}

impl Kept {
    /// Where an entry is, if it is known.
    pub(super) fn find(
        &mut self,
        tenant: TenantId,
        noun: &'static str,
        key: &[u8],
    ) -> Option<usize> {
        let is_it = |table: &Table| table.noun == noun && table.tenant == tenant;
        if !self.tables.get(self.recent).is_some_and(is_it) {
            self.recent = *self.places.get(&(tenant, noun))?;
        }
        self.tables[self.recent].entries.get(key).copied()
    }

    /// Keeps what was read, or set, under a key that is not known yet.
    pub(super) fn insert(
        &mut self,
        tenant: TenantId,
        noun: &'static str,
        key: &[u8],
        shape: Option<Box<dyn AnyShape>>,
    ) -> usize {
        let tables = &mut self.tables;
        let table = *self.places.entry((tenant, noun)).or_insert_with(|| {
            tables.push(Table { tenant, noun, entries: HashMap::new() });
            tables.len() - 1
        });
        let key: Arc<[u8]> = key.into();
        let at = self.entries.len();
        self.tables[table].entries.insert(Arc::clone(&key), at);
        let (weight, changed, unsettled, written) = (0, false, false, false);
        self.entries.push(Entry { shape, table, key, weight, changed, unsettled, written });
        self.weigh(at);
        at
    }

    pub(super) fn entry(&mut self, at: usize) -> &mut Entry {
        &mut self.entries[at]
    }

    /// Brings the sum up to date: a document that grew since it was last asked for counts now.
    pub(super) fn weigh(&mut self, at: usize) {
        let entry = &mut self.entries[at];
        let shape = entry.shape.as_ref().map_or(0, |shape| shape.weight());
        let weight = ENTRY_WEIGHT + entry.key.len() + shape;
        self.weight = self.weight - entry.weight + weight;
        entry.weight = weight;
    }

    pub(super) fn mark_changed(&mut self, at: usize) {
        let entry = &mut self.entries[at];
        if !std::mem::replace(&mut entry.changed, true) {
            self.changed.push(at);
        }
        if !std::mem::replace(&mut entry.unsettled, true) {
            self.unsettled.push(at);
        }
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Bytes in memory, roughly.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// Every key of the noun that is in memory, and whether there is a document.
    pub(super) fn keys(
        &self,
        tenant: TenantId,
        noun: &'static str,
    ) -> impl Iterator<Item = (&[u8], bool)> {
        let table = self.places.get(&(tenant, noun)).map(|place| &self.tables[*place]);
        let entries = table.into_iter().flat_map(|table| &table.entries);
        entries.map(|(key, at)| (&**key, self.entries[*at].shape.is_some()))
    }

    /// Tenants of what is unsettled, and their keys of a noun, unordered.
    pub(super) fn unsettled(&self) -> impl Iterator<Item = (TenantId, &'static str, &[u8])> {
        self.unsettled.iter().map(|at| {
            let entry = &self.entries[*at];
            let table = &self.tables[entry.table];
            (table.tenant, table.noun, &*entry.key)
        })
    }

    /// What has changed, as it is to be written; from here on nothing has.
    pub(super) fn take(&mut self) -> Vec<DocumentPut> {
        for at in std::mem::take(&mut self.unsettled) {
            self.entries[at].unsettled = false;
        }
        let changed = std::mem::take(&mut self.changed);
        let mut puts = Vec::with_capacity(changed.len());
        for at in changed {
            self.weigh(at);
            let entry = &mut self.entries[at];
            (entry.changed, entry.written) = (false, true);
            let Table { tenant, noun, .. } = self.tables[entry.table];
            let document = entry.shape.as_ref().map(|shape| shape.encode());
            puts.push(DocumentPut { tenant, noun, key: entry.key.to_vec(), document });
        }
        puts
    }

    /// The same without what was taken.
    pub(super) fn without_written(self) -> Self {
        let mut rest = Self::default();
        for Entry { shape, table, key, .. } in self.entries.into_iter().filter(|one| !one.written) {
            let Table { tenant, noun, .. } = self.tables[table];
            rest.insert(tenant, noun, &key, shape);
        }
        rest
    }
}
