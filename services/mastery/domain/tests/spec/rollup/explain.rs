//! Why: sentences for people, derivations for whoever wants to check.

use northstar_kernel::{OverrideId, TenantId};
use northstar_mastery_domain::{
    Criterion, Finding, Input, Pointed, RolledUp, Rollups, Standing, Test, Weighted,
};
use serde_json::Value;

use super::{all, any, evaluated, id, own, part, parts, retired, rule, taught, tested, valued};

const CODES: [&str; 6] = ["COM.1", "COM.2", "COM.3", "COM.4", "COM.5", "COM.6"];

fn explained(criterion: Criterion, known: &[(&str, Finding)]) -> RolledUp {
    let competencies = CODES.iter().map(|code| taught(code)).chain([taught("COM"), retired("OLD")]);
    let rollups = Rollups::restored([rule("COM", criterion)], competencies).expect("valid");
    evaluated(&rollups, known).explain(id("COM")).expect("there is a rule")
}

const YES: i64 = 3_500;
const NO: i64 = 2_000;

fn three_reached() -> Vec<(&'static str, Finding)> {
    vec![("COM.1", valued(YES)), ("COM.3", valued(YES)), ("COM.4", valued(YES))]
}

#[test]
fn a_sentence_says_what_is_there_and_what_is_missing() {
    let said = explained(all(&CODES[..4]), &three_reached());
    assert_eq!(said.sentence, "3 of 4 needed parts are at mastery; missing: COM.2.");
    assert_eq!(said.missing, [id("COM.2")]);
    assert_eq!(said.satisfied, [id("COM.1"), id("COM.3"), id("COM.4")]);
    let said = explained(any(&["COM.1", "COM.2"]), &three_reached());
    assert_eq!(said.sentence, "1 of 2 parts reached, one is needed.");
    assert!(said.missing.is_empty());
}

#[test]
fn every_kind_of_rule_has_its_words() {
    let sentence = |criterion| explained(criterion, &three_reached()).sentence;
    let four = Criterion::AtLeast { k: 4, parts: parts(&CODES[..5]) };
    let said = "3 of 5 parts reached, 4 are needed; missing: COM.2, COM.5.";
    assert_eq!(sentence(four), said);
    let pointed = |code| Pointed { criterion: part(code), points: 2, required: code == "COM.2" };
    let points = Criterion::Points { needed: 3, parts: ["COM.1", "COM.2"].map(pointed).to_vec() };
    assert_eq!(sentence(points), "2 of 3 needed points earned; missing: COM.2.");
    let mean = |minimum_known_percent| Criterion::WeightedMean {
        mastery_milli: 3_000,
        minimum_known_percent,
        parts: ["COM.1", "COM.2", "COM.3"]
            .map(|code| Weighted { criterion: part(code), weight: 1 })
            .to_vec(),
    };
    assert_eq!(
        sentence(mean(0)),
        "Weighted mean of the known parts (66 % of the weight): 3.50, at or above the threshold \
         3.00; without a result: COM.2."
    );
    assert_eq!(
        sentence(mean(70)),
        "Too little is known for a weighted mean: 66 % of the weight; without a result: COM.2."
    );
    let minimum = |codes| Criterion::Minimum { mastery_milli: 3_600, parts: parts(codes) };
    let said = "The lowest part has 3.50, below the threshold 3.60.";
    assert_eq!(sentence(minimum(&["COM.1", "COM.3"])), said);
    let said = "A part is below 3.60, which all must reach.";
    assert_eq!(sentence(minimum(&["COM.1", "COM.2"])), said);
    let said = "Every part must reach 3.60, and not all are known; missing: COM.2.";
    assert_eq!(sentence(minimum(&["COM.2"])), said);
    assert_eq!(sentence(part("COM.1")), "COM.1 is reached, which is all that is needed.");
    let said = "COM.2 is needed and too little is known of it.";
    assert_eq!(sentence(part("COM.2")), said);
    let said = "COM.1 is needed and not reached.";
    assert_eq!(sentence(tested("COM.1", Test::AtLeast(YES + 1))), said);
}

#[test]
fn retirement_is_said() {
    let said = explained(all(&["COM.1", "OLD"]), &three_reached());
    assert_eq!(said.sentence, "1 of 1 needed parts is at mastery.");
    let said = explained(all(&["OLD"]), &three_reached());
    assert_eq!(said.sentence, "Every part is retired, so the rule says nothing.");
    let two = Criterion::AtLeast { k: 2, parts: parts(&["COM.1", "OLD"]) };
    let said = "2 parts are needed and only 1 still count, so the rule must be changed.";
    assert_eq!(explained(two, &three_reached()).sentence, said);
}

#[test]
fn long_lists_are_cut_and_groups_within_are_looked_into() {
    let tree = Criterion::All(vec![any(&["COM.1", "COM.2"]), all(&CODES), all(&CODES[4..])]);
    let said = explained(tree, &[("COM.1", valued(YES)), ("COM.2", valued(NO))]);
    assert_eq!(
        said.sentence,
        "1 of 3 needed parts is at mastery; missing: COM.2, COM.3, COM.4, COM.5, COM.6."
    );
    let said = explained(all(&CODES), &[]);
    assert_eq!(
        said.sentence,
        "0 of 6 needed parts are at mastery; missing: COM.1, COM.2, COM.3, COM.4, COM.5 and 1 more."
    );
}

#[test]
fn an_override_shows_what_the_rule_would_have_said() {
    let rollups = Rollups::new([rule("COM", all(&["COM.1"]))], ["COM", "COM.1"].map(taught));
    let rollups = rollups.expect("valid");
    let by = OverrideId::derive(TenantId::from_slug("front-range"), "1");
    let findings = rollups.evaluate(|competency| {
        let overridden = competency == id("COM");
        let says = super::standing(Standing::AtMastery);
        Input { overriding: overridden.then_some((by, says)), ..own(valued(NO)) }
    });
    let said = findings.explain(id("COM")).expect("there is a rule");
    assert_eq!(
        said.sentence,
        "By override: at mastery. The rule alone says: \
         0 of 1 needed parts are at mastery; missing: COM.1."
    );
    let derivation: Value = serde_json::from_str(&said.derivation.to_string()).expect("JSON");
    assert_eq!(derivation["override"], by.to_string());
    assert_eq!(derivation["held"]["standing"], "at_mastery");
    assert_eq!(derivation["by_rule"]["standing"], "below_mastery");
}

#[test]
fn a_derivation_is_a_promise() {
    let tree = Criterion::All(vec![
        part("OLD"),
        Criterion::WeightedMean {
            mastery_milli: 3_000,
            minimum_known_percent: 50,
            parts: vec![
                Weighted { criterion: part("COM.1"), weight: 3 },
                Weighted { criterion: tested("COM.2", Test::AtLeast(1_500)), weight: 2 },
            ],
        },
    ]);
    let said = explained(tree, &[("COM.1", valued(YES)), ("COM.2", valued(NO))]);
    let read = |standing, value: i64| serde_json::json!({"provisional": false, "standing": standing, "value_milli": value});
    let result = read("below_mastery", 2_900);
    let expected = serde_json::json!({
        "by_rule": result, "held": result,
        "competency": id("COM").to_string(),
        "engine": 1,
        "framework": crate::support::draft().framework.to_string(),
        "rollup_hash": said.rule.to_string(),
        "round_to_milli": 1,
        "rule": {
            "kind": "all", "verdict": "missed", "value_milli": 2_900,
            "parts": [
                {
                    "kind": "competency", "competency": id("OLD").to_string(), "code": "OLD",
                    "test": "mastery", "milli": 0, "retired": true, "verdict": "not_counting",
                },
                {
                    "kind": "weighted_mean", "mastery_milli": 3_000, "minimum_known_percent": 50,
                    "sum": "14500", "weight_known": "5", "weight_counting": "5",
                    "verdict": "missed", "value_milli": 2_900,
                    "parts": [
                        {
                            "kind": "competency", "competency": id("COM.1").to_string(),
                            "code": "COM.1", "test": "mastery", "milli": 0, "retired": false,
                            "read": read("at_mastery", YES), "verdict": "reached",
                            "value_milli": YES, "weight": 3,
                        },
                        {
                            "kind": "competency", "competency": id("COM.2").to_string(),
                            "code": "COM.2", "test": "gte", "milli": 1_500, "retired": false,
                            "read": read("below_mastery", NO), "verdict": "reached",
                            "value_milli": NO, "weight": 2,
                        },
                    ],
                },
            ],
        },
    });
    let derivation: Value = serde_json::from_str(&said.derivation.to_string()).expect("JSON");
    assert_eq!(derivation, expected);
}
