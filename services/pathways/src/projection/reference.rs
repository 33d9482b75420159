//! Occupations, regions and crosswalks as last published; they belong to the commons.

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Document, Malformed, Recorded, Shape};
use northstar_pathways_domain::{Crosswalk, Entry, Occupation, Region};

use crate::codec;

/// An occupation; key: its O*NET-SOC code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OccupationDocument(pub(crate) Occupation);

impl Shape for OccupationDocument {
    const NOUN: &'static str = "occupation";

    fn encode(&self) -> Document {
        Document { state: codec::occupation_bytes(&self.0), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        codec::read_occupation(&document.state).map(Self)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.0.title().len() + size_of_val(self.0.ratings())
    }
}

/// A region; key: its area code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegionDocument(pub(crate) Region);

impl Shape for RegionDocument {
    const NOUN: &'static str = "region";

    fn encode(&self) -> Document {
        Document { state: codec::region_bytes(&self.0), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        codec::read_region(&document.state).map(Self)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.0.name().len() + size_of_val(self.0.wages())
    }
}

/// A crosswalk; key: its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CrosswalkDocument(pub(crate) Crosswalk);

impl Shape for CrosswalkDocument {
    const NOUN: &'static str = "crosswalk";

    fn encode(&self) -> Document {
        Document { state: codec::crosswalk_bytes(&self.0), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        codec::read_crosswalk(&document.state).map(Self)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.0.links().len() * 128
    }
}

/// How many publications have been folded; key: empty. It tells a reader that keeps the figures in
/// memory whether they are still the newest. Not state: it counts the ways there, not the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Edition(pub(crate) u64);

impl Shape for Edition {
    const NOUN: &'static str = "edition";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: self.0.to_be_bytes().to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let bytes = document.extra.as_slice().try_into();
        let bytes = bytes.map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self(u64::from_be_bytes(bytes)))
    }
}

/// Folds the context's own log.
pub(crate) struct ReferenceHandler;

#[async_trait]
impl Handler for ReferenceHandler {
    fn consumer(&self) -> &'static str {
        "pathways.reference"
    }

    fn sources(&self) -> &'static [Source] {
        const { &[Source::whole(crate::NAME)] }
    }

    fn nouns(&self) -> &'static [&'static str] {
        const {
            &[
                OccupationDocument::NOUN,
                RegionDocument::NOUN,
                CrosswalkDocument::NOUN,
                Edition::NOUN,
            ]
        }
    }

    async fn handle(
        &self,
        _source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let entry = codec::read(event)?.0;
        let key = entry.key();
        match entry {
            Entry::Occupation(one) => work.put(key.as_bytes(), OccupationDocument(one)),
            Entry::Region(one) => work.put(key.as_bytes(), RegionDocument(one)),
            Entry::Crosswalk(one) => work.put(key.as_bytes(), CrosswalkDocument(one)),
        }
        work.entry::<Edition>(b"").await?.0 += 1;
        Ok(())
    }
}
