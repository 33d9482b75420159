//! The mastery feed as a subscriber sees it, and what must hold of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use northstar_testkit::Server;
use serde_json::Value;

use crate::{demo::text, program::Program};

/// How long a subscriber may take to have everything, once everything is there.
const PATIENCE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(50);
/// How the command says that it lost its connection.
const RESUMED: &str = "following again after ";

/// `northstar events follow`, running.
#[derive(Debug)]
pub struct Follower(Server);

impl Follower {
    pub(crate) fn start(program: &Program, client: &Path) -> Self {
        let launch = program.launch().args(["events", "follow", "-o", "json", "--client"]);
        Self(launch.arg(client).start().unwrap())
    }

    /// What it has seen, once that is as much as `events`.
    pub fn events(&self, events: usize) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let output = self.0.output();
            let seen: Vec<_> = lines(&output);
            if seen.len() >= events {
                return seen;
            }
            let ended = self.0.ended();
            let patient = ended.is_none() && Instant::now() < deadline;
            let words: Vec<&str> = output.lines().filter(|line| !line.starts_with('{')).collect();
            assert!(patient, "{} of {events} events, {ended:?}; it says {words:?}", seen.len());
            thread::sleep(TICK);
        }
    }

    /// How often it was cut off and went on from where it was.
    pub fn resumed(&self) -> usize {
        self.0.output().matches(RESUMED).count()
    }
}

/// The events there are after a sequence, until now.
pub fn until_now(program: &Program, client: &Path, after: u64) -> Vec<Value> {
    let follow = ["events", "follow", "--until-now", "-o", "json", "--client"];
    let after = after.to_string();
    let more = [client.to_str().unwrap(), "--after", &after];
    lines(&program.run(follow.into_iter().chain(more)))
}

/// The whole lines that are JSON; a line that is still being written comes later.
fn lines(output: &str) -> Vec<Value> {
    let whole = output.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    whole.filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// No event is missing, none comes twice, and each change begins where the learner's one before it
/// in that competency, by the policy of that name, ended and changes something: no evidence was counted twice on the way.
pub fn check(events: &[Value]) {
    let mut ids = BTreeSet::new();
    let mut held: BTreeMap<[String; 3], Value> = BTreeMap::new();
    for (expected, event) in (1..).zip(events) {
        assert_eq!(event["sequence"].as_u64(), Some(expected), "a gap or a double at {event}");
        assert!(ids.insert(text(&event["event_id"])), "an event comes twice: {event}");
        if event["event"] == "mastery_changed" {
            let of = ["learner_id", "competency_id", "policy_name"].map(|name| text(&event[name]));
            let before = held.insert(of, event["after"].clone()).unwrap_or(Value::Null);
            let began = &event["before"];
            assert!(*began == before || before.is_null(), "{before} was held before {event}");
            assert_ne!(event["before"], event["after"], "changes nothing: {event}");
        }
    }
}
