//! A learner's work in a competency as raters judged it: key = competency id, learner id.

use std::collections::BTreeSet;

use northstar_eventlog::{Document, Malformed, Shape};
use northstar_kernel::{CompetencyId, EvidenceId, LearnerId};
use northstar_mastery_domain::{AssessorRole, Day};
use prost::Message;
use uuid::Uuid;

/// One judgement, as far as raters are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Judged {
    pub(crate) evidence: EvidenceId,
    pub(crate) day: Day,
    /// Against what; empty for the competency as a whole.
    pub(crate) criterion: String,
    pub(crate) assessor: String,
    pub(crate) value_milli: i64,
}

/// The judgements that stand, by evidence: only raters', not the learner's own or a program's, nor
/// what nobody put their name to, as in a gradebook. A document without judgements is removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct JudgedWork(pub(crate) Vec<Judged>);

impl JudgedWork {
    /// The judgements of one competency come together, those of one learner in it side by side.
    pub(crate) fn key(competency: CompetencyId, learner: LearnerId) -> [u8; 32] {
        let mut key = [0; 32];
        key[..16].copy_from_slice(competency.as_bytes());
        key[16..].copy_from_slice(learner.as_bytes());
        key
    }

    /// The learner that a key ends with.
    pub(crate) fn learner(key: &[u8]) -> Result<LearnerId, Malformed> {
        let learner = key.get(16..).unwrap_or_default();
        let id = Uuid::from_slice(learner).map_err(|why| Malformed::new(Self::NOUN, why))?;
        Ok(LearnerId::from_uuid(id))
    }

    /// Puts in what `evidence` says now, or takes it out if that is nothing to compare.
    pub(crate) fn restate(&mut self, evidence: EvidenceId, now: Option<Judged>) {
        match (self.0.binary_search_by_key(&evidence, |judged| judged.evidence), now) {
            (Ok(place), Some(now)) => self.0[place] = now,
            (Ok(place), None) => _ = self.0.remove(place),
            (Err(place), Some(now)) => self.0.insert(place, now),
            (Err(_), None) => {}
        }
    }
}

/// What a gradebook's line items are called as assessors. Who judged does not stand there: two of them
/// may be one teacher's.
const LINE_ITEM: &str = "oneroster:";

/// Whether judgements in this role and under this name are those of raters.
pub(crate) fn is_rater(role: AssessorRole, assessor: &str) -> bool {
    let named = !assessor.is_empty() && !assessor.starts_with(LINE_ITEM);
    named && !matches!(role, AssessorRole::Oneself | AssessorRole::Tool)
}

/// In columns, as a level is.
#[derive(Clone, PartialEq, Message)]
struct Stored {
    /// Sixteen bytes each, without anything between.
    #[prost(bytes = "vec", tag = "1")]
    evidence: Vec<u8>,
    #[prost(sint32, repeated, tag = "2")]
    days: Vec<i32>,
    #[prost(sint64, repeated, tag = "3")]
    values_milli: Vec<i64>,
    /// The names of assessors and criteria, sorted; the next two columns are places in it.
    #[prost(string, repeated, tag = "4")]
    names: Vec<String>,
    #[prost(uint32, repeated, tag = "5")]
    assessors: Vec<u32>,
    #[prost(uint32, repeated, tag = "6")]
    criteria: Vec<u32>,
}

impl Shape for JudgedWork {
    const NOUN: &'static str = "judged_work";

    /// Not state: it is the evidence's, laid out for comparing.
    fn encode(&self) -> Document {
        let all = &self.0;
        let names = all.iter().flat_map(|judged| [&judged.assessor, &judged.criterion]);
        let names: Vec<_> = names.collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let place = |name| names.partition_point(|known| known < name) as u32;
        let stored = Stored {
            evidence: all.iter().flat_map(|judged| *judged.evidence.as_bytes()).collect(),
            days: all.iter().map(|judged| judged.day.number()).collect(),
            values_milli: all.iter().map(|judged| judged.value_milli).collect(),
            assessors: all.iter().map(|judged| place(&judged.assessor)).collect(),
            criteria: all.iter().map(|judged| place(&judged.criterion)).collect(),
            names,
        };
        Document { state: Vec::new(), extra: stored.encode_to_vec() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let broken = |why: &str| Malformed::new(Self::NOUN, why);
        let stored = Stored::decode(&document.extra[..]).map_err(|why| broken(&why.to_string()))?;
        let (ids, rest) = stored.evidence.as_chunks::<16>();
        let (count, values) = (ids.len(), &stored.values_milli);
        let lengths =
            [stored.days.len(), values.len(), stored.assessors.len(), stored.criteria.len()];
        if lengths != [count; 4] || !rest.is_empty() {
            return Err(broken("its columns differ in length"));
        }
        let name = |place: u32| {
            let known = usize::try_from(place).ok().and_then(|place| stored.names.get(place));
            known.cloned().ok_or_else(|| broken("unknown name"))
        };
        let judged = |n: usize| {
            Ok(Judged {
                evidence: EvidenceId::from_uuid(Uuid::from_bytes(ids[n])),
                day: Day::new(stored.days[n]),
                criterion: name(stored.criteria[n])?,
                assessor: name(stored.assessors[n])?,
                value_milli: values[n],
            })
        };
        (0..count).map(judged).collect::<Result<_, _>>().map(Self)
    }

    fn weight(&self) -> usize {
        let names: usize = self.0.iter().map(|it| it.assessor.len() + it.criterion.len()).sum();
        size_of::<Self>() + self.0.len() * size_of::<Judged>() + names
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn judged(key: &str, assessor: &str) -> Judged {
        Judged {
            evidence: EvidenceId::derive(TenantId::COMMONS, key),
            day: Day::new(-3),
            criterion: String::new(),
            assessor: assessor.to_owned(),
            value_milli: 3_000,
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let mut work = JudgedWork::default();
        for (key, assessor) in [("1", "t2"), ("2", "t1"), ("3", "t2")] {
            let one = Judged { criterion: "voice".to_owned(), ..judged(key, assessor) };
            work.restate(one.evidence, Some(one));
        }
        let plain = judged("4", "t1");
        work.restate(plain.evidence, Some(plain));
        assert_eq!(JudgedWork::decode(&work.encode()), Ok(work));
    }

    #[test]
    fn what_is_said_again_takes_the_place_of_what_was_said() {
        let (one, other) = (judged("1", "t1"), judged("2", "t1"));
        let mut work = JudgedWork::default();
        for said in [&one, &other, &one] {
            work.restate(said.evidence, Some(said.clone()));
        }
        let now = Judged { value_milli: 1_000, ..one.clone() };
        work.restate(one.evidence, Some(now.clone()));
        work.restate(other.evidence, None);
        work.restate(other.evidence, None);
        assert_eq!(work.0, [now]);
    }

    #[test]
    fn the_learners_own_a_programs_and_nobodys_judgements_are_no_raters() {
        use AssessorRole::{Employer, Oneself, Other, Peer, Teacher, Tool, Validator};
        for role in [Employer, Other, Peer, Teacher, Validator] {
            assert!(is_rater(role, "t1") && !is_rater(role, ""), "{role}");
            assert!(!is_rater(role, "oneroster:l0"), "{role}");
        }
        assert!(!is_rater(Oneself, "t1") && !is_rater(Tool, "t1"));
    }

    #[test]
    fn bytes_that_make_no_sense_are_malformed() {
        let whole = JudgedWork(vec![judged("1", "t1")]).encode();
        for cut in 1..whole.extra.len() {
            let extra = whole.extra[..cut].to_vec();
            let read = JudgedWork::decode(&Document { state: Vec::new(), extra });
            assert!(read.is_err(), "cut at {cut}");
        }
        assert!(JudgedWork::learner(&[1; 20]).is_err());
    }
}
