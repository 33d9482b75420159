//! The W3C's vectors, where the shared data is present.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use northstar_credentials_canonical::{Limits, Reason, canonicalize, jcs, parse_nquads, read};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::documents::{canonical, hex, official};

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The canonical form of N-Quads.
fn again(nquads: &str) -> String {
    let dataset = parse_nquads(nquads, &Limits::default()).unwrap();
    canonicalize(&dataset, &Limits::default()).unwrap().nquads
}

#[test]
fn all_rdfc_1_0_tests_pass() {
    let Some(suite) = official("w3c/rdfc10-suite.json") else { return };
    let tests = suite["tests"].as_array().unwrap();
    assert_eq!(tests.len(), 64);
    for test in tests {
        let input = parse_nquads(test["in"].as_str().unwrap(), &Limits::BADGE).unwrap();
        let output = canonicalize(&input, &Limits::BADGE);
        if test["negative"] == true {
            assert_eq!(output.unwrap_err().reason, Reason::TooMuchWork, "{}", test["id"]);
        } else {
            assert_eq!(output.unwrap().nquads, test["out"].as_str().unwrap(), "{}", test["id"]);
        }
    }
}

#[test]
fn the_quads_of_the_eddsa_vector_are_canonical_and_hash_as_they_should() {
    let Some(vector) = official("w3c/eddsa-rdfc-2022.json") else { return };
    for (quads, hash) in [("canonDoc", "docHash"), ("proofCanon", "proofHash")] {
        let quads = vector[quads].as_str().unwrap();
        assert_eq!(again(quads), quads);
        assert_eq!(sha256(quads), vector[hash].as_str().unwrap());
    }
}

#[test]
fn proof_configurations_come_to_the_vectors_quads() {
    let eddsa = official("w3c/eddsa-rdfc-2022.json");
    let ecdsa = official("w3c/ecdsa-sd-2023-employ.json");
    let (Some(eddsa), Some(ecdsa)) = (eddsa, ecdsa) else { return };
    for (config, quads) in [
        (&eddsa["proofConfig"], &eddsa["proofCanon"]),
        (&ecdsa["addProofConfig"], &ecdsa["addProofConfigCanon"]),
    ] {
        // The other context is an example's or a draft's, and a proof uses none of its terms.
        let mut config = config.clone();
        config["@context"] = config["@context"][0].clone();
        assert_eq!(canonical(&config).unwrap().nquads, quads.as_str().unwrap());
    }
}

#[test]
fn documents_in_a_context_that_leaves_names_open_are_refused() {
    let Some(vector) = official("w3c/eddsa-rdfc-2022.json") else { return };
    let refusal = canonical(&vector["signed"]).unwrap_err();
    assert_eq!((refusal.reason, &*refusal.pointer), (Reason::UnknownContext, "/@context/1"));
}

#[test]
fn the_jcs_vector_has_our_canonical_json() {
    let Some(vector) = official("w3c/eddsa-jcs-2022.json") else { return };
    for (value, text, hash) in
        [("unsigned", "canonDoc", "docHash"), ("proofConfig", "proofCanon", "proofHash")]
    {
        let canonical = jcs(&vector[value]).unwrap();
        assert_eq!(canonical, vector[text].as_str().unwrap());
        assert_eq!(sha256(&canonical), vector[hash].as_str().unwrap());
    }
}

fn lines(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

/// The key of the vector's labels, as hexadecimal.
fn label_key(vector: &Value) -> Vec<u8> {
    let key = vector["keys"]["hmacKeyString"].as_str().unwrap();
    (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn the_ecdsa_sd_vector_has_our_names_and_our_relabelling() {
    let Some(vector) = official("w3c/ecdsa-sd-2023-employ.json") else { return };
    let quads = lines(&vector["addBaseDocCanon"]).concat();
    let dataset = parse_nquads(&quads, &Limits::default()).unwrap();
    let canonical = canonicalize(&dataset, &Limits::default()).unwrap();
    assert_eq!(canonical.nquads, quads);
    let key = label_key(&vector);
    let label = |blank: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(canonical.labels[blank].as_bytes());
        Cow::Owned(format!("u{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
    };
    let mut relabelled = dataset.lines(label);
    relabelled.sort_unstable();
    assert_eq!(relabelled, lines(&vector["addBaseDocHMACCanon"]));
}

#[test]
fn a_status_list_credential_is_read() {
    let Some(vector) = official("w3c/bitstring-examples.json") else { return };
    let document = &vector["examples"][1]["document"];
    let reading = read(document, &Limits::default()).unwrap();
    assert_eq!(reading.dataset().quads.len(), 8);
}

/// Inputs of the data model's tests that other software takes and this does not, by reason: they
/// write contexts out, or name types and languages that the pinned contexts leave open.
#[test]
fn data_model_inputs_are_read_or_refused_for_a_reason_of_a_closed_world() {
    let Some(inputs) = official("w3c/vcdm2-inputs.json") else { return };
    let mut read = 0;
    for (name, document) in inputs.as_object().unwrap() {
        match canonical(document).map_err(|refusal| refusal.reason) {
            Ok(_) => read += 1,
            Err(_) if name.contains("-fail") => {}
            Err(reason) => {
                let closed = [
                    Reason::InlineContext,
                    Reason::UnknownContext,
                    Reason::UnknownType,
                    Reason::IriMember,
                ];
                assert!(closed.contains(&reason), "{name}: {reason}");
            }
        }
    }
    assert!(read >= 30, "{read}");
}
