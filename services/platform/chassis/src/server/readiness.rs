//! Whether a server has started, and whether it wants calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

/// Named conditions that must all hold before a server wants calls.
///
/// Three questions are kept apart. *Started*: have the ports opened? A server that has not is left
/// alone. *Ready*: should calls come here? One that is not gets none, and recovers by itself.
/// *Alive*: does the executor still answer? One that does not is killed, so nothing outside the
/// process, no database and no broker, may have a say in it.
#[derive(Debug, Clone)]
pub struct Readiness {
    state: Arc<watch::Sender<State>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) started: bool,
    pub(super) draining: bool,
    pub(super) failing: BTreeMap<String, String>,
}

impl State {
    pub(super) fn ready(&self) -> bool {
        self.started && !self.draining && self.failing.is_empty()
    }
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    /// Without conditions: ready as soon as the server has started.
    pub fn new() -> Self {
        Self { state: Arc::new(watch::Sender::new(State::default())) }
    }

    /// Says whether the condition `name` holds, or why it does not, for an operator to read.
    ///
    /// Set a condition to `Err` before serving when its check takes time.
    pub fn set(&self, name: &str, condition: Result<(), String>) {
        self.state.send_if_modified(|state| match condition {
            Ok(()) => state.failing.remove(name).is_some(),
            Err(why) => state.failing.insert(name.to_owned(), why.clone()).as_ref() != Some(&why),
        });
    }

    /// Whether calls are wanted.
    pub fn is_ready(&self) -> bool {
        self.state.borrow().ready()
    }

    pub(super) fn started(&self) {
        self.state.send_modify(|state| state.started = true);
    }

    pub(super) fn drain(&self) {
        self.state.send_modify(|state| state.draining = true);
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(super) fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_must_hold() {
        let readiness = Readiness::new();
        assert!(!readiness.is_ready(), "it has not started");
        readiness.started();
        assert!(readiness.is_ready());
        readiness.set("schema", Err("schema 3, needs 1..=2".to_owned()));
        readiness.set("broker", Err("away".to_owned()));
        readiness.set("broker", Ok(()));
        assert!(!readiness.is_ready());
        readiness.set("schema", Ok(()));
        assert!(readiness.is_ready());
        readiness.drain();
        assert!(!readiness.is_ready());
    }
}
