//! Vectors of the project's own, from an independent implementation; each file says how it was made.

use northstar_credentials_canonical::{Limits, canonicalize, parse_nquads};

use crate::documents::{canonical, own, text};

#[test]
fn documents_come_to_the_same_quads_as_elsewhere() {
    let vectors = own("documents.json");
    let documents = vectors["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 15);
    for vector in documents {
        let ours = canonical(&vector["document"]).unwrap_or_else(|e| panic!("{vector}: {e}"));
        assert_eq!(ours.nquads, text(&vector["nquads"]), "{}", vector["name"]);
    }
}

#[test]
fn what_safe_mode_refuses_elsewhere_is_refused_here_with_the_place() {
    let vectors = own("refused.json");
    let documents = vectors["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 13);
    for vector in documents {
        let refusal = canonical(&vector["document"]).expect_err("must be refused");
        assert_eq!(refusal.reason.code(), vector["reason"], "{}", vector["name"]);
        assert_eq!(refusal.pointer, vector["pointer"], "{}", vector["name"]);
    }
}

#[test]
fn graphs_are_named_as_elsewhere() {
    let vectors = own("graphs.json");
    let graphs = vectors["graphs"].as_array().unwrap();
    assert!(graphs.len() >= 20);
    for graph in graphs {
        let limits = Limits::default();
        let dataset = parse_nquads(&text(&graph["in"]), &limits).unwrap();
        assert_eq!(canonicalize(&dataset, &limits).unwrap().nquads, text(&graph["out"]), "{graph}");
    }
}
