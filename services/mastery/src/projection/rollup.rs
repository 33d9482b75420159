//! The rules of a framework: key = framework id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, Digest, FrameworkId, Timestamp};
use northstar_mastery_domain::{self as domain, Criterion, Finding, Held, Rollups};
use prost::Message;

use super::Competency;
use crate::codec::{ALWAYS, read_uuid};
use crate::standard::{RollupDocument, read_rollup_document};

/// The rules that were last published for a framework, and what they must know of its competencies.
///
/// It is a function of the rules and of the registry's word on the competencies they name, whatever
/// way these came. A competency that the registry has not told of does not count, like a retired one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rollup(Arc<Inner>);

#[derive(Debug, Clone, PartialEq)]
struct Inner {
    published: RollupDocument,
    /// Those that the rules name or are for, where they are known.
    competencies: BTreeMap<CompetencyId, Competency>,
    rollups: Rollups,
    named: BTreeSet<CompetencyId>,
    /// By competency, the hash of its rule.
    hashes: BTreeMap<CompetencyId, Digest>,
    revision: Digest,
    /// When they were published, and what was before, oldest first. Not state.
    recorded_at: Timestamp,
    former: Vec<(RollupDocument, Timestamp)>,
}

impl Rollup {
    /// No rules.
    pub(crate) fn none(framework: FrameworkId) -> Self {
        let published = RollupDocument { framework, rollups: Vec::new() };
        Self(Arc::new(Inner::new(published, BTreeMap::new(), Rollups::EMPTY)))
    }

    /// Rules that were published once. A scale that has changed since makes no rule invalid.
    pub(crate) fn new(
        published: RollupDocument,
        competencies: BTreeMap<CompetencyId, Competency>,
    ) -> Result<Self, Malformed> {
        let node = |id: CompetencyId| {
            let known = competencies.get(&id);
            domain::Competency {
                id,
                code: known.map_or_else(|| id.to_string(), |known| known.name(id)),
                retired: known.is_none_or(|known| known.retired),
                highest_milli: None,
            }
        };
        let named = named(&published).into_iter().map(node);
        let rollups = Rollups::restored(published.rollups.clone(), named)
            .map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(Self(Arc::new(Inner::new(published, competencies, rollups))))
    }

    /// The same as they were published at `recorded_at`, after `before`.
    pub(crate) fn published(self, recorded_at: Timestamp, before: Option<&Self>) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.recorded_at = recorded_at;
        if let Some(Self(before)) = before {
            inner.former.clone_from(&before.former);
            inner.former.push((before.published.clone(), before.recorded_at));
        }
        Self(Arc::new(inner))
    }

    /// The rules that were known at `at`, with what was known of the competencies then; `None` if
    /// there were none.
    pub(crate) fn known(&self, at: Timestamp) -> Result<Option<Self>, Malformed> {
        let all = self.0.former.iter().map(|(document, at)| (document, *at));
        let mut all = all.chain([(&self.0.published, self.0.recorded_at)]);
        let Some((published, _)) = all.rfind(|(_, recorded_at)| *recorded_at <= at) else {
            return Ok(None);
        };
        let known = self.0.competencies.iter();
        let known = known.filter_map(|(id, known)| Some((*id, known.known(at)?.clone())));
        Self::new(published.clone(), known.collect()).map(Some)
    }

    /// What results depend on: another one, other results. `None` is that of nobody's.
    pub(crate) fn revision(&self) -> Option<Digest> {
        Some(self.0.revision)
    }

    /// The graph of the rules.
    pub(crate) fn rollups(&self) -> &Rollups {
        &self.0.rollups
    }

    /// The competencies that the rules name or are for.
    pub(crate) fn named(&self) -> &BTreeSet<CompetencyId> {
        &self.0.named
    }

    /// The hash of the rule that says what is held in a competency; `None` if none does.
    pub(crate) fn rule(&self, competency: CompetencyId) -> Option<Digest> {
        self.competency(competency)?;
        self.0.hashes.get(&competency).copied()
    }

    /// A competency that the rules name, if the registry has told of it.
    pub(crate) fn competency(&self, id: CompetencyId) -> Option<&Competency> {
        self.0.competencies.get(&id)
    }

    /// The competencies with a rule that are known, parts before what they are part of, and the
    /// hash of the rule.
    pub(crate) fn ruled(&self) -> impl Iterator<Item = (CompetencyId, Digest)> {
        let known = self.rollups().order().map(|known| known.id);
        known.filter_map(|id| Some((id, self.rule(id)?)))
    }

    /// The same rules with another word on one competency; `None` if that is not in the framework
    /// any more.
    pub(crate) fn with(
        &self,
        id: CompetencyId,
        competency: Option<Competency>,
    ) -> Result<Self, Malformed> {
        let mut competencies = self.0.competencies.clone();
        match competency {
            Some(competency) => _ = competencies.insert(id, competency),
            None => _ = competencies.remove(&id),
        }
        let Self(after) = Self::new(self.0.published.clone(), competencies)?;
        let mut after = Arc::unwrap_or_clone(after);
        after.recorded_at = self.0.recorded_at;
        after.former.clone_from(&self.0.former);
        Ok(Self(Arc::new(after)))
    }

    /// What is shown of a competency by its rule, as it is kept and told. Points are on no scale.
    pub(crate) fn held(&self, id: CompetencyId, finding: Finding) -> Held {
        let rule = self.rollups().rule(id).map(domain::Rollup::criterion);
        let held = self.competency(id).map(|known| known.held(finding)).unwrap_or_default();
        let level = if matches!(rule, Some(Criterion::Points { .. })) { 0 } else { held.level };
        Held { level, ..held }
    }
}

impl Inner {
    fn new(
        published: RollupDocument,
        competencies: BTreeMap<CompetencyId, Competency>,
        rollups: Rollups,
    ) -> Self {
        let hashes = rollups.rules().map(|rule| (rule.competency(), rule.hash())).collect();
        let mut revision = rollups.canonical(published.framework).into_bytes();
        for (id, known) in &competencies {
            revision.extend(id.as_bytes());
            revision.push(known.retired.into());
            let scores = known.scale.scores_milli();
            revision.extend(scores.len().to_be_bytes());
            revision.extend(scores.iter().flat_map(|score| score.to_be_bytes()));
        }
        Self {
            named: named(&published),
            hashes,
            revision: Digest::of(&revision),
            published,
            competencies,
            rollups,
            recorded_at: ALWAYS,
            former: Vec::new(),
        }
    }
}

/// The competencies that these rules name or are for.
pub(crate) fn named(document: &RollupDocument) -> BTreeSet<CompetencyId> {
    let rules = document.rollups.iter();
    rules.flat_map(|rule| [vec![rule.competency], rule.criterion.competencies()].concat()).collect()
}

#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(string, tag = "1")]
    document: String,
}

/// What is known of the competencies is state elsewhere.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    #[prost(message, repeated, tag = "1")]
    known: Vec<Known>,
    #[prost(sint64, tag = "2")]
    recorded_micros: i64,
    #[prost(message, repeated, tag = "3")]
    former: Vec<Former>,
}

#[derive(Clone, PartialEq, Message)]
struct Former {
    #[prost(string, tag = "1")]
    document: String,
    #[prost(sint64, tag = "2")]
    recorded_micros: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Known {
    #[prost(bytes = "vec", tag = "1")]
    id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    competency: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    competency_extra: Vec<u8>,
}

impl Shape for Rollup {
    const NOUN: &'static str = "rollup";

    fn encode(&self) -> Document {
        let known = self.0.competencies.iter().map(|(id, competency)| {
            let Document { state, extra } = competency.encode();
            Known { id: id.as_bytes().to_vec(), competency: state, competency_extra: extra }
        });
        let former = self
            .0
            .former
            .iter()
            .map(|(former, at)| Former { document: text(former), recorded_micros: at.micros() });
        let recorded_micros = self.0.recorded_at.micros();
        let extra = Extra { known: known.collect(), recorded_micros, former: former.collect() };
        let state = State { document: text(&self.0.published) };
        Document { state: state.encode_to_vec(), extra: extra.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why: &dyn std::fmt::Display| Malformed::new(Self::NOUN, why);
        let read = |text: &str| read_rollup_document(text).map_err(|why| broken(&why));
        let state = State::decode(&document.state[..]).map_err(|why| broken(&why))?;
        let extra = Extra::decode(&document.extra[..]).map_err(|why| broken(&why))?;
        let known = extra.known.into_iter().map(|known| {
            let id = CompetencyId::from_uuid(read_uuid(Self::NOUN, &known.id)?);
            let document = Document { state: known.competency, extra: known.competency_extra };
            Ok((id, Competency::decode(&document)?))
        });
        let known = known.collect::<Result<_, Malformed>>()?;
        let Self(inner) = Self::new(read(&state.document)?, known)?;
        let mut inner = Arc::unwrap_or_clone(inner);
        inner.recorded_at = Timestamp::from_micros(extra.recorded_micros);
        for former in extra.former {
            let at = Timestamp::from_micros(former.recorded_micros);
            inner.former.push((read(&former.document)?, at));
        }
        Ok(Self(Arc::new(inner)))
    }

    fn weight(&self) -> usize {
        256 + 512 * self.0.competencies.len()
    }
}

/// Rules as a document again; each was valid among others once.
fn text(document: &RollupDocument) -> String {
    domain::rollups_json(document.framework, &document.rollups)
}

#[cfg(test)]
mod tests;
