//! This machine's clock. Folds never read it: their time comes from events.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use northstar_kernel::Timestamp;

use crate::Recorded;

/// The present, by this machine's clock. A clock before 1970 counts as 1970.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Recorded {
    /// How long ago it was recorded, by this machine's clock; nothing if that is still to come.
    pub fn age(&self) -> Duration {
        let micros = now().micros().saturating_sub(self.recorded_at.micros());
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}
