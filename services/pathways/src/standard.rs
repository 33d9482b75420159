//! Foreign formats: O*NET's text files, the wage survey's tables, and our own compact tables.

mod crosswalk;
mod decimal;
mod oews;
mod onet;
pub mod problem;
pub mod reference;
mod table;
