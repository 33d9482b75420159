//! Foreign formats, read into the domain's words. Whatever is wrong is reported with its place.

pub mod case;
pub mod csv;
pub mod oneroster;
mod problem;
mod utf8;

pub use problem::Problem;
