//! Foreign formats: a policy as people write it down.

mod policy_document;

pub use policy_document::{DocumentProblem, DocumentRefusal, read_policy_document};
