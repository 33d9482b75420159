//! What the events that come next will look for, read together.
//!
//! Each of them asks for the award's stream and a document or two, in rounds of their own: of a hundred
//! thousand learners who reach mastery that is most of the time it takes to issue their credentials.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::credential::Event as Credential;
use northstar_credentials_domain::{Event, award};
use northstar_eventlog::{Recorded, Stream};
use northstar_kernel::{AchievementId, CompetencyId, LearnerId};

use super::wallet::{earned_in, watching};
use crate::codec;
use crate::codec::incoming::{self, MasteryChange};
use crate::merit;
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::credential::CredentialDocument;
use crate::projection::person::RolesDocument;
use crate::projection::standing::StandingDocument;

/// What an achievement's criteria look for.
struct Needs {
    achievement: AchievementId,
    competencies: BTreeSet<CompetencyId>,
    parts: BTreeSet<AchievementId>,
    facts: bool,
    role: bool,
}

/// What is to be read.
#[derive(Default)]
struct Wanted {
    needs: BTreeMap<Vec<u8>, Option<Needs>>,
    streams: BTreeSet<Stream>,
    standings: BTreeSet<Vec<u8>>,
    roles: BTreeSet<Vec<u8>>,
}

/// Reads what these mastery events will look for.
pub(super) async fn mastery(events: &[&Recorded], work: &mut Work) -> Result<(), HandleError> {
    let (mut wanted, mut said) = (Wanted::default(), BTreeSet::new());
    let mut earned: BTreeMap<CompetencyId, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for event in events {
        let Ok(Some(change)) = incoming::mastery_change(event) else { continue };
        let MasteryChange { competency, learner, .. } = change;
        let keys = match earned.entry(competency) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(earned_in(competency, work).await?),
        };
        for key in &*keys {
            wanted.award(key, learner, work).await?;
        }
        said.insert(StandingDocument::key(competency, learner));
    }
    // These events say it anew.
    wanted.standings.retain(|key| !said.contains(key));
    wanted.read(work).await
}

/// Reads what these events of our own will look for.
pub(super) async fn own(events: &[&Recorded], work: &mut Work) -> Result<(), HandleError> {
    let (mut lives, mut achieved) = (Vec::new(), BTreeSet::new());
    for event in events {
        let Ok(Event::Award(award::Event { claim, what })) = codec::decode(event) else { continue };
        match what {
            Credential::Issued(edition) => {
                _ = achieved.insert((claim.learner, edition.achievement));
            }
            Credential::Requested { .. } => {}
            _ => {
                let key = CredentialDocument::key(claim.learner, claim.credential);
                lives.push((claim.learner, key));
            }
        }
    }
    work.read_ahead::<CredentialDocument>(lives.iter().map(|(_, key)| key.clone())).await?;
    for (learner, key) in lives {
        // Unless it was issued a moment before, among these very events.
        if let Some(document) = work.get::<CredentialDocument>(&key).await? {
            achieved.insert((learner, document.achievement()?));
        }
    }
    let awards = achieved.iter().map(|(learner, id)| AwardDocument::key(*learner, *id));
    work.read_ahead::<AwardDocument>(awards).await?;
    let mut wanted = Wanted::default();
    for (learner, achievement) in achieved {
        for key in watching(achievement.uuid(), work).await? {
            wanted.award(&key, learner, work).await?;
        }
    }
    wanted.read(work).await
}

impl Wanted {
    /// What it takes to look at the achievement under `key` for this learner.
    async fn award(
        &mut self,
        key: &[u8],
        learner: LearnerId,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        if !self.needs.contains_key(key) {
            self.needs.insert(key.to_vec(), Needs::of(key, work).await?);
        }
        let Some(Some(needs)) = self.needs.get(key) else { return Ok(()) };
        let tenant = work.scope().tenant();
        let awards = needs.parts.iter().chain([&needs.achievement]);
        let awards = awards.map(|id| award::id_of(tenant, learner, *id).uuid());
        self.streams.extend(awards.map(|award| Stream::new("award", award)));
        if needs.facts {
            self.streams.insert(Stream::new("facts", learner.uuid()));
        }
        let standings = needs.competencies.iter().map(|of| StandingDocument::key(*of, learner));
        self.standings.extend(standings);
        if needs.role {
            self.roles.insert(learner.as_bytes().to_vec());
        }
        Ok(())
    }

    async fn read(self, work: &mut Work) -> Result<(), HandleError> {
        work.read_ahead::<StandingDocument>(self.standings).await?;
        work.read_ahead::<RolesDocument>(self.roles).await?;
        work.read_streams_ahead(self.streams).await
    }
}

impl Needs {
    /// Those of the achievement under `key`; `None` if there is none, or its rule is none.
    async fn of(key: &[u8], work: &mut Work) -> Result<Option<Self>, HandleError> {
        let Some(document) = work.get::<AchievementDocument>(key).await?.cloned() else {
            return Ok(None);
        };
        let Ok(rule) = document.achievement.rule() else { return Ok(None) };
        Ok(Some(Self {
            achievement: document.achievement.id,
            competencies: merit::rests_on(&document.achievement, &rule, work).await?,
            parts: rule.requires(),
            facts: !rule.facts().is_empty(),
            role: rule.asks_for_role(),
        }))
    }
}
