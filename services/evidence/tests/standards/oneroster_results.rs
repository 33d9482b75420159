//! Gradebook results, shared and authored.

use std::collections::{BTreeMap, BTreeSet};

use northstar_evidence::standard::{LineItems, Problem, Results, Row};
use northstar_kernel::{EvidenceId, PersonId};
use northstar_wire::evidence::v1::evidence_item::Judgement;
use northstar_wire::evidence::v1::record_evidence_batch_request::Command;
use northstar_wire::evidence::v1::{EvidenceItem, RestateEvidenceRequest};

use crate::files::{apart, competencies, competency, places, shared, tenant};

const LINE_ITEMS: &str = "sourcedId,title,resultValueMax\n\
                          l1,RES Q1 rubric score,4.0\n\
                          l2,Spelling,100\n\
                          l3,ADP Q1 rubric score,\n";
const HEADER: &str = "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,\
     scoreDate,comment";

fn line_items(objectives: &str) -> LineItems {
    let mut problems = Vec::new();
    let mut all =
        LineItems::read("lineItems.csv", LINE_ITEMS.as_bytes(), &competencies(), &mut problems);
    let objectives =
        format!("sourcedId,lineItemSourcedId,source,learningObjectiveId\n{objectives}");
    all.read_objectives("objectives.csv", objectives.as_bytes(), &mut problems);
    assert_eq!(problems, []);
    all
}

fn read(items: &LineItems, rows: &str) -> (Vec<Row>, Vec<Problem>, BTreeMap<String, u64>) {
    let text = format!("{HEADER}\n{rows}");
    let mut results = Results::open("results.csv", text.as_bytes(), tenant(), items)
        .expect("the header is right");
    let (rows, problems) = apart(results.by_ref());
    (rows, problems, results.skipped().clone())
}

fn statement(row: &Row) -> (&RestateEvidenceRequest, &EvidenceItem) {
    match &row.command {
        Command::Restate(request) => (request, request.item.as_ref().expect("it has an item")),
        other => panic!("a statement: {other:?}"),
    }
}

#[test]
fn a_fully_graded_result_states_the_competency_its_title_names() {
    let (rows, problems, skipped) =
        read(&line_items(""), "r1,,,l1,s1,fully graded,2.0,2025-10-15,well argued\n");
    assert_eq!((problems, skipped), (vec![], BTreeMap::new()));
    let (request, item) = statement(&rows[0]);
    let resilience = competency("NS.RES").to_string();
    assert_eq!(request.source_key, format!("result:r1:{resilience}"));
    assert_eq!(item.learner_id, PersonId::derive(tenant(), "s1").to_string());
    assert_eq!(item.competency_id, resilience);
    assert_eq!(item.judgement, Some(Judgement::Score("2".to_owned())));
    assert_eq!((item.score_max.as_str(), item.kind.as_str()), ("4", "assessment"));
    assert_eq!(
        (item.assessor_id.as_str(), item.assessor_role.as_str()),
        ("oneroster:l1", "teacher")
    );
    assert_eq!(
        item.observed_at.map(|it| it.seconds),
        Some(1_760_486_400),
        "the day's first moment"
    );
    assert_eq!(item.note, "well argued");
}

#[test]
fn learning_objectives_go_before_the_title_and_each_is_stated() {
    let (one, two) = (competency("NS.COM"), competency("NS.INT"));
    let objectives =
        format!("o1,l1,case,{one}\no2,l1,CASE,{two}\no3,l1,state,math.1\no4,l1,case,{one}\n");
    let (rows, _, _) = read(&line_items(&objectives), "r1,,,l1,s1,fully graded,2,2025-10-15,\n");
    let stated: BTreeSet<_> =
        rows.iter().map(|row| statement(row).1.competency_id.clone()).collect();
    assert_eq!(stated, BTreeSet::from([one.to_string(), two.to_string()]));
    assert_eq!(rows.len(), 2);
}

#[test]
fn what_is_no_judgement_is_counted_by_status() {
    let (rows, problems, skipped) = read(
        &line_items(""),
        "r1,,,l1,s1,exempt,,2025-10-15,\nr2,,,l1,s1,not submitted,,2025-10-15,\n\
         r3,,,l1,s1,partially graded,2,2025-10-15,\nr4,,,l1,s1,exempt,,2025-10-15,\n\
         r5,,,l2,s1,fully graded,90,2025-10-15,\nr6,,,l1,s1,,2,2025-10-15,\n",
    );
    assert_eq!((rows, problems), (vec![], vec![]));
    let expected = [
        ("exempt", 2),
        ("no competency", 1),
        ("no status", 1),
        ("not submitted", 1),
        ("partially graded", 1),
    ];
    assert_eq!(skipped, expected.map(|(status, count)| (status.to_owned(), count)).into());
}

#[test]
fn a_deleted_result_is_withdrawn_whatever_its_score() {
    let (rows, problems, _) = read(&line_items(""), "r1,tobedeleted,,l1,s1,,,,\n");
    assert_eq!(problems, []);
    let Command::Retract(request) = &rows[0].command else { panic!("withdrawn: {rows:?}") };
    let key = format!("result:r1:{}", competency("NS.RES"));
    assert_eq!(request.evidence_id, EvidenceId::derive(tenant(), &key).to_string());
    assert_eq!(request.request_id, format!("{key}:deleted"));
}

#[test]
fn bad_rows_are_named_and_good_rows_load() {
    let (rows, problems, _) = read(
        &line_items(""),
        ",,,l1,s1,fully graded,2,2025-10-15,\nr2,,,l9,s1,fully graded,2,2025-10-15,\n\
         r3,,,l1,,fully graded,2,2025-10-15,\nr4,,,l1,s1,fully graded,,2025-10-15,\n\
         r5,,,l1,s1,fully graded,A+,2025-10-15,\nr6,,,l1,s1,fully graded,2,15.10.2025,\n\
         r7,,,l1,s1,fully graded,2,,\nr8,,,l3,s1,fully graded,2,2025-10-15,\n",
    );
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [9]);
    assert_eq!(statement(&rows[0]).1.score_max, "");
    assert_eq!(
        places(&problems),
        [
            (2, "sourcedId", "FIELD_MISSING"),
            (3, "lineItemSourcedId", "UNKNOWN_LINE_ITEM"),
            (4, "studentSourcedId", "FIELD_MISSING"),
            (5, "score", "FIELD_MISSING"),
            (6, "score", "FIELD_INVALID"),
            (7, "scoreDate", "FIELD_INVALID"),
            (8, "scoreDate", "FIELD_MISSING"),
        ]
    );
}

#[test]
fn bad_line_items_and_objectives_are_named() {
    let mut problems = Vec::new();
    let text = "sourcedId,title,resultValueMax\n,RES,4\nl1,RES,four\nl2,RES,4\n";
    let mut all = LineItems::read("lineItems.csv", text.as_bytes(), &competencies(), &mut problems);
    let text = "lineItemSourcedId,source,learningObjectiveId\nl9,case,x\nl2,case,NS.RES\n";
    all.read_objectives("objectives.csv", text.as_bytes(), &mut problems);
    assert_eq!(
        places(&problems),
        [
            (2, "sourcedId", "FIELD_MISSING"),
            (3, "resultValueMax", "FIELD_INVALID"),
            (2, "lineItemSourcedId", "UNKNOWN_LINE_ITEM"),
            (3, "learningObjectiveId", "FIELD_INVALID"),
        ]
    );
}

/// Reads a shared gradebook: distinct keys, distinct competencies, skipped.
fn gradebook(folder: &str) -> Option<(usize, BTreeSet<String>, BTreeMap<String, u64>)> {
    let open = |name: &str| shared(&format!("oneroster/{folder}/{name}.csv"));
    let mut problems = Vec::new();
    let mut items =
        LineItems::read("lineItems.csv", open("lineItems")?, &competencies(), &mut problems);
    if folder.starts_with("v1p2") {
        let objectives = open("lineItemLearningObjectiveIds")?;
        items.read_objectives("objectives.csv", objectives, &mut problems);
    }
    let mut results =
        Results::open("results.csv", open("results")?, tenant(), &items).expect("a right header");
    let (rows, found) = apart(results.by_ref());
    assert_eq!((problems, found), (vec![], vec![]));
    let keys: BTreeSet<_> = rows.iter().map(|row| statement(row).0.source_key.clone()).collect();
    let competencies = rows.iter().map(|row| statement(row).1.competency_id.clone()).collect();
    assert_eq!(keys.len(), rows.len(), "every result has a key of its own");
    Some((rows.len(), competencies, results.skipped().clone()))
}

#[test]
fn the_shared_1_1_gradebook_speaks_by_its_titles() {
    let Some((rows, stated, skipped)) = gradebook("v1p1-bulk-network") else { return };
    assert_eq!(rows, 8_472);
    let parents = ["NS.RES", "NS.ADP", "NS.COM", "NS.INT", "NS.PRB"];
    assert_eq!(stated, parents.map(|code| competency(code).to_string()).into());
    let expected = [("exempt", 161), ("not submitted", 367)];
    assert_eq!(skipped, expected.map(|(status, count)| (status.to_owned(), count)).into());
}

#[test]
fn the_shared_1_2_gradebook_speaks_by_case_identifiers() {
    let Some((rows, stated, skipped)) = gradebook("v1p2-bulk-network") else { return };
    assert_eq!(rows, 2_813);
    assert!(stated.contains("63250779-73d0-5546-a341-e14def2c59ef"), "{stated:?}");
    assert_eq!(stated.len(), 5);
    assert_eq!(skipped.values().sum::<u64>(), 167);
}
