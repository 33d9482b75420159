//! Proofs as others see them: the standards' vectors, what independent software signed, and all that
//! must not verify.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod garbage;
mod independent;
mod javascript;
mod keys;
mod official;
mod selective;
mod signing;
mod tokens;
