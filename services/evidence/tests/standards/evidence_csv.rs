//! Evidence files, shared and authored.

use std::collections::BTreeSet;

use northstar_evidence::standard::{EvidenceCsv, Problem, Row};
use northstar_kernel::{EvidenceId, PersonId};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;

use crate::files::{apart, competencies, competency, places, shared, tenant};

const HEADER: &str = "evidence_id,learner_id,objective_code,rater_kind,rater_id,rubric_score,\
                      setting,observed_at,recorded_at,corrects_evidence_id";

fn read(rows: &str) -> (Vec<Row>, Vec<Problem>) {
    let competencies = competencies();
    let text = format!("{HEADER}\n{rows}");
    let csv = EvidenceCsv::open("evidence.csv", text.as_bytes(), tenant(), &competencies);
    apart(csv.expect("the header is right"))
}

fn person(source_id: &str) -> String {
    PersonId::derive(tenant(), source_id).to_string()
}

#[test]
fn a_row_becomes_a_request_named_after_it() {
    let (rows, problems) =
        read("EV1,s1,NS.INT.1,teacher,t1,3,classroom,2025-08-25T08:46:00Z,2025-08-25T08:50:00Z,\n");
    assert_eq!(problems, []);
    assert_eq!(rows[0].clone().into_request().item_number, 2, "a reply leads back to the line");
    let [Row { line: 2, command: Command::Record(request) }] = rows.as_slice() else {
        panic!("one record: {rows:?}");
    };
    let item = request.item.as_ref().expect("it has an item");
    assert_eq!(request.request_id, "EV1");
    assert_eq!(item.learner_id, person("s1"));
    assert_eq!(item.competency_id, competency("NS.INT.1").to_string());
    assert_eq!(item.judgement, Some(Judgement::Score("3".to_owned())));
    assert_eq!((item.kind.as_str(), item.assessor_role.as_str()), ("classroom", "teacher"));
    assert_eq!(item.assessor_id, person("t1"));
    assert_eq!(item.observed_at.map(|it| (it.seconds, it.nanos)), Some((1_756_111_560, 0)));
}

#[test]
fn people_of_the_roster_go_by_derived_ids_and_others_by_their_own() {
    let rows = ["self", "peer", "employer", "validator", "tool"]
        .map(|role| format!("E-{role},s1,NS.INT.1,{role},x1,3,,2025-08-25T08:46:00Z,,\n"));
    let (rows, problems) = read(&rows.concat());
    assert_eq!(problems, []);
    let assessors: Vec<_> = rows
        .iter()
        .map(|row| match &row.command {
            Command::Record(request) => request.item.clone().unwrap_or_default().assessor_id,
            other => panic!("records only: {other:?}"),
        })
        .collect();
    assert_eq!(assessors, [&person("x1"), &person("x1"), "x1", "x1", "x1"]);
}

#[test]
fn a_row_that_corrects_names_the_evidence_it_corrects() {
    let (rows, _) = read("EV9,s1,NS.INT.1,teacher,t1,2,,2025-08-25T08:46:00Z,,EV1\n");
    let Command::Correct(request) = &rows[0].command else { panic!("it corrects: {rows:?}") };
    assert_eq!(request.request_id, "EV9");
    assert_eq!(request.evidence_id, EvidenceId::derive(tenant(), "EV1").to_string());
}

#[test]
fn times_of_other_zones_are_the_same_moments() {
    let (rows, problems) = read(
        "A,s1,NS.INT.1,teacher,t1,2,,2025-08-25T02:46:00-06:00,,\n\
         B,s1,NS.INT.1,teacher,t1,2,,2025-08-25T08:46:00.5Z,,\n",
    );
    assert_eq!(problems, []);
    let times = rows.iter().map(|row| match &row.command {
        Command::Record(request) => request.item.as_ref().and_then(|item| item.observed_at),
        other => panic!("records only: {other:?}"),
    });
    let times: Vec<_> = times.flatten().map(|it| (it.seconds, it.nanos)).collect();
    assert_eq!(times, [(1_756_111_560, 0), (1_756_111_560, 500_000_000)]);
}

#[test]
fn bad_rows_are_named_and_good_rows_load() {
    let (rows, problems) = read(
        "A,s1,NS.INT.1,teacher,t1,3,,2025-08-25T08:46:00Z,,\n\
         ,s1,NS.INT.1,teacher,t1,3,,2025-08-25T08:46:00Z,,\n\
         C,,NS.INT.1,teacher,t1,3,,2025-08-25T08:46:00Z,,\n\
         D,s1,NS.NONE.9,teacher,t1,3,,2025-08-25T08:46:00Z,,\n\
         E,s1,NS.INT.1,boss,t1,3,,2025-08-25T08:46:00Z,,\n\
         F,s1,NS.INT.1,teacher,,3,,2025-08-25T08:46:00Z,,\n\
         G,s1,NS.INT.1,teacher,t1,three,,2025-08-25T08:46:00Z,,\n\
         H,s1,NS.INT.1,teacher,t1,3,,2025-08-25T08:46:00,,\n\
         I,s1,NS.INT.1,teacher,t1,3,,2025-02-30T08:46:00Z,,\n\
         J,s1,NS.INT.1,teacher,t1,3,,yesterday,,\n\
         K,s1,NS.INT.1,teacher,t1\n\
         L,s1,NS.INT.1,teacher,t1,3,,2025-08-25T08:46:00Z,,\n",
    );
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 13]);
    assert_eq!(
        places(&problems),
        [
            (3, "evidence_id", "FIELD_MISSING"),
            (4, "learner_id", "FIELD_MISSING"),
            (5, "objective_code", "UNKNOWN_COMPETENCY"),
            (6, "rater_kind", "UNKNOWN_ASSESSOR_ROLE"),
            (7, "rater_id", "FIELD_MISSING"),
            (8, "rubric_score", "FIELD_INVALID"),
            (9, "observed_at", "FIELD_INVALID"),
            (10, "observed_at", "FIELD_INVALID"),
            (11, "observed_at", "FIELD_INVALID"),
            (12, "", "WRONG_COLUMN_COUNT"),
        ]
    );
}

#[test]
fn a_header_without_its_columns_is_refused_at_once() {
    let all = competencies();
    let text = HEADER.replace("rubric_score,", "");
    let problems = EvidenceCsv::open("e.csv", text.as_bytes(), tenant(), &all).err();
    assert_eq!(
        places(&problems.expect("a column is missing")),
        [(1, "rubric_score", "COLUMN_MISSING")]
    );
}

#[test]
fn the_shared_file_is_read_whole() {
    let Some(file) = shared("evidence/front_range_evidence.csv") else { return };
    let competencies = competencies();
    let csv = EvidenceCsv::open("front_range_evidence.csv", file, tenant(), &competencies);
    let (rows, problems) = apart(csv.expect("the header is right"));
    assert_eq!((rows.len(), problems.len()), (6_483, 0));
    let requests: Vec<_> = rows
        .iter()
        .map(|row| match &row.command {
            Command::Record(request) => (request.request_id.as_str(), false),
            Command::Correct(request) => (request.request_id.as_str(), true),
            other => panic!("records and corrections only: {other:?}"),
        })
        .collect();
    assert_eq!(requests.iter().filter(|(_, corrects)| *corrects).count(), 63);
    let distinct: BTreeSet<_> = requests.iter().collect();
    assert_eq!(requests.len() - distinct.len(), 32, "exact re-deliveries");
}
