//! The importer from official files to the tables under `deploy/reference`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use northstar_pathways::standard::reference::{FILES, read, write_reference};
use northstar_pathways_domain::Entry;

/// The project's own tables.
fn kept() -> PathBuf {
    northstar_testkit::workspace().join("deploy/reference")
}

fn tables(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let table = |name: &str| fs::read(folder.join(name)).expect(name);
    FILES.iter().map(|name| ((*name).to_owned(), table(name))).collect()
}

#[test]
fn the_tables_in_the_project_are_what_the_importer_writes() {
    let Some(shared) = northstar_testkit::shared_data() else { return };
    let shared = shared.join("data");
    let out = tempfile::tempdir().expect("a folder");
    let crosswalk = shared.join("frameworks/northstar_to_onet.csv");
    let written =
        write_reference(&shared.join("onet"), &shared.join("labor"), &crosswalk, out.path())
            .expect("written");
    assert_eq!(written.problems.listed(), []);
    assert_eq!((written.occupations, written.rated), (1_016, 879));
    assert_eq!((written.regions, written.links), (12, 20));
    let (fresh, kept) = (tables(out.path()), tables(&kept()));
    for name in FILES {
        assert!(fresh[name] == kept[name], "{name} differs from what the importer writes");
    }
}

#[test]
fn the_tables_in_the_project_are_read_without_a_problem() {
    let (entries, problems) = read(&tables(&kept()));
    assert_eq!(problems.listed(), []);
    let count = |kind: fn(&Entry) -> bool| entries.iter().filter(|entry| kind(entry)).count();
    assert_eq!(count(|entry| matches!(entry, Entry::Occupation(_))), 1_016);
    assert_eq!(count(|entry| matches!(entry, Entry::Region(_))), 12);
    assert_eq!(count(|entry| matches!(entry, Entry::Crosswalk(_))), 1);
}

#[test]
fn the_tables_in_the_project_carry_their_notices() {
    let readme = fs::read_to_string(kept().join("README.md")).expect("a README");
    let said = readme.split_whitespace().collect::<Vec<_>>().join(" ").replace("> ", "");
    for notice in ["O*NET is a trademark of USDOL/ETA.", "BLS.gov cannot vouch for the data"] {
        assert!(said.contains(notice), "{notice}");
    }
    for name in FILES {
        assert!(said.contains(name), "{name} is not described");
    }
}

/// Writes official files as small as they can be; `changed` replaces some of them.
fn official(folder: &Path, changed: &[(&str, &str)]) {
    let rated =
        "O*NET-SOC Code\tElement ID\tScale ID\tData Value\tRecommend Suppress\tNot Relevant";
    let skills = format!(
        "{rated}\n15-1252.00\t2.A.1.a\tIM\t4.12\tN\tn/a\n15-1252.00\t2.A.1.a\tLV\t4.5\tN\tN\n\
         15-1252.00\t2.A.1.b\tIM\t3\tN\tn/a\n15-1252.00\t2.A.1.b\tLV\t1.5\tY\tN\n"
    );
    let wages = "area_type,area_code,area_title,occ_code,o_group,tot_emp,a_median,wage_footnotes\r\n\
        S,0800000,Colorado,15-1252,detailed,-,132000,\r\n\
        S,0800000,Colorado,29-1212,detailed,200,-,5\r\n";
    let files = [
        (
            "Occupation Data.txt",
            "O*NET-SOC Code\tTitle\tDescription\n15-1252.00\tDevelopers\tText\n",
        ),
        ("Job Zones.txt", "O*NET-SOC Code\tJob Zone\n15-1252.00\t4\n"),
        ("Skills.txt", &skills),
        ("Knowledge.txt", rated),
        ("Work Styles.txt", rated),
        ("oews_footnotes.csv", "footnote_code,footnote_text\n5,\"Or $239,200 per year.\"\n"),
        ("oews_2025_colorado.csv", wages),
        (
            "a_to_onet.csv",
            "competency_case_identifier,onet_element_id,onet_element_name,weight\n\
             63250779-73d0-5546-a341-e14def2c59ef,2.A.1.a,Reading,0.6\n",
        ),
    ];
    for (name, text) in files.iter().chain(changed) {
        fs::write(folder.join(name), text).expect("written");
    }
}

#[test]
fn a_missing_figure_is_an_empty_field_and_a_bound_is_marked() {
    let (source, out) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("one"));
    official(source.path(), &[]);
    let crosswalk = source.path().join("a_to_onet.csv");
    let written = write_reference(source.path(), source.path(), &crosswalk, out.path());
    let written = written.expect("written");
    assert_eq!((written.suppressed, written.lower_bounds, written.without_median), (1, 1, 0));
    let text = |name| String::from_utf8(tables(out.path())[name].clone()).expect("text");
    assert_eq!(
        text("ratings.csv"),
        "code,2.A.1.a.IM,2.A.1.a.LV,2.A.1.b.IM,2.A.1.b.LV\n15-1252.00,412,450,300,\n"
    );
    assert_eq!(
        text("wages.csv"),
        "region_code,soc_code,annual_median_dollars,median_is_lower_bound,employment\n\
         0800000,15-1252,132000,,\n0800000,29-1212,239200,1,200\n"
    );
    assert_eq!(text("occupations.csv"), "code,title,job_zone\n15-1252.00,Developers,4\n");
    let (entries, problems) = read(&tables(out.path()));
    assert_eq!((entries.len(), problems.count()), (3, 0));
}

#[test]
fn one_area_in_two_files_and_a_silent_footnote_are_reported() {
    let (source, out) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("one"));
    let wages = "area_type,area_code,area_title,occ_code,o_group,tot_emp,a_median,wage_footnotes\n\
        S,0800000,Colorado,15-1252,detailed,5,1,\n";
    let silent = "footnote_code,footnote_text\n8,Not released.\n";
    let changed = [("oews_2025_x.csv", wages), ("oews_footnotes.csv", silent)];
    official(source.path(), &changed);
    let crosswalk = source.path().join("a_to_onet.csv");
    let written = write_reference(source.path(), source.path(), &crosswalk, out.path());
    let written = written.expect("written");
    let problems = written.problems.listed().iter().map(|p| (p.file.as_str(), p.reason));
    let expected = [("oews_footnotes.csv", "BOUND_MISSING"), ("oews_2025_x.csv", "REPEATED")];
    assert_eq!(problems.collect::<Vec<_>>(), expected);
    assert_eq!((written.regions, written.lower_bounds, written.without_median), (1, 0, 1));
}

#[test]
fn a_missing_file_is_named() {
    let source = tempfile::tempdir().expect("a folder");
    let nothing = source.path().join("none.csv");
    let failed = write_reference(source.path(), source.path(), &nothing, source.path());
    let message = failed.expect_err("there are no files").to_string();
    assert!(message.contains("Occupation Data.txt"), "{message}");
}
