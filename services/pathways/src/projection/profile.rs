//! The rung a learner holds in a competency, as mastery last said.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_eventlog::{Document, Fault, Malformed, Recorded, Shape, TenantLog};
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_pathways_domain::MasteredLevel;
use uuid::Uuid;

use crate::codec::{MASTERY_CHANGED, mastery_change};

/// One rung held; key: the learner's sixteen bytes, then the competency's. Where nothing can be said
/// there is no document: unknown is not a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    /// From 1; 0 for observed and below the first.
    pub(crate) rung: u32,
}

impl Shape for Profile {
    const NOUN: &'static str = "profile";

    fn encode(&self) -> Document {
        Document { state: self.rung.to_be_bytes().to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let bytes = document.state.as_slice().try_into();
        let bytes = bytes.map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self { rung: u32::from_be_bytes(bytes) })
    }

    fn weight(&self) -> usize {
        size_of::<Self>()
    }
}

fn key(learner: LearnerId, competency: CompetencyId) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(learner.as_bytes());
    key[16..].copy_from_slice(competency.as_bytes());
    key
}

/// What a learner's levels are; empty for one who has none, and for an id that names nobody here.
/// A rung that has no place on O*NET's scale is as good as unknown.
///
/// # Errors
/// When the store fails.
pub(crate) async fn levels(
    log: &TenantLog,
    learner: LearnerId,
) -> Result<BTreeMap<CompetencyId, MasteredLevel>, Fault> {
    const PAGE: u32 = 1_000;
    let mut levels = BTreeMap::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<Profile>(learner.as_bytes(), after.as_deref(), PAGE).await?;
        for (key, profile) in &page {
            let competency = Uuid::from_slice(key.get(16..).unwrap_or_default())
                .map_err(|why| Fault::lasting("reading a document's key", why))?;
            let level = MasteredLevel::from_rung(profile.rung);
            levels.extend(level.map(|level| (CompetencyId::from_uuid(competency), level)));
        }
        if page.len() < PAGE as usize {
            return Ok(levels);
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}

/// Folds mastery's log. Its policies say nothing about a learner and are passed over.
pub(crate) struct ProfileHandler;

#[async_trait]
impl Handler for ProfileHandler {
    fn consumer(&self) -> &'static str {
        "pathways.profile"
    }

    fn sources(&self) -> &'static [Source] {
        const { &[Source::split("mastery", by_stream)] }
    }

    fn nouns(&self) -> &'static [&'static str] {
        const { &[Profile::NOUN] }
    }

    async fn handle(
        &self,
        _source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        if event.event_type != MASTERY_CHANGED {
            return Ok(());
        }
        let Some(change) = mastery_change(event)? else { return Ok(()) };
        let key = key(change.learner, change.competency);
        match change.rung {
            Some(rung) => work.put(&key, Profile { rung }),
            None => work.remove::<Profile>(&key),
        }
        Ok(())
    }
}

/// A learner's competency has one stream of changes, so its document is touched from there alone.
fn by_stream(event: &Recorded) -> u64 {
    let mut hasher = DefaultHasher::new();
    event.stream.hash(&mut hasher);
    hasher.finish()
}
