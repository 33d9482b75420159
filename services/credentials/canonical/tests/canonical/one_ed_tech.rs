//! 1EdTech's vectors and the specification's samples, where the shared data is present.

use std::fs;

use northstar_credentials_canonical::Reason;
use serde_json::Value;

use crate::documents::{canonical, hex, official, shared};

#[test]
fn both_guide_vectors_come_to_their_quads_and_hashes() {
    for file in ["1edtech/guide-test-vector-ob.json", "1edtech/guide-test-vector-clr.json"] {
        let Some(vector) = official(file) else { return };
        let document = canonical(&vector["Credential"]).unwrap();
        assert_eq!(document.nquads, vector["documentCanonNQuads"].as_str().unwrap(), "{file}");
        assert_eq!(hex(&document.sha256()), vector["documentHashHex"].as_str().unwrap(), "{file}");
        let mut config = vector["Proof"].clone();
        config.as_object_mut().unwrap().remove("proofValue");
        config["@context"] = vector["Credential"]["@context"].clone();
        let proof = canonical(&config).unwrap();
        assert_eq!(proof.nquads, vector["proofCanonNQuads"].as_str().unwrap(), "{file}");
        assert_eq!(hex(&proof.sha256()), vector["proofHashHex"].as_str().unwrap(), "{file}");
    }
}

/// Those that JSON-LD's safe mode refuses too: both use a term where no context defines it.
const REFUSED: [(&str, Reason, &str); 2] = [
    ("simple-err-context.json", Reason::UnknownType, "/type/0"),
    ("simple-err-evidence-type.json", Reason::UnknownType, "/evidence/1/type"),
];

fn samples() -> Vec<(String, Value)> {
    let Some(folder) = shared() else { return Vec::new() };
    let mut samples = Vec::new();
    for folder in [folder.join("1edtech"), folder.join("spec-samples")] {
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap()) {
            let name = file.file_name().into_string().unwrap();
            if !name.starts_with("guide-") {
                let sample = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
                samples.push((name, sample));
            }
        }
    }
    assert!(samples.len() > 15, "{}", samples.len());
    samples
}

#[test]
fn the_samples_are_read_as_safe_mode_reads_them() {
    for (name, sample) in samples() {
        let expected = REFUSED.iter().find(|(refused, _, _)| *refused == name);
        match (canonical(&sample), expected) {
            (Ok(canonical), None) => assert!(!canonical.nquads.is_empty()),
            (Err(refusal), Some((_, reason, pointer))) => {
                assert_eq!((refusal.reason, &*refusal.pointer), (*reason, *pointer), "{name}");
            }
            (other, _) => panic!("{name}: {other:?}"),
        }
    }
}
