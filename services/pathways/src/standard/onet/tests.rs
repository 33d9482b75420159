//! The traps of O*NET's files, on small files of the same layout.

use super::{Flagged, OnetFiles, occupations};
use crate::standard::problem::Problems;
use northstar_pathways_domain::Occupation;

const RATED: &str = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tN\t\
    Recommend Suppress\tNot Relevant\n";

fn read(ratings: &str, styles: &str) -> (Vec<Occupation>, Flagged, Problems) {
    let titles = "O*NET-SOC Code\tTitle\tDescription\n\
        15-1252.00\tSoftware Developers\tLong text\n\
        11-1031.00\tLegislators\tNot surveyed\n";
    let zones = "O*NET-SOC Code\tJob Zone\n15-1252.00\t4\n";
    let ratings = format!("{RATED}{ratings}");
    let styles = format!(
        "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tRecommend Suppress\n{styles}"
    );
    let files = OnetFiles {
        occupations: ("Occupation Data.txt", titles.as_bytes()),
        job_zones: ("Job Zones.txt", zones.as_bytes()),
        ratings: [
            ("Skills.txt", ratings.as_bytes()),
            ("Knowledge.txt", RATED.as_bytes()),
            ("Work Styles.txt", styles.as_bytes()),
        ],
    };
    let mut problems = Problems::default();
    let (occupations, flagged) = occupations(&files, &mut problems);
    (occupations, flagged, problems)
}

/// (element, importance, level) of the surveyed occupation, in hundredths.
fn rated(occupations: &[Occupation]) -> Vec<(String, Option<u16>, Option<u16>)> {
    let figures = occupations[1].ratings().iter().map(|rating| {
        let importance = rating.importance.map(|figure| figure.centi());
        (rating.element.to_string(), importance, rating.level.map(|level| level.centi()))
    });
    figures.collect()
}

#[test]
fn flags_decide_what_a_figure_means() {
    let (occupations, flagged, problems) = read(
        "15-1252.00\t2.A.1.a\tReading\tIM\t4.12\t8\tN\tn/a\n\
         15-1252.00\t2.A.1.a\tReading\tLV\t4.5\t8\t\tN\n\
         15-1252.00\t2.A.1.b\tListening\tIM\t3\t8\tY\tn/a\n\
         15-1252.00\t2.A.1.b\tListening\tLV\t1.12\t8\tY\tN\n\
         15-1252.00\t2.B.3.e\tProgramming\tIM\t1.5\t8\tN\tn/a\n\
         15-1252.00\t2.B.3.e\tProgramming\tLV\t0.62\t8\tY\tY\n",
        "15-1252.00\t1.C.5.a\tDependability\tIM\t4.69\tN\n",
    );
    assert_eq!(problems.listed(), []);
    let expected = [
        ("1.C.5.a".to_owned(), Some(469), None),
        ("2.A.1.a".to_owned(), Some(412), Some(450)),
        ("2.A.1.b".to_owned(), None, None),
        ("2.B.3.e".to_owned(), Some(150), Some(0)),
    ];
    assert_eq!(rated(&occupations), expected);
    assert_eq!(flagged, Flagged { suppressed: 2, not_relevant: 1 });
}

#[test]
fn an_occupation_that_was_not_surveyed_is_kept_without_ratings() {
    let (occupations, _, _) = read("", "");
    let legislators = &occupations[0];
    assert_eq!(legislators.title(), "Legislators");
    assert_eq!((legislators.job_zone(), legislators.ratings().len()), (None, 0));
    assert_eq!(occupations[1].job_zone(), Some(4));
}

#[test]
fn bad_rows_are_named_and_good_ones_kept() {
    let (occupations, _, problems) = read(
        "15-1252.00\t2.A.1.a\tReading\tIM\t5.01\t8\tN\tn/a\n\
         15-1252.00\t2.A.1.b\tListening\tIM\t3.125\t8\tN\tn/a\n\
         15-1252.00\t2.A.1.c\tWriting\tXX\t3\t8\tN\tn/a\n\
         99-9999.00\t2.A.1.c\tWriting\tIM\t3\t8\tN\tn/a\n\
         15-1252.00\t2.A.1.d\tSpeaking\tIM\t3\t8\tperhaps\tn/a\n\
         15-1252.00\t2.A.1.e\tScience\tIM\t3\n\
         15-1252.00\t2.A.1.f\tMath\tIM\t3\t8\tN\tn/a\n\
         15-1252.00\t2.A.1.f\tMath\tIM\t3.5\t8\tN\tn/a\n",
        "",
    );
    let listed: Vec<_> =
        problems.listed().iter().map(|p| (p.line, p.field.as_str(), p.reason)).collect();
    let expected = [
        (2, "Data Value", "OUT_OF_BOUNDS"),
        (3, "Data Value", "NOT_A_NUMBER"),
        (4, "Scale ID", "UNKNOWN_SCALE"),
        (5, "O*NET-SOC Code", "UNKNOWN_OCCUPATION"),
        (6, "Recommend Suppress", "UNKNOWN_FLAG"),
        (7, "", "FIELD_COUNT"),
        (9, "Element ID", "REPEATED"),
    ];
    assert_eq!(listed, expected);
    assert!(rated(&occupations).contains(&("2.A.1.f".to_owned(), Some(300), None)));
}
