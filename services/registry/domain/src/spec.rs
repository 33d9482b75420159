//! Given what happened, when something is asked, then this follows.

use std::fmt::Debug;

use northstar_kernel::Decider;

/// A history to put a command to.
pub(crate) struct Given<D: Decider>(D::State);

/// What came of a command.
pub(crate) struct Outcome<D: Decider>(Result<Vec<D::Event>, D::Refusal>);

/// Starts from the state that `events` lead to.
pub(crate) fn given<D: Decider>(events: &[D::Event]) -> Given<D> {
    Given(D::fold(events))
}

impl<D: Decider> Given<D>
where
    D::Event: Debug + PartialEq,
    D::Refusal: Debug + PartialEq,
{
    /// Decides.
    pub(crate) fn when(self, command: D::Command) -> Outcome<D> {
        Outcome(D::decide(&self.0, command))
    }
}

impl<D: Decider> Outcome<D>
where
    D::Event: Debug + PartialEq,
    D::Refusal: Debug + PartialEq,
{
    /// Exactly these events.
    #[track_caller]
    pub(crate) fn then(self, events: &[D::Event]) {
        assert_eq!(self.0.as_deref(), Ok(events));
    }

    /// Accepted, and nothing to do.
    #[track_caller]
    pub(crate) fn then_nothing(self) {
        self.then(&[]);
    }

    /// Refused, for this reason.
    #[track_caller]
    pub(crate) fn then_refused(self, refusal: D::Refusal) {
        assert_eq!(self.0, Err(refusal));
    }

    /// The events, for a closer look.
    #[track_caller]
    pub(crate) fn events(self) -> Vec<D::Event> {
        self.0.expect("accepted")
    }
}
