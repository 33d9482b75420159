//! Who is a learner: key = learner id.

use northstar_eventlog::{Document, Fault, Malformed, Shape, TenantLog};
use northstar_kernel::LearnerId;

/// Somebody in the roster with the role student. There is nothing to know but that, and it is not
/// state: the registry keeps it as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownLearner;

impl Shape for KnownLearner {
    const NOUN: &'static str = "learner";

    fn encode(&self) -> Document {
        Document { state: Vec::new(), extra: vec![1] }
    }

    fn decode(_: &Document) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn weight(&self) -> usize {
        64
    }
}

/// Whether the roster has this learner.
pub(crate) async fn is_known(log: &TenantLog, learner: LearnerId) -> Result<bool, Fault> {
    Ok(log.document::<KnownLearner>(learner.as_bytes()).await?.is_some())
}
