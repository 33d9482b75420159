//! The whole journey on the demo region, on both footings: the same state, provably.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{path::Path, sync::Mutex};

use northstar_testkit::thorough;
use northstar_tests::{
    cluster::Cluster,
    demo::{self, CONTEXTS},
    embedded::Embedded,
    feed, methods,
    program::Program,
};
use serde_json::Value;

/// One footing at a time: together they would only wait for each other.
static MACHINE: Mutex<()> = Mutex::new(());

/// Workers and batch sizes of rebuilds.
const WORKERS: [u32; 3] = [1, 2, 7];
const BATCHES: [u32; 3] = [10_000, 100, 1];

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_northstar-under-test"))
}

fn rebuild(operator: &Path, contexts: &[&str], workers: u32, batch_size: u32) {
    let (workers, batch_size) = (workers.to_string(), batch_size.to_string());
    let options = ["--workers", &workers, "--batch-size", &batch_size, "--client"];
    let arguments = ["rebuild"].into_iter().chain(contexts.iter().copied()).chain(options);
    program().run(arguments.chain([operator.to_str().unwrap()]));
}

/// The state without the head of credentials: the last edition of a status list is published because
/// time passes, within a second of the first run or in the second.
fn but_for_time(state: &Value) -> Value {
    let mut state = state.clone();
    for context in state["contexts"].as_array_mut().unwrap() {
        if context["context"] == "credentials" {
            context.as_object_mut().unwrap().remove("head_sequence").unwrap();
        }
    }
    state
}

#[test]
fn twice_is_once_and_every_rebuild_comes_to_the_same() {
    let _alone = MACHINE.lock();
    let embedded = Embedded::new(&program());
    let (first, second) = (embedded.dev_once(), embedded.dev_once());
    let rows = demo::report(&first);
    assert!(rows.iter().all(|one| one.changed > 0 && one.refused == 0), "{rows:?}");
    for (again, one) in demo::report(&second).iter().zip(&rows) {
        assert_eq!(
            (again.changed, again.unchanged, again.refused),
            (0, one.rows(), 0),
            "{again:?}"
        );
    }
    assert_eq!(but_for_time(&first["state"]), but_for_time(&second["state"]));
    assert_eq!(first["badges"]["verified"]["verified"], true);

    let serving = embedded.serve();
    let (operator, before) =
        (serving.clients().operator, demo::state(&program(), serving.clients()));
    for (workers, batch_size) in WORKERS.into_iter().flat_map(|w| BATCHES.map(|b| (w, b))) {
        // A write for each event takes its time: one such rebuild of all, and more of what is
        // folded in parallel.
        let all = batch_size > 1 || workers == 2 || thorough();
        let contexts = if all { &CONTEXTS } else { &CONTEXTS[2..3] };
        rebuild(operator, contexts, workers, batch_size);
        let after = demo::state(&program(), serving.clients());
        assert_eq!(after, before, "{workers} workers, batches of {batch_size}");
    }
}

/// All nineteen methods side by side, and rules of every kind above the main one.
#[test]
fn every_rebuild_comes_to_the_same_with_all_methods_at_work_and_a_roll_up() {
    let _alone = MACHINE.lock();
    let embedded = Embedded::new(&program());
    embedded.dev_once();
    let serving = embedded.serve();
    let clients = serving.clients();
    let folder = tempfile::tempdir().unwrap();
    let with = |word: &str, verb: &str, document: &serde_json::Value| {
        let file = folder.path().join("document.json");
        std::fs::write(&file, document.to_string()).unwrap();
        let [file, admin] = [&*file, clients.admin].map(|path| path.to_str().unwrap());
        program().run([word, verb, file, "-o", "json", "--client", admin])
    };
    let publish = |word: &str, document: &serde_json::Value| {
        let outcome: serde_json::Value =
            serde_json::from_str(&with(word, "publish", document)).unwrap();
        assert_eq!(outcome["published"], true, "{document}");
    };
    let plain = demo::state(&program(), clients);
    let tried = with("rollup", "dry-run", &methods::rollup());
    let lines = tried.lines().map(serde_json::from_str).collect::<Result<Vec<_>, _>>();
    let lines: Vec<serde_json::Value> = lines.unwrap();
    let (summary, changes) = lines.split_last().unwrap();
    assert_eq!((&summary["what"], &summary["published"]), (&"summary".into(), &false.into()));
    let rolled_up = changes.iter().filter(|change| change["rolled_up"] == true).count();
    assert_eq!(summary["rolled_up"]["changes"], rolled_up);
    assert!(rolled_up > 100 && summary["changes"] == changes.len() - rolled_up, "{summary}");
    assert_eq!(demo::state(&program(), clients), plain, "nothing was written");
    publish("rollup", &methods::rollup());
    methods::policies().iter().for_each(|policy| publish("policy", policy));
    let before = demo::state(&program(), clients);
    assert_ne!(before, plain);
    for (workers, batch_size) in WORKERS.into_iter().flat_map(|w| BATCHES.map(|b| (w, b))) {
        rebuild(clients.operator, &CONTEXTS[2..3], workers, batch_size);
        let after = demo::state(&program(), clients);
        assert_eq!(after, before, "{workers} workers, batches of {batch_size}");
    }
    let events = feed::until_now(&program(), clients.admin, 0);
    feed::check(&events);
}

#[test]
fn the_cluster_ends_where_one_process_does() {
    let _alone = MACHINE.lock();
    let (report, state) = Embedded::expected(&program());
    let cluster = Cluster::start(&program());
    // The schemas were brought up before; again is nothing, and they fit.
    assert_eq!(cluster.migrate("up"), cluster.migrate("status"));

    let imported = cluster.import_demo();
    assert_eq!(demo::report(&imported), report);
    let clients = cluster.clients();
    assert_eq!(demo::state(&program(), clients), state);

    let pairs = [(1, 10_000), (2, 100), (7, 10_000)];
    let all = WORKERS.into_iter().flat_map(|w| BATCHES.map(|b| (w, b))).collect();
    let pairs: Vec<(u32, u32)> = if thorough() { all } else { pairs.into() };
    for (workers, batch_size) in pairs {
        rebuild(clients.operator, &CONTEXTS, workers, batch_size);
        let rebuilt = demo::state(&program(), clients);
        assert_eq!(rebuilt, state, "{workers} workers, batches of {batch_size}");
    }

    // The feed is without holes, and whoever goes on from its middle hears the rest of it.
    let events = feed::until_now(&program(), clients.admin, 0);
    feed::check(&events);
    let middle = events.len() / 2;
    assert!(middle > 1_000, "only {} events", events.len());
    assert_eq!(feed::until_now(&program(), clients.admin, middle as u64), events[middle..]);
    let followed = cluster.follow(northstar_tests::cluster::Process::MasteryTwo);
    assert_eq!(followed.events(events.len()), events);
}
