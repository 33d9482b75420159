//! Where a credential is in its life.

use northstar_kernel::{Sequence, Timestamp};

use super::event::{Cause, Edition, Event};
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
    /// A person holds it.
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

    /// What is to be said of it at that moment. A hold comes before an end by date: lifting the one
    /// does not undo the other.
    pub fn standing(&self, at: Timestamp) -> Standing {
        let Some(current) = self.current() else { return Standing::NotIssued };
        if let Some(cause) = &self.ended {
            Standing::Revoked(cause.clone())
        } else if let Some(review) = self.review {
            Standing::UnderReview(review)
        } else if self.held {
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
            }
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
            }
        }
    }

    fn answer(&mut self, decision: MasteryEvent) {
        self.answered = self.answered.max(Some(decision.sequence));
    }
}
