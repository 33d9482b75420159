//! What a call came to, as bytes, so that nothing escapes a comparison.

use std::fmt;

use bytes::{Buf as _, BufMut as _};
use prost::Message;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// All replies of a call, and the status it ended with unless that was OK.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) replies: Vec<Vec<u8>>,
    pub(crate) refused: Option<Refused>,
}

/// A status with its details.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) details: Vec<u8>,
}

impl From<Status> for Refused {
    fn from(status: Status) -> Self {
        let (code, message) = (status.code(), status.message().to_owned());
        Self { code, message, details: status.details().to_vec() }
    }
}

impl Answer {
    /// The one reply of a call that went well.
    pub(crate) fn only<M: Message + Default>(&self) -> M {
        let [reply] = self.all().try_into().ok().unwrap_or_else(|| panic!("one reply: {self:?}"));
        reply
    }

    /// All replies of a call that went well.
    pub(crate) fn all<M: Message + Default>(&self) -> Vec<M> {
        assert!(self.refused.is_none(), "{self:?}");
        self.replies.iter().map(|reply| M::decode(reply.as_slice()).unwrap()).collect()
    }

    /// How it ended.
    pub(crate) fn code(&self) -> Code {
        self.refused.as_ref().map_or(Code::Ok, |refused| refused.code)
    }

    /// The stable reason of a refusal; empty if it went well.
    pub(crate) fn reason(&self) -> String {
        let Some(Refused { code, message, details }) = self.refused.clone() else {
            return String::new();
        };
        let status = Status::with_details(code, message, details.into());
        status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
    }

    /// The same with one set of names in place of another: an answer may repeat what was asked.
    pub(crate) fn renamed(&self, names: &[(String, String)]) -> Self {
        let renamed = |bytes: &[u8]| {
            names.iter().fold(bytes.to_vec(), |bytes, (from, to)| replaced(bytes, from, to))
        };
        Self {
            replies: self.replies.iter().map(|reply| renamed(reply)).collect(),
            refused: self.refused.as_ref().map(|refused| Refused {
                code: refused.code,
                message: String::from_utf8(renamed(refused.message.as_bytes())).unwrap(),
                details: renamed(&refused.details),
            }),
        }
    }
}

/// Names of one length keep every length inside a message right.
fn replaced(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{from} and {to}");
    let places: Vec<usize> = (0..bytes.len().saturating_sub(from.len() - 1))
        .filter(|&at| bytes[at..].starts_with(from.as_bytes()))
        .collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for reply in &self.replies {
            write!(f, "[{}]", String::from_utf8_lossy(reply).escape_debug())?;
        }
        let Some(Refused { code, message, .. }) = &self.refused else { return Ok(()) };
        write!(f, "{code:?} {}: {message}", self.reason())
    }
}

/// Messages as they are on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut item = vec![0; buffer.remaining()];
        buffer.copy_to_slice(&mut item);
        Ok(Some(item))
    }
}
