//! Blank nodes: what is named, how much it may take, and how deep it may go.

use std::fmt::Write;

use northstar_credentials_canonical::{
    Canonical, Limits, Reason, Refusal, canonicalize, parse_nquads,
};

fn canonical(text: &str, limits: &Limits) -> Result<Canonical, Refusal> {
    canonicalize(&parse_nquads(text, limits).unwrap(), limits)
}

/// Everybody knows everybody: nobody can be told apart by anything near.
fn clique(nodes: usize) -> String {
    let mut text = String::new();
    for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
        if from != to {
            writeln!(text, "_:n{from} <urn:knows> _:n{to} .").unwrap();
        }
    }
    text
}

/// Two lists of the same values, each value there once in a list.
fn twins(length: usize) -> String {
    let mut text = String::new();
    for (list, at) in (0..2).flat_map(|list| (0..length).map(move |at| (list, at))) {
        writeln!(text, "_:l{list}c{at} <urn:first> \"{at}\" .").unwrap();
        writeln!(text, "_:l{list}c{at} <urn:rest> _:l{list}c{} .", at + 1).unwrap();
    }
    text
}

#[test]
fn every_blank_node_has_its_label_in_the_map() {
    let text = "_:x <urn:p> \"a\" .\n_:y <urn:p> _:x _:z .\n";
    let canonical = canonical(text, &Limits::BADGE).unwrap();
    let labels: Vec<&str> = canonical.labels.keys().map(String::as_str).collect();
    assert_eq!(labels, ["x", "y", "z"]);
    for (label, name) in &canonical.labels {
        let renamed = canonical.nquads.contains(&format!("_:{name} "));
        assert!(renamed, "{label} is {name}: {}", canonical.nquads);
    }
}

#[test]
fn poisoned_graphs_are_given_up_within_the_work_allowed() {
    for nodes in [10, 30, 60] {
        let refusal = canonical(&clique(nodes), &Limits::RECORD).unwrap_err();
        assert_eq!(refusal.reason, Reason::TooMuchWork, "{nodes}");
    }
    assert!(canonical(&clique(4), &Limits::BADGE).is_ok());
}

/// Runs on a test's thread, whose stack is as small as a server's.
#[test]
fn long_paths_are_walked_up_to_a_limit_that_the_stack_holds() {
    assert!(canonical(&twins(150), &Limits::RECORD).is_ok());
    for length in [2_000, 20_000] {
        let refusal = canonical(&twins(length), &Limits::RECORD).unwrap_err();
        assert_eq!(refusal.reason, Reason::TooMuchWork, "{length}");
    }
}

#[test]
fn many_equal_nodes_are_no_poison() {
    let mut text = String::new();
    for at in 0..2_000 {
        writeln!(text, "<urn:issuer> <urn:address> _:a{at} .\n_:a{at} <urn:geo> _:g{at} .")
            .unwrap();
        writeln!(text, "_:g{at} <urn:latitude> \"1\" .").unwrap();
    }
    let canonical = canonical(&text, &Limits::RECORD).unwrap();
    assert_eq!(canonical.labels.len(), 4_000);
}
