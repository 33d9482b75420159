//! Where achievements are, and what they watch.

use std::collections::{BTreeMap, BTreeSet};

use northstar_credentials_domain::achievement::Achievement;
use northstar_credentials_domain::criteria::Rule;
use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{AchievementId, CompetencyId};
use prost::Message;
use uuid::Uuid;

use super::achievement::AchievementDocument;
use super::read;

/// What somebody's role stands under, for achievements whose levels depend on it.
pub(crate) const ROLE: Uuid = Uuid::from_u128(0x61c4_6ae1_8a2c_5a6d_9e0b_0b7b_5f2d_1d01);

/// The tenant's achievements by what changes what they come to; there is one of it. It is `extra`:
/// all of it follows from the definitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CatalogDocument {
    /// The competency that an achievement stands at, and so where its definition is kept.
    places: BTreeMap<AchievementId, CompetencyId>,
    /// The achievements with a rule that names this competency, achievement or fact.
    watching: BTreeMap<Uuid, BTreeSet<AchievementId>>,
}

/// What a fact stands under.
pub(crate) fn fact(name: &str) -> Uuid {
    Uuid::new_v5(&ROLE, name.as_bytes())
}

impl CatalogDocument {
    /// Where it is kept.
    pub(crate) const KEY: &'static [u8] = b"catalog";

    /// Takes a definition in.
    pub(crate) fn define(&mut self, achievement: &Achievement, rule: &Rule) {
        self.places.insert(achievement.id, achievement.alignment.competency);
        if achievement.rule.is_none() {
            return;
        }
        let competencies = rule.competencies().into_iter().map(|competency| competency.uuid());
        let parts = rule.requires().into_iter().map(|part| part.uuid());
        let facts = rule.facts().into_iter().map(fact);
        let role = rule.asks_for_role().then_some(ROLE);
        for watched in competencies.chain(parts).chain(facts).chain(role) {
            self.watching.entry(watched).or_default().insert(achievement.id);
        }
    }

    /// Where the definition of an achievement is kept.
    pub(crate) fn key_of(&self, achievement: AchievementId) -> Option<Vec<u8>> {
        let competency = self.places.get(&achievement)?;
        Some(AchievementDocument::key(*competency, achievement))
    }

    /// Where the definitions are kept of achievements that watch this, in order of key.
    pub(crate) fn watching(&self, watched: Uuid) -> BTreeSet<Vec<u8>> {
        let watching = self.watching.get(&watched).into_iter().flatten();
        watching.filter_map(|id| self.key_of(*id)).collect()
    }
}

#[derive(Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    places: Vec<Pair>,
    /// What is watched, then who watches it.
    #[prost(message, repeated, tag = "2")]
    watching: Vec<Pair>,
}

#[derive(Message)]
struct Pair {
    #[prost(bytes = "vec", tag = "1")]
    first: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    second: Vec<u8>,
}

impl Pair {
    fn of(first: Uuid, second: Uuid) -> Self {
        Self { first: first.as_bytes().to_vec(), second: second.as_bytes().to_vec() }
    }

    fn ids(&self) -> Result<(Uuid, Uuid), Malformed> {
        let read = |bytes: &[u8]| {
            Uuid::from_slice(bytes).map_err(|why| Malformed::new(CatalogDocument::NOUN, why))
        };
        Ok((read(&self.first)?, read(&self.second)?))
    }
}

impl Shape for CatalogDocument {
    const NOUN: &'static str = "catalog";

    fn encode(&self) -> Document {
        let place = |(id, at): (&AchievementId, &CompetencyId)| Pair::of(id.uuid(), at.uuid());
        let watching = self.watching.iter().flat_map(|(watched, watching)| {
            watching.iter().map(|watches| Pair::of(*watched, watches.uuid()))
        });
        let stored = Stored {
            places: self.places.iter().map(place).collect(),
            watching: watching.collect(),
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let stored: Stored = read(Self::NOUN, &document.extra)?;
        let mut catalog = Self::default();
        for pair in &stored.places {
            let (id, at) = pair.ids()?;
            catalog.places.insert(AchievementId::from_uuid(id), CompetencyId::from_uuid(at));
        }
        for pair in &stored.watching {
            let (watched, watches) = pair.ids()?;
            let watches = AchievementId::from_uuid(watches);
            catalog.watching.entry(watched).or_default().insert(watches);
        }
        Ok(catalog)
    }

    fn weight(&self) -> usize {
        4_096
    }
}
