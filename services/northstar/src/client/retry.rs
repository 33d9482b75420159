//! Calls that are made again while a service is away.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tonic::{Code, Status};

use super::refused;
use crate::output::complain;

/// How long nothing may be answered before whoever waits gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// Makes a call until it is answered. Only for calls that come to the same when made twice.
pub(crate) async fn patiently<T>(
    doing: &'static str,
    mut call: impl AsyncFnMut() -> Result<T, Status>,
) -> anyhow::Result<T> {
    let mut patience = Patience::new(doing);
    loop {
        match call().await {
            Ok(answer) => return Ok(answer),
            Err(status) => patience.wait(status).await?,
        }
    }
}

/// Bears with failures that may pass by themselves.
pub(crate) struct Patience {
    doing: &'static str,
    deadline: Instant,
    told: bool,
}

impl Patience {
    /// Full patience with whatever fails while `doing`.
    pub(crate) fn new(doing: &'static str) -> Self {
        Self { doing, deadline: Instant::now() + PATIENCE, told: false }
    }

    /// Something was answered: the patience is whole again.
    pub(crate) fn renew(&mut self) {
        *self = Self::new(self.doing);
    }

    /// Waits a moment after a failure.
    ///
    /// # Errors
    /// With the failure itself, if it will not pass or has lasted too long.
    pub(crate) async fn wait(&mut self, status: Status) -> anyhow::Result<()> {
        if !passing(&status) || Instant::now() > self.deadline {
            return Err(refused(self.doing)(status));
        }
        if !std::mem::replace(&mut self.told, true) {
            let (doing, why) = (self.doing, status.message());
            complain(&format!("{doing}: {why}; trying again for {} s", PATIENCE.as_secs()));
        }
        sleep(PAUSE).await;
        Ok(())
    }
}

/// Whether the same call may be answered a little later. Our own servers explain an internal fault
/// by details; one without is a connection that broke.
fn passing(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Unknown | Code::Aborted | Code::Cancelled => true,
        Code::Internal => status.details().is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use northstar_chassis::status::{internal, invalid, unavailable};

    use super::*;

    /// What comes of a call that fails in these ways, one after the other, and how often it is made.
    async fn outcome(failures: Vec<Status>) -> (anyhow::Result<u32>, u32) {
        let (mut failures, mut calls) = (failures.into_iter(), 0);
        let answer = patiently("counting", async || {
            calls += 1;
            failures.next().map_or(Ok(7), Err)
        })
        .await;
        (answer, calls)
    }

    #[tokio::test]
    async fn what_passes_is_waited_for() {
        let away = || unavailable("SERVER_STOPPING", "stopping");
        let (answer, calls) = outcome(vec![away(), Status::internal("reset"), away()]).await;
        assert_eq!((answer.unwrap(), calls), (7, 4));
    }

    #[tokio::test]
    async fn what_will_not_pass_is_told_at_once() {
        for (status, said) in [
            (internal(), "internal fault"),
            (invalid("SLUG_MALFORMED", "slug", "too long"), "slug: too long"),
            (Status::unauthenticated("who?"), "who?"),
        ] {
            let (answer, calls) = outcome(vec![status]).await;
            let error = answer.unwrap_err();
            assert_eq!(error.to_string(), "counting");
            assert!(format!("{error:#}").contains(said), "{error:#}");
            assert_eq!(calls, 1);
        }
    }
}
