use northstar_mastery_domain::{Pointed, Test, Weighted};

use super::*;

const FRAMEWORK: &str = "6b0a2f3e-0000-4000-8000-000000000001";
const WHOLE: &str = "6b0a2f3e-0000-4000-8000-000000000002";
const PART: &str = "6b0a2f3e-0000-4000-8000-000000000003";

fn document(criterion: &str) -> String {
    format!(
        r#"{{"framework":"{FRAMEWORK}","rollups":[{{"competency":"{WHOLE}",
            "criterion":{criterion}}}]}}"#
    )
}

fn read(criterion: &str) -> Criterion {
    let mut document = read_rollup_document(&document(criterion)).expect("a document");
    let rule = document.rollups.remove(0);
    assert_eq!((rule.round_to_milli, rule.framework), (1, document.framework));
    rule.criterion
}

fn problems(text: &str) -> Vec<String> {
    let refusal = read_rollup_document(text).expect_err("no roll-up document");
    refusal.problems.into_iter().map(|it| format!("{} {}", it.path, it.what)).collect()
}

fn part() -> String {
    format!(r#"{{"kind":"competency","competency":"{PART}"}}"#)
}

#[test]
fn every_kind_of_criterion_can_be_said() {
    let competency = PART.parse().expect("a UUID");
    let mastery = Criterion::mastery_of(competency);
    let one = part();
    let cases = [
        (one.clone(), mastery.clone()),
        (
            format!(r#"{{"kind":"competency","competency":"{PART}","test":"gte","milli":5}}"#),
            Criterion::Part { competency, test: Test::AtLeast(5) },
        ),
        (r#"{"kind":"own","test":"lte","milli":-5}"#.into(), Criterion::Own(Test::AtMost(-5))),
        (r#"{"kind":"own","test":"eq","milli":7}"#.into(), Criterion::Own(Test::Exactly(7))),
        (format!(r#"{{"kind":"all","parts":[{one}]}}"#), Criterion::All(vec![mastery.clone()])),
        (r#"{"kind":"any","parts":[]}"#.into(), Criterion::Any(Vec::new())),
        (
            format!(r#"{{"kind":"at_least","k":2,"parts":[{one}]}}"#),
            Criterion::AtLeast { k: 2, parts: vec![mastery.clone()] },
        ),
        (
            format!(
                r#"{{"kind":"points","needed":9,"parts":[
                    {{"part":{one},"points":4,"required":true}},{{"part":{one},"points":5}}]}}"#
            ),
            Criterion::Points {
                needed: 9,
                parts: [(4, true), (5, false)]
                    .map(|(points, required)| {
                        let criterion = mastery.clone();
                        Pointed { criterion, points, required }
                    })
                    .to_vec(),
            },
        ),
        (
            format!(
                r#"{{"kind":"weighted_mean","mastery_milli":3,"minimum_known_percent":50,
                    "parts":[{{"part":{one},"weight":2}}]}}"#
            ),
            Criterion::WeightedMean {
                mastery_milli: 3,
                minimum_known_percent: 50,
                parts: vec![Weighted { criterion: mastery.clone(), weight: 2 }],
            },
        ),
        (
            format!(r#"{{"kind":"minimum","mastery_milli":3,"parts":[{one}]}}"#),
            Criterion::Minimum { mastery_milli: 3, parts: vec![mastery] },
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(&text), expected, "{text}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_with_its_place() {
    let within = r#"{"kind":"all","parts":[{"kind":"own","test":"above","milli":1},
        {"kind":"points","needed":-1,"parts":[{"points":1},{"points":1,"part":7}]}],"k":1}"#;
    let found = problems(&document(within));
    let at = "rollups[0].criterion";
    let expected = [
        format!("{at}.parts[0].test must be mastery, gte, lte or eq"),
        format!("{at}.parts[1].needed must be from 0 to 4294967295, not -1"),
        format!("{at}.parts[1].parts[0].part is missing"),
        format!("{at}.parts[1].parts[1].part must be an object, not 7"),
        format!("{at}.k is no field of a criterion"),
    ];
    assert_eq!(found, expected);
    let text = r#"{"engine":2,"rollups":[{"round_to_milli":"1"}]}"#;
    let expected = [
        "framework is missing",
        "engine must be 1, not 2",
        "rollups[0].competency is missing",
        "rollups[0].criterion is missing",
        "rollups[0].round_to_milli must be a whole number, not \"1\"",
    ];
    assert_eq!(problems(text), expected);
}

#[test]
fn a_number_where_mastery_is_asked_for_has_no_use() {
    let found = problems(&document(r#"{"kind":"own","milli":3000}"#));
    let what = "has no use where the test is mastery; leave it out";
    assert_eq!(found, [format!("rollups[0].criterion.milli {what}")]);
    let found = problems(&document(r#"{"kind":"own","test":"gte"}"#));
    assert_eq!(found, ["rollups[0].criterion.milli is missing"]);
}

#[test]
fn what_is_no_object_or_says_a_field_twice_is_no_document() {
    assert_eq!(problems("7"), ["document must be an object, not 7"]);
    assert!(problems("{").iter().all(|it| it.starts_with("document is not JSON")));
    assert!(problems(r#"{"rollups":[],"rollups":[]}"#)[0].contains("said twice"));
    let deep = format!(r#"{}{}"#, r#"{"kind":"all","parts":["#.repeat(500), "]}".repeat(500));
    assert!(problems(&document(&deep))[0].starts_with("document is not JSON"), "nested too deep");
}
