//! (a) Badges signed and verified, beside the JavaScript signer.

use std::hint::black_box;

use anyhow::Context as _;
use northstar_credentials_canonical::Limits;
use northstar_credentials_proof::{Proof, SecretKey, Suite, jws, secure, verify};
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use serde_json::Value;

use crate::badges::{self, NAMES, OPTIONS};
use crate::{cpu, javascript};

/// How much faster than the JavaScript signer.
const BAR: Bar = Bar::AtLeast(20.0);
const LIMITS: Limits = Limits::BADGE;

pub(crate) fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for name in NAMES {
        figures.push(Figure::new(format!("{name} signed / by JavaScript"), "1/s", BAR));
        figures.push(Figure::new("  … verified / by JavaScript", "1/s", Bar::None));
        figures.push(Figure::new("  … signed as a token, ES256", "1/s", Bar::None));
    }
    for _ in 0..pace.rounds {
        let theirs = javascript::sample(pace.sample)?;
        for (name, figures) in NAMES.iter().zip(figures.chunks_mut(3)) {
            let theirs = theirs.get(*name).context("a rate of each badge")?;
            let document = badges::named(name)?;
            figures[0].add(cpu::rate(pace.sample, || signed(&document))?, theirs.signed);
            figures[1].add(verified(&document, pace)?, theirs.verified);
            let key = SecretKey::p256(&[2; 32])?;
            let token = || {
                black_box(jws::sign(&key, OPTIONS.verification_method, &document)?);
                Ok(())
            };
            figures[2].add_alone(cpu::rate(pace.sample, token)?);
        }
    }
    Ok(figures)
}

fn signed(document: &Value) -> anyhow::Result<()> {
    let key = badges::key();
    black_box(secure(document, Suite::EddsaRdfc2022, &OPTIONS, &key, &LIMITS)?);
    Ok(())
}

fn verified(document: &Value, pace: Pace) -> anyhow::Result<f64> {
    let key = badges::key();
    let secured = secure(document, Suite::EddsaRdfc2022, &OPTIONS, &key, &LIMITS)?;
    cpu::rate(pace.sample, || {
        let proof = Proof::read(&secured["proof"])?;
        Ok(verify(&secured, &proof, &key.public(), &LIMITS)?)
    })
}
