//! What each line of the four (from 1.2 on five) files says.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::Manifest;
use super::table::Line;
use super::{
    ClassSaid, EnrollmentSaid, OrganizationSaid, PersonDetails, PersonSaid, Place, Problem,
    RoleSaid, RolesAre, Roster, Row, Table,
};

const ROLES: [&str; 13] = [
    "administrator",
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
];
const ENROLLMENT_ROLES: [&str; 5] = ["administrator", "aide", "proctor", "student", "teacher"];
const ORGANIZATION_KINDS: [&str; 6] =
    ["department", "school", "district", "local", "state", "national"];

/// Reads every file that is there and whole.
pub(super) fn read(roster: &mut Roster, files: &BTreeMap<String, Vec<u8>>, manifest: &Manifest) {
    let mut reader = Reader { files, manifest, problems: Vec::new() };
    let columns = ["sourcedId", "name", "type"];
    roster.organizations = reader.file("orgs.csv", &columns, organization).unwrap_or_default();
    let columns = ["sourcedId", "title", "schoolSourcedId"];
    roster.classes = reader.file("classes.csv", &columns, class).unwrap_or_default();
    let columns = ["sourcedId", "classSourcedId", "userSourcedId", "role"];
    roster.enrollments = reader.file("enrollments.csv", &columns, enrollment).unwrap_or_default();
    roster.people = if manifest.roles_apart {
        people_with_roles_apart(&mut reader)
    } else {
        people_with_their_role(&mut reader)
    };
    roster.problems.append(&mut reader.problems);
}

struct Reader<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    manifest: &'a Manifest,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Reads a file line by line; of two lines with one id the first stands. `None` if the file is
    /// not there, or refused as a whole.
    fn file<T>(
        &mut self,
        file: &'static str,
        columns: &[&str],
        said: impl Fn(&Line<'_>) -> Result<T, Problem>,
    ) -> Option<Vec<Row<T>>> {
        let bytes = self.files.get(file);
        if let Some(problem) = self.manifest.check(file, bytes.is_some()) {
            self.problems.push(problem);
            return None;
        }
        let opened = Table::open(file, bytes?, columns);
        let mut table = opened.map_err(|problem| self.problems.push(problem)).ok()?;
        let (mut rows, mut known) = (Vec::new(), BTreeSet::new());
        while let Some(line) = table.next_line() {
            match line.and_then(|line| row(&line, &mut known, &said)) {
                Ok(row) => rows.push(row),
                Err(problem) => self.problems.push(problem),
            }
        }
        Some(rows)
    }
}

fn row<T>(
    line: &Line<'_>,
    known: &mut BTreeSet<String>,
    said: impl Fn(&Line<'_>) -> Result<T, Problem>,
) -> Result<Row<T>, Problem> {
    let source_id = line.required("sourcedId")?;
    let said = if line.to_be_deleted()? { None } else { Some(said(line)?) };
    if !known.insert(source_id.clone()) {
        let message = "an earlier line has the same sourcedId, and stands; remove this one";
        return Err(line.place.problem("sourcedId", "DUPLICATE_IDENTIFIER", message));
    }
    Ok(Row { place: line.place, source_id, said })
}

fn organization(line: &Line<'_>) -> Result<OrganizationSaid, Problem> {
    Ok(OrganizationSaid {
        name: line.required("name")?,
        kind: line.word("type", &ORGANIZATION_KINDS)?,
        parent: line.text("parentSourcedId")?,
    })
}

fn class(line: &Line<'_>) -> Result<ClassSaid, Problem> {
    Ok(ClassSaid {
        title: line.required("title")?,
        school: line.required("schoolSourcedId")?,
        course: line.text("courseSourcedId")?,
    })
}

fn enrollment(line: &Line<'_>) -> Result<EnrollmentSaid, Problem> {
    Ok(EnrollmentSaid {
        class: line.required("classSourcedId")?,
        user: line.required("userSourcedId")?,
        role: line.word("role", &ENROLLMENT_ROLES)?,
        begin_date: line.date("beginDate")?,
        end_date: line.date("endDate")?,
    })
}

fn details(line: &Line<'_>) -> Result<PersonDetails, Problem> {
    let (given, family) = (line.text("givenName")?, line.text("familyName")?);
    if given.is_empty() && family.is_empty() {
        let message = "a person needs a given or a family name";
        return Err(line.place.problem("familyName", "MISSING_VALUE", message));
    }
    Ok(PersonDetails {
        given,
        family,
        middle: line.text("middleName")?,
        grades: line.list("grades")?,
        enabled: line.truth("enabledUser")?,
        primary_organization: line.text("primaryOrgSourcedId")?,
    })
}

/// Up to 1.1.
fn people_with_their_role(reader: &mut Reader<'_>) -> Vec<Row<PersonSaid>> {
    let columns = ["sourcedId", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName"];
    let rows = reader.file("users.csv", &columns, |line| {
        let role = RoleSaid {
            place: line.place,
            role: line.word("role", &ROLES)?,
            organizations: line.list("orgSourcedIds")?,
        };
        let details = Some(details(line)?);
        Ok(PersonSaid { details, roles: vec![role], roles_are: RolesAre::All })
    });
    rows.unwrap_or_default()
}

/// From 1.2 on: roles.csv has one role a line.
fn people_with_roles_apart(reader: &mut Reader<'_>) -> Vec<Row<PersonSaid>> {
    let (mut of, roles_are) = roles(reader);
    let columns = ["sourcedId", "enabledUser", "givenName", "familyName"];
    let rows = reader.file("users.csv", &columns, |line| {
        Ok(PersonSaid { details: Some(details(line)?), roles: Vec::new(), roles_are })
    });
    let mut people = rows.unwrap_or_default();
    for person in &mut people {
        let roles = of.remove(&person.source_id).unwrap_or_default();
        if let Some(said) = &mut person.said {
            said.roles = roles;
        }
    }
    people.extend(of.into_iter().filter_map(|(user, roles)| role_alone(user, roles, roles_are)));
    people
}

/// Roles of somebody whom users.csv does not mention.
fn role_alone(
    source_id: String,
    roles: Vec<RoleSaid>,
    roles_are: RolesAre,
) -> Option<Row<PersonSaid>> {
    let place = roles.first()?.place;
    Some(Row { place, source_id, said: Some(PersonSaid { details: None, roles, roles_are }) })
}

/// The roles by person. If one of the lines cannot be read, the others come on top of what is
/// known: the role that is missing may be the one that could not be read.
fn roles(reader: &mut Reader<'_>) -> (BTreeMap<String, Vec<RoleSaid>>, RolesAre) {
    let columns = ["sourcedId", "userSourcedId", "role", "orgSourcedId"];
    let problems = reader.problems.len();
    let rows = reader.file("roles.csv", &columns, |line| {
        let role = RoleSaid {
            place: line.place,
            role: line.word("role", &ROLES)?,
            organizations: vec![line.required("orgSourcedId")?],
        };
        Ok((line.required("userSourcedId")?, role))
    });
    let Some(rows) = rows else { return (BTreeMap::new(), RolesAre::NotSaid) };
    let whole = reader.problems.len() == problems;
    let roles_are = if whole { reader.manifest.roles_are() } else { RolesAre::Added };
    let mut of: BTreeMap<String, Vec<RoleSaid>> = BTreeMap::new();
    for row in rows {
        match row.said {
            Some((user, role)) => of.entry(user).or_default().push(role),
            None if reader.manifest.roles_are() == RolesAre::Added => {
                reader.problems.push(not_removed(row.place));
            }
            None => {}
        }
    }
    (of, roles_are)
}

/// Roles are kept as a set, without the ids of their rows: one row of a delta cannot tell whether
/// another row still gives the same role.
fn not_removed(place: Place) -> Problem {
    let message = "a single role cannot be taken away by a delta; send roles.csv in bulk";
    place.problem("status", "ROLE_REMOVAL_NEEDS_BULK", message)
}
