//! A holder discloses some of a credential, and the rest stays hidden.

use northstar_credentials_proof::{
    Options, ProofError, Seed, Selective, derive, secure_selectively,
};
use serde_json::{Value, json};

use crate::documents::{LIMITS, OPTIONS, check, ed25519, leaves, named, p256, without_lists};

const MANDATORY: [&str; 1] = ["/credentialSubject/achievement/name"];

const BY_P256: Options<'static> =
    Options { verification_method: "did:web:badges.example:t:north#p256-2026-01", ..OPTIONS };

fn base_of(document: &Value, seed: u8) -> Result<Value, ProofError> {
    let selective = Selective { mandatory: &MANDATORY, seed: &Seed([seed; 32]) };
    secure_selectively(document, &selective, &BY_P256, &p256(), &LIMITS)
}

fn base() -> Value {
    base_of(&without_lists(), 7).unwrap()
}

#[test]
fn a_base_proof_verifies_and_is_the_same_each_time() {
    check(&base(), &p256().public()).unwrap();
    assert_eq!(base(), base());
    assert_ne!(base(), base_of(&without_lists(), 8).unwrap());
}

#[test]
fn every_single_value_can_be_disclosed_alone() {
    let base = base();
    let places = leaves(&without_lists());
    assert!(places.len() > 60, "{}", places.len());
    for place in places {
        let derived = derive(&base, &[&place], &LIMITS);
        let derived = derived.unwrap_or_else(|error| panic!("{place}: {error}"));
        check(&derived, &p256().public()).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

#[test]
fn what_is_not_chosen_is_not_there() {
    let chosen = ["/credentialSubject/result/1", "/credentialSubject/achievement/alignment/1"];
    let derived = derive(&base(), &chosen, &LIMITS).unwrap();
    check(&derived, &p256().public()).unwrap();
    let subject = &derived["credentialSubject"];
    let achievement = &subject["achievement"];
    assert_eq!(subject["result"], json!([{"type": ["Result"], "value": "3"}]));
    assert_eq!(achievement["alignment"][0]["targetName"], "Orientation");
    assert_eq!(achievement["name"], "Reads maps", "it is mandatory");
    assert_eq!(derived["issuer"], base()["issuer"]);
    let text = derived.to_string();
    for hidden in ["Field work", "NS.GEO.4", "identityHash", "A compass", "creditsEarned"] {
        assert!(base().to_string().contains(hidden) && !text.contains(hidden), "{hidden}");
    }
}

#[test]
fn with_nothing_chosen_the_mandatory_remains() {
    let derived = derive(&base(), &[], &LIMITS).unwrap();
    check(&derived, &p256().public()).unwrap();
    let decisive = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"];
    for pointer in decisive.into_iter().chain(MANDATORY) {
        assert_eq!(derived.pointer(pointer), base().pointer(pointer));
    }
    assert!(derived.get("name").is_none() && derived.get("evidence").is_none());
}

#[test]
fn no_value_of_a_derived_credential_can_be_changed_or_left_out() {
    let chosen = ["/credentialSubject/result", "/evidence", "/validUntil"];
    let derived = derive(&base(), &chosen, &LIMITS).unwrap();
    for place in leaves(&derived).into_iter().filter(|place| *place != "/proof/type") {
        let mut changed = derived.clone();
        let leaf = changed.pointer_mut(&place).unwrap();
        let text = leaf.as_str().map_or("x".into(), |text| format!("{text}1"));
        *leaf = text.into();
        assert!(check(&changed, &p256().public()).is_err(), "{place}");
    }
    for name in ["issuer", "validFrom", "credentialStatus", "validUntil", "evidence"] {
        let mut less = derived.clone();
        less.as_object_mut().unwrap().remove(name);
        assert!(check(&less, &p256().public()).is_err(), "{name}");
    }
    let mut more = derived;
    more["name"] = "Reads maps and minds".into();
    assert!(check(&more, &p256().public()).is_err());
}

/// The keys of the statements hang on the document: otherwise statements of one badge could be put
/// into another that the same issuer signed under the same seed.
#[test]
fn two_documents_under_one_seed_share_no_key() {
    let mut other = without_lists();
    other["name"] = "Reads charts".into();
    let (one, other) = (base(), base_of(&other, 7).unwrap());
    let value = |base: &Value| base["proof"]["proofValue"].as_str().unwrap().to_owned();
    // Behind the issuer's signature stands the statements' key.
    let key = |text: String| text[100..130].to_owned();
    assert_ne!(key(value(&one)), key(value(&other)));
}

#[test]
fn a_list_is_refused_because_it_cannot_be_disclosed_in_part() {
    let error = base_of(&named("a rich badge"), 7).unwrap_err();
    let ProofError::List(pointer) = error else { panic!("{error}") };
    assert!(pointer.ends_with("/allowedValue"), "{pointer}");
}

#[test]
fn pointers_that_lead_nowhere_and_proofs_of_other_kinds_are_refused() {
    for lost in ["/grade", "/proof", "name", "/evidence/1"] {
        let error = derive(&base(), &[lost], &LIMITS).unwrap_err();
        assert!(error.to_string().contains("leads nowhere"), "{lost}: {error}");
    }
    let derived = derive(&base(), &["/name"], &LIMITS).unwrap();
    assert!(derive(&derived, &["/name"], &LIMITS).is_err(), "it is derived already");
    let selective = Selective { mandatory: &["/grade"], seed: &Seed([7; 32]) };
    let document = without_lists();
    secure_selectively(&document, &selective, &BY_P256, &p256(), &LIMITS).unwrap_err();
    let selective = Selective { mandatory: &[], seed: &Seed([7; 32]) };
    let error = secure_selectively(&document, &selective, &BY_P256, &ed25519(), &LIMITS);
    assert!(matches!(error, Err(ProofError::WrongKey { .. })));
}
