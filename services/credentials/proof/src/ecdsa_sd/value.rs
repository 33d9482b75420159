//! `proofValue` of both kinds of proof: CBOR behind three bytes that say which.

use std::collections::BTreeMap;

use crate::cbor::{Reader, Writer};
use crate::error::ProofError;
use crate::key::PublicKey;
use crate::multibase;

const BASE: [u8; 3] = [0xD9, 0x5D, 0x00];
const DERIVED: [u8; 3] = [0xD9, 0x5D, 0x01];

/// What the holder gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// By the issuer's key.
    pub(super) signature: [u8; 64],
    /// The key of the single statements, as Multikey bytes.
    pub(super) own_key: [u8; 35],
    /// What names blank nodes.
    pub(super) label_key: [u8; 32],
    /// Of each statement that is not mandatory, in order.
    pub(super) signatures: Vec<[u8; 64]>,
    /// JSON pointers to what is always disclosed.
    pub(super) mandatory: Vec<String>,
}

/// What the holder passes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Derived {
    pub(super) signature: [u8; 64],
    pub(super) own_key: [u8; 35],
    pub(super) signatures: Vec<[u8; 64]>,
    /// The name of `c14n7` under 7.
    pub(super) labels: BTreeMap<usize, [u8; 32]>,
    /// Which of the statements disclosed are mandatory.
    pub(super) mandatory: Vec<usize>,
}

pub(super) enum ProofValue {
    Base(Base),
    Derived(Derived),
}

/// The bytes of a P-256 Multikey.
pub(super) fn own_key_bytes(key: &PublicKey) -> Result<[u8; 35], ProofError> {
    let bytes = key.multicodec().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(ProofError::malformed("the statements' key is no P-256 key"))
}

impl Base {
    pub(super) fn to_text(&self) -> String {
        let mut writer = opened(&BASE, &self.signature, &self.own_key);
        writer.bytes(&self.label_key);
        write_signatures(&mut writer, &self.signatures);
        writer.array(self.mandatory.len());
        self.mandatory.iter().for_each(|pointer| writer.text(pointer));
        multibase::base64url(&writer.into_bytes())
    }

    fn read(mut reader: Reader<'_>) -> Option<Self> {
        let (signature, own_key) = read_opening(&mut reader)?;
        let label_key = reader.bytes()?.try_into().ok()?;
        let signatures = read_signatures(&mut reader)?;
        let mandatory = 0..reader.array()?;
        let mandatory =
            mandatory.map(|_| reader.text().map(ToOwned::to_owned)).collect::<Option<_>>()?;
        let base = Self { signature, own_key, label_key, signatures, mandatory };
        reader.is_at_end().then_some(base)
    }
}

impl Derived {
    pub(super) fn to_text(&self) -> String {
        let mut writer = opened(&DERIVED, &self.signature, &self.own_key);
        write_signatures(&mut writer, &self.signatures);
        writer.map(self.labels.len());
        for (number, name) in &self.labels {
            writer.unsigned(*number);
            writer.bytes(name);
        }
        writer.array(self.mandatory.len());
        self.mandatory.iter().for_each(|number| writer.unsigned(*number));
        multibase::base64url(&writer.into_bytes())
    }

    fn read(mut reader: Reader<'_>) -> Option<Self> {
        let (signature, own_key) = read_opening(&mut reader)?;
        let signatures = read_signatures(&mut reader)?;
        let mut labels = BTreeMap::new();
        for _ in 0..reader.map()? {
            let (number, name) = (reader.unsigned()?, reader.bytes()?.try_into().ok()?);
            if labels.insert(number, name).is_some() {
                return None;
            }
        }
        let mandatory = 0..reader.array()?;
        let mandatory = mandatory.map(|_| reader.unsigned()).collect::<Option<_>>()?;
        let derived = Self { signature, own_key, signatures, labels, mandatory };
        reader.is_at_end().then_some(derived)
    }
}

impl ProofValue {
    pub(super) fn read(text: &str) -> Result<Self, ProofError> {
        let bytes = multibase::decode('u', text).ok_or(ProofError::malformed(
            "the proofValue is not unpadded base64url behind a \"u\"",
        ))?;
        let value = match bytes.split_first_chunk::<3>() {
            Some((&BASE, rest)) => Base::read(Reader::new(rest)).map(Self::Base),
            Some((&DERIVED, rest)) => Derived::read(Reader::new(rest)).map(Self::Derived),
            _ => None,
        };
        value.ok_or(ProofError::malformed("the proofValue is neither a base nor a derived proof"))
    }
}

/// Both kinds are arrays of five, which begin alike.
fn opened(header: &[u8], signature: &[u8], own_key: &[u8]) -> Writer {
    let mut writer = Writer::after(header);
    writer.array(5);
    writer.bytes(signature);
    writer.bytes(own_key);
    writer
}

fn read_opening(reader: &mut Reader<'_>) -> Option<([u8; 64], [u8; 35])> {
    if reader.array()? != 5 {
        return None;
    }
    Some((reader.bytes()?.try_into().ok()?, reader.bytes()?.try_into().ok()?))
}

fn write_signatures(writer: &mut Writer, signatures: &[[u8; 64]]) {
    writer.array(signatures.len());
    signatures.iter().for_each(|signature| writer.bytes(signature));
}

fn read_signatures(reader: &mut Reader<'_>) -> Option<Vec<[u8; 64]>> {
    let signatures = 0..reader.array()?;
    signatures.map(|_| reader.bytes()?.try_into().ok()).collect()
}
