//! 1EdTech's own samples, where the shared data is present.

use std::fs;

use northstar_credentials_proof::verifier::{Name, Outcome, Report, Terms, verify};

use crate::fixture::{against, now, shared, world};

fn sample(name: &str) -> Option<Report> {
    let path = shared()?.join("1edtech").join(name);
    Some(verify(&fs::read(path).unwrap(), &world(), &Terms::at(now())))
}

#[test]
fn each_sample_fails_where_its_name_says_and_no_key_is_taken_on_trust() {
    for (name, failed) in [
        ("simple.json", &[][..]),
        ("endorsement-valid.json", &[]),
        ("simple-err-proof-value.json", &[Name::Arithmetic]),
        ("simple-err-issuer.json", &[Name::KeyOwner]),
        ("simple-err-expired.json", &[Name::Time]),
        ("simple-err-context.json", &[Name::Form]),
        ("simple-err-evidence-type.json", &[Name::Form]),
        ("simple-did-key-method.json", &[Name::KeyOwner]),
    ] {
        let Some(report) = sample(name) else { return };
        let found: Vec<Name> = against(&report)
            .into_iter()
            .filter(|(_, outcome)| *outcome == Outcome::Failed)
            .map(|(name, _)| name)
            .collect();
        for wanted in failed {
            assert!(found.contains(wanted), "{name}: {report:?}");
        }
        if failed.is_empty() {
            assert_eq!(
                against(&report),
                [(Name::KeyOwner, Outcome::Unknown)],
                "{name}: {report:?}"
            );
        }
        assert!(!report.verified, "{name}: nobody says whose key it is");
    }
}
