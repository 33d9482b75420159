use sha2::{Digest as _, Sha256};

use super::*;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::new(6));
    packer.write_all(bytes).expect("to memory");
    packer.finish().expect("to memory")
}

fn text(packed: &[u8]) -> String {
    format!("u{}", URL_SAFE_NO_PAD.encode(packed))
}

/// Every `step`-th bit is set.
fn every(step: usize) -> Bits {
    let mut bits = Bits::default();
    for index in (0..LENGTH).step_by(step) {
        bits.set(index);
    }
    bits
}

#[test]
fn what_is_encoded_decodes_to_the_same_bits() {
    for bits in [Bits::default(), every(100), every(3), every(1)] {
        assert_eq!(decode(&encode(&bits)), Ok(bits.as_bytes().to_vec()));
    }
}

#[test]
fn the_w3cs_empty_list_is_read() {
    let text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
    assert_eq!(decode(text), Ok(vec![0; SHORTEST]));
}

/// Published editions say what their bytes are: a compressor that packs otherwise must be noticed
/// before it is deployed.
#[test]
fn the_compressor_packs_as_it_did() {
    let empty = "uH4sIAAAAAAAA_-3AMQEAAADCoPVPbQwfKAAAAAAAAAAAAAAAAAAAAOBthtJUqwBAAAA";
    assert_eq!(encode(&Bits::default()), empty);
    let digest = Sha256::digest(encode(&every(100)));
    assert_eq!(
        hex::encode(digest),
        "8218f5aad31d138583960fad1a98d0ab4d189e2e38da289f15e2ce2cb75bc743"
    );
}

#[test]
fn lists_stay_small() {
    assert!(encode(&Bits::default()).len() < 80);
    assert!(encode(&every(100)).len() < 3_000);
}

#[test]
fn a_longer_list_of_another_issuer_is_read() {
    let bytes = vec![0xA5; LONGEST];
    assert_eq!(decode(&text(&packed(&bytes))), Ok(bytes));
}

#[test]
fn what_is_no_encoded_list_is_refused_with_the_reason() {
    let good = packed(&[0; SHORTEST]);
    let mut trailing = good.clone();
    trailing.extend(&good);
    let mut changed = good.clone();
    let checksum = changed.len() - 8;
    changed[checksum] ^= 1;
    let cases = [
        (String::new(), "begins with nothing"),
        (text(&good)[1..].to_owned(), "begins with 'H'"),
        (format!("z{}", &text(&good)[1..]), "begins with 'z'"),
        (format!("{}=", text(&good)), "not unpadded base64url"),
        (text(&[0; SHORTEST]), "it is not gzip"),
        (text(&good[..20]), "it is not gzip"),
        (text(&changed), "it is not gzip"),
        (text(&trailing), "bytes follow the gzip member"),
        (text(&packed(&[0; SHORTEST - 1])), "131064 bits, fewer than 131072"),
        (text(&packed(b"")), "0 bits"),
        ("u".repeat(LONGEST_ENCODED + 1), "more than"),
    ];
    for (text, reason) in cases {
        let error = decode(&text).expect_err(reason);
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_bomb_is_left_before_it_unfolds() {
    let bomb = packed(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000, "it would not be looked at");
    let error = decode(&text(&bomb)).expect_err("it is 64 MiB");
    assert!(error.contains("more than 1048576 bytes"), "{error}");
}
