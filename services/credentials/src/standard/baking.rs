//! Credentials inside images: baked into a PNG or an SVG, and taken out again.
//!
//! A baked image is a convenience: phones and web sites may strip what is in it. It is never the
//! only copy, and what comes out of one is verified like any file.

mod plain;
mod png;
mod svg;

use northstar_credentials_canonical::Limits;

pub use plain::{plain_png, plain_svg};

/// Longest image that is looked at, in bytes.
pub const LONGEST: usize = 16 << 20;

/// Longest credential that is baked or taken out, in bytes: what a verifier reads, twice, as
/// base64 makes it longer.
pub const LONGEST_CREDENTIAL: usize = 2 * Limits::BADGE.bytes;

/// A secured credential, as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baked {
    /// A VC-JWT: a JSON Web Signature in compact form.
    CompactJws(String),
    /// A JSON document with its proof inside, byte for byte as it was signed.
    Json(String),
}

/// Why an image was not baked, or gave no credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakingError {
    /// Neither a PNG nor an SVG.
    #[error("the file is neither a PNG nor an SVG")]
    NoImage,
    /// Too long to be looked at.
    #[error("{what} has {length} bytes, more than {longest}")]
    TooLong {
        /// The image, or the credential.
        what: &'static str,
        /// Bytes it has.
        length: usize,
        /// Bytes it may have.
        longest: usize,
    },
    /// The image is broken.
    #[error("the {format} is malformed at byte {at}: {what}")]
    Malformed {
        /// PNG or SVG.
        format: &'static str,
        /// Where, counted from the beginning of the file.
        at: u64,
        /// What is wrong there.
        what: String,
    },
    /// A sound image with no credential in it.
    #[error("the {0} has no credential baked in")]
    NotBaked(&'static str),
    /// More than one: which is meant cannot be told.
    #[error("the {0} has more than one credential baked in, where one is allowed")]
    BakedTwice(&'static str),
    /// The text is no credential in a form that can be baked.
    #[error("{0}")]
    NoCredential(&'static str),
}

impl Baked {
    /// Tells the two forms apart by how they begin; nothing is verified.
    ///
    /// # Errors
    /// It is too long, or neither a JSON object nor three parts of base64url between dots.
    pub fn of_text(text: &str) -> Result<Self, BakingError> {
        within("the credential", text.len(), LONGEST_CREDENTIAL)?;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        let part = |part: &str| {
            let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !part.is_empty() && part.bytes().all(letter)
        };
        if text.starts_with('{') && text.ends_with('}') {
            Ok(Self::Json(text.into()))
        } else if text.split('.').count() == 3 && text.split('.').all(part) {
            Ok(Self::CompactJws(text.into()))
        } else {
            Err(BakingError::NoCredential("what is baked in is neither a JSON object nor a JWS"))
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::CompactJws(text) | Self::Json(text) => text,
        }
    }
}

/// The image with the credential in it, in the place of any that is baked in already. Everything
/// else stays byte for byte, an assertion of Open Badges 2 too: that has another keyword and
/// namespace.
///
/// # Errors
/// Image or credential is too long, or the image is malformed.
pub fn bake(image: &[u8], credential: &Baked) -> Result<Vec<u8>, BakingError> {
    within("the image", image.len(), LONGEST)?;
    // What would not come out as it went in is not baked.
    if Baked::of_text(credential.as_str())? != *credential {
        return Err(BakingError::NoCredential("the text is not in the form that it is said to be"));
    }
    if png::is_png(image) { png::bake(image, credential) } else { svg::bake(image, credential) }
}

/// The credential that is baked into the image.
///
/// # Errors
/// The image is too long or malformed, or has none or more than one.
pub fn unbake(image: &[u8]) -> Result<Baked, BakingError> {
    within("the image", image.len(), LONGEST)?;
    if png::is_png(image) { png::unbake(image) } else { svg::unbake(image) }
}

fn within(what: &'static str, length: usize, longest: usize) -> Result<(), BakingError> {
    if length > longest { Err(BakingError::TooLong { what, length, longest }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
