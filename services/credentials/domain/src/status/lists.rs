//! Which lists have changed since they were published.

use std::collections::BTreeMap;

use super::{Bits, Place};

/// A list as it is to be published, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// The list.
    pub list: u64,
    /// Counts the list's editions, from 1. What an epoch says never changes.
    pub epoch: u64,
    /// How many bits are set in it.
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct List {
    bits: Bits,
    epoch: u64,
    /// How many bits the latest edition had. Bits are only ever set, so an edition with as many as
    /// there are now has the same ones.
    published: u32,
}

/// All lists. Every change is a join (set wins, the latest edition wins), so that the same facts
/// in another order, or told twice, end in the same value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists(BTreeMap<u64, List>);

impl Lists {
    /// Begins the list if it is new: it is published before anybody's entry leads to it.
    pub fn open(&mut self, list: u64) {
        self.0.entry(list).or_default();
    }

    /// Sets the bit, for good. Says whether it was not set before.
    pub fn revoke(&mut self, place: Place) -> bool {
        self.0.entry(place.list).or_default().bits.set(place.index)
    }

    /// Notes that an edition is out.
    pub fn publish(&mut self, edition: Edition) {
        let list = self.0.entry(edition.list).or_default();
        list.epoch = list.epoch.max(edition.epoch);
        list.published = list.published.max(edition.count);
    }

    /// The editions that are due, by list: of those that were never published and those with bits
    /// that no edition shows.
    pub fn due(&self) -> impl Iterator<Item = Edition> {
        self.0.iter().filter_map(|(&number, list)| {
            let count = list.bits.count();
            let dirty = list.epoch == 0 || count > list.published;
            dirty.then_some(Edition { list: number, epoch: list.epoch + 1, count })
        })
    }

    /// The bits of a list; `None` if there is no such list.
    pub fn bits(&self, list: u64) -> Option<&Bits> {
        self.0.get(&list).map(|list| &list.bits)
    }

    /// The epoch of the latest edition; `None` while there is none.
    pub fn epoch(&self, list: u64) -> Option<u64> {
        self.0.get(&list).map(|list| list.epoch).filter(|epoch| *epoch > 0)
    }

    /// Takes over what `other` knows.
    pub fn join(&mut self, other: &Self) {
        for (number, theirs) in &other.0 {
            let mine = self.0.entry(*number).or_default();
            mine.bits.join(&theirs.bits);
            mine.epoch = mine.epoch.max(theirs.epoch);
            mine.published = mine.published.max(theirs.published);
        }
    }
}
