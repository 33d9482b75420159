//! What is read from files of judgements.

use northstar_kernel::{EvidenceId, TenantId};
use northstar_mastery_domain::{AssessorRole, LeftOut};

use super::*;

const RULE: &str = r#"{
    "framework": "8e62015b-78fb-5b8b-836c-6f8f4061b3cd",
    "method": { "name": "latest" }, "mastery_milli": 3000, "excluded_roles": ["self"]
}"#;

/// The derivation for the one learner and competency of a file without problems.
fn derived(file: &str) -> Derivation {
    let judgements = Judgements::read("seen", file.as_bytes());
    assert_eq!(judgements.problems, [], "{file}");
    let rule = policy("rule.json", RULE.as_bytes()).expect("a rule");
    let at = as_of("2026-12-31").expect("a day");
    let [found] = <[Found; 1]>::try_from(judgements.under(&rule, &Scale::default(), at))
        .expect("one learner, one competency");
    found.derivation
}

/// `line: field: REASON` of each problem.
fn refused(file: &str) -> Vec<String> {
    let problems = Judgements::read("seen", file.as_bytes()).problems;
    let short = |problem: &Problem| {
        format!("{}:{}: {}: {}", problem.file, problem.line, problem.field, problem.reason)
    };
    problems.iter().map(short).collect()
}

#[test]
fn what_a_row_does_not_say_has_a_plain_default() {
    let derivation =
        derived("learner,competency,observed_at,value\nAna,Welds,2026-02-09T10:00:00Z,2.5\n");
    let [seen] = derivation.used.as_slice() else { panic!("{derivation:?}") };
    assert_eq!((seen.value_milli, seen.role, seen.validated), (2_500, AssessorRole::Other, false));
    assert_eq!((&*seen.assessor, &*seen.kind), ("", ""));
    assert_eq!(seen.recorded_at, seen.observed_at);
}

#[test]
fn a_table_a_list_and_lines_say_the_same() {
    let table = "value,learner,observed_at,competency,role,recorded_at,validated,assessor,kind\n\
                 3.125,Ana,2026-02-09,Welds,employer,2026-02-11T08:00:00+01:00,TRUE,p,work\n\
                 1,Ana,2026-02-09,Welds,self,,,,\n";
    let first = r#"{"learner":"Ana","competency":"Welds","observed_at":"2026-02-09","value":3.125,
        "role":"employer","recorded_at":"2026-02-11T08:00:00+01:00","validated":true,
        "assessor":"p","kind":"work"}"#;
    let second = r#"{"learner":"Ana","competency":"Welds","observed_at":"2026-02-09","value":"1",
        "role":"self","kind":null}"#;
    let list = format!("[{first},{second}]");
    let lines = [first, second].map(|row| row.replace('\n', " ") + "\n").concat();
    assert_eq!(derived(table), derived(&list));
    assert_eq!(derived(table), derived(&lines));
    let left_out: Vec<_> = derived(table).left_out.iter().map(|(_, why)| *why).collect();
    assert_eq!(left_out, [LeftOut::RoleExcluded]);
}

#[test]
fn of_judgements_at_one_time_the_lower_row_is_the_newer() {
    let header = "learner,competency,observed_at,value\n";
    let rows = (1..=20).map(|value| format!("Ana,Welds,2026-02-09,{value}\n"));
    let derivation = derived(&(header.to_owned() + &rows.collect::<String>()));
    assert_eq!(derivation.held.value_milli, 20_000);
}

#[test]
fn evidence_keeps_its_id_and_a_name_becomes_one() {
    let header = "learner,competency,observed_at,value,evidence\n";
    let id = "0b6e2d1c-8f1d-4a63-9b0e-7a55b6f0a001";
    let rows = format!("Ana,Welds,2026-02-09,1,{id}\nAna,Welds,2026-02-10,1,EV-7\n");
    let derivation = derived(&(header.to_owned() + &rows));
    let ids: Vec<_> = derivation.used.iter().map(|seen| seen.evidence).collect();
    let named = EvidenceId::derive(TenantId::COMMONS, "EV-7");
    assert_eq!(ids, [id.parse().expect("a UUID"), named]);
}

#[test]
fn a_file_without_judgements_is_refused_as_a_whole() {
    assert_eq!(refused(""), ["seen:0: : HEADER_MISSING"]);
    let missing = ["seen:1: competency: COLUMN_MISSING", "seen:1: value: COLUMN_MISSING"];
    assert_eq!(refused("learner,observed_at\nAna,2026-02-09\n"), missing);
    assert_eq!(refused("[{\"learner\":\n\"Ana\""), ["seen:2: : NO_JSON"]);
    assert_eq!(refused("[]"), [""; 0]);
}

#[test]
fn columns_that_mean_nothing_are_named() {
    let table = "learner,competency,observed_at,value,valdated,notes\nAna,Welds,2026-02-09,1,,\n";
    let unread = Judgements::read("seen", table.as_bytes()).unread;
    assert_eq!(unread, ["notes", "valdated"].map(str::to_owned).into());
    let list = r#"[{"learner":"Ana","mood":"fine"}]"#;
    assert_eq!(Judgements::read("seen", list.as_bytes()).unread, ["mood".to_owned()].into());
}

#[test]
fn a_rule_that_is_none_is_refused_with_all_that_is_wrong() {
    let document = RULE.replace("3000", "0").replace("latest", "newest");
    let flaws = policy("rule.json", document.as_bytes()).expect_err("two flaws");
    assert_eq!(flaws.len(), 2, "{flaws:?}");
    assert!(flaws.iter().all(|flaw| flaw.starts_with("rule.json: policy.")), "{flaws:?}");
    for bytes in [&b"\xFF"[..], b"", b"[]", b"{}"] {
        assert!(policy("rule.json", bytes).is_err(), "{bytes:?}");
    }
}
