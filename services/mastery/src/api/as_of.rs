//! The instants a question is asked about: when it was true, and when it was believed.

use std::collections::BTreeMap;
use std::sync::Arc;

use northstar_chassis::status;
use northstar_eventlog::now;
use northstar_kernel::Timestamp;
use northstar_mastery_domain::Observations;
use tonic::Status;

use crate::codec;
use crate::projection::Competency;

/// An instant that was asked for, or the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AsOf {
    /// That one: what was observed later is not there yet.
    Then(Timestamp),
    /// The present, by this server's clock. A judgement dated later, by a clock that runs ahead,
    /// belongs to it all the same, as it does where levels are kept.
    Now(Timestamp),
}

impl AsOf {
    /// What a request's field `as_of` asks for.
    pub(super) fn read(field: Option<&prost_types::Timestamp>) -> Result<Self, Status> {
        instant("as_of", field).map(|then| then.map_or_else(|| Self::Now(now()), Self::Then))
    }

    /// The instant at which these judgements are to be read.
    pub(super) fn instant(self, observations: &Observations) -> Timestamp {
        match self {
            Self::Then(at) => at,
            Self::Now(now) => {
                let newest = observations.iter().next_back().map(|seen| seen.observed_at);
                newest.map_or(now, |newest| newest.max(now))
            }
        }
    }

    /// The instant itself.
    pub(super) const fn plain(self) -> Timestamp {
        match self {
            Self::Then(at) | Self::Now(at) => at,
        }
    }
}

/// By which two times a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// When it was true: by what was observed until then, under the policy of then.
    pub(super) as_of: AsOf,
    /// When it was believed: by what was recorded until then. `None` for all that is recorded.
    pub(super) known_at: Option<Timestamp>,
}

impl Times {
    /// What a request's fields `as_of` and `known_at` ask for.
    pub(super) fn read(
        as_of: Option<&prost_types::Timestamp>,
        known_at: Option<&prost_types::Timestamp>,
    ) -> Result<Self, Status> {
        Ok(Self { as_of: AsOf::read(as_of)?, known_at: instant("known_at", known_at)? })
    }

    /// The present, by all that is recorded.
    pub(super) const fn now(at: Timestamp) -> Self {
        Self { as_of: AsOf::Now(at), known_at: None }
    }

    /// The competency as it was known; `None` if it was not.
    pub(super) fn competency(self, competency: &Competency) -> Option<&Competency> {
        match self.known_at {
            None => Some(competency),
            Some(at) => competency.known(at),
        }
    }

    /// The competencies as they were known, those that were.
    pub(super) fn competencies<I: Ord>(
        self,
        all: BTreeMap<I, Arc<Competency>>,
    ) -> BTreeMap<I, Arc<Competency>> {
        if self.known_at.is_none() {
            return all;
        }
        let known = |all: Arc<Competency>| {
            let known = self.competency(&all)?;
            let is_newest = std::ptr::eq(known, &*all);
            Some(if is_newest { all } else { Arc::new(known.clone()) })
        };
        all.into_iter().filter_map(|(id, all)| Some((id, known(all)?))).collect()
    }
}

/// The instant in a field of a request; `None` if it was left out.
pub(super) fn instant(
    field: &str,
    given: Option<&prost_types::Timestamp>,
) -> Result<Option<Timestamp>, Status> {
    let read = |given| {
        let what = "must be an instant with 0 to 999,999,999 nanoseconds";
        codec::instant(given).ok_or_else(|| status::invalid("FIELD_INVALID", field, what))
    };
    given.map(read).transpose()
}
