//! The bits of one list.

use std::fmt;

use super::LENGTH;

const BYTES: usize = LENGTH as usize / 8;

/// The bits of one list, none set at first. There is no way to clear one.
#[derive(Clone, PartialEq, Eq)]
pub struct Bits(Box<[u8]>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; BYTES].into_boxed_slice())
    }
}

/// How many are set; the bits themselves would fill pages.
impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bits({} of {LENGTH} set)", self.count())
    }
}

impl Bits {
    /// From the bytes of [`Bits::as_bytes`]; `None` if they are not as many.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() == BYTES).then(|| Self(bytes.into_boxed_slice()))
    }

    /// 16,384 bytes; bit 0 is the highest of the first byte, as status lists are published.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Sets a bit. Says whether this changed anything: not if it was set, and not beyond the end.
    pub fn set(&mut self, index: u32) -> bool {
        let (byte, mask) = at(index);
        let Some(byte) = self.0.get_mut(byte) else { return false };
        let new = *byte & mask == 0;
        *byte |= mask;
        new
    }

    /// Whether the bit is set; none beyond the end is.
    pub fn is_set(&self, index: u32) -> bool {
        let (byte, mask) = at(index);
        self.0.get(byte).is_some_and(|byte| byte & mask != 0)
    }

    /// How many are set.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Sets what is set in `other` too.
    pub fn join(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }
}

fn at(index: u32) -> (usize, u8) {
    ((index / 8) as usize, 0x80 >> (index % 8))
}
