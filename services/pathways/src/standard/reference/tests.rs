//! What is written is what is read; and each table's ways to be wrong.

use std::collections::BTreeMap;

use super::{FILES, read};
use northstar_pathways_domain::{Entry, Median};

const TABLES: [(&str, &str); 5] = [
    ("occupations.csv", "code,title,job_zone\n11-1031.00,Legislators,\n15-1252.00,Developers,4\n"),
    ("ratings.csv", "code,1.C.5.a.IM,2.A.1.a.IM,2.A.1.a.LV\n15-1252.00,450,412,\n"),
    ("regions.csv", "region_code,name,kind,release\n0800000,Colorado,S,oews-2025\n"),
    (
        "wages.csv",
        "region_code,soc_code,annual_median_dollars,median_is_lower_bound,employment\n\
         0800000,15-1252,132000,,30000\n0800000,29-1212,239200,1,\n",
    ),
    (
        "crosswalk.csv",
        "crosswalk,competency_id,element_id,element_name,weight_milli\n\
         a-onet,63250779-73d0-5546-a341-e14def2c59ef,2.A.1.a,Reading,600\n",
    ),
];

/// The tables with one of them replaced.
fn tables(changed: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let all = TABLES.iter().chain(changed);
    all.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

/// (file, line, field, reason) of everything refused, and the keys of everything read.
type Read = (Vec<(String, u64, String, &'static str)>, Vec<String>);

fn outcome(changed: &[(&str, &str)]) -> Read {
    let (entries, problems) = read(&tables(changed));
    let listed = problems
        .listed()
        .iter()
        .map(|problem| (problem.file.clone(), problem.line, problem.field.clone(), problem.reason));
    (listed.collect(), entries.iter().map(Entry::key).collect())
}

const ALL: [&str; 4] = ["11-1031.00", "15-1252.00", "0800000", "a-onet"];

#[test]
fn every_figure_is_read() {
    let (entries, problems) = read(&tables(&[]));
    assert_eq!(problems.listed(), []);
    let [Entry::Occupation(unrated), Entry::Occupation(rated), Entry::Region(region), _] =
        entries.as_slice()
    else {
        panic!("{entries:?}");
    };
    assert_eq!((unrated.ratings().len(), unrated.job_zone()), (0, None));
    assert_eq!((rated.ratings().len(), rated.job_zone()), (2, Some(4)));
    assert_eq!(rated.ratings()[1].level, None, "an empty field is missing, not zero");
    assert_eq!(region.wages()[1].median, Some(Median::AtLeast(239_200)));
    assert_eq!(region.wages()[1].employment, None);
}

#[test]
fn a_row_that_is_refused_is_named_and_the_rest_is_read() {
    let ratings = "code,2.A.1.a.IM,2.A.1.a.LV\n15-1252.00,412,701\n";
    let (problems, keys) = outcome(&[("ratings.csv", ratings)]);
    assert_eq!(problems, [("ratings.csv".into(), 2, "2.A.1.a.LV".into(), "OUT_OF_BOUNDS")]);
    assert_eq!(keys, ["11-1031.00", "0800000", "a-onet"], "not published as if unrated");

    let wages = "region_code,soc_code,annual_median_dollars,median_is_lower_bound,employment\n\
        0800000,15-1252,132000,,30000\n0800000,15-1252,1,,1\n0800000,nurse,1,,\n\
        0800000,15-1253,1,yes,\n0899999,15-1252,1,,\n";
    let (problems, keys) = outcome(&[("wages.csv", wages)]);
    let expected = [
        ("wages.csv".into(), 3, "soc_code".into(), "REPEATED"),
        ("wages.csv".into(), 4, "soc_code".into(), "INVALID_CODE"),
        ("wages.csv".into(), 5, "median_is_lower_bound".into(), "UNKNOWN_FLAG"),
        ("wages.csv".into(), 1, String::new(), "UNKNOWN_REGION"),
    ];
    assert_eq!(problems, expected);
    assert_eq!(keys, ALL);
}

#[test]
fn occupations_that_do_not_fit_together_are_named() {
    let titles = "code,title,job_zone\n15-1252.00,Developers,4\n15-1252.00,Again,4\n\
        15-1253.00,,4\n15-1254.00,Web,7\n";
    let ratings = "code,2.A.1.a.IM\n15-1252.00,412\n15-1252.00,413\n15-1299.00,300\n";
    let changed = [("occupations.csv", titles), ("ratings.csv", ratings)];
    let (problems, keys) = outcome(&changed);
    let expected = [
        ("ratings.csv".into(), 3, "code".into(), "REPEATED"),
        ("occupations.csv".into(), 3, "code".into(), "REPEATED"),
        ("occupations.csv".into(), 4, "title".into(), "OUT_OF_BOUNDS"),
        ("occupations.csv".into(), 5, "job_zone".into(), "OUT_OF_BOUNDS"),
        ("ratings.csv".into(), 1, String::new(), "UNKNOWN_OCCUPATION"),
    ];
    assert_eq!(problems, expected);
    assert_eq!(keys, ["15-1252.00", "0800000", "a-onet"]);
}

#[test]
fn tables_that_need_each_other_are_asked_for() {
    let mut files = tables(&[("skills.csv", "")]);
    files.remove("ratings.csv");
    files.remove("regions.csv");
    let (entries, problems) = read(&files);
    assert_eq!(entries.iter().map(Entry::key).collect::<Vec<_>>(), ["a-onet"]);
    let listed: Vec<_> = problems.listed().iter().map(|p| (p.file.as_str(), p.reason)).collect();
    let expected = [
        ("skills.csv", "UNKNOWN_FILE"),
        ("ratings.csv", "FILE_MISSING"),
        ("regions.csv", "FILE_MISSING"),
    ];
    assert_eq!(listed, expected);
}

#[test]
fn garbage_is_refused_without_harm() {
    let garbage: [&[u8]; 6] =
        [b"", b"\xff\xfe\x00", b"\"", b"code\n\"", b",,,\n,,,", b"code,x.LV\n15-1252.00,1\n"];
    for bytes in garbage {
        for name in FILES {
            let mut files = tables(&[]);
            files.insert(name.to_owned(), bytes.to_vec());
            let (_, problems) = read(&files);
            assert!(problems.count() > 0, "{name}: {bytes:?}");
        }
    }
}
