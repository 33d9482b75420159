//! How much a stranger may ask for.

/// Bounds on one document; past any of them it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest input, in bytes.
    pub bytes: usize,
    /// How many arrays and objects may stand inside one another. Over 100 counts as 100, which keeps
    /// every thread's stack safe.
    pub depth: usize,
    /// Most quads that a document may come to.
    pub quads: usize,
    /// Most steps to tell blank nodes apart. One is a hash, a permutation looked at, or a label
    /// carried over. Ordinary credentials need a few hundred.
    pub work: u64,
}

impl Limits {
    /// For one badge or endorsement; they have two to thirty thousand bytes.
    pub const BADGE: Self = Self { bytes: 64 * 1024, depth: 32, quads: 4_000, work: 100_000 };

    /// For a learner's whole record: some thousand badges in one document.
    pub const RECORD: Self =
        Self { bytes: 16 * 1024 * 1024, depth: 48, quads: 500_000, work: 2_000_000 };

    /// The depth that is really used.
    pub(crate) fn depth(&self) -> usize {
        self.depth.min(100)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::RECORD
    }
}
