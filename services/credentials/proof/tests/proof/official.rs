//! The standards' vectors, where the shared data is present.

use northstar_credentials_proof::{
    Options, Proof, PublicKey, SecretKey, Suite, derive, secure, without_proofs,
};
use serde_json::Value;

use crate::documents::{LIMITS, check, official};

/// The 32 bytes of a private Multikey.
fn secret(multibase: &Value) -> [u8; 32] {
    let text = multibase.as_str().unwrap().strip_prefix('z').unwrap();
    bs58::decode(text).into_vec().unwrap()[2..].try_into().unwrap()
}

fn hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn both_guide_vectors_are_signed_and_verified() {
    for file in ["1edtech/guide-test-vector-ob.json", "1edtech/guide-test-vector-clr.json"] {
        let Some(vector) = official(file) else { return };
        let signed = &vector["Signed credential"];
        let proof = &vector["Proof"];
        let seed = hex(&vector["Private key hex"])[..32].try_into().unwrap();
        let key = SecretKey::ed25519(&seed);
        let options = Options {
            verification_method: proof["verificationMethod"].as_str().unwrap(),
            created: proof["created"].as_str().unwrap(),
        };
        let (suite, document) = (Suite::EddsaRdfc2022, &vector["Credential"]);
        let ours = secure(document, suite, &options, &key, &LIMITS).unwrap();
        let value = &ours["proof"]["proofValue"];
        assert_eq!(value, &vector["proofValueHex"], "{file}");

        let proof = match &signed["proof"] {
            Value::Array(proofs) => &proofs[0],
            proof => proof,
        };
        let read = Proof::read(proof).unwrap();
        let (_, fragment) = read.verification_method.split_once('#').unwrap();
        let public = PublicKey::from_multibase(fragment).unwrap();
        assert_eq!(public, key.public());
        northstar_credentials_proof::verify(signed, &read, &public, &LIMITS).unwrap();
    }
}

#[test]
fn the_jcs_vector_verifies_and_breaks_with_any_change() {
    let Some(vector) = official("w3c/eddsa-jcs-2022.json") else { return };
    let key = PublicKey::from_multibase(vector["keyPair"]["publicKeyMultibase"].as_str().unwrap());
    let key = key.unwrap();
    check(&vector["signed"], &key).unwrap();
    let mut changed = vector["signed"].clone();
    changed["name"] = "another".into();
    check(&changed, &key).unwrap_err();
}

/// Its document is in a context that leaves names open and is refused; the signature over the hashes
/// of its quads is what remains.
#[test]
fn the_rdfc_vectors_signature_is_ours() {
    use northstar_credentials_proof::Signer as _;
    let Some(vector) = official("w3c/eddsa-rdfc-2022.json") else { return };
    let key = SecretKey::ed25519(&secret(&vector["keyPair"]["privateKeyMultibase"]));
    let message = hex(&vector["combinedHash"]);
    assert_eq!(key.sign(&message).unwrap().to_vec(), hex(&vector["sigHex"]));
    assert_eq!(
        key.public().multibase().as_ref(),
        vector["keyPair"]["publicKeyMultibase"].as_str().map(str::to_owned).as_ref()
    );
    assert!(key.public().verifies(&message, &hex(&vector["sigHex"])));
}

/// Its document too is refused, so the parts are looked at one by one: the issuer's signature over
/// hashes and key, and each statement's own.
#[test]
fn the_selective_vectors_signatures_are_sound() {
    let Some(vector) = official("w3c/ecdsa-sd-2023-employ.json") else { return };
    let key = |multibase: &Value| PublicKey::from_multibase(multibase.as_str().unwrap()).unwrap();
    let issuer = key(&vector["keys"]["baseKeyPair"]["publicKeyMultibase"]);
    let info = &vector["addRawBaseSignatureInfo"];
    let own = info["publicKey"].as_str().unwrap();
    let own_bytes = bs58::decode(&own[1..]).into_vec().unwrap();
    let hashes = &vector["addHashData"];
    let signed = [hex(&hashes["proofHash"]), own_bytes, hex(&hashes["mandatoryHash"])].concat();
    assert!(issuer.verifies(&signed, &hex(&info["baseSignature"])));
    let own = key(&info["publicKey"]);
    let data = &vector["verifyCreateVerifyData"];
    let lines = data["nonMandatory"].as_array().unwrap().iter();
    let signatures = data["signatures"].as_array().unwrap();
    assert_eq!(lines.len(), signatures.len());
    for (line, signature) in lines.zip(signatures) {
        assert!(own.verifies(line.as_str().unwrap().as_bytes(), &hex(signature)), "{line}");
    }
}

#[test]
fn what_is_in_the_selective_vector_but_not_in_the_closed_world_is_refused_by_name() {
    let Some(vector) = official("w3c/ecdsa-sd-2023-employ.json") else { return };
    let base = &vector["addSignedSDBase"];
    let refusal = derive(base, &["/validUntil"], &LIMITS).unwrap_err().to_string();
    assert!(refusal.contains("/@context/1"), "{refusal}");
    assert!(without_proofs(base).unwrap().get("proof").is_none());
}

#[test]
fn the_validators_own_samples_are_signed_by_the_keys_in_their_fragments() {
    let mut sound = Vec::new();
    for name in ["simple", "endorsement-valid", "credential-status-revoked", "testlist", "complete"]
    {
        let Some(document) = official(&format!("1edtech/{name}.json")) else { return };
        let proof = match &document["proof"] {
            Value::Array(proofs) => &proofs[0],
            proof => proof,
        };
        let proof = Proof::read(proof).unwrap();
        let fragment = proof.verification_method.split_once('#').unwrap().1;
        let key = PublicKey::from_multibase(fragment).unwrap();
        if northstar_credentials_proof::verify(&document, &proof, &key, &LIMITS).is_ok() {
            sound.push(name);
        }
    }
    assert_eq!(
        sound,
        ["simple", "endorsement-valid", "credential-status-revoked", "testlist", "complete"]
    );
}
