//! The shape of every aggregate.

/// An aggregate as two pure functions: what follows from a command, and what an event changes.
///
/// `decide` sees only the state and the command: time, ids and anything random are part of the
/// command, so that the same command on the same history always gives the same answer.
pub trait Decider {
    /// What a decision needs to know of the past; the default is "nothing has happened".
    type State: Default;
    /// A request to decide.
    type Command;
    /// A fact that a decision made.
    type Event;
    /// The closed list of this aggregate's ways to say no.
    type Refusal;

    /// The events that follow, none if there is nothing to do, or a refusal.
    ///
    /// # Errors
    /// The business rule that forbids the command.
    fn decide(
        state: &Self::State,
        command: Self::Command,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// The state after the event. Total: what has happened cannot be refused.
    fn evolve(state: Self::State, event: &Self::Event) -> Self::State;

    /// The state after all of `events`, from the beginning.
    fn fold<'a>(events: impl IntoIterator<Item = &'a Self::Event>) -> Self::State
    where
        Self::Event: 'a,
    {
        events.into_iter().fold(Self::State::default(), |state, event| Self::evolve(state, event))
    }
}
