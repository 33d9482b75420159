//! One deployment as another's client: a person lets it in by a browser, it reads badges and records
//! page by page, takes badges in, sends one, and gives the access back. Real programs over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Child,
    sync::OnceLock,
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

const PATIENCE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(100);
/// As imports have it: some was refused.
const PARTLY: Option<i32> = Some(3);

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_northstar-under-test"))
}

/// Two deployments, each a host of its own, that know the same learner.
struct World {
    learner: String,
    there: Serving,
    here: Serving,
    // Removed after those who serve them have ended.
    _folders: [Embedded; 2],
}

/// Made once: the demo region takes a while to load.
fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let load = || {
            let embedded = Embedded::new(&program());
            let summary = embedded.dev_once();
            (text(&summary["learner"]["learner_id"]), embedded)
        };
        let ((learner, first), (_, second)) = thread::scope(|scope| {
            let [first, second] = [(); 2].map(|()| scope.spawn(load));
            (first.join().unwrap(), second.join().unwrap())
        });
        let (there, here) = (first.serve_as_host(), second.serve_as_host());
        World { learner, there, here, _folders: [first, second] }
    })
}

fn credential(serving: &Serving, words: &[&str]) -> String {
    let client = serving.clients().admin.to_str().unwrap();
    program().run(["credential"].iter().chain(words).chain(&["--client", client]))
}

/// A badge that names the deployment as it is served now: its id, and the document.
fn issued(serving: &Serving, learner: &str) -> (String, String) {
    let listed = || -> Vec<Value> {
        serde_json::from_str(&credential(serving, &["list", learner, "-o", "json"])).unwrap()
    };
    let before = listed().into_iter().find(|one| one["status"] == "holds").unwrap();
    let (id, achievement) = (text(&before["credential_id"]), text(&before["achievement_id"]));
    credential(serving, &["revoke", &id, "--reason", "The issuer has another name now"]);
    let words = ["issue", learner, &achievement, "--reason", "Under the new name", "-o", "json"];
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply: Value = serde_json::from_str(&credential(serving, &words)).unwrap();
        let new = text(&reply["credential_id"]);
        if new != id {
            let document = credential(serving, &["show", &new, "--document"]);
            return (new, document.trim_end().to_owned());
        }
        assert!(Instant::now() < deadline, "not after {PATIENCE:?}");
        thread::sleep(TICK);
    }
}

/// What a browser does with an address on this computer: head and body of the answer.
fn browse(address: &str, form: Option<&str>) -> (String, String) {
    let (authority, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let (method, body) = form.map_or(("GET", ""), |form| ("POST", form));
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// Somebody who connects, with a folder of their own.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn wallet(&self) -> PathBuf {
        self.0.path().join("wallet.toml")
    }

    fn words(&self, words: &[&str]) -> Vec<String> {
        let wallet = self.wallet().to_str().unwrap().to_owned();
        let all = ["credential", "wallet"].iter().chain(words).map(|word| (*word).to_owned());
        all.chain(["--wallet".to_owned(), wallet]).collect()
    }

    /// Begins to connect; the program, and the address that it says to open.
    fn begin(&self, more: &[&str]) -> (Child, String) {
        let host = format!("http://localhost:{}/t/{TENANT}", world().there.edge());
        let words = ["connect", &host, "--about", "https://school.example/northstar"];
        let mut child = program().begun(self.words(&[&words[..], more].concat()));
        let mut said = BufReader::new(child.stdout.as_mut().unwrap());
        let mut lines = [String::new(), String::new()];
        for line in &mut lines {
            said.read_line(line).unwrap();
        }
        let address = lines[1].trim().to_owned();
        assert!(address.starts_with("http://localhost:"), "{lines:?}");
        (child, address)
    }

    /// Connects, with the learner's own code.
    fn connect(&self, more: &[&str]) {
        let World { learner, there, .. } = world();
        let offered = credential(there, &["wallet", "offer", learner, "-o", "json"]);
        let code = text(&serde_json::from_str::<Value>(&offered).unwrap()["code"]);
        let (mut child, address) = self.begin(more);
        let back = answered(&address, &format!("wallet_code={code}&yes=1"));
        assert!(browse(&back, None).0.starts_with("HTTP/1.1 200 "));
        assert!(child.wait().unwrap().success());
        let mode = fs::metadata(self.wallet()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    }

    fn outcome(&self, words: &[&str]) -> (Option<i32>, String, String) {
        program().outcome(self.words(words))
    }

    /// What becomes of what is fetched to be taken in, once one of them was: the list that says how a
    /// new badge stands is published a moment after it.
    fn taken_in(&self, words: &[&str]) -> (Option<i32>, String, Vec<Value>) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (code, said, complained) = self.outcome(words);
            let came: Vec<Value> =
                serde_json::from_str(&said).unwrap_or_else(|_| panic!("{complained}"));
            if came.iter().any(|one| one["import_id"].is_string()) {
                return (code, said, came);
            }
            assert!(Instant::now() < deadline, "none is taken in: {said}");
            thread::sleep(TICK);
        }
    }

    /// What is fetched into a folder, by its files.
    fn fetched(&self, folder: &str) -> Vec<String> {
        let folder = self.0.path().join(folder);
        let words = ["fetch", "--at-once", "1", "--out", folder.to_str().unwrap()];
        let (code, _, complained) = self.outcome(&words);
        assert_eq!(code, Some(0), "{complained}");
        read_all(&folder)
    }
}

/// The import in the learner's list, where it stands a moment after it was answered.
fn listed(at: &Serving, learner: &str, import: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let listed = credential(at, &["import", learner, "-o", "json"]);
        let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
        if let Some(found) = listed.into_iter().find(|one| one["import_id"] == import) {
            return found;
        }
        assert!(Instant::now() < deadline, "{import} is not listed");
        thread::sleep(TICK);
    }
}

fn read_all(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// Where the person's answer on the page leads.
fn answered(address: &str, answer: &str) -> String {
    let (page, query) = address.split_once('?').unwrap();
    let (_, shown) = browse(address, None);
    assert!(shown.contains("A program on <strong>this computer</strong>"), "{shown}");
    let (head, body) = browse(page, Some(&format!("{query}&{answer}")));
    let location = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    });
    location.unwrap_or_else(|| panic!("{head}\n{body}"))
}

#[test]
fn badges_are_read_from_another_host_and_taken_in() {
    let World { learner, there, here, .. } = world();
    let (_, document) = issued(there, learner);
    let desk = Desk::new();
    desk.connect(&[]);
    let read = desk.fetched("badges");
    assert!(read.contains(&document), "byte for byte");
    assert!(read.len() > 1, "page by page");

    let client = here.clients().admin.to_str().unwrap();
    let words = ["fetch", "--learner", learner, "--client", client, "-o", "json"];
    let (code, said, came) = desk.taken_in(&words);
    assert!(came.len() >= read.len(), "others may have come meanwhile: {said}");
    let taken = came.iter().find_map(|one| one["import_id"].as_str()).expect("one is taken in");
    // Those of the demo name an issuer that nobody serves.
    assert_eq!(code, PARTLY, "{said}");
    let refused = came.iter().find_map(|one| one["refused"].as_str()).expect("others are not");
    assert!(refused.contains("did.json") || refused.contains("key owner"), "{refused}");
    let imported = listed(here, learner, taken);
    let issuer = format!("did:web:localhost%3A{}:t:{TENANT}", there.edge());
    assert_eq!((&imported["issuer"], &imported["on_word"]), (&issuer.into(), &false.into()));
    let (_, said, again) = desk.taken_in(&words);
    let taken = |came: &[Value]| came.iter().filter(|one| one["import_id"] == taken).count();
    assert_eq!((taken(&came), taken(&again)), (1, 1), "once: {said}");
}

#[test]
fn a_badge_is_sent_to_another_host() {
    let World { learner, there, here, .. } = world();
    let (_, document) = issued(here, learner);
    let desk = Desk::new();
    desk.connect(&["--send"]);
    let file = desk.0.path().join("badge.json");
    fs::write(&file, &document).unwrap();
    for state in ["kept there", "was there"] {
        let (code, said, _) = desk.outcome(&["send", file.to_str().unwrap(), "-o", "json"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(state), "{said}");
    }
    let deadline = Instant::now() + PATIENCE;
    while !desk.fetched("badges").contains(&document) {
        assert!(Instant::now() < deadline, "it goes out as it came in");
        thread::sleep(TICK);
    }
    let edge = |serving: &Serving| format!("localhost%3A{}", serving.edge());
    let forged = document.replace(&edge(here), &edge(there));
    fs::write(&file, forged).unwrap();
    let (code, said, _) = desk.outcome(&["send", file.to_str().unwrap()]);
    assert_eq!(code, PARTLY, "{said}");
    assert!(said.contains("403"), "{said}");

    let reading = Desk::new();
    reading.connect(&[]);
    let (code, said, _) = reading.outcome(&["send", file.to_str().unwrap()]);
    assert_eq!((code, said.contains("403")), (PARTLY, true), "it was not let in to send: {said}");
}

#[test]
fn records_are_read_from_another_host() {
    let World { learner, there, .. } = world();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("record.json");
    let words = ["record", learner, "--purpose", "For the mill", "--consent", "Her mother's"];
    credential(there, &[&words[..], &["--out", file.to_str().unwrap()]].concat());
    let document = fs::read_to_string(&file).unwrap();
    let desk = Desk::new();
    desk.connect(&["--records"]);
    let deadline = Instant::now() + PATIENCE;
    while !desk.fetched("records").iter().any(|read| read == document.trim_end()) {
        assert!(Instant::now() < deadline, "not after {PATIENCE:?}");
        thread::sleep(TICK);
    }
}

#[test]
fn access_is_renewed_and_given_back() {
    let desk = Desk::new();
    desk.connect(&[]);
    let before = fs::read_to_string(desk.wallet()).unwrap();
    let line = |text: &str, name: &str| {
        text.lines().find(|line| line.starts_with(name)).unwrap().to_owned()
    };
    let over = before.replace(&line(&before, "access_token"), "access_token = \"is-over\"");
    fs::write(desk.wallet(), &over).unwrap();
    assert!(!desk.fetched("badges").is_empty());
    let after = fs::read_to_string(desk.wallet()).unwrap();
    assert_ne!(line(&before, "refresh_token"), line(&after, "refresh_token"));

    assert_eq!(desk.outcome(&["forget"]).0, Some(0));
    assert!(!desk.wallet().exists());
    fs::write(desk.wallet(), &after).unwrap();
    fs::set_permissions(desk.wallet(), fs::Permissions::from_mode(0o600)).unwrap();
    let (code, _, complained) = desk.outcome(&["fetch", "--out", "nowhere"]);
    assert_eq!(code, Some(1));
    assert!(complained.contains("access is over"), "{complained}");
    fs::set_permissions(desk.wallet(), fs::Permissions::from_mode(0o644)).unwrap();
    let (_, _, complained) = desk.outcome(&["fetch", "--out", "nowhere"]);
    assert!(complained.contains("others may read it"), "{complained}");
}

#[test]
fn a_no_is_a_no_and_an_address_may_be_typed_in() {
    let desk = Desk::new();
    let (mut child, address) = desk.begin(&[]);
    browse(&answered(&address, "no=1"), None);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let mut complained = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complained).unwrap();
    assert!(complained.contains("access was not allowed"), "{complained}");
    assert!(!desk.wallet().exists());

    let World { learner, there, .. } = world();
    let offered = credential(there, &["wallet", "offer", learner, "-o", "json"]);
    let code = text(&serde_json::from_str::<Value>(&offered).unwrap()["code"]);
    let (mut child, address) = desk.begin(&["--paste"]);
    let (page, query) = address.split_once('?').unwrap();
    let (head, _) = browse(page, Some(&format!("{query}&wallet_code={code}&yes=1")));
    let back = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    assert!(back.starts_with("https://school.example/northstar/connected?code="), "{back}");
    writeln!(child.stdin.take().unwrap(), "{back}").unwrap();
    assert!(child.wait().unwrap().success());
    assert!(!desk.fetched("badges").is_empty());
}
