//! (b) Records of many rich badges, put together and signed.

use std::hint::black_box;

use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Suite, secure};
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use serde_json::{Value, json};

use crate::badges::{self, OPTIONS};
use crate::cpu;

const SIZES: [usize; 2] = [200, 500];
const LIMITS: Limits = Limits::RECORD;

pub(crate) fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let rich = badges::named("a rich badge")?;
    let mut figures = Vec::new();
    for size in SIZES {
        let badges: Vec<Value> =
            (0..size).map(|number| badge(&rich, number)).collect::<Result<_, _>>()?;
        let what = format!("record of {size} rich badges, assembled and signed");
        let mut figure = Figure::new(what, "ms", Bar::None);
        for _ in 0..pace.rounds {
            let rate = cpu::rate(pace.sample, || {
                let record = record(badges.clone());
                let key = badges::key();
                black_box(secure(&record, Suite::EddsaRdfc2022, &OPTIONS, &key, &LIMITS)?);
                Ok(())
            })?;
            figure.add_alone(1_000.0 / rate);
        }
        figures.push(figure);
    }
    Ok(figures)
}

/// The rich badge as that many learners have it, each under ids of its own; signed.
fn badge(rich: &Value, number: usize) -> anyhow::Result<Value> {
    let mut badge = rich.clone();
    badge["id"] = json!(format!("urn:uuid:00000000-0000-4000-8000-{number:012}"));
    badge["credentialSubject"]["id"] =
        json!(format!("urn:uuid:11111111-0000-4000-8000-{number:012}"));
    // What a badge calls by name must not be called so by the next one.
    let text = badge.to_string();
    let text = ["22222222", "33333333", "44444444"].iter().fold(text, |text, part| {
        text.replace(&format!("{part}-0000-4000-8000"), &format!("{part}-{number:04}-4000-8000"))
    });
    let badge = serde_json::from_str(&text)?;
    let key = badges::key();
    Ok(secure(&badge, Suite::EddsaRdfc2022, &OPTIONS, &key, &Limits::BADGE)?)
}

fn record(badges: Vec<Value>) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:66666666-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "All that was earned",
        "issuer": {
            "id": "did:web:badges.example:t:north",
            "type": ["Profile"],
            "name": "North Schools",
        },
        "validFrom": "2026-06-01T00:00:00Z",
        "validUntil": "2026-08-30T00:00:00Z",
        "partial": true,
        "credentialSubject": {
            "id": "urn:uuid:11111111-0000-4000-8000-000000000009",
            "type": ["ClrSubject"],
            "verifiableCredential": badges,
        },
    })
}
