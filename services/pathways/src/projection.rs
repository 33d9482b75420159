//! Read models: the reference figures of the commons, and what learners master.

pub(crate) mod catalog;
pub(crate) mod profile;
pub(crate) mod reference;
