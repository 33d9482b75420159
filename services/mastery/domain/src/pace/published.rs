//! Calendars published for one framework, side by side.

use northstar_kernel::Timestamp;

use super::Calendar;
use crate::{Offered, Scope};

/// A calendar holds for a scope, from when it was published until another for that scope is.
///
/// Its days say when what is to be reached; the instant is only when it became known, so that a
/// question about what was known earlier has the calendar of then. Which one holds for a learner is
/// told as of policies: [`crate::resolve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPublished {
    /// The calendar.
    pub calendar: Calendar,
    /// For whom it holds.
    pub scope: Scope,
    /// When it was published.
    pub published_at: Timestamp,
}

impl Offered for CalendarPublished {
    /// Calendars have no names: of one scope, one holds.
    fn name(&self) -> &str {
        ""
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn effective_from(&self) -> Timestamp {
        self.published_at
    }

    /// A learner follows the calendar of where they are.
    fn banked(&self) -> bool {
        false
    }
}
