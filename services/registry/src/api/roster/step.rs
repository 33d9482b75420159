//! One row, decided.

use std::collections::BTreeMap;
use std::fmt::Display;

use northstar_eventlog::{AppendError, Cause, TenantLog};
use northstar_kernel::{Position, Refusal};
use uuid::Uuid;

use crate::aggregate::{NotDone, Stored, execute};
use crate::standard::Problem;
use crate::standard::oneroster::Place;

/// What a row does to its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// It is to be there, as said.
    Stay,
    /// It is to be gone.
    Go,
}

/// What a row came to.
#[derive(Debug)]
pub(super) struct Decided {
    /// The row's subject.
    pub(super) id: Uuid,
    /// What was asked.
    pub(super) aim: Aim,
    /// Where its event stands, if it made one; or why it was refused.
    pub(super) outcome: Result<Option<Position>, Problem>,
}

/// Which subjects of a set's rows are in the roster now, and which are not. Whoever was refused is
/// in neither state by this set: the log knows.
pub(super) type Known = BTreeMap<Uuid, bool>;

/// Decides a row.
pub(super) async fn decide<A: Stored>(
    log: &TenantLog,
    cause: &Cause,
    place: Place,
    id: Uuid,
    aim: Aim,
    command: A::Command,
) -> Result<Decided, AppendError>
where
    A::Command: Clone,
    A::Event: Clone,
    A::Refusal: Refusal + Display,
{
    let outcome = match execute::<A>(log, cause, id, command).await {
        Ok(done) => Ok(done.position),
        Err(NotDone::Refused(refusal)) => {
            Err(place.problem("", refusal.reason(), refusal.to_string()))
        }
        Err(NotDone::Failed(error)) => return Err(error),
    };
    Ok(Decided { id, aim, outcome })
}
