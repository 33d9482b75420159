//! Reading CSV that is not as it should be.

use northstar_evidence::standard::Problem;
use northstar_evidence::standard::table::{Record, Table};

use crate::files::places;

fn read(bytes: &[u8]) -> (Vec<(u64, String, String)>, Vec<Problem>) {
    let table = match Table::open("t.csv", bytes, &["a", "b"]) {
        Ok(table) => table,
        Err(problems) => return (Vec::new(), problems),
    };
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for record in table {
        let seen = |it: &Record| (it.line(), it.get("a").to_owned(), it.get("b").to_owned());
        match record {
            Ok(record) => records.push(seen(&record)),
            Err(problem) => problems.push(problem),
        }
    }
    (records, problems)
}

fn row(line: u64, a: &str, b: &str) -> (u64, String, String) {
    (line, a.to_owned(), b.to_owned())
}

#[test]
fn columns_go_by_name_in_any_order() {
    let (records, problems) = read(b"b,more,a\n1,x,2\n");
    assert_eq!((records, problems), (vec![row(2, "2", "1")], vec![]));
}

#[test]
fn a_mark_windows_line_ends_blank_lines_and_no_last_line_end_are_fine() {
    let (records, problems) = read(b"\xEF\xBB\xBFa,b\r\n1, 2 \r\n\r\n3,4");
    assert_eq!(records, [row(2, "1", "2"), row(4, "3", "4")]);
    assert_eq!(problems, []);
}

#[test]
fn quotes_hold_commas_quotes_and_line_ends() {
    let (records, problems) = read(b"a,b\n\"x, \"\"y\"\"\",1\n\"two\nlines\",2\nz,3\n");
    assert_eq!(records, [row(2, "x, \"y\"", "1"), row(3, "two\nlines", "2"), row(5, "z", "3")]);
    assert_eq!(problems, []);
}

#[test]
fn an_open_quote_costs_its_own_line_alone() {
    let (records, problems) = read(b"a,b\n\"open,1\n2,3\n4,5\n");
    assert_eq!(records, [row(3, "2", "3"), row(4, "4", "5")]);
    assert_eq!(places(&problems), [(2, "", "QUOTE_NOT_CLOSED")]);
}

#[test]
fn two_stray_quotes_do_not_take_the_lines_between_them() {
    let (records, problems) = read(b"a,b\n\"x,1\n2,3\n\"4,5\n6,7\n");
    assert_eq!(records, [row(3, "2", "3"), row(5, "6", "7")]);
    let found = places(&problems);
    assert_eq!(found, [(2, "", "QUOTE_MISPLACED"), (4, "", "QUOTE_NOT_CLOSED")]);
}

#[test]
fn a_quote_within_a_field_is_a_character() {
    let (records, problems) = read(b"a,b\n5\" pipe,1\n2,3\n");
    assert_eq!((records, problems), (vec![row(2, "5\" pipe", "1"), row(3, "2", "3")], vec![]));
}

#[test]
fn carriage_returns_alone_are_not_line_ends() {
    let (_, problems) = read(b"a,b\r1,2\r3,4\r");
    assert_eq!(places(&problems), [(1, "b", "COLUMN_MISSING")]);
    let (records, problems) = read(b"a,b\n1,2\r3\n");
    assert_eq!((records, problems), (vec![row(2, "1", "2\r3")], vec![]));
}

#[test]
fn a_record_with_too_few_or_too_many_fields_is_refused() {
    let (records, problems) = read(b"a,b\n1\n1,2,3\n4,5\n");
    assert_eq!(records, [row(4, "4", "5")]);
    assert_eq!(places(&problems), [(2, "", "WRONG_COLUMN_COUNT"), (3, "", "WRONG_COLUMN_COUNT")]);
    assert_eq!(problems[1].message, "3 fields, but the header has 2");
}

#[test]
fn a_latin_1_field_is_named_and_the_rest_is_read() {
    let (records, problems) = read(b"a,b\n1,caf\xE9\n2,caf\xC3\xA9\n");
    assert_eq!(records, [row(3, "2", "café")]);
    assert_eq!(places(&problems), [(2, "b", "WRONG_ENCODING")]);
}

#[test]
fn utf_16_is_recognized() {
    for mark in [[0xFF, 0xFE], [0xFE, 0xFF]] {
        let (_, problems) = read(&[&mark[..], b"a\0,\0b\0\n\0"].concat());
        assert_eq!(places(&problems), [(1, "", "WRONG_ENCODING")]);
    }
}

#[test]
fn every_missing_or_doubled_column_is_named() {
    let (_, problems) = read(b"c,c\n1,2\n");
    assert_eq!(
        places(&problems),
        [(1, "a", "COLUMN_MISSING"), (1, "b", "COLUMN_MISSING"), (1, "c", "COLUMN_TWICE")]
    );
}

#[test]
fn an_empty_file_has_no_header() {
    for empty in ["", "\n\n", "  \na,b\n"] {
        assert_eq!(places(&read(empty.as_bytes()).1), [(0, "", "HEADER_MISSING")]);
    }
}

#[test]
fn an_endless_line_is_skipped() {
    let text = format!("a,b\n{},2\n3,4\n", "x".repeat(300_000));
    let (records, problems) = read(text.as_bytes());
    assert_eq!(records, [row(3, "3", "4")]);
    assert_eq!(places(&problems), [(2, "", "LINE_TOO_LONG")]);
}

#[test]
fn no_bytes_make_it_panic() {
    let samples: [&[u8]; 6] =
        [b"\"", b"a,b\n\"\"\"", b"a,b\n\0\0\0", b"a,b\n\xFF\"\n\xFE", b"\"a\nb\",c", b"a,b\n,\n"];
    for bytes in samples {
        let (records, problems) = read(bytes);
        assert!(records.len() + problems.len() > 0, "{bytes:?} is neither read nor reported");
    }
}

#[test]
fn a_problem_reads_as_a_place_and_a_reason() {
    let (_, problems) = read(b"a,b\n1,caf\xE9\n");
    assert_eq!(
        problems[0].to_string(),
        "t.csv:2: b: WRONG_ENCODING: this is not UTF-8; save the file as UTF-8"
    );
}

#[test]
fn what_the_service_refuses_reads_like_a_problem_of_the_file() {
    let refused = northstar_wire::evidence::v1::Refused {
        reason: "UNKNOWN_LEVEL".to_owned(),
        message: "there is no level 9".to_owned(),
        field: "item.level".to_owned(),
        retryable: false,
    };
    let problem = Problem::refused("t.csv", 7, refused);
    assert_eq!(problem.to_string(), "t.csv:7: item.level: UNKNOWN_LEVEL: there is no level 9");
}
