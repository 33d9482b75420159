//! What competencies there are, and what they may be judged at.

use std::sync::Arc;

use northstar_bus::{HandleError, Work};
use northstar_eventlog::{Document, Fault, Malformed, Shape, TenantLog};
use northstar_evidence_domain::{Competency, Milli, Rung, Scale};
use northstar_kernel::{CompetencyId, FrameworkId};
use northstar_wire::registry::v1::{CompetencyPublished, CompetencyWithdrawn, Level};
use prost::Message;

use crate::projection::{id, uuid};

/// A published competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCompetency(pub Arc<Competency>);

#[derive(Clone, PartialEq, Message)]
struct State {
    #[prost(bytes = "vec", tag = "1")]
    framework: Vec<u8>,
    #[prost(message, repeated, tag = "2")]
    scale: Vec<RungState>,
}

/// One rung, stored.
#[derive(Clone, PartialEq, Message)]
pub(super) struct RungState {
    #[prost(uint32, tag = "1")]
    position: u32,
    #[prost(string, tag = "2")]
    quality: String,
    #[prost(int64, tag = "3")]
    score_milli: i64,
}

impl Shape for KnownCompetency {
    const NOUN: &'static str = "competency";

    fn encode(&self) -> Document {
        let framework = self.0.framework.as_bytes().to_vec();
        let state = State { framework, scale: stored(&self.0.scale) };
        Document { state: state.encode_to_vec(), extra: Vec::new() }
    }

    fn decode(document: &Document) -> Result<Self, Malformed> {
        let state = State::decode(document.state.as_slice())
            .map_err(|error| Malformed::new(Self::NOUN, error))?;
        let framework = FrameworkId::from_uuid(uuid(Self::NOUN, &state.framework)?);
        Ok(Self(Arc::new(Competency { framework, scale: read(state.scale) })))
    }
}

/// The competency of this id, if it is published.
///
/// # Errors
/// When the store fails.
pub async fn find(log: &TenantLog, id: CompetencyId) -> Result<Option<Arc<Competency>>, Fault> {
    Ok(log.document::<KnownCompetency>(id.as_bytes()).await?.map(|known| known.0))
}

pub(super) fn published(event: &CompetencyPublished, work: &mut Work) -> Result<(), HandleError> {
    let competency: CompetencyId = id(&event.competency_id)?;
    let framework = id(&event.framework_id)?;
    let known = Competency { framework, scale: scale(&event.scale) };
    work.put(competency.as_bytes(), KnownCompetency(Arc::new(known)));
    Ok(())
}

/// A competency that another framework has taken over meanwhile stays.
pub(super) async fn withdrawn(
    event: &CompetencyWithdrawn,
    work: &mut Work,
) -> Result<(), HandleError> {
    let competency: CompetencyId = id(&event.competency_id)?;
    let framework: FrameworkId = id(&event.framework_id)?;
    let known = work.get::<KnownCompetency>(competency.as_bytes()).await?;
    if known.is_some_and(|known| known.0.framework == framework) {
        work.remove::<KnownCompetency>(competency.as_bytes());
    }
    Ok(())
}

/// A scale as the registry publishes it.
pub(super) fn scale(levels: &[Level]) -> Scale {
    let rung = |level: &Level| Rung {
        position: level.position,
        quality: level.quality.clone(),
        score: Milli(level.score_milli),
    };
    Scale(levels.iter().map(rung).collect())
}

/// A scale to be stored.
pub(super) fn stored(scale: &Scale) -> Vec<RungState> {
    let rung = |rung: &Rung| RungState {
        position: rung.position,
        quality: rung.quality.clone(),
        score_milli: rung.score.0,
    };
    scale.0.iter().map(rung).collect()
}

/// A scale that was stored.
pub(super) fn read(rungs: Vec<RungState>) -> Scale {
    let rung = |rung: RungState| Rung {
        position: rung.position,
        quality: rung.quality,
        score: Milli(rung.score_milli),
    };
    Scale(rungs.into_iter().map(rung).collect())
}
