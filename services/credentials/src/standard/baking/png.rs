//! PNG: one uncompressed `iTXt` chunk with the keyword `openbadgecredential`.

use super::{Baked, BakingError};

const FORMAT: &str = "PNG";
const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";

/// Between the keyword's end and the text: not compressed, by method 0, and neither a language nor
/// a keyword in it.
const PLAIN: &[u8] = &[0, 0, 0, 0];

/// Chunk lengths are 31 bits.
const LONGEST_CHUNK: usize = (1 << 31) - 1;

/// Whether this begins as every PNG does.
pub(super) fn is_png(image: &[u8]) -> bool {
    image.starts_with(SIGNATURE)
}

/// See [`super::bake`].
pub(super) fn bake(image: &[u8], credential: &Baked) -> Result<Vec<u8>, BakingError> {
    let chunks = chunks(image)?;
    let mut baked = SIGNATURE.to_vec();
    for (place, chunk) in chunks.iter().enumerate() {
        if chunk.keyword() == Some(KEYWORD) {
            continue;
        }
        baked.extend_from_slice(chunk.bytes);
        // The header must come first; the text goes right behind it, where it is found soonest.
        if place == 0 {
            push_text(&mut baked, credential.as_str());
        }
    }
    Ok(baked)
}

/// See [`super::unbake`].
pub(super) fn unbake(image: &[u8]) -> Result<Baked, BakingError> {
    let chunks = chunks(image)?;
    let mut ours = chunks.iter().filter(|chunk| chunk.keyword() == Some(KEYWORD));
    let chunk = ours.next().ok_or(BakingError::NotBaked(FORMAT))?;
    if ours.next().is_some() {
        return Err(BakingError::BakedTwice(FORMAT));
    }
    Baked::of_text(chunk.text()?)
}

/// An image of these chunks, each far shorter than a chunk may be.
pub(super) fn of_chunks(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let mut image = SIGNATURE.to_vec();
    for (kind, data) in chunks {
        push(&mut image, kind, &[data]);
    }
    image
}

fn push_text(image: &mut Vec<u8>, text: &str) {
    push(image, b"iTXt", &[KEYWORD, &[0], PLAIN, text.as_bytes()]);
}

/// A credential is far shorter than a chunk may be.
fn push(image: &mut Vec<u8>, kind: &[u8; 4], parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    image.extend_from_slice(&(length as u32).to_be_bytes());
    let from = image.len();
    image.extend_from_slice(kind);
    for part in parts {
        image.extend_from_slice(part);
    }
    let sum = checksum(&image[from..]);
    image.extend_from_slice(&sum.to_be_bytes());
}

/// One chunk of a PNG, its checksum proven.
struct Chunk<'a> {
    /// Where it begins.
    at: usize,
    kind: [u8; 4],
    data: &'a [u8],
    /// All of it: length, kind, data, checksum.
    bytes: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// The chunk that begins at `at`.
    fn read(image: &'a [u8], at: usize) -> Result<Self, BakingError> {
        let cut = || malformed(at, "the file ends within a chunk".into());
        let rest = image.get(at..).unwrap_or_default();
        let (length, body) = rest.split_first_chunk().ok_or_else(cut)?;
        let length = u32::from_be_bytes(*length) as usize;
        if length > LONGEST_CHUNK {
            return Err(malformed(at, format!("a chunk of {length} bytes is too long")));
        }
        let (kind, data) = body.split_first_chunk().ok_or_else(cut)?;
        let (data, tail) = data.split_at_checked(length).ok_or_else(cut)?;
        let stated = u32::from_be_bytes(*tail.first_chunk().ok_or_else(cut)?);
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(malformed(at + 4, format!("{:?} is no chunk type", kind.escape_ascii())));
        }
        if checksum(&body[..4 + length]) != stated {
            let name = kind.escape_ascii();
            return Err(malformed(at, format!("the checksum of the {name} chunk is wrong")));
        }
        Ok(Self { at, kind: *kind, data, bytes: &rest[..12 + length] })
    }

    /// The keyword, if this is international text.
    fn keyword(&self) -> Option<&'a [u8]> {
        let end = self.data.iter().position(|byte| *byte == 0)?;
        (self.kind == *b"iTXt").then_some(&self.data[..end])
    }

    /// The text of international text.
    fn text(&self) -> Result<&'a str, BakingError> {
        let wrong = |what: &str| malformed(self.at, format!("the credential's chunk {what}"));
        let after = self.keyword().map_or(0, <[u8]>::len) + 1;
        let [compressed, _method, rest @ ..] = self.data.get(after..).unwrap_or_default() else {
            return Err(wrong("ends before its text"));
        };
        if *compressed != 0 {
            return Err(wrong("is compressed, which is not allowed"));
        }
        // Language and translated keyword, each ended by a zero byte, may be there.
        let text = rest.splitn(3, |byte| *byte == 0).nth(2);
        let text = text.ok_or_else(|| wrong("ends before its text"))?;
        str::from_utf8(text).map_err(|_| wrong("is not UTF-8"))
    }
}

/// All chunks, from the header to the end; nothing may follow.
fn chunks(image: &[u8]) -> Result<Vec<Chunk<'_>>, BakingError> {
    let mut chunks: Vec<Chunk<'_>> = Vec::new();
    let mut at = SIGNATURE.len();
    loop {
        let chunk = Chunk::read(image, at)?;
        if chunks.is_empty() != (chunk.kind == *b"IHDR") {
            return Err(malformed(at, "IHDR must be the first chunk, and is once there".into()));
        }
        at += chunk.bytes.len();
        let last = chunk.kind == *b"IEND";
        chunks.push(chunk);
        if last {
            break;
        }
    }
    if at < image.len() {
        return Err(malformed(at, format!("{} bytes follow the IEND chunk", image.len() - at)));
    }
    Ok(chunks)
}

fn malformed(at: usize, what: String) -> BakingError {
    BakingError::Malformed { format: FORMAT, at: at as u64, what }
}

/// CRC-32 as PNG has it, over type and data.
fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}
