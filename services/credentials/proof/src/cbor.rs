//! The little of CBOR (RFC 8949) that selective proofs are written in, strictly: definite lengths,
//! each number in its shortest form, nothing behind the end.

/// Values are kept apart by the three highest bits of their first byte.
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// Writes values one behind the other.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn after(header: &[u8]) -> Self {
        Self(header.to_vec())
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn head(&mut self, kind: u8, number: usize) {
        let kind = kind << 5;
        let number = number as u64;
        match number {
            0..24 => self.0.push(kind | number as u8),
            24..0x100 => self.0.extend([kind | 24, number as u8]),
            0x100..0x1_0000 => {
                self.0.push(kind | 25);
                self.0.extend((number as u16).to_be_bytes());
            }
            _ => {
                // No length here reaches four thousand million: they are of things in memory that
                // a document's limits bound.
                self.0.push(kind | 26);
                self.0.extend((number as u32).to_be_bytes());
            }
        }
    }

    pub(crate) fn unsigned(&mut self, number: usize) {
        self.head(UNSIGNED, number);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.head(BYTES, bytes.len());
        self.0.extend(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.head(TEXT, text.len());
        self.0.extend(text.bytes());
    }

    /// That many values follow.
    pub(crate) fn array(&mut self, length: usize) {
        self.head(ARRAY, length);
    }

    /// That many pairs follow.
    pub(crate) fn map(&mut self, length: usize) {
        self.head(MAP, length);
    }
}

/// Reads values one behind the other; `None` is whatever is not as it must be.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn head(&mut self, kind: u8) -> Option<usize> {
        let first = *self.take(1)?.first()?;
        if first >> 5 != kind {
            return None;
        }
        let (number, shortest) = match first & 31 {
            number @ 0..24 => return Some(number.into()),
            24 => (u64::from(*self.take(1)?.first()?), 24),
            25 => (u64::from(u16::from_be_bytes(self.take(2)?.try_into().ok()?)), 0x100),
            26 => (u64::from(u32::from_be_bytes(self.take(4)?.try_into().ok()?)), 0x1_0000),
            _ => return None,
        };
        if number < shortest { None } else { usize::try_from(number).ok() }
    }

    pub(crate) fn unsigned(&mut self) -> Option<usize> {
        self.head(UNSIGNED)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.head(BYTES)?;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = self.head(TEXT)?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// How many values follow: no more than there are bytes for.
    pub(crate) fn array(&mut self) -> Option<usize> {
        self.head(ARRAY).filter(|length| *length <= self.0.len())
    }

    /// How many pairs follow.
    pub(crate) fn map(&mut self) -> Option<usize> {
        self.head(MAP).filter(|length| *length <= self.0.len() / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_at_every_size() {
        for number in [0, 23, 24, 255, 256, 65_535, 65_536, 1_000_000] {
            let mut writer = Writer::default();
            writer.unsigned(number);
            writer.bytes(&vec![7; number]);
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.unsigned(), Some(number));
            assert_eq!(reader.bytes().map(<[u8]>::len), Some(number));
            assert!(reader.is_at_end());
        }
    }

    #[test]
    fn other_ways_of_writing_and_lengths_beyond_the_end_are_refused() {
        for wrong in [&[0x18, 23][..], &[0x19, 0, 255], &[0x1B, 0, 0, 0, 0, 0, 1, 0, 0], &[0x20]] {
            assert_eq!(Reader::new(wrong).unsigned(), None, "{wrong:?}");
        }
        assert_eq!(Reader::new(&[0x9A, 0xFF, 0xFF, 0xFF, 0xFF]).array(), None);
        assert_eq!(Reader::new(&[0x9F, 0xFF]).array(), None);
        assert_eq!(Reader::new(&[0xA2, 0, 0]).map(), None);
        assert_eq!(Reader::new(&[0x42, 1]).bytes(), None);
        assert_eq!(Reader::new(&[0x61, 0xFF]).text(), None);
    }
}
