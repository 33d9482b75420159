//! What somebody comes to who reads the three logs from the beginning, up to a day.

use std::collections::BTreeMap;

use northstar_eventlog::Recorded;
use northstar_kernel::Timestamp;
use northstar_wire::evidence::v1::{
    EvidenceCorrected, EvidenceRecorded, EvidenceRetracted, EvidenceValidated, Observation,
};
use northstar_wire::mastery::v1::PolicyPublished;
use northstar_wire::registry::v1::CompetencyPublished;
use prost::Message;

use super::Question;
use super::rule::Rule;
use crate::region::{Region, competency, learner};

/// An answer, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    WithoutPolicy,
    Derived {
        policy: String,
        /// Evidence and when it was first recorded.
        used: Vec<(String, i64)>,
        left_out: Vec<(String, String)>,
        standing: String,
        value_milli: i64,
        level: u64,
        provisional: bool,
    },
}

/// A judgement as it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) evidence: String,
    pub(crate) observed: i64,
    pub(crate) recorded: i64,
    pub(crate) validated: bool,
    pub(crate) said: Observation,
}

/// All that was ever recorded.
pub(crate) struct Recordings {
    evidence: Vec<Recorded>,
    mastery: Vec<Recorded>,
    registry: Vec<Recorded>,
}

fn decode<M: Message + Default>(event: &Recorded) -> M {
    M::decode(&event.payload[..]).expect("it was written by a program")
}

impl Recordings {
    pub(crate) async fn read(region: &Region) -> Self {
        let [evidence, mastery] = [region.evidence_feed().await, region.feed().await];
        let registry = region.registry_feed().await;
        Self { evidence, mastery, registry }
    }

    /// When something was recorded: all of it, then what is about this learner in this competency.
    pub(crate) fn recorded(&self, who: &str, what: &str) -> [Vec<Timestamp>; 2] {
        let all = self.evidence.iter().chain(&self.registry).chain(&self.mastery);
        let own = self.evidence.iter().filter(|event| is_about(event, who, what));
        [all.map(|event| event.recorded_at).collect(), own.map(|event| event.recorded_at).collect()]
    }

    /// When something was observed or a policy began: likewise.
    pub(crate) fn observed(&self, who: &str, what: &str) -> [Vec<Timestamp>; 2] {
        let policies = self.mastery.iter().filter(|event| event.event_type == "policy_published");
        let begun = policies.filter_map(|event| {
            let from = decode::<PolicyPublished>(event).effective_from?;
            Timestamp::from_parts(from.seconds, from.nanos)
        });
        let all = self.evidence.iter().map(|event| event.observed_at);
        let own = self.evidence.iter().filter(|event| is_about(event, who, what));
        [all.chain(begun).collect(), own.map(|event| event.observed_at).collect()]
    }

    pub(crate) fn told(&self, question: &Question) -> Told {
        let Some(scale) = self.scale(question) else { return Told::Nothing };
        let judgements = self.judgements(question);
        let at = question.at.micros();
        let made: Vec<_> = judgements.iter().filter(|one| one.observed <= at).collect();
        let (Some(first), Some(last)) = (made.first(), made.last()) else { return Told::Nothing };
        let holds = self.policy(question, first.observed, last.observed);
        match holds {
            Some(policy) => Rule::read(&policy).apply(&judgements, &scale, at),
            None if question.name.is_empty() => Told::WithoutPolicy,
            None => Told::Nothing,
        }
    }

    /// Scores of the rungs, as last published.
    fn scale(&self, question: &Question) -> Option<Vec<i64>> {
        let id = competency(question.code).to_string();
        let mut scale = None;
        for event in self.registry.iter().filter(|event| event.recorded_at <= question.known) {
            let published: CompetencyPublished = decode(event);
            if published.competency_id == id {
                scale = Some(published.scale.iter().map(|level| level.score_milli).collect());
            }
        }
        scale
    }

    /// Oldest first; of the same instant, by evidence.
    fn judgements(&self, question: &Question) -> Vec<Judgement> {
        let mut standing: BTreeMap<String, Judgement> = BTreeMap::new();
        for event in self.evidence.iter().filter(|event| event.recorded_at <= question.known) {
            match &*event.event_type {
                "evidence_recorded" => {
                    let EvidenceRecorded { evidence_id, observation } = decode(event);
                    let said = observation.expect("given");
                    standing.insert(evidence_id.clone(), judged(evidence_id, event, said));
                }
                "evidence_corrected" => {
                    let EvidenceCorrected { evidence_id, observation } = decode(event);
                    let recorded = standing[&evidence_id].recorded;
                    let said = observation.expect("given");
                    let judged = judged(evidence_id.clone(), event, said);
                    standing.insert(evidence_id, Judgement { recorded, ..judged });
                }
                "evidence_validated" => {
                    let EvidenceValidated { evidence_id, .. } = decode(event);
                    standing.get_mut(&evidence_id).expect("it stands").validated = true;
                }
                _ => {
                    let EvidenceRetracted { evidence_id, .. } = decode(event);
                    standing.remove(&evidence_id);
                }
            }
        }
        let who = learner(question.learner).to_string();
        let what = competency(question.code).to_string();
        let mut all: Vec<_> = standing.into_values().collect();
        all.retain(|one| one.said.learner_id == who && one.said.competency_id == what);
        all.sort_by_key(|one| (one.observed, one.evidence.clone()));
        all
    }

    /// The policy of that name that holds for judgements from `first` to `last`.
    fn policy(&self, question: &Question, first: i64, last: i64) -> Option<PolicyPublished> {
        let known = self.mastery.iter().filter(|event| event.recorded_at <= question.known);
        let published = known.filter(|event| event.event_type == "policy_published");
        let named: Vec<(i64, PolicyPublished)> = published
            .map(decode::<PolicyPublished>)
            .filter(|policy| Rule::read(policy).name == question.name)
            .map(|policy| (from(&policy), policy))
            .collect();
        let mut clock = last;
        for (from, policy) in &named {
            if policy.retroactive && *from <= question.at.micros() {
                clock = clock.max(*from);
            }
        }
        let holder = |when: i64| {
            let mut holder: Option<&(i64, PolicyPublished)> = None;
            for one in named.iter().filter(|(from, _)| *from <= when) {
                if holder.is_none_or(|(from, _)| *from <= one.0) {
                    holder = Some(one);
                }
            }
            holder.map(|(_, policy)| policy)
        };
        let banked = holder(first).filter(|policy| Rule::read(policy).banked);
        banked.or_else(|| holder(clock)).cloned()
    }
}

/// Whether an event of evidence is about this learner in this competency.
fn is_about(event: &Recorded, who: &str, what: &str) -> bool {
    let (who, what) = (learner(who).to_string(), competency(what).to_string());
    match &*event.event_type {
        "evidence_recorded" | "evidence_corrected" => {
            let said = decode::<EvidenceRecorded>(event).observation.expect("given");
            (said.learner_id, said.competency_id) == (who, what)
        }
        _ => {
            let named: EvidenceValidated = decode(event);
            (named.learner_id, named.competency_id) == (who, what)
        }
    }
}

fn judged(evidence: String, event: &Recorded, said: Observation) -> Judgement {
    let (observed, recorded) = (event.observed_at.micros(), event.recorded_at.micros());
    Judgement { evidence, observed, recorded, validated: false, said }
}

/// From when on a policy holds.
fn from(policy: &PolicyPublished) -> i64 {
    policy
        .effective_from
        .map_or(i64::MIN, |at| at.seconds * 1_000_000 + i64::from(at.nanos) / 1_000)
}
