//! A credential holds from a time on, and until one.

use northstar_credentials_proof::verifier::{Name, Report, Terms, verify};
use northstar_kernel::Timestamp;
use serde_json::{Value, json};

use crate::fixture::{failed, look, named, rich, signed, world};

fn at(document: &Value, now: &str) -> Report {
    let now: Timestamp = now.parse().unwrap();
    verify(document.to_string().as_bytes(), &world(), &Terms::at(now))
}

#[test]
fn it_holds_between_its_ends_and_clocks_may_differ_a_little() {
    let badge = signed(&rich());
    for (now, holds) in [
        ("2026-01-15T07:58:00Z", false),
        ("2026-01-15T07:59:30Z", true),
        ("2026-01-15T08:00:00Z", true),
        ("2031-01-15T07:59:59.999999Z", true),
        ("2031-01-15T08:00:00Z", false),
    ] {
        let expected: &[Name] = if holds { &[] } else { &[Name::Time] };
        assert_eq!(failed(&at(&badge, now)), expected, "{now}");
    }
}

#[test]
fn a_proof_from_the_future_or_over_its_time_fails_at_the_time() {
    let mut early = named("a small badge");
    early["validFrom"] = "2020-01-01T00:00:00Z".into();
    assert_eq!(failed(&at(&signed(&early), "2025-01-01T00:00:00Z")), [Name::Time]);
    let mut over = signed(&named("a small badge"));
    over["proof"]["expires"] = "2026-02-01T00:00:00Z".into();
    assert!(failed(&look(&over)).contains(&Name::Time));
}

#[test]
fn what_is_no_time_fails() {
    for wrong in [json!("2026-01-15"), json!("2026-01-15T08:00:00"), json!("yesterday")] {
        let mut badge = named("a small badge");
        badge["validFrom"] = wrong;
        let failed = failed(&look(&signed(&badge)));
        assert_eq!(failed, [Name::Schema, Name::Time]);
    }
    let mut badge = named("a small badge");
    badge.as_object_mut().unwrap().remove("validFrom");
    assert_eq!(failed(&look(&signed(&badge))), [Name::Schema]);
}

#[test]
fn zones_are_read() {
    let mut badge = named("a small badge");
    badge["validFrom"] = "2026-01-15T10:00:00+02:00".into();
    let badge = signed(&badge);
    assert!(at(&badge, "2026-01-15T08:00:00Z").verified);
    assert_eq!(failed(&at(&badge, "2026-01-15T07:58:00Z")), [Name::Time]);
}
