//! The demo region's files, part of the binary so that it can be shown anywhere.

use crate::client::import::NamedFile;

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../../deploy/", $folder, "/", $name)).as_slice())),+]
    };
}

/// The OneRoster set: three districts, six schools, 360 students.
pub(super) fn roster() -> Vec<NamedFile> {
    owned(&files!("demo/oneroster": "academicSessions.csv", "categories.csv", "classes.csv",
        "courses.csv", "enrollments.csv", "lineItems.csv", "manifest.csv", "orgs.csv",
        "results.csv", "users.csv"))
}

/// The North Star framework.
pub(super) fn framework() -> NamedFile {
    one(files!("demo": "northstar.case-1p0.json"))
}

/// A year of rubric evidence on 80 of the students.
pub(super) fn evidence() -> NamedFile {
    one(files!("demo": "front_range_evidence.csv"))
}

/// Occupations, wages and the crosswalk.
pub(super) fn reference() -> Vec<NamedFile> {
    owned(&files!("reference": "crosswalk.csv", "occupations.csv", "ratings.csv", "regions.csv",
        "wages.csv"))
}

fn one([(name, bytes)]: [(&str, &[u8]); 1]) -> NamedFile {
    (name.to_owned(), bytes.to_vec())
}

fn owned(files: &[(&str, &[u8])]) -> Vec<NamedFile> {
    files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}
