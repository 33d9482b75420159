//! What must hold for every document and every graph.

use std::collections::BTreeMap;

use northstar_credentials_canonical::{Limits, canonical_document, canonicalize, parse_nquads};
use proptest::prelude::*;
use serde_json::Value;

use crate::documents::{canonical, named, own, pointers};
use crate::random::Random;

const NAMES: [&str; 4] =
    ["a small badge", "a rich badge", "endorsed and proven", "a learner record"];

/// The same JSON with members, and elements of arrays that are sets, in another order.
fn shuffled(value: &Value, random: &mut Random) -> String {
    match value {
        Value::Object(members) => {
            let mut texts: Vec<String> = Vec::new();
            for (name, member) in members {
                let ordered = ["@context", "allowedValue", "jsonSchema"].contains(&name.as_str());
                let member = if ordered { member.to_string() } else { shuffled(member, random) };
                texts.push(format!("{}: {member}", Value::from(name.as_str())));
            }
            random.shuffle(&mut texts);
            format!("{{{}}}", texts.join(" ,"))
        }
        Value::Array(elements) => {
            let texts = elements.iter().map(|element| shuffled(element, random));
            let mut texts: Vec<String> = texts.collect();
            random.shuffle(&mut texts);
            format!("[{}]", texts.join("\n,"))
        }
        scalar => scalar.to_string(),
    }
}

/// Statements over a few blank nodes, so that many of them are alike.
fn graphs() -> impl Strategy<Value = Vec<(u8, u8, u8, u8)>> {
    prop::collection::vec((0..6_u8, 0..2_u8, 0..8_u8, 0..8_u8), 1..14)
}

fn nquads(graph: &[(u8, u8, u8, u8)], label: impl Fn(u8) -> String) -> String {
    let lines = graph.iter().map(|(subject, predicate, object, graph)| {
        let object = if *object < 6 { label(*object) } else { format!("\"{object}\"") };
        let graph = if *graph < 2 { label(*graph) } else { String::new() };
        format!("{} <urn:p{predicate}> {object} {graph} .\n", label(*subject))
    });
    lines.collect()
}

fn of_nquads(text: &str) -> Option<(String, BTreeMap<String, String>)> {
    let dataset = parse_nquads(text, &Limits::BADGE).unwrap();
    canonicalize(&dataset, &Limits::BADGE).ok().map(|it| (it.nquads, it.labels))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn order_in_json_does_not_matter(seed in any::<u64>(), at in 0..NAMES.len()) {
        let document = named(NAMES[at]);
        let other = shuffled(&document, &mut Random(seed));
        let other = canonical_document(other.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(other.nquads, canonical(&document).unwrap().nquads);
    }

    #[test]
    fn labels_and_order_of_quads_do_not_matter(graph in graphs(), seed in any::<u64>()) {
        let Some((plain, _)) = of_nquads(&nquads(&graph, |n| format!("_:n{n}"))) else {
            return Ok(());
        };
        let mut random = Random(seed);
        let mut names: Vec<String> = (0..6).map(|n| format!("_:{}", ["e", "z", "Q", "b", "k", "c14n"][n])).collect();
        random.shuffle(&mut names);
        let mut other = graph.clone();
        random.shuffle(&mut other);
        let other = of_nquads(&nquads(&other, |n| names[usize::from(n)].clone()));
        prop_assert_eq!(other.map(|(text, _)| text), Some(plain));
    }

    #[test]
    fn the_canonical_form_is_its_own_and_labels_lead_to_it(graph in graphs()) {
        let text = nquads(&graph, |n| format!("_:n{n}"));
        let Some((plain, labels)) = of_nquads(&text) else { return Ok(()) };
        let (again, same) = of_nquads(&plain).unwrap();
        prop_assert_eq!(&again, &plain);
        prop_assert!(same.iter().all(|(label, name)| label == name) || again == plain);
        let dataset = parse_nquads(&text, &Limits::BADGE).unwrap();
        let mut lines = dataset.lines(|label| labels[label].clone().into());
        lines.sort_unstable();
        lines.dedup();
        prop_assert_eq!(lines.concat(), plain);
    }
}

/// Puts a value in the place of another.
fn replaced(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    *changed.pointer_mut(pointer).unwrap() = value;
    changed
}

#[test]
fn nothing_can_be_changed_that_the_canonical_form_does_not_show() {
    let mut tried = 0;
    for vector in own("documents.json")["documents"].as_array().unwrap() {
        let document = &vector["document"];
        let before = canonical(document).unwrap().nquads;
        for pointer in pointers(document) {
            let other = match document.pointer(&pointer).unwrap() {
                Value::String(text) => Value::from(format!("{text}x")),
                Value::Bool(value) => Value::from(!value),
                Value::Number(_) => Value::from(77),
                _ => continue,
            };
            let after = canonical(&replaced(document, &pointer, other));
            assert!(after.is_err() || after.unwrap().nquads != before, "{pointer} of {document}");
            tried += 1;
        }
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn nothing_can_be_taken_out_that_the_canonical_form_does_not_show() {
    let document = named("endorsed and proven");
    let before = canonical(&document).unwrap().nquads;
    for pointer in pointers(&document).iter().filter(|pointer| !pointer.is_empty()) {
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        let mut less = document.clone();
        match less.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(last)),
            Value::Array(elements) => drop(elements.remove(last.parse().unwrap())),
            other => panic!("{other}"),
        }
        let after = canonical(&less);
        assert!(after.is_err() || after.unwrap().nquads != before, "{pointer}");
    }
}
