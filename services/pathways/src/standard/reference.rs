//! Our own compact tables of figures: what the importer writes and `ImportReference` reads.
//!
//! Numbers are integers, so that a table read is a table written: ratings in hundredths, weights in
//! thousandths, wages in whole dollars. An empty field is a missing figure; 0 is a figure.

mod read;
mod write;

pub use read::read;
pub use write::{ImportError, Written, write_reference};

/// Codes, titles and job zones.
pub const OCCUPATIONS: &str = "occupations.csv";
/// One row per occupation, two columns per element: `2.A.1.a.IM` and `2.A.1.a.LV`.
pub const RATINGS: &str = "ratings.csv";
/// Area codes, names, kinds and releases.
pub const REGIONS: &str = "regions.csv";
/// One row per region and occupation.
pub const WAGES: &str = "wages.csv";
/// One row per link.
pub const CROSSWALK: &str = "crosswalk.csv";

/// Every table, in the order in which they are best sent.
pub const FILES: [&str; 5] = [OCCUPATIONS, RATINGS, REGIONS, WAGES, CROSSWALK];

const OCCUPATION_COLUMNS: [&str; 3] = ["code", "title", "job_zone"];
const REGION_COLUMNS: [&str; 4] = ["region_code", "name", "kind", "release"];
const WAGE_COLUMNS: [&str; 5] =
    ["region_code", "soc_code", "annual_median_dollars", "median_is_lower_bound", "employment"];
const CROSSWALK_COLUMNS: [&str; 5] =
    ["crosswalk", "competency_id", "element_id", "element_name", "weight_milli"];

#[cfg(test)]
mod tests;
