//! How near the levels found come to the levels held.

/// Level 3 and above is mastery.
const MASTERY: i64 = 3;

/// Counts of (found, held).
#[derive(Default)]
pub(crate) struct Score {
    exact: u32,
    all: u32,
    found_and_held: u32,
    found: u32,
    held: u32,
}

impl Score {
    pub(crate) fn add(&mut self, found: i64, held: i64) {
        self.all += 1;
        self.exact += u32::from(found == held);
        self.found += u32::from(found >= MASTERY);
        self.held += u32::from(held >= MASTERY);
        self.found_and_held += u32::from(found >= MASTERY && held >= MASTERY);
    }

    /// The share of levels found exactly.
    pub(crate) fn exact(&self) -> u32 {
        milli(self.exact, self.all)
    }

    /// The share of mastery found that is held.
    pub(crate) fn precision(&self) -> u32 {
        milli(self.found_and_held, self.found)
    }

    /// The share of mastery held that is found.
    pub(crate) fn recall(&self) -> u32 {
        milli(self.found_and_held, self.held)
    }
}

fn milli(part: u32, all: u32) -> u32 {
    (part * 2_000 + all) / (all * 2).max(1)
}
