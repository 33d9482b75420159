//! Proof values and proofs of any bytes: refused, and never a panic.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use northstar_credentials_proof::jws::Compact;
use northstar_credentials_proof::{PublicKey, derive};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::documents::{LIMITS, check, ed25519, independent, p256};

fn selective(number: usize) -> Value {
    let vectors = independent();
    let made = vectors["credentials"].as_array().unwrap().iter();
    let with_value = |one: &&Value| one["secured"]["proof"]["cryptosuite"] == "ecdsa-sd-2023";
    made.filter(with_value).nth(number).unwrap()["secured"].clone()
}

#[test]
fn proofs_with_members_of_the_wrong_kind_are_refused() {
    for wrong in [json!(null), json!([]), json!("x"), json!({"type": "DataIntegrityProof"})] {
        let mut document = selective(0);
        document["proof"] = wrong;
        assert!(check(&document, &p256().public()).is_err());
    }
    for name in ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"] {
        for wrong in [json!(1), json!(["x"]), json!("unknown")] {
            let mut document = selective(1);
            document["proof"][name] = wrong;
            assert!(check(&document, &p256().public()).is_err(), "{name}");
        }
    }
    let mut chained = selective(1);
    chained["proof"]["previousProof"] = "urn:x".into();
    assert!(check(&chained, &p256().public()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bytes_changed_in_a_proof_value_never_verify(
        number in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut document = selective(number);
        let text = document["proof"]["proofValue"].as_str().unwrap();
        let before = URL_SAFE_NO_PAD.decode(&text[1..]).unwrap();
        let mut bytes = before.clone();
        for (at, byte) in changes {
            bytes[at.index(before.len())] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(before.len()));
        }
        prop_assume!(bytes != before);
        document["proof"]["proofValue"] = format!("u{}", URL_SAFE_NO_PAD.encode(&bytes)).into();
        prop_assert!(check(&document, &p256().public()).is_err());
        let _ = derive(&document, &["/name"], &LIMITS);
    }

    #[test]
    fn any_bytes_are_taken_for_keys_and_tokens_without_a_panic(bytes: Vec<u8>, text: String) {
        let _ = PublicKey::from_multibase(&format!("z{}", bs58::encode(&bytes).into_string()));
        let _ = PublicKey::from_multibase(&text);
        let encoded = URL_SAFE_NO_PAD.encode(&bytes);
        let _ = Compact::parse(&format!("{encoded}.{encoded}.{encoded}"), &LIMITS);
        prop_assert!(!ed25519().public().verifies(&bytes, &bytes));
        prop_assert!(!p256().public().verifies(&bytes, &bytes));
    }
}
