//! Every method side by side and rules above them, for the demo region.

use serde_json::{Value, json};

/// The demo's framework.
pub const FRAMEWORK: &str = "8e62015b-78fb-5b8b-836c-6f8f4061b3cd";

/// A policy for each method; the first takes the place of the region's own.
pub fn policies() -> Vec<Value> {
    let counted = json!({ "count": 3 });
    let weighed = json!({ "newest_weight_percent": 65 });
    let bayesian = json!({
        "learned_ppb": 300_000_000, "learn_ppb": 100_000_000, "forget_ppb": 5_000_000,
        "guess_ppb": 200_000_000, "slip_ppb": 100_000_000, "right_at_milli": 3_000,
    });
    let methods = [
        ("decaying_average", weighed.clone()),
        ("highest", json!({})),
        ("latest", json!({})),
        ("mean", json!({})),
        ("median", json!({})),
        ("mode", json!({})),
        ("mean_of_top", counted.clone()),
        ("mean_of_recent", counted.clone()),
        ("median_of_recent", counted.clone()),
        ("times_at_mastery", json!({ "times": 2 })),
        ("m_of_last", json!({ "m": 2, "n": 3 })),
        ("in_a_row", counted),
        ("weighted_average", weighed),
        ("linear_trend", json!({})),
        ("power_law", json!({})),
        ("best_fit", json!({ "by": "one_step_ahead" })),
        ("bayesian", bayesian),
        ("khan", json!({ "mixed_kinds": ["community"], "right_at_milli": 3_000 })),
        ("points", json!({ "per_mark_milli": 0, "cap_milli": 20_000 })),
    ];
    let policy = |(at, (name, parameters)): (usize, (&str, Value))| {
        let mut method = parameters;
        method["name"] = name.into();
        json!({
            "framework": FRAMEWORK,
            "name": if at == 0 { String::new() } else { name.replace('_', "-") },
            "method": method,
            "mastery_milli": if name == "bayesian" { 950 } else { 3_000 },
            "minimum_observations": 1 + at % 3,
            // One never lets go. What expires does so by the clock of the machine, and is tested where
            // that can be told.
            "monotone": name == "median",
            "excluded_roles": if at % 2 == 0 { json!(["self"]) } else { json!([]) },
        })
    };
    methods.into_iter().enumerate().map(policy).collect()
}

/// Rules of every kind: each competency needs its three objectives in another way.
pub fn rollup() -> Value {
    let part = |id: &str| json!({ "kind": "competency", "competency": id });
    let [a, b, c] = RESILIENCE.map(part);
    let of_all = json!({ "kind": "all", "parts": [a, b, c] });
    let [a, b, c] = ADAPTABILITY.map(part);
    let two = json!({ "kind": "at_least", "k": 2, "parts": [a, b, c] });
    let [a, b, c] = COMMUNICATION.map(part);
    let weighed =
        [(a, 1), (b, 2), (c, 3)].map(|(part, weight)| json!({ "part": part, "weight": weight }));
    let mean = json!({
        "kind": "weighted_mean", "mastery_milli": 2_500, "minimum_known_percent": 50,
        "parts": weighed,
    });
    let [a, b, c] = INTEGRITY.map(part);
    let worth = [(a, 50, true), (b, 30, false), (c, 30, false)].map(
        |(part, points, required)| json!({ "part": part, "points": points, "required": required }),
    );
    let points = json!({ "kind": "points", "needed": 80, "parts": worth });
    let [a, b, c] = PROBLEMS.map(part);
    let either = json!({ "kind": "any", "parts": [
        { "kind": "minimum", "mastery_milli": 2_000, "parts": [a, b] }, c, part(COMPETENCIES[0]),
    ] });
    let rules = COMPETENCIES.into_iter().zip([of_all, two, mean, points, either]);
    let rule = |(id, criterion)| json!({ "competency": id, "criterion": criterion });
    json!({ "framework": FRAMEWORK, "rollups": rules.map(rule).collect::<Vec<_>>() })
}

/// NS.RES, NS.ADP, NS.COM, NS.INT, NS.PRB.
const COMPETENCIES: [&str; 5] = [
    "63250779-73d0-5546-a341-e14def2c59ef",
    "bd3c80c1-0f86-5f40-a925-d1226d41c435",
    "b785c90f-51f8-5198-8836-db627df0fa8c",
    "c6547712-f362-5df5-a574-529bb0f36b5e",
    "b7f7f6a0-6f1f-5d98-8e71-5b5a401a0947",
];
const RESILIENCE: [&str; 3] = [
    "61ed8a6f-4192-5118-a371-10ff56be0a42",
    "321fe90c-5afc-5da6-87ee-f88906cf8dd0",
    "e06b5838-5872-502a-95b7-1590e569e198",
];
const ADAPTABILITY: [&str; 3] = [
    "a2b8796b-905c-52a8-a9db-5fa87d4b8e97",
    "a02d29d3-41e3-5711-9c95-d1b0a0aca8e6",
    "9230e5d1-e421-590d-80cd-7032a665a7c3",
];
const COMMUNICATION: [&str; 3] = [
    "a3d22048-2386-5bc2-b3b7-54cd3fe31a0a",
    "9c02b1fd-4eb7-5a76-b61b-a993edfd5dfc",
    "810bc41c-0644-52af-a094-df78684b98af",
];
const INTEGRITY: [&str; 3] = [
    "171e3b7b-b003-5bbf-a43e-8e14693e64ad",
    "5cf189f4-4199-51f2-841b-1f72dcc1f45e",
    "b1817f18-8336-5ad5-9f77-013b513dfe07",
];
const PROBLEMS: [&str; 3] = [
    "909cf47e-2985-516a-a12b-8042e3dcbfe5",
    "092a1f3a-d3eb-5565-b063-1b4d5a924849",
    "d8f688e5-6d10-5e0c-9ff9-cde04ee330ba",
];
