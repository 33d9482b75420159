//! What an achievement's criteria come to for a learner, as far as is known here.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use northstar_bus::HandleError;
use northstar_credentials_domain::Event;
use northstar_credentials_domain::achievement::{Achievement, Alignment};
use northstar_credentials_domain::award::{self, Awards, MasteryEvent};
use northstar_credentials_domain::credential::Grounds;
use northstar_credentials_domain::criteria::{Holdings, Missing, Outcome, Rule};
use northstar_credentials_domain::fact::Stated;
use northstar_eventlog::{Malformed, Shape, Stream, TenantLog};
use northstar_kernel::{
    AchievementId, AwardId, CompetencyId, Decider as _, EventId, LearnerId, Sequence, TenantId,
};
use uuid::Uuid;

use crate::codec;
use crate::projection::achievement::AchievementDocument;
use crate::projection::catalog::CatalogDocument;
use crate::projection::person::{FactsDocument, RolesDocument};
use crate::projection::scale::{Rung, ScaleDocument};
use crate::projection::standing::StandingDocument;
use crate::standard::open_badges::{Level, Reached};

/// Where it is read from: by a lane in the middle of its work, or by an API call. What others say is in
/// documents; what this context decided is in its own streams, and is taken from there: so a lane
/// that catches up decides by all that was decided since.
pub(crate) trait Reads: Send {
    /// The document under `key`, if there is one.
    fn read<S: Shape + Clone>(
        &mut self,
        key: &[u8],
    ) -> impl Future<Output = Result<Option<S>, HandleError>> + Send;

    /// All that is in a stream of this context.
    fn events(
        &mut self,
        stream: Stream,
    ) -> impl Future<Output = Result<Vec<Event>, HandleError>> + Send;
}

/// The store, as an API call has it.
pub(crate) struct Stored<'a>(pub(crate) &'a TenantLog);

impl Reads for Stored<'_> {
    async fn read<S: Shape + Clone>(&mut self, key: &[u8]) -> Result<Option<S>, HandleError> {
        Ok(self.0.document(key).await?)
    }

    async fn events(&mut self, stream: Stream) -> Result<Vec<Event>, HandleError> {
        let recorded = self.0.stream(&stream).await?;
        Ok(recorded.iter().map(codec::decode).collect::<Result<_, _>>()?)
    }
}

/// A learner's standing towards an achievement.
pub(crate) struct Merit {
    pub(crate) award: AwardId,
    pub(crate) learner: LearnerId,
    pub(crate) achievement: Achievement,
    /// Which wording of the achievement's definition that is.
    pub(crate) version: u32,
    /// What is held in the competencies that it rests on, those of its parts too.
    pub(crate) standings: BTreeMap<CompetencyId, StandingDocument>,
    rule: Rule,
    holdings: Holdings,
}

impl Merit {
    /// Gathers what is known.
    pub(crate) async fn of(
        tenant: TenantId,
        learner: LearnerId,
        AchievementDocument { achievement, version }: AchievementDocument,
        documents: &mut impl Reads,
    ) -> Result<Self, HandleError> {
        let rule = rule_of(&achievement)?;
        let mut standings = BTreeMap::new();
        for competency in rests_on(&achievement, &rule, documents).await? {
            let key = StandingDocument::key(competency, learner);
            if let Some(standing) = documents.read::<StandingDocument>(&key).await? {
                standings.insert(competency, standing);
            }
        }
        let mut holdings = Holdings {
            standings: standings.iter().map(|(of, standing)| (*of, standing.standing)).collect(),
            ..Holdings::default()
        };
        for part in rule.requires() {
            let award = award::id_of(tenant, learner, part);
            let events = documents.events(Stream::new("award", award.uuid())).await?;
            let award = Awards::fold(events.iter().filter_map(|event| match event {
                Event::Award(event) => Some(event),
                _ => None,
            }));
            if award.counts() {
                holdings.achievements.insert(part);
            }
        }
        if !rule.facts().is_empty() {
            let mut facts = FactsDocument::default();
            for event in documents.events(Stream::new("facts", learner.uuid())).await? {
                if let Event::Fact(Stated { name, times, .. }) = event {
                    facts.state(name, times);
                }
            }
            holdings.facts = facts.0;
        }
        if rule.asks_for_role() {
            let roles = documents.read::<RolesDocument>(learner.as_bytes()).await?;
            holdings.roles = roles.unwrap_or_default().0;
        }
        let award = award::id_of(tenant, learner, achievement.id);
        Ok(Self { award, learner, achievement, version, standings, rule, holdings })
    }

    /// Whether anything was ever said of the learner that matters here.
    pub(crate) fn is_known(&self) -> bool {
        let Holdings { achievements, facts, .. } = &self.holdings;
        !self.standings.is_empty() || !achievements.is_empty() || !facts.is_empty()
    }

    /// What the criteria come to.
    pub(crate) fn comes_to(&self) -> award::Merit {
        match self.rule.evaluate(&self.holdings) {
            Outcome::Met => award::Merit::Earned(self.level()),
            Outcome::Missing(_) if self.rule.is_mastered(&self.holdings) => {
                award::Merit::Incomplete
            }
            Outcome::Missing(_) => award::Merit::Lost,
        }
    }

    /// What would have to come, one by one; nothing if the criteria are met.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        match self.rule.evaluate(&self.holdings) {
            Outcome::Met => Vec::new(),
            Outcome::Missing(missing) => missing.leaves().into_iter().cloned().collect(),
        }
    }

    /// The level to state: the one that is mastered in the competency that the achievement stands at,
    /// if its criteria name it; else 0.
    pub(crate) fn level(&self) -> u32 {
        let at = self.achievement.alignment.competency;
        let mastered = self.standings.get(&at).filter(|it| it.standing.at_mastery);
        let named = self.rule.competencies().contains(&at);
        mastered.filter(|_| named).map_or(0, |it| it.standing.level)
    }

    /// The newest decision that matters. What rests on parts and facts alone has none.
    pub(crate) fn decision(&self) -> MasteryEvent {
        let none = MasteryEvent { id: EventId::from_uuid(Uuid::nil()), sequence: Sequence(0) };
        self.newest().map_or(none, |it| it.mastery_event)
    }

    fn newest(&self) -> Option<&StandingDocument> {
        self.standings.values().max_by_key(|it| it.mastery_event.sequence)
    }

    /// What was reached in the competencies that the achievement stands at, as far as its criteria
    /// name them.
    pub(crate) async fn reached(
        &self,
        documents: &mut impl Reads,
    ) -> Result<Vec<Reached>, HandleError> {
        let mut reached = Vec::new();
        for Alignment { competency, name, .. } in self.achievement.alignments() {
            let Some(needed) = self.rule.needed(*competency) else { continue };
            let mastered = self.standings.get(competency).filter(|it| it.standing.at_mastery);
            let scale = documents.read::<ScaleDocument>(competency.as_bytes()).await?;
            let level = |Rung { id, name, description }| Level { id: id.uuid(), name, description };
            reached.push(Reached {
                competency: *competency,
                name: name.clone(),
                needed,
                held: mastered.map(|it| it.standing.level).filter(|level| *level > 0),
                scale: scale.unwrap_or_default().0.into_iter().map(level).collect(),
            });
        }
        Ok(reached)
    }

    /// What the decision rests on.
    pub(crate) fn grounds(&self) -> Grounds {
        let mut evidence = Vec::new();
        for id in self.standings.values().flat_map(|standing| &standing.evidence) {
            if !evidence.contains(id) {
                evidence.push(*id);
            }
        }
        Grounds {
            competency: self.achievement.alignment.competency,
            evidence,
            policy_hash: self.newest().map(|it| it.policy_hash.clone()).unwrap_or_default(),
            criteria: self.achievement.criteria.clone(),
        }
    }
}

fn rule_of(achievement: &Achievement) -> Result<Rule, Malformed> {
    achievement.rule().map_err(|_| Malformed::new("achievement", "its rule is none"))
}

/// The competencies that the rule names, and those that its parts rest on in turn.
pub(crate) async fn rests_on(
    achievement: &Achievement,
    rule: &Rule,
    documents: &mut impl Reads,
) -> Result<BTreeSet<CompetencyId>, HandleError> {
    let (mut competencies, mut ahead) = (rule.competencies(), rule.requires());
    let mut seen = BTreeSet::from([achievement.id]);
    while let Some(part) = ahead.pop_first() {
        if !seen.insert(part) {
            continue;
        }
        if let Some(AchievementDocument { achievement, .. }) = defined(part, documents).await? {
            let rule = rule_of(&achievement)?;
            competencies.extend(rule.competencies());
            ahead.extend(rule.requires());
        }
    }
    Ok(competencies)
}

/// The definition of an achievement, by the catalog.
pub(crate) async fn defined(
    id: AchievementId,
    documents: &mut impl Reads,
) -> Result<Option<AchievementDocument>, HandleError> {
    let catalog = documents.read::<CatalogDocument>(CatalogDocument::KEY).await?;
    match catalog.and_then(|catalog| catalog.key_of(id)) {
        Some(key) => documents.read(&key).await,
        None => Ok(None),
    }
}
