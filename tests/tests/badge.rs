//! A badge of the demo region by the words of the command line: shown, verified by files alone, ended,
//! and issued again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use northstar_tests::{
    demo::{TENANT, text},
    embedded::{Embedded, Serving},
    program::Program,
};
use serde_json::Value;
use tempfile::TempDir;

/// How long the service may take to do what follows from a call.
const PATIENCE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(100);

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_northstar-under-test"))
}

/// Somebody at a command line, with a folder of their own.
struct Desk<'a> {
    serving: &'a Serving,
    folder: TempDir,
}

impl Desk<'_> {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `northstar credential …`, with a token.
    fn says(&self, words: &[&str]) -> String {
        let client = self.serving.clients().admin.to_str().unwrap();
        program().run(["credential"].iter().chain(words).chain(&["--client", client]))
    }

    fn listed(&self, learner: &str) -> Vec<Value> {
        serde_json::from_str(&self.says(&["list", learner, "-o", "json"])).unwrap()
    }

    /// What the issuer shows to everybody, as files.
    fn fetch(&self) {
        for (folder, path) in [("docs", "did.json"), ("lists", "status/0")] {
            let body = self.serving.public(&format!("/t/{TENANT}/{path}")).unwrap();
            fs::create_dir_all(self.file(folder)).unwrap();
            fs::write(self.file(folder).join("it.json"), body).unwrap();
        }
    }

    /// The code of `northstar credential verify` by what was fetched.
    fn verified(&self, file: &Path) -> Option<i32> {
        let (docs, lists) = (self.file("docs"), self.file("lists"));
        let [file, docs, lists] = [file, &docs, &lists].map(|path| path.to_str().unwrap());
        program().code(["credential", "verify", file, "--docs", docs, "--status", lists])
    }
}

fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "{what}: not after {PATIENCE:?}");
        thread::sleep(TICK);
    }
}

#[test]
fn a_badge_is_shown_verified_by_files_alone_ended_and_issued_again() {
    let embedded = Embedded::new(&program());
    let summary = embedded.dev_once();
    let learner = text(&summary["learner"]["learner_id"]);
    let serving = embedded.serve();
    let desk = Desk { serving: &serving, folder: tempfile::tempdir().unwrap() };
    let badge = desk.listed(&learner).into_iter().find(|one| one["status"] == "holds").unwrap();
    let (id, achievement) = (text(&badge["credential_id"]), text(&badge["achievement_id"]));

    let (document, token) = (desk.file("badge.json"), desk.file("badge.jws"));
    fs::write(&document, desk.says(&["show", &id, "--document"])).unwrap();
    fs::write(&token, desk.says(&["show", &id, "--jws"]).trim()).unwrap();
    let [png, svg] = ["badge.png", "badge.svg"].map(|name| desk.file(name));
    for image in [&png, &svg] {
        desk.says(&["bake", &id, "--out", image.to_str().unwrap()]);
    }
    assert_eq!(desk.verified(&document), Some(1), "nobody's key is known without documents");
    desk.fetch();
    for file in [&document, &token, &png, &svg] {
        assert_eq!(desk.verified(file), Some(0), "{file:?}");
    }

    desk.says(&["revoke", &id, "--reason", "Given by mistake"]);
    until("the list says so", || {
        desk.fetch();
        desk.verified(&document) == Some(1)
    });
    assert!([&token, &png, &svg].iter().all(|file| desk.verified(file) == Some(1)));
    let explained = desk.says(&["explain", &id]);
    assert!(explained.contains("Given by mistake"), "{explained}");

    desk.says(&["issue", &learner, &achievement, "--reason", "It was none"]);
    until("there is another", || {
        let again = |one: &Value| one["achievement_id"] == achievement && one["status"] == "holds";
        desk.listed(&learner).iter().any(|one| again(one) && one["credential_id"] != id)
    });
}
