//! Generated protobuf and gRPC code, and nothing else. The promises themselves are in `proto/`.
#![allow(missing_docs, unreachable_pub, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/northstar.rs"));

pub use northstar::{credentials, evidence, mastery, pathways, platform, registry};

/// The compiled descriptors of every file, for gRPC reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/northstar.binpb"));
