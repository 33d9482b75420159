//! What the other contexts refer to, as decisions: tenants, organizations, people, classes,
//! enrollments and competency frameworks.
//!
//! Each module is one aggregate: its commands, its events, its refusals, and the two functions that
//! join them. Nothing here knows CASE, OneRoster, protobuf or a store.

pub mod class;
pub mod enrollment;
pub mod framework;
pub mod organization;
pub mod person;
pub mod tenant;

#[cfg(test)]
mod spec;
