//! (b) A status list built and signed.

use std::hint::black_box;

use northstar_credentials::standard::did_web::{Did, Host};
use northstar_credentials::standard::embedded;
use northstar_credentials::standard::status::ListCredential;
use northstar_credentials_domain::status::{Bits, LENGTH, Place, PlacingKey};
use northstar_eventlog::now;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};

use crate::badges::{self, OPTIONS};
use crate::cpu;

pub(crate) fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut bits = Bits::default();
    // As credentials have their places: scattered by a key.
    let key = PlacingKey::new([7; 32]);
    for serial in 0..u64::from(LENGTH / 100) {
        bits.set(Place::of(&key, serial).index);
    }
    let host = Host::default();
    let (did, url) = (Did::of_tenant(&host, "north"), host.status_list("north", 0));
    let mut rate = Figure::new("list of 131,072, 1 % set, built and signed", "1/s", Bar::None);
    let mut size = Figure::new("  … its size", "KB", Bar::None);
    for _ in 0..pace.rounds {
        let mut written = String::new();
        rate.add_alone(cpu::rate(pace.sample, || {
            let list = ListCredential::new(url.clone(), &did, now(), &bits);
            let method = OPTIONS.verification_method;
            written = embedded::sign(&badges::key(), method, OPTIONS.created, &list)?;
            Ok(())
        })?);
        size.add_alone(black_box(&written).len() as f64 / 1_000.0);
    }
    Ok(vec![rate, size])
}
