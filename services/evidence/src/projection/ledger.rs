//! A learner's evidence, by the time it was observed.

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Document, Fault, Malformed, Recorded, Shape, Stream, TenantLog};
use northstar_evidence_domain::{
    Assessor, AssessorRole, Event, Evidence, Milli, Observation, SealedNote, Standing,
};
use northstar_kernel::{
    CompetencyId, CriterionId, Decider, EvidenceId, LearnerId, Timestamp, Version,
};
use prost::Message;

use crate::codec;
use crate::projection::uuid;

/// How many entries are looked at for one page, at most, where most are of other competencies.
const LOOKED_AT: u32 = 10_000;
const STEP: u32 = 500;

/// One piece of evidence as it stands, withdrawn or not.
///
/// Its key is learner, observed time and evidence id, so that a page of a learner's evidence is a
/// run of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry(pub Standing);

#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(bytes = "vec", tag = "1")]
    evidence: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    learner: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    competency: Vec<u8>,
    #[prost(bytes = "vec", optional, tag = "4")]
    criterion: Option<Vec<u8>>,
    #[prost(sint64, tag = "5")]
    value_milli: i64,
    #[prost(sint64, optional, tag = "6")]
    value_max_milli: Option<i64>,
    #[prost(string, tag = "7")]
    kind: String,
    #[prost(string, tag = "8")]
    assessor_id: String,
    #[prost(string, tag = "9")]
    assessor_role: String,
    #[prost(sint64, tag = "10")]
    observed_micros: i64,
    #[prost(uint32, tag = "11")]
    corrections: u32,
    #[prost(bool, tag = "12")]
    retracted: bool,
    /// Who signed it off; absent if nobody did.
    #[prost(string, optional, tag = "13")]
    validator: Option<String>,
}

/// What differs from store to store for the same facts.
#[derive(Clone, PartialEq, Message)]
struct Extra {
    #[prost(bytes = "vec", tag = "1")]
    key_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    sealed_note: Vec<u8>,
}

impl Shape for Entry {
    const NOUN: &'static str = "evidence";

    fn encode(&self) -> Document {
        let Standing { id, observation, corrections, retracted, validator } = &self.0;
        let state = State {
            evidence: id.as_bytes().to_vec(),
            learner: observation.learner.as_bytes().to_vec(),
            competency: observation.competency.as_bytes().to_vec(),
            criterion: observation.criterion.map(|id| id.as_bytes().to_vec()),
            value_milli: observation.value.0,
            value_max_milli: observation.value_max.map(|max| max.0),
            kind: observation.kind.clone(),
            assessor_id: observation.assessor.id.clone(),
            assessor_role: observation.assessor.role.name().to_owned(),
            observed_micros: observation.observed_at.micros(),
            corrections: *corrections,
            retracted: *retracted,
            validator: validator.clone(),
        };
        let extra = observation.note.as_ref().map(|note| {
            let (key_id, sealed_note) = (note.key_id.to_vec(), note.sealed.clone());
            Extra { key_id, sealed_note }.encode_to_vec()
        });
        Document { state: state.encode_to_vec(), extra: extra.unwrap_or_default() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let malformed = |error: prost::DecodeError| Malformed::new(Self::NOUN, error);
        let state = State::decode(document.state.as_slice()).map_err(malformed)?;
        let extra = Extra::decode(document.extra.as_slice()).map_err(malformed)?;
        state.read(note(extra)?)
    }

    fn weight(&self) -> usize {
        let Observation { kind, assessor, note, .. } = &self.0.observation;
        let note = note.as_ref().map_or(0, |note| note.sealed.len());
        256 + kind.len() + assessor.id.len() + note
    }
}

impl State {
    fn read(self, note: Option<SealedNote>) -> Result<Entry, Malformed> {
        let id = |bytes: &[u8]| uuid(Entry::NOUN, bytes);
        let role = self.assessor_role.parse::<AssessorRole>();
        let observation = Observation {
            learner: LearnerId::from_uuid(id(&self.learner)?),
            competency: CompetencyId::from_uuid(id(&self.competency)?),
            criterion: match self.criterion {
                Some(bytes) => Some(CriterionId::from_uuid(id(&bytes)?)),
                None => None,
            },
            value: Milli(self.value_milli),
            value_max: self.value_max_milli.map(Milli),
            kind: self.kind,
            assessor: Assessor {
                id: self.assessor_id,
                role: role.map_err(|error| Malformed::new(Entry::NOUN, error))?,
            },
            observed_at: Timestamp::from_micros(self.observed_micros),
            note,
        };
        Ok(Entry(Standing {
            id: EvidenceId::from_uuid(id(&self.evidence)?),
            observation,
            corrections: self.corrections,
            retracted: self.retracted,
            validator: self.validator,
        }))
    }
}

fn note(extra: Extra) -> Result<Option<SealedNote>, Malformed> {
    if extra.sealed_note.is_empty() {
        return Ok(None);
    }
    let key_id = uuid(Entry::NOUN, &extra.key_id)?.into_bytes();
    Ok(Some(SealedNote { key_id, sealed: extra.sealed_note }))
}

/// Keys sort by learner, then observed time, then evidence.
fn key(standing: &Standing) -> Vec<u8> {
    let Observation { learner, observed_at, .. } = &standing.observation;
    // Flipping the sign lets times before 1970 sort before those after.
    let time = (observed_at.micros() ^ i64::MIN).to_be_bytes();
    [learner.as_bytes().as_slice(), &time, standing.id.as_bytes()].concat()
}

/// Events of one piece of evidence stay together.
pub(super) fn split(event: &Recorded) -> u64 {
    event.stream.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A recording makes an entry; what comes after needs the stream, because a correction may move the
/// entry to another time, and with it to another key.
pub(super) async fn fold(event: &Recorded, work: &mut Work) -> Result<(), HandleError> {
    let (before, now) = match codec::decode(event)? {
        first @ Event::Recorded { .. } => (None, first),
        next => (before(event, next_id(&next), work).await?, next),
    };
    let old_key = before.as_ref().map(key);
    let Some(standing) = Evidence::evolve(before, &now) else {
        return Err(Malformed::new(&*event.event_type, "nothing was recorded before it").into());
    };
    let new_key = key(&standing);
    if let Some(old_key) = old_key.filter(|old_key| *old_key != new_key) {
        work.remove::<Entry>(&old_key);
    }
    work.put(&new_key, Entry(standing));
    Ok(())
}

fn next_id(event: &Event) -> EvidenceId {
    match event {
        Event::Recorded { id, .. }
        | Event::Corrected { id, .. }
        | Event::Validated { id, .. }
        | Event::Retracted { id, .. } => *id,
    }
}

async fn before(
    event: &Recorded,
    id: EvidenceId,
    work: &mut Work,
) -> Result<Option<Standing>, HandleError> {
    let earlier = work.stream(&stream(id)).await?;
    let version: Version = event.version;
    Ok(codec::fold(earlier.iter().filter(|earlier| earlier.version < version))?)
}

/// The stream of one piece of evidence.
pub(crate) fn stream(id: EvidenceId) -> Stream {
    Stream::new("evidence", id.uuid())
}

/// A page of a learner's evidence.
pub struct Page {
    /// Oldest observed first.
    pub entries: Vec<Standing>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Vec<u8>>,
}

/// A learner's evidence after a key, of one competency or all.
///
/// # Errors
/// When the store fails.
pub async fn page(
    log: &TenantLog,
    learner: LearnerId,
    competency: Option<CompetencyId>,
    after: Option<Vec<u8>>,
    size: u32,
) -> Result<Page, Fault> {
    // One more than asked for tells whether there is a next page.
    let wanted = size as usize + 1;
    let step = if competency.is_some() { STEP.max(size + 1) } else { size + 1 };
    let (mut entries, mut after, mut looked_at) = (Vec::new(), after, 0);
    while looked_at < LOOKED_AT {
        let found = log.documents::<Entry>(learner.as_bytes(), after.as_deref(), step).await?;
        let ended = found.len() < step as usize;
        looked_at += step;
        after = found.last().map(|(key, _)| key.clone()).or(after);
        let fits = |entry: &(Vec<u8>, Entry)| {
            competency.is_none_or(|wanted| entry.1.0.observation.competency == wanted)
        };
        entries.extend(found.into_iter().filter(fits));
        if entries.len() >= wanted {
            entries.truncate(wanted - 1);
            let next = entries.last().map(|(key, _)| key.clone());
            return Ok(Page { entries: entries.into_iter().map(standing).collect(), next });
        }
        if ended {
            after = None;
            break;
        }
    }
    Ok(Page { entries: entries.into_iter().map(standing).collect(), next: after })
}

fn standing((_, Entry(standing)): (Vec<u8>, Entry)) -> Standing {
    standing
}
