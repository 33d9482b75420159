//! What criteria there are, by the rubric that has them.

use std::collections::BTreeSet;
use std::sync::Arc;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Document, Fault, Malformed, Shape, TenantLog};
use northstar_evidence_domain::Criterion;
use northstar_kernel::{CompetencyId, CriterionId, FrameworkId, RubricId};
use northstar_wire::registry::v1::{self as registry, RubricPublished, RubricWithdrawn};
use prost::Message;

use crate::projection::competency::{RungState, read, scale, stored};
use crate::projection::{id, uuid};

/// A criterion of a published rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCriterion {
    rubric: RubricId,
    criterion: Arc<Criterion>,
}

/// Which criteria a rubric has, so that those it loses can be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownRubric(BTreeSet<CriterionId>);

#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(bytes = "vec", tag = "1")]
    rubric: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    framework: Vec<u8>,
    #[prost(bytes = "vec", optional, tag = "3")]
    judges: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "4")]
    scale: Vec<RungState>,
}

impl Shape for KnownCriterion {
    const NOUN: &'static str = "criterion";

    fn encode(&self) -> Document {
        let Criterion { judges, framework, scale } = self.criterion.as_ref();
        let state = State {
            rubric: self.rubric.as_bytes().to_vec(),
            framework: framework.as_bytes().to_vec(),
            judges: judges.map(|competency| competency.as_bytes().to_vec()),
            scale: stored(scale),
        };
        Document { state: state.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let state = State::decode(document.state.as_slice())
            .map_err(|error| Malformed::new(Self::NOUN, error))?;
        let judges = state.judges.map(|bytes| uuid(Self::NOUN, &bytes)).transpose()?;
        let criterion = Criterion {
            judges: judges.map(CompetencyId::from_uuid),
            framework: FrameworkId::from_uuid(uuid(Self::NOUN, &state.framework)?),
            scale: read(state.scale),
        };
        let rubric = RubricId::from_uuid(uuid(Self::NOUN, &state.rubric)?);
        Ok(Self { rubric, criterion: Arc::new(criterion) })
    }
}

impl Shape for KnownRubric {
    const NOUN: &'static str = "rubric";

    /// The ids one after the other; a leading byte tells a rubric without criteria from nothing.
    fn encode(&self) -> Document {
        let ids = self.0.iter().flat_map(|id| *id.as_bytes());
        Document { state: std::iter::once(1).chain(ids).collect(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let ids = document.state.get(1..).unwrap_or_default().chunks(16);
        let ids = ids.map(|bytes| uuid(Self::NOUN, bytes).map(CriterionId::from_uuid));
        ids.collect::<Result<_, _>>().map(Self)
    }
}

/// The criterion of this id, if it is published.
///
/// # Errors
/// When the store fails.
pub async fn find(log: &TenantLog, id: CriterionId) -> Result<Option<Arc<Criterion>>, Fault> {
    Ok(log.document::<KnownCriterion>(id.as_bytes()).await?.map(|known| known.criterion))
}

pub(super) async fn published(event: &RubricPublished, work: &mut Work) -> Result<(), HandleError> {
    let rubric: RubricId = id(&event.rubric_id)?;
    let framework: FrameworkId = id(&event.framework_id)?;
    let criteria = event
        .criteria
        .iter()
        .map(|wire| Ok((id(&wire.criterion_id)?, criterion(wire, framework)?)))
        .collect::<Result<Vec<(CriterionId, Criterion)>, Malformed>>()?;
    let ids: BTreeSet<_> = criteria.iter().map(|(id, _)| *id).collect();
    forget(rubric, &ids, work).await?;
    for (id, criterion) in criteria {
        work.put(id.as_bytes(), KnownCriterion { rubric, criterion: Arc::new(criterion) });
    }
    work.put(rubric.as_bytes(), KnownRubric(ids));
    Ok(())
}

pub(super) async fn withdrawn(event: &RubricWithdrawn, work: &mut Work) -> Result<(), HandleError> {
    let rubric: RubricId = id(&event.rubric_id)?;
    forget(rubric, &BTreeSet::new(), work).await?;
    work.remove::<KnownRubric>(rubric.as_bytes());
    Ok(())
}

fn criterion(wire: &registry::Criterion, framework: FrameworkId) -> Result<Criterion, Malformed> {
    let judges = Some(&wire.competency_id).filter(|id| !id.is_empty());
    let judges = judges.map(|text| id(text)).transpose()?;
    Ok(Criterion { judges, framework, scale: scale(&wire.levels) })
}

/// Forgets the criteria that a rubric has no longer, except those another has taken over.
async fn forget(
    rubric: RubricId,
    keep: &BTreeSet<CriterionId>,
    work: &mut Work,
) -> Result<(), HandleError> {
    let had = work.get::<KnownRubric>(rubric.as_bytes()).await?.cloned().unwrap_or_default();
    for lost in had.0.difference(keep) {
        let known = work.get::<KnownCriterion>(lost.as_bytes()).await?;
        if known.is_some_and(|known| known.rubric == rubric) {
            work.remove::<KnownCriterion>(lost.as_bytes());
        }
    }
    Ok(())
}
