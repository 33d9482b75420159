//! The rules that are measured.

use northstar_mastery::standard::read_policy_document;
use northstar_mastery_domain::{Policy, Scale};
use northstar_tests::measure::sample::framework;
use serde_json::{Value, json};

/// The rule of the demo: a decaying average, self-ratings excluded.
pub(crate) fn of_the_demo() -> Value {
    json!({
        "framework": framework().to_string(),
        "method": { "name": "decaying_average", "newest_weight_percent": 65 },
        "mastery_milli": 3_000,
        "exceeds_milli": 3_750,
        "round_to_milli": 10,
        "minimum_observations": 3,
        "excluded_roles": ["self"],
    })
}

/// Everything at its default but the method. A probability has another threshold than a rung.
pub(crate) fn by(method: &Value) -> Value {
    let mastery_milli = if method["name"] == "bayesian" { 950 } else { 3_000 };
    json!({
        "framework": framework().to_string(),
        "method": method,
        "mastery_milli": mastery_milli,
    })
}

/// The policy of a document.
pub(crate) fn read(document: &Value) -> anyhow::Result<Policy> {
    Ok(Policy::new(&read_policy_document(&document.to_string())?)?)
}

/// Four rungs, as in the demo.
pub(crate) fn scale() -> Scale {
    Scale::new([1_000, 2_000, 3_000, 4_000])
}
