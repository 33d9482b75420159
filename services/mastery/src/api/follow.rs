//! Following a tenant's mastery events, from any sequence on, without gap or double.

use std::time::Duration;

use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _, stream};
use northstar_chassis::server::Draining;
use northstar_chassis::status;
use northstar_eventlog::{Fault, Recorded, TenantLog};
use northstar_kernel::{Position, Sequence};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event as WireEvent;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tonic::Status;

use crate::codec::{
    LEARNER_ADVANCED, LEVEL_DUE, LEVELS_READ_ANEW, MASTERY_CHANGED, OVERRIDE_CONFIRMED,
    OVERRIDE_REVOKED, OVERRIDE_SET, PACE_PLAN_PUBLISHED, POLICY_PUBLISHED, ROLLUPS_PUBLISHED,
    decode, timestamp, unknown,
};

/// Events read at a time, and so the most that a follower holds.
const PAGE: u32 = 256;
/// How long the store may be away before those who follow are told to try elsewhere.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often those who follow hear something, and how often the log is asked for news.
#[derive(Debug, Clone, Copy)]
pub struct FollowPace {
    /// While nothing happens, a sign of life goes out this often.
    pub keep_alive: Duration,
    /// Events of this replica wake followers at once; for those of others the log is read this often.
    pub poll: Duration,
}

impl Default for FollowPace {
    fn default() -> Self {
        Self { keep_alive: Duration::from_secs(5), poll: Duration::from_millis(250) }
    }
}

/// The tenant's events after `after`, for as long as somebody listens.
///
/// Nothing is read before it is asked for, so a slow listener costs a page of memory and no more.
pub(super) async fn follow(
    log: TenantLog,
    after: u64,
    pace: FollowPace,
    draining: Draining,
) -> Result<BoxStream<'static, Result<wire::FollowMasteryEventsResponse, Status>>, Status> {
    let follower = Follower {
        wake: log.head(),
        log,
        pace,
        draining,
        page: Vec::new().into_iter(),
        at_end: false,
        last: Sequence(after),
        alive_due: Instant::now(),
    };
    let head = follower.patiently(|| follower.log.sequence()).await?;
    if after > head.0 {
        let description = format!("the newest event is {head}; there is no event {after}");
        return Err(status::invalid("CURSOR_AHEAD", "after_sequence", &description));
    }
    Ok(stream::unfold(Some(follower), |follower| async {
        let mut follower = follower?;
        match follower.next().await {
            Ok(item) => {
                let response = wire::FollowMasteryEventsResponse { item: Some(item) };
                Some((Ok(response), Some(follower)))
            }
            Err(status) => Some((Err(status), None)),
        }
    })
    .boxed())
}

struct Follower {
    log: TenantLog,
    wake: watch::Receiver<Position>,
    pace: FollowPace,
    draining: Draining,
    page: std::vec::IntoIter<Recorded>,
    /// Whether the last look found the end of the log.
    at_end: bool,
    /// The last event that was sent.
    last: Sequence,
    /// When the next sign of life is due; at first, as soon as all there is was sent.
    alive_due: Instant,
}

impl Follower {
    async fn next(&mut self) -> Result<Item, Status> {
        loop {
            if let Some(event) = self.page.next() {
                return self.event(&event).map_err(status::fault).map(Item::Event);
            }
            if self.draining.begun().now_or_never().is_some() {
                return Err(self.stopping());
            }
            if self.at_end && self.alive_due > Instant::now() {
                self.wait().await;
            }
            // Seen before it is read: a head that moves in between wakes us.
            let head = *self.wake.borrow_and_update();
            let page = self.patiently(|| self.log.feed(self.last, PAGE)).await?;
            self.at_end = page.last().is_none_or(|last| last.position == head);
            if !page.is_empty() {
                self.page = page.into_iter();
            } else if self.alive_due <= Instant::now() {
                self.alive_due = Instant::now() + self.pace.keep_alive;
                return Ok(Item::KeepAlive(wire::KeepAlive { sequence: self.last.0 }));
            }
        }
    }

    /// What the store answers. Whoever follows need not notice that it was away for a moment.
    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(fault) if fault.retryable() && Instant::now() < deadline => {}
                Err(fault) => return Err(status::fault(fault)),
            }
            tokio::select! {
                () = self.draining.begun() => return Err(self.stopping()),
                () = sleep_until(Instant::now() + self.pace.poll) => {}
            }
        }
    }

    async fn wait(&mut self) {
        let until = self.alive_due.min(Instant::now() + self.pace.poll);
        tokio::select! {
            () = self.draining.begun() => {}
            Ok(()) = self.wake.changed() => {}
            () = sleep_until(until) => {}
        }
    }

    /// The one rule of whoever reads a feed: next = last + 1, else stop.
    fn event(&mut self, event: &Recorded) -> Result<wire::MasteryEvent, Fault> {
        if event.sequence != self.last.next() {
            let why = format!("event {} follows {}", event.sequence, self.last);
            return Err(Fault::lasting("following the mastery feed", why));
        }
        let message = message(event).map_err(|why| Fault::lasting("reading the feed", why))?;
        self.last = event.sequence;
        Ok(wire::MasteryEvent {
            sequence: event.sequence.0,
            event_id: event.id.to_string(),
            observed_at: Some(timestamp(event.observed_at)),
            recorded_at: Some(timestamp(event.recorded_at)),
            correlation_id: event.correlation_id.to_string(),
            event: Some(message),
        })
    }

    fn stopping(&self) -> Status {
        let message = format!("the server is stopping; resume after sequence {}", self.last);
        status::unavailable("SERVER_STOPPING", &message)
    }
}

fn message(event: &Recorded) -> Result<WireEvent, northstar_eventlog::Malformed> {
    match (&*event.event_type, event.schema_version) {
        (MASTERY_CHANGED, 1) => decode(event).map(WireEvent::MasteryChanged),
        (POLICY_PUBLISHED, 1) => decode(event).map(WireEvent::PolicyPublished),
        (LEVEL_DUE, 1) => decode(event).map(WireEvent::LevelDue),
        (LEVELS_READ_ANEW, 1) => decode(event).map(WireEvent::LevelsReadAnew),
        (OVERRIDE_SET, 1) => decode(event).map(WireEvent::OverrideSet),
        (OVERRIDE_CONFIRMED, 1) => decode(event).map(WireEvent::OverrideConfirmed),
        (OVERRIDE_REVOKED, 1) => decode(event).map(WireEvent::OverrideRevoked),
        (LEARNER_ADVANCED, 1) => decode(event).map(WireEvent::LearnerAdvanced),
        (ROLLUPS_PUBLISHED, 1) => decode(event).map(WireEvent::RollupsPublished),
        (PACE_PLAN_PUBLISHED, 1) => decode(event).map(WireEvent::PacePlanPublished),
        (_, version) => Err(unknown(event, version)),
    }
}
