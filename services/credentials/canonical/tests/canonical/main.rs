//! Canonical forms as others see them: the standards' vectors, an independent implementation's, and
//! what must be refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod graphs;
mod jcs;
mod mutations;
mod nquads;
mod one_ed_tech;
mod own;
mod properties;
mod random;
mod refusals;
mod selection;
mod strict_json;
mod w3c;
