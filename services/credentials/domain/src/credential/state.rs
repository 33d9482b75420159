//! Where a credential is in its life.

use northstar_kernel::{Sequence, Timestamp};

use super::event::{Cause, Edition, Event, Moment};
use crate::award::MasteryEvent;

/// A withdrawn decision that is being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// The decision.
    pub decision: MasteryEvent,
    /// When the review ends, and the credential with it.
    pub until: Timestamp,
}

/// What is to be said of a credential at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was never issued.
    NotIssued,
    /// It holds.
    Valid,
    /// A person holds it, or what it is built of is missing.
    Held,
    /// Mastery was withdrawn, and a review is open.
    UnderReview(Review),
    /// It ended by its date; it may be renewed.
    Expired,
    /// It ended for good.
    Revoked(Cause),
}

/// What is known of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    editions: Vec<Edition>,
    pub(super) held: bool,
    pub(super) review: Option<Review>,
    pub(super) requested: bool,
    pub(super) suspended: bool,
    /// The last moment of the current edition's course that came.
    pub(super) came: Option<Moment>,
    pub(super) ended: Option<Cause>,
    /// The latest mastery decision that was answered: an older one comes too late.
    pub(super) answered: Option<Sequence>,
}

impl Life {
    /// All editions, the first one first.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The edition that counts; `None` before the first.
    pub fn current(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// The latest mastery decision that was answered.
    pub fn answered(&self) -> Option<Sequence> {
        self.answered
    }

    /// Why it ended; `None` while it has not.
    pub fn ended(&self) -> Option<&Cause> {
        self.ended.as_ref()
    }

    /// The review that is open.
    pub fn review(&self) -> Option<Review> {
        self.review
    }

    /// Whether a person holds it.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Whether what it is built of is missing.
    pub fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// Whether it counts for what it is part of: it is there, has not ended, and nothing holds it.
    pub fn counts(&self) -> bool {
        let over = self.ended.is_some() || self.came == Some(Moment::End);
        let kept = self.held || self.suspended || self.review.is_some();
        self.current().is_some() && !over && !kept
    }

    /// Whether a person asked for it, and it was not issued yet.
    pub fn is_awaited(&self) -> bool {
        self.requested && self.editions.is_empty()
    }

    /// What is to be said of it at that moment. A hold comes before an end by date: lifting the one
    /// does not undo the other.
    pub fn standing(&self, at: Timestamp) -> Standing {
        let Some(current) = self.current() else { return Standing::NotIssued };
        if let Some(cause) = &self.ended {
            Standing::Revoked(cause.clone())
        } else if let Some(review) = self.review {
            Standing::UnderReview(review)
        } else if self.held || self.suspended {
            Standing::Held
        } else if current.valid_until.is_some_and(|until| until <= at) {
            Standing::Expired
        } else {
            Standing::Valid
        }
    }

    pub(super) fn live_through(&mut self, event: &Event) {
        match event {
            Event::Issued(edition) | Event::Superseded(edition) | Event::Renewed(edition) => {
                self.answer(edition.decision);
                self.editions.push(edition.clone());
                self.came = None;
            }
            Event::Requested { .. } => self.requested = true,
            Event::Suspended { .. } => self.suspended = true,
            Event::Resumed { .. } => self.suspended = false,
            Event::Came { moment, .. } => self.came = self.came.max(Some(*moment)),
            Event::HoldPlaced { .. } => self.held = true,
            Event::HoldLifted { .. } => self.held = false,
            Event::ReviewOpened { decision, until, .. } => {
                self.answer(*decision);
                self.review = Some(Review { decision: *decision, until: *until });
            }
            Event::Reinstated { decision, .. } => {
                self.answer(*decision);
                self.review = None;
            }
            Event::Revoked { cause, .. } => {
                if let Cause::MasteryWithdrawn(decision) = cause {
                    self.answer(*decision);
                }
                // Set once: what came first is why.
                self.ended.get_or_insert_with(|| cause.clone());
                self.review = None;
                self.held = false;
                self.suspended = false;
            }
        }
    }

    fn answer(&mut self, decision: MasteryEvent) {
        self.answered = self.answered.max(Some(decision.sequence));
    }
}
