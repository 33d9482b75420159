//! Foreign formats: policies, roll-ups and calendars as people write them.

mod criterion;
mod fields;
mod once;
mod pace_document;
mod policy_document;
mod refusal;
mod rollup_document;

pub use pace_document::read_pace_document;
pub use policy_document::read_policy_document;
pub use refusal::{DocumentKind, DocumentProblem, DocumentRefusal};
pub use rollup_document::{RollupDocument, read_rollup_document};
