//! Foreign formats: from files to the requests of this service's own API.
//!
//! A file is read line by line and never trusted. What cannot be read is a [`Problem`] with file,
//! line, field and reason; everything else goes on.

pub mod competencies;
pub mod evidence_csv;
pub mod oneroster_results;
pub mod problem;
mod record_lines;
pub mod table;

pub use competencies::Competencies;
pub use evidence_csv::EvidenceCsv;
pub use oneroster_results::{LineItems, Results};
pub use problem::{Problem, Row};
