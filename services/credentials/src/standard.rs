//! Foreign formats, one module each.

pub mod baking;
pub mod clr;
pub mod did_web;
pub mod embedded;
pub mod endorsement;
pub mod issuer_document;
pub mod open_badges;
pub mod published;
pub mod status;
pub mod vc_jwt;
