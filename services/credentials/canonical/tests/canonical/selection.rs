//! Which quads are disclosed with which values.

use northstar_credentials_canonical::{Limits, Reason, read};
use serde_json::Value;

use crate::documents::named;

/// The predicates, by their last word, of the quads disclosed.
fn disclosed(document: &Value, pointers: &[&str]) -> Vec<String> {
    let reading = read(document, &Limits::default()).unwrap();
    let selected = reading.select(pointers).unwrap();
    let quads = reading.dataset().quads.iter().zip(selected);
    let words = quads
        .filter(|(_, selected)| *selected)
        .map(|(quad, _)| quad.predicate.rsplit(['#', '/']).next().unwrap().to_owned());
    let mut words: Vec<String> = words.collect();
    words.sort_unstable();
    words
}

#[test]
fn a_value_comes_with_the_types_and_links_on_the_way_to_it() {
    let badge = named("a small badge");
    let name = disclosed(&badge, &["/credentialSubject/achievement/name"]);
    let types = ["type"; 4].map(String::from);
    let mut expected = vec!["achievement".into(), "credentialSubject".into(), "name".into()];
    expected.extend(types);
    assert_eq!(name, expected);
    assert_eq!(disclosed(&badge, &["/validFrom"]), ["type", "type", "validFrom"]);
}

#[test]
fn an_object_comes_whole_and_one_of_an_array_alone() {
    let badge = named("a rich badge");
    let first = "/credentialSubject/achievement/alignment/0";
    let alignment = disclosed(&badge, &[first]);
    assert_eq!(alignment.iter().filter(|word| *word == "alignment").count(), 1);
    assert_eq!(alignment.iter().filter(|word| word.starts_with("target")).count(), 4);
    let lists =
        disclosed(&badge, &["/credentialSubject/achievement/resultDescription/0/allowedValue"]);
    assert_eq!(lists.iter().filter(|word| *word == "first").count(), 4);
}

#[test]
fn the_whole_document_is_all_quads_and_nothing_is_none() {
    let badge = named("a rich badge");
    let all = read(&badge, &Limits::default()).unwrap().dataset().quads.len();
    assert_eq!(disclosed(&badge, &[""]).len(), all);
    assert!(disclosed(&badge, &[]).is_empty());
}

#[test]
fn every_quad_says_which_value_makes_it() {
    for name in ["a rich badge", "endorsed and proven", "a learner record"] {
        let document = named(name);
        let reading = read(&document, &Limits::default()).unwrap();
        for quad in 0..reading.dataset().quads.len() {
            let pointer = reading.pointer(quad).unwrap();
            assert!(document.pointer(&pointer).is_some(), "{name}: {pointer}");
        }
        assert_eq!(reading.pointer(reading.dataset().quads.len()), None);
    }
}

#[test]
fn a_pointer_that_leads_nowhere_is_refused() {
    let badge = named("a small badge");
    let reading = read(&badge, &Limits::default()).unwrap();
    for lost in ["/grade", "/credentialSubject/result/0", "name", "/type/9"] {
        let refusal = reading.select(&["/name", lost]).unwrap_err();
        assert_eq!((refusal.reason, &*refusal.pointer), (Reason::UnknownPlace, lost));
    }
}
