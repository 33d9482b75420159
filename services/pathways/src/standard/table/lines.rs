//! Which line a byte is on.

/// Counts lines up to a byte, going forward only. The reader's own count is one short where lines
/// end in CR LF, since it takes a record to begin at the LF.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// Of a text, from its beginning.
    pub(super) const fn of(text: &'a [u8]) -> Self {
        Self { text, byte: 0, line: 1 }
    }

    /// The line, from 1, of the first byte at or after `byte` that ends no line.
    pub(super) fn at(&mut self, byte: usize) -> u64 {
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let rest = self.text.get(byte..).unwrap_or_default();
        let start = byte + rest.iter().take_while(|byte| ends(byte)).count();
        let passed = self.text.get(self.byte..start).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.byte = self.byte.max(start);
        self.line
    }
}
