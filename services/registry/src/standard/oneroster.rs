//! OneRoster 1.1 and 1.2 CSV sets: organizations, people, classes, enrollments.
//!
//! Nothing else of a set is read, and of these files only the columns named here: in particular no
//! column of secrets, which real sets are known to fill, is ever looked at.
//!
//! What a set does not mention stays as it is, also when its manifest says `bulk`: a file that was
//! cut short must not empty a school. Only `tobedeleted` takes a row out of the roster.

mod manifest;
mod rows;
mod table;

use std::collections::BTreeMap;

use manifest::Manifest;
use table::Table;

use super::{Problem, utf8};

/// Largest set that is taken, all files together.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;

/// The files that are read; others of the standard are passed over.
pub const FILES_READ: [&str; 6] =
    ["manifest.csv", "orgs.csv", "users.csv", "roles.csv", "classes.csv", "enrollments.csv"];

/// The files of the standard that hold nothing for the registry.
const FILES_PASSED_OVER: [&str; 16] = [
    "academicSessions.csv",
    "categories.csv",
    "classResources.csv",
    "courseResources.csv",
    "courses.csv",
    "demographics.csv",
    "lineItemLearningObjectiveIds.csv",
    "lineItemScoreScales.csv",
    "lineItems.csv",
    "resources.csv",
    "resultLearningObjectiveIds.csv",
    "resultScoreScales.csv",
    "results.csv",
    "scoreScales.csv",
    "userProfiles.csv",
    "userResources.csv",
];

/// What is done with a file of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is read.
    Read,
    /// It is part of the standard, and holds nothing for the registry.
    PassedOver,
    /// No file of the standard is called so.
    Unknown,
}

/// What is done with the file `name`.
pub fn use_of(name: &str) -> Use {
    if FILES_READ.contains(&name) {
        Use::Read
    } else if FILES_PASSED_OVER.contains(&name) {
        Use::PassedOver
    } else {
        Use::Unknown
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: &'static str,
    /// Line, from 1.
    pub line: u64,
}

impl Place {
    /// A problem of a field of this row.
    pub fn problem(
        &self,
        field: &str,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Problem {
        Problem::new(self.file, self.line, field, reason, message)
    }
}

/// What one row says of the thing with a source id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// Where it says so.
    pub place: Place,
    /// Id in the source system.
    pub source_id: String,
    /// What is said; `None`: it is to be deleted.
    pub said: Option<T>,
}

/// What is said of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationSaid {
    /// Name for people.
    pub name: String,
    /// district, school, local, state, national, department.
    pub kind: String,
    /// Source id of the organization above; may be empty.
    pub parent: String,
}

/// What is said of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonSaid {
    /// The person themselves; `None` if only roles are said.
    pub details: Option<PersonDetails>,
    /// Their roles, in the order of the files.
    pub roles: Vec<RoleSaid>,
    /// How these go with the roles already known.
    pub roles_are: RolesAre,
}

/// The person themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonDetails {
    /// Given name; may be empty.
    pub given: String,
    /// Middle name; may be empty.
    pub middle: String,
    /// Family name; may be empty.
    pub family: String,
    /// Grades as found.
    pub grades: Vec<String>,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// Source id of the organization they belong to foremost; may be empty.
    pub primary_organization: String,
}

/// One role at some organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSaid {
    /// Where it says so: users.csv in 1.1, roles.csv in 1.2.
    pub place: Place,
    /// student, teacher, guardian …
    pub role: String,
    /// Source ids of organizations.
    pub organizations: Vec<String>,
}

/// How the roles of a set go with those already known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolesAre {
    /// They take their place.
    All,
    /// They come on top: the rows of a delta.
    Added,
    /// The set says nothing of roles.
    NotSaid,
}

/// What is said of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSaid {
    /// Title.
    pub title: String,
    /// Source id of the school.
    pub school: String,
    /// Source id of the course; may be empty.
    pub course: String,
}

/// What is said of an enrollment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrollmentSaid {
    /// Source id of the class.
    pub class: String,
    /// Source id of the person.
    pub user: String,
    /// student, teacher, aide, administrator, proctor.
    pub role: String,
    /// First day, `YYYY-MM-DD`; may be empty.
    pub begin_date: String,
    /// Last day, `YYYY-MM-DD`; may be empty.
    pub end_date: String,
}

/// What a set says, row by row.
#[derive(Default)]
pub struct Roster {
    /// From orgs.csv.
    pub organizations: Vec<Row<OrganizationSaid>>,
    /// From users.csv and roles.csv.
    pub people: Vec<Row<PersonSaid>>,
    /// From classes.csv.
    pub classes: Vec<Row<ClassSaid>>,
    /// From enrollments.csv.
    pub enrollments: Vec<Row<EnrollmentSaid>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Roster {
    /// How many rows are left to be decided.
    pub fn rows(&self) -> u64 {
        let rows = self.organizations.len() + self.people.len();
        (rows + self.classes.len() + self.enrollments.len()) as u64
    }
}

/// Reads a set from its files, by name. It never fails: what cannot be read becomes a problem, and
/// the rest is read.
pub fn read(files: &BTreeMap<String, Vec<u8>>) -> Roster {
    let mut roster = Roster::default();
    for name in files.keys().filter(|name| use_of(name) == Use::Unknown) {
        let message = "OneRoster knows no file of this name; correct the name or leave it out";
        roster.problems.push(Problem::of_file(name, "FILE_UNKNOWN", message));
    }
    match Manifest::read(files) {
        Err(problem) => roster.problems.push(problem),
        Ok(manifest) => rows::read(&mut roster, files, &manifest),
    }
    roster.problems.sort();
    roster
}

#[cfg(test)]
mod tests;
