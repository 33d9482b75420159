//! Foreign formats, one module each.

pub mod did_web;
pub mod jose;
pub mod open_badges;
pub mod vc_jwt;
