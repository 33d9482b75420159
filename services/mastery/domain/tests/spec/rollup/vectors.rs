//! Results that others published for roll-ups, in `../shared/mastery/vectors.json`.

use std::fs;
use std::path::Path;

use northstar_kernel::{Decider, LearnerId, OverrideId, PersonId, ReasonId, TenantId, Timestamp};
use northstar_mastery_domain::{
    Competency, Criterion, Finding, OverrideCommand, Overriding, Pointed, Rollups, SetOverride,
    Standing, Test, Verdict, overlay,
};
use serde_json::Value;

use super::{evaluated, held, id, part, retired, rule, standing, taught, tested};

/// Vectors of these algorithms that do not apply, and why.
const NOT_APPLICABLE: [(&str, &str); 3] = [
    ("moodle-points-valid-1", "needed points are a number by type; text never gets this far"),
    (
        "moodle-override-1",
        "there, the last write is the grade, and completing writes only where there is none; here \
         a rule is always applied and an override laid over it",
    ),
    (
        "moodle-override-2",
        "there, a completion overwrites a manual grade for good; here an override ends, or is \
         taken back, and what the rule says shows again",
    ),
];

fn text() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/mastery/vectors.json");
    if !Path::new(path).exists() {
        eprintln!("skipped: no shared data");
        return None;
    }
    Some(fs::read_to_string(path).expect("the vectors can be read"))
}

fn vectors(algorithms: &[&str]) -> Option<Vec<Value>> {
    let all: Value = serde_json::from_str(&text()?).expect("the vectors are JSON");
    let all = all["vectors"].as_array().expect("a list of vectors");
    let of = |vector: &&Value| {
        let name = vector["algorithm"].as_str().expect("an algorithm");
        algorithms.iter().any(|algorithm| name.starts_with(algorithm))
            && NOT_APPLICABLE.iter().all(|(id, _)| vector["id"] != *id)
    };
    Some(all.iter().filter(of).cloned().collect())
}

/// The vector's id and where it comes from.
fn name(vector: &Value) -> String {
    let source = &vector["source"];
    let places = ["repo", "path", "issue", "where"].map(|key| match &source[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let places: Vec<_> = places.into_iter().filter(|place| place != "null").collect();
    format!("{} from {}", vector["id"], places.join(", "))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).expect("a list")
}

/// What their status is here. "Partially attempted" is what waits for something still unknown.
fn of_status(status: &Value) -> Standing {
    match status.as_str() {
        Some("Demonstrated") => Standing::AtMastery,
        Some("PartiallyAttempted") => Standing::NotEnoughEvidence,
        Some("AttemptedNotDemonstrated") => Standing::BelowMastery,
        _ => Standing::NotObserved,
    }
}

fn of_proficiency(proficient: &Value) -> Standing {
    match proficient.as_bool() {
        Some(true) => Standing::AtMastery,
        Some(false) => Standing::BelowMastery,
        None => Standing::NotObserved,
    }
}

/// What "every part" makes of parts with these standings, each retired or not.
fn all_of(children: &[(Standing, bool)]) -> Standing {
    let codes: Vec<_> = (0..children.len()).map(|number| number.to_string()).collect();
    let competencies: Vec<Competency> = codes
        .iter()
        .zip(children)
        .map(|(code, (_, archived))| if *archived { retired(code) } else { taught(code) })
        .chain([taught("parent")])
        .collect();
    let criterion = Criterion::All(codes.iter().map(|code| part(code)).collect());
    let rollups = Rollups::new([rule("parent", criterion)], competencies).expect("valid");
    let known =
        codes.iter().zip(children).map(|(code, (held, _))| (code.as_str(), standing(*held)));
    held(&evaluated(&rollups, &known.collect::<Vec<_>>()), "parent").standing
}

#[test]
fn published_results_of_every_child() {
    let Some(vectors) = vectors(&["all_children_proficient"]) else { return };
    for vector in &vectors {
        let children = list(&vector["input"]["children"]);
        // A competency without parts has no rule: nothing is rolled up into it.
        let matches = !children.is_empty() && {
            let children: Vec<_> =
                children.iter().map(|child| (of_proficiency(child), false)).collect();
            all_of(&children) == Standing::AtMastery
        };
        assert_eq!(Some(matches), vector["expected"].as_bool(), "{}", name(vector));
    }
    assert_eq!(vectors.len(), 4);
}

fn points(vector: &Value) -> Criterion {
    let parts = list(&vector["params"]["children"]).iter().map(|child| Pointed {
        criterion: part(child["id"].as_str().expect("an id")),
        points: child["points"].as_u64().and_then(|n| u32::try_from(n).ok()).expect("points"),
        required: child["required"].as_bool().unwrap_or(false),
    });
    let needed = vector["params"]["required_points"].as_u64().expect("a number");
    Criterion::Points { needed: needed.try_into().expect("few"), parts: parts.collect() }
}

#[test]
fn published_results_of_points() {
    let Some(vectors) = vectors(&["points_rule"]) else { return };
    let applied = vectors.iter().filter(|vector| vector["algorithm"] == "points_rule");
    let mut checked = 0;
    for vector in applied {
        let children = vector["input"]["proficient"].as_object().expect("children by id");
        let competencies = children.keys().map(|code| taught(code)).chain([taught("parent")]);
        let rollups = Rollups::new([rule("parent", points(vector))], competencies).expect("valid");
        let known: Vec<_> = children
            .iter()
            .map(|(code, proficient)| (code.as_str(), standing(of_proficiency(proficient))))
            .collect();
        let mastered = held(&evaluated(&rollups, &known), "parent").standing.is_mastered();
        assert_eq!(Some(mastered), vector["expected"].as_bool(), "{}", name(vector));
        checked += 1;
    }
    assert_eq!(checked, 3);
}

#[test]
fn published_judgements_of_point_rules() {
    let Some(vectors) = vectors(&["points_rule validation"]) else { return };
    for vector in &vectors {
        let children = list(&vector["input"]["children_of_self"]).iter();
        let codes = children.map(|code| code.as_str().expect("a code"));
        let competencies = codes.map(taught).chain([taught("parent")]);
        let accepted = Rollups::new([rule("parent", points(vector))], competencies).is_ok();
        assert_eq!(Some(accepted), vector["expected"].as_bool(), "{}", name(vector));
    }
    assert_eq!(vectors.len(), 5);
}

/// Fractions as thousandths.
fn milli(fraction: &Value) -> i64 {
    (fraction.as_f64().expect("a fraction") * 1_000.0).round() as i64
}

#[test]
fn published_results_of_thresholds() {
    let Some(vectors) = vectors(&["criterion threshold"]) else { return };
    for vector in &vectors {
        assert_eq!(vector["params"]["op"], "gte", "{}", name(vector));
        let test = Test::AtLeast(milli(&vector["params"]["value"]));
        // Whether the grade is mastery by its own rule does not matter to a test on its value.
        let grade = Finding {
            standing: Standing::BelowMastery,
            value_milli: Some(milli(&vector["input"]["grade"])),
            provisional: false,
        };
        let competencies = ["grade", "parent"].map(taught);
        let rollups =
            Rollups::new([rule("parent", tested("grade", test))], competencies).expect("valid");
        let result = held(&evaluated(&rollups, &[("grade", grade)]), "parent").standing;
        assert_eq!(result, of_status(&vector["expected"]), "{}", name(vector));
    }
    assert_eq!(vectors.len(), 2);
}

#[test]
fn published_results_of_groups_and_archived_children() {
    let Some(vectors) = vectors(&["AND group with archived child", "AND of groups"]) else {
        return;
    };
    for vector in &vectors {
        let children: Vec<_> = match &vector["input"]["groups"] {
            Value::Array(groups) => groups.iter().map(|group| (of_status(group), false)).collect(),
            _ => list(&vector["input"]["children"])
                .iter()
                .map(|child| (of_status(&child["status"]), child["archived"] == true))
                .collect(),
        };
        assert_eq!(all_of(&children), of_status(&vector["expected"]), "{}", name(vector));
    }
    assert_eq!(vectors.len(), 3);
}

/// The order of verdicts is theirs of statuses, so the higher of two is what a result that never
/// falls keeps. By default results fall.
#[test]
fn published_results_of_never_falling() {
    let Some(vectors) = vectors(&["monotone merge"]) else { return };
    let verdict = |status: &Value| match of_status(status) {
        Standing::AtMastery | Standing::Exceeds => Verdict::Reached,
        Standing::BelowMastery => Verdict::Missed,
        Standing::NotObserved | Standing::NotEnoughEvidence => Verdict::Open,
    };
    for vector in &vectors {
        let kept = verdict(&vector["input"]["stored"]).max(verdict(&vector["input"]["computed"]));
        assert_eq!(kept, verdict(&vector["expected"]), "{}", name(vector));
    }
    assert_eq!(vectors.len(), 3);
}

/// The steps of `moodle-override-1` as they go here: a manual rating is an override; it is kept
/// whatever the rule says, and what the rule says can be seen all the time.
#[test]
fn the_published_override_trace_as_it_goes_here() {
    let Some(all) = vectors(&["override precedence trace"]) else { return };
    assert!(all.is_empty(), "both are listed as not applicable");
    let tenant = TenantId::from_slug("vectors");
    let (when, end) = (Timestamp::from_micros(1), Timestamp::from_micros(9));
    let second_signer = PersonId::derive(tenant, "second");
    let manual = SetOverride {
        id: OverrideId::derive(tenant, "manual grade 2"),
        learner: LearnerId::derive(tenant, "learner"),
        competency: id("competency"),
        says: super::valued(2_000),
        reason: Some(ReasonId::derive(tenant, "seen in class")),
        by: PersonId::derive(tenant, "first"),
        second_signer,
        from: when,
        until: end,
    };
    let mut state = Overriding::default();
    for command in
        [OverrideCommand::Set(manual), OverrideCommand::Confirm { by: second_signer, at: when }]
    {
        let events = Overriding::decide(&state, command).expect("accepted");
        state = events.iter().fold(state, Overriding::evolve);
    }
    let manual = [state.0.expect("it was set")];
    let trace = [(1_000, &[][..]), (1_000, &manual), (0, &manual), (1_000, &manual)];
    let shown = trace.map(|(rule, overrides)| overlay(super::valued(rule), overrides, when));
    let values = shown.map(|shown| shown.held.value_milli);
    assert_eq!(values, [1_000, 2_000, 2_000, 2_000].map(Some));
    assert_eq!(shown.map(|shown| shown.by_rule.value_milli), [1_000, 1_000, 0, 1_000].map(Some));
    let after = overlay(super::valued(1_000), &manual, end);
    assert_eq!(after.held.value_milli, Some(1_000));
}

#[test]
fn what_does_not_apply_is_there_and_has_a_reason() {
    let Some(text) = text() else { return };
    for (id, reason) in NOT_APPLICABLE {
        assert!(text.contains(&format!("\"{id}\"")) && !reason.is_empty(), "{id}");
    }
}
