//! Programs under test, and what becomes of all servers when a test process dies.
//!
//! The programs are this very test, started again with the name of one of the ignored tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use northstar_testkit::{Launch, Nats, Postgres, Server, ports};

const PORT: &str = "TEST_PORT";
const REPORT: &str = "TEST_REPORT";
const PATIENCE: Duration = Duration::from_secs(60);

fn this_test(name: &str) -> Launch {
    Launch::new(env::current_exe().unwrap()).args(["--ignored", "--exact", "--nocapture", name])
}

/// A service that is ready at its third question, unless it is to fail first.
#[test]
#[ignore = "a program that the other tests start"]
fn service() {
    let port: u16 = env::var(PORT).unwrap().parse().unwrap();
    eprintln!("environment: {:?}", env::var("NORTHSTAR_THOROUGH"));
    assert_ne!(port, 0, "port 0 is not for a service");
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    for question in 1.. {
        let (mut connection, _) = listener.accept().unwrap();
        let mut asked = String::new();
        BufReader::new(&connection).read_line(&mut asked).unwrap();
        assert_eq!(asked, "GET /ready HTTP/1.1\r\n");
        let status = if question < 3 { "503 Not Ready" } else { "200 OK" };
        write!(connection, "HTTP/1.1 {status}\r\n\r\n").unwrap();
    }
}

fn start(port: u16) -> Server {
    this_test("service").env(PORT, port.to_string()).health(port).start().unwrap()
}

#[test]
fn a_program_is_waited_for_and_can_be_killed_and_started_again() {
    let port = ports::free().unwrap();
    let server = start(port);
    let first = server.pid().unwrap();
    server.kill9();
    assert_eq!(server.pid(), None);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    server.restart().unwrap();
    assert_ne!(server.pid(), Some(first));
    assert_eq!(server.ended(), None);
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_program_sees_its_own_variables_and_not_those_of_the_tests() {
    let server = start(ports::free().unwrap());
    assert!(server.log().contains("environment: Err(NotPresent)"), "{}", server.log());
}

#[test]
fn a_stopped_program_tells_how_it_ended() {
    let server = start(ports::free().unwrap());
    let status = server.stop().unwrap();
    assert!(!status.success(), "ended by a signal it does not handle: {status}");
    assert_eq!(server.stop(), None);
}

#[test]
fn a_program_that_fails_while_starting_is_quoted() {
    let failed = this_test("service").env(PORT, "0").health(ports::free().unwrap()).start();
    let trouble = failed.unwrap_err().to_string();
    assert!(trouble.contains("port 0 is not for a service"), "{trouble}");
}

#[test]
fn a_program_that_is_never_ready_is_given_up() {
    let (port, other) = (ports::free().unwrap(), ports::free().unwrap());
    let launch = this_test("service").env(PORT, port.to_string()).health(other);
    let trouble = launch.patience(Duration::from_millis(300)).start().unwrap_err().to_string();
    assert!(trouble.contains("not ready after 300ms"), "{trouble}");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

/// Starts one server of each kind, says where they are, and waits to be killed.
#[test]
#[ignore = "a program that the other tests start"]
fn test_process_that_will_be_killed() {
    let postgres = Postgres::shared().unwrap();
    let nats = Nats::start().unwrap();
    let service = ports::free().unwrap();
    let _server = start(service);
    let report = env::var(REPORT).unwrap();
    fs::write(&report, format!("{} {} {service}", postgres.port(), nats.port())).unwrap();
    thread::sleep(PATIENCE * 10);
}

#[test]
fn servers_do_not_outlive_a_test_process_that_was_killed() {
    let temporary = tempfile::tempdir_in("/tmp").unwrap();
    open(temporary.path());
    let report = temporary.path().join("report");
    // Not by `Launch`: that would kill the whole process group, and its guard would help.
    let mut tests = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "test_process_that_will_be_killed"])
        .env(REPORT, &report)
        .env("TMPDIR", temporary.path())
        .spawn()
        .unwrap();
    let known = eventually(|| fs::read_to_string(&report).is_ok_and(|text| text.contains(' ')));
    tests.kill().unwrap();
    tests.wait().unwrap();
    assert!(known, "the servers did not start");
    for port in fs::read_to_string(&report).unwrap().split(' ') {
        let port: u16 = port.parse().unwrap();
        let gone = eventually(|| TcpListener::bind(("127.0.0.1", port)).is_ok());
        assert!(gone, "port {port} is still in use");
    }
    fs::remove_file(&report).unwrap();
    let empty = || fs::read_dir(temporary.path()).unwrap().next().is_none();
    assert!(eventually(empty), "files were left behind");
}

fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Lets PostgreSQL's account pass through.
fn open(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}
