//! A request's item: read, and not yet checked against what is known.

use northstar_eventlog::{Fault, TenantLog};
use northstar_evidence_domain::{
    Assessor, Item, Judgement, MalformedDecimal, Milli, Refusal, SealedNote,
};
use northstar_kernel::Timestamp;
use northstar_wire::evidence::v1::EvidenceItem;
use northstar_wire::evidence::v1::evidence_item::Judgement as WireJudgement;

/// The sealed field's name; boxes are bound to it.
pub(super) const NOTE: &str = "note";

/// An item whose note is still in the clear.
#[derive(Debug)]
pub(super) struct Draft {
    /// The item without its note.
    pub(super) item: Item,
    note: String,
}

impl Draft {
    /// Reads an item; `None` is a request that has none.
    pub(super) fn read(item: Option<EvidenceItem>) -> Result<Self, Refusal> {
        let item = item.ok_or_else(|| Refusal::invalid("item", "say what was shown"))?;
        let learner = id("item.learner_id", &item.learner_id)?;
        let role = item.assessor_role.parse()?;
        Item::check_kind(&item.kind)?;
        Item::check_note(&item.note)?;
        let criterion = match item.criterion_id.as_str() {
            "" => None,
            text => Some(id("item.criterion_id", text)?),
        };
        let read = Item {
            learner,
            competency: id("item.competency_id", &item.competency_id)?,
            criterion,
            judgement: judgement(item.judgement, &item.score_max)?,
            kind: item.kind,
            assessor: Assessor::of(learner, &item.assessor_id, role)?,
            observed_at: instant(item.observed_at)?,
            note: None,
        };
        Ok(Self { item: read, note: item.note })
    }

    /// Whether there is something to seal.
    pub(super) fn has_note(&self) -> bool {
        !self.note.is_empty()
    }

    /// The item with its note sealed under the learner's key, which is made if there is none.
    pub(super) async fn seal(self, log: &TenantLog) -> Result<Item, Fault> {
        if !self.has_note() {
            return Ok(self.item);
        }
        let sealed = log.seal(self.item.learner.uuid(), NOTE, self.note.as_bytes()).await?;
        let note = SealedNote { key_id: sealed.key_id.into_bytes(), sealed: sealed.bytes };
        Ok(Item { note: Some(note), ..self.item })
    }
}

/// An id in its usual form.
pub(super) fn id<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::invalid(field, "give a UUID"))
}

fn judgement(judgement: Option<WireJudgement>, max: &str) -> Result<Judgement, Refusal> {
    match judgement {
        None => Err(Refusal::JudgementMissing),
        Some(WireJudgement::Level(level)) => Ok(Judgement::Level(level)),
        Some(WireJudgement::Score(score)) => {
            let max = Some(max).filter(|max| !max.is_empty());
            let max = max.map(|max| decimal("item.score_max", max)).transpose()?;
            Ok(Judgement::Score { value: decimal("item.score", &score)?, max })
        }
    }
}

fn decimal(field: &'static str, text: &str) -> Result<Milli, Refusal> {
    text.parse().map_err(|error: MalformedDecimal| Refusal::invalid(field, error.to_string()))
}

fn instant(at: Option<prost_types::Timestamp>) -> Result<Timestamp, Refusal> {
    at.and_then(|at| Timestamp::from_parts(at.seconds, at.nanos))
        .ok_or_else(|| Refusal::invalid("item.observed_at", "say when it was observed"))
}
