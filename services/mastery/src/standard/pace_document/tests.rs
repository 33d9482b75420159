use super::*;

const FRAMEWORK: &str = "6b0a2f3e-0000-4000-8000-000000000001";

fn problems(text: &str) -> Vec<String> {
    let refusal = read_pace_document(text).expect_err("no calendar");
    refusal.problems.into_iter().map(|it| format!("{} {}", it.path, it.what)).collect()
}

#[test]
fn every_field_can_be_said() {
    let text = format!(
        r#"{{"framework":"{FRAMEWORK}","buffer_milli":50,"terms":[{{"name":"autumn",
            "begin":"2026-03-01","end":"2026-03-02","competencies":["{FRAMEWORK}"]}}]}}"#
    );
    let draft = read_pace_document(&text).expect("a calendar");
    let term = Term {
        name: "autumn".to_owned(),
        begin: Day::new(20_513),
        end: Day::new(20_514),
        competencies: vec![FRAMEWORK.parse().expect("a UUID")],
    };
    let framework = FRAMEWORK.parse().expect("a UUID");
    assert_eq!(draft, CalendarDraft { framework, buffer_milli: 50, terms: vec![term] });
}

#[test]
fn everything_that_is_wrong_is_said_with_its_place() {
    let text = r#"{"framework":"F","terms":[7,{"name":1,"begin":"2026-02-30","end":"soon",
        "competencies":["C"],"by":1}]}"#;
    let expected = [
        "framework must be a UUID, not \"F\"",
        "terms[0] must be an object, not 7",
        "terms[1].name must be a text, not 1",
        "terms[1].begin must be a day, as 2026-09-01, not \"2026-02-30\"",
        "terms[1].end must be a day, as 2026-09-01, not \"soon\"",
        "terms[1].competencies[0] must be a UUID, not \"C\"",
        "terms[1].by is no field of a term",
    ];
    assert_eq!(problems(text), expected);
    assert_eq!(problems("{}").len(), 2, "framework and terms");
}
