use std::fs;
use std::path::Path;

use super::*;

/// The files of a folder, by name.
fn set(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a plain name");
        (name, fs::read(entry.path()).expect("a file"))
    };
    fs::read_dir(folder).expect("a folder").map(file).collect()
}

fn authored(name: &str) -> BTreeMap<String, Vec<u8>> {
    set(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oneroster").join(name))
}

/// File, line, field and reason of each problem.
fn problems(roster: &Roster) -> Vec<(&str, u64, &str, &str)> {
    let each = roster.problems.iter();
    each.map(|problem| {
        (problem.file.as_str(), problem.line, problem.field.as_str(), problem.reason)
    })
    .collect()
}

fn counts(roster: &Roster) -> (usize, usize, usize, usize) {
    let Roster { organizations, people, classes, enrollments, .. } = roster;
    (organizations.len(), people.len(), classes.len(), enrollments.len())
}

fn person<'a>(roster: &'a Roster, source_id: &str) -> &'a PersonSaid {
    let row = roster.people.iter().find(|row| row.source_id == source_id).expect("a row");
    row.said.as_ref().expect("not deleted")
}

fn roles_of(said: &PersonSaid) -> Vec<(&str, Vec<&str>)> {
    let each = said.roles.iter();
    each.map(|role| (role.role.as_str(), role.organizations.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn a_1_1_set_has_the_role_with_the_person() {
    let roster = read(&authored("v1p1"));
    assert_eq!(problems(&roster), []);
    assert_eq!(counts(&roster), (3, 3, 1, 3));
    assert_eq!(roster.rows(), 10);
    let ada = person(&roster, "ada");
    assert_eq!(roles_of(ada), [("student", vec!["high"])]);
    let details = ada.details.as_ref().expect("said");
    assert_eq!(
        (details.given.as_str(), details.middle.as_str(), details.family.as_str()),
        ("Ada", "Q", "Example")
    );
    assert_eq!((details.grades.join(" "), details.enabled), ("10 09".into(), true));
    assert_eq!(roles_of(person(&roster, "ben")), [("teacher", vec!["high", "district"])]);
    let cleo = person(&roster, "cleo").details.as_ref().expect("said");
    assert_eq!((cleo.family.as_str(), cleo.enabled), ("O\"Example", false));
}

#[test]
fn a_1_2_set_has_roles_apart() {
    let roster = read(&authored("v1p2"));
    assert_eq!(problems(&roster), []);
    assert_eq!(counts(&roster), (3, 4, 1, 3));
    let ben = person(&roster, "ben");
    assert_eq!(roles_of(ben), [("teacher", vec!["high"]), ("teacher", vec!["district"])]);
    assert_eq!(ben.roles_are, RolesAre::All);
    let nobody = person(&roster, "nobody");
    assert!(nobody.details.is_none(), "roles.csv alone knows them");
    assert_eq!(nobody.roles[0].place, Place { file: "roles.csv", line: 6 });
}

#[test]
fn a_delta_deletes_and_adds() {
    let roster = read(&authored("v1p2-delta"));
    assert_eq!(problems(&roster), [("roles.csv", 3, "status", "ROLE_REMOVAL_NEEDS_BULK")]);
    let deleted: Vec<_> =
        roster.people.iter().filter(|row| row.said.is_none()).map(|row| &row.source_id).collect();
    assert_eq!(deleted, ["cleo"]);
    assert_eq!(person(&roster, "ben").roles_are, RolesAre::Added);
    assert!(roster.enrollments[0].said.is_none() && roster.enrollments[1].said.is_some());
}

#[test]
fn each_bad_row_is_reported_and_the_good_ones_are_read() {
    let roster = read(&authored("v1p1-bad"));
    let expected = [
        ("classes.csv", 1, "schoolSourcedId", "MISSING_COLUMN"),
        ("enrollments.csv", 5, "beginDate", "NOT_A_DATE"),
        ("enrollments.csv", 7, "role", "WORD_UNKNOWN"),
        ("orgs.csv", 9, "type", "WORD_UNKNOWN"),
        ("orgs.csv", 10, "sourcedId", "MISSING_VALUE"),
        ("orgs.csv", 11, "name", "MISSING_VALUE"),
        ("orgs.csv", 12, "sourcedId", "DUPLICATE_IDENTIFIER"),
        ("users.csv", 4, "givenName", "WRONG_ENCODING"),
        ("users.csv", 5, "", "QUOTES_UNBALANCED"),
        ("users.csv", 6, "", "FIELD_COUNT"),
        ("users.csv", 7, "", "FIELD_COUNT"),
        ("users.csv", 8, "role", "WORD_UNKNOWN"),
        ("users.csv", 9, "enabledUser", "NOT_TRUE_OR_FALSE"),
        ("users.csv", 10, "familyName", "MISSING_VALUE"),
        ("users.csv", 11, "status", "WORD_UNKNOWN"),
        ("users.csv", 12, "sourcedId", "DUPLICATE_IDENTIFIER"),
    ];
    assert_eq!(problems(&roster), expected);
    assert_eq!(counts(&roster), (7, 3, 0, 4));
}

#[test]
fn a_problem_never_repeats_what_the_row_says() {
    let roster = read(&authored("v1p1-bad"));
    for secret in ["Jos", "Example", "planted", "pupil"] {
        assert!(!format!("{:?}", roster.problems).contains(secret), "{secret}");
    }
}

#[test]
fn the_manifest_says_which_version_it_is_and_which_files_belong_to_it() {
    let with = |manifest: &str| {
        let mut files = authored("v1p1");
        files.insert("manifest.csv".into(), manifest.into());
        read(&files)
    };
    let roster = with("propertyName,value\noneroster.version,2.0\n");
    assert_eq!(problems(&roster), [("manifest.csv", 0, "", "VERSION_UNSUPPORTED")]);
    assert_eq!(roster.rows(), 0);
    let manifest =
        "propertyName,value\noneroster.version,1.1\nfile.orgs,absent\nfile.users,whole\n";
    let expected =
        [("orgs.csv", 0, "", "FILE_NOT_IN_MANIFEST"), ("users.csv", 0, "", "MODE_UNKNOWN")];
    assert_eq!(problems(&with(manifest)), expected);
    let mut files = authored("v1p1");
    files.remove("classes.csv");
    files.insert("user.csv".into(), Vec::new());
    let expected = [("classes.csv", 0, "", "FILE_MISSING"), ("user.csv", 0, "", "FILE_UNKNOWN")];
    assert_eq!(problems(&read(&files)), expected);
}

#[test]
fn a_set_without_a_manifest_is_taken_as_it_looks() {
    for version in ["v1p1", "v1p2"] {
        let mut files = authored(version);
        files.remove("manifest.csv");
        assert_eq!(counts(&read(&files)), counts(&read(&authored(version))), "{version}");
    }
    assert_eq!(read(&BTreeMap::new()).rows(), 0);
}

#[test]
fn roles_that_were_read_only_in_part_take_nothing_away() {
    let mut files = authored("v1p2");
    let roles = String::from_utf8(files["roles.csv"].clone()).expect("UTF-8");
    files.insert("roles.csv".into(), roles.replace("secondary,teacher", "secondary,?").into());
    let roster = read(&files);
    assert_eq!(problems(&roster), [("roles.csv", 4, "role", "WORD_UNKNOWN")]);
    assert_eq!(person(&roster, "ben").roles_are, RolesAre::Added);
    files.insert("roles.csv".into(), b"sourcedId\n".to_vec());
    assert_eq!(person(&read(&files), "ben").roles_are, RolesAre::NotSaid);
}

#[test]
fn damaged_bytes_never_panic() {
    let good = authored("v1p2");
    let mut seed = 5_u64;
    let mut next = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % bound
    };
    let mut reported = 0;
    for _ in 0..1_000 {
        let mut files = good.clone();
        let name = FILES_READ[next(FILES_READ.len())];
        let bytes = files.get_mut(name).expect("a file of the set");
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = b"\",\n\r\0\xFF{"[next(7)],
                1 => bytes.truncate(at.max(1)),
                _ => drop(bytes.remove(at)),
            }
        }
        reported += u32::from(!read(&files).problems.is_empty());
    }
    assert!(reported > 300, "{reported} of 1,000 damaged sets had a problem");
}

#[test]
fn real_sized_sets_are_read_without_a_problem() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/oneroster");
    if !data.is_dir() {
        println!("skipped: no shared data");
        return;
    }
    let expected = [
        ("v1p1-bulk-network", (10, 372, 12, 462)),
        ("v1p1-delta-network", (0, 6, 0, 4)),
        ("v1p2-bulk-network", (7, 128, 8, 157)),
    ];
    for (name, rows) in expected {
        let roster = read(&set(&data.join(name)));
        assert_eq!(problems(&roster), [], "{name}");
        assert_eq!(counts(&roster), rows, "{name}");
    }
}
