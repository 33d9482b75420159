//! A started server program, and the promise that it does not outlive the tests.

use std::{
    fs::{self, OpenOptions},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{Trouble, guard::Guard};

const TICK: Duration = Duration::from_millis(10);
/// How long a server that was asked to stop may take before it is killed.
const GRACE: Duration = Duration::from_secs(20);
/// How much of a log a message quotes.
const QUOTED_LINES: usize = 30;
/// Characters of a line that are quoted: what went wrong must not drown in what went well.
const QUOTED_CHARS: usize = 240;

/// A server that runs in a process group of its own; dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pid: Pid,
    log: PathBuf,
    stop: Signal,
    guard: Guard,
}

impl Running {
    /// Starts `command` with both its outputs at the end of the file `log`.
    ///
    /// `stop` is the signal that asks it to end. Should this process die first, the server is asked,
    /// then killed, and the folder `home` is removed.
    pub(crate) fn spawn(
        mut command: Command,
        log: &Path,
        stop: Signal,
        home: &Path,
    ) -> Result<Self, Trouble> {
        let starting = format!("starting {}", command.get_program().to_string_lossy());
        let trouble = |cause: std::io::Error| Trouble::new(format!("{starting}: {cause}"));
        let out = OpenOptions::new().create(true).append(true).open(log).map_err(trouble)?;
        let errors = out.try_clone().map_err(trouble)?;
        command.process_group(0).stdin(Stdio::null()).stdout(out).stderr(errors);
        let mut child = command.spawn().map_err(trouble)?;
        let pid = Pid::from_child(&child);
        match Guard::over(pid, stop, home) {
            Ok(guard) => Ok(Self { child, pid, log: log.to_owned(), stop, guard }),
            Err(cause) => {
                child.kill().and_then(|()| child.wait()).map_err(trouble)?;
                Err(cause)
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `ready` says yes; an early end or too long a wait is a trouble with the log's end.
    pub(crate) fn until(
        &mut self,
        patience: Duration,
        mut ready: impl FnMut() -> bool,
    ) -> Result<(), Trouble> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.ended() {
                return Err(self.quote(format!("ended while starting ({status})")));
            }
            if ready() {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(self.quote(format!("not ready after {patience:?}")));
            }
            thread::sleep(TICK);
        }
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Kills it and its children without a word, and waits until none of them is left.
    pub(crate) fn kill9(mut self) {
        self.kill_all();
        self.guard.release();
    }

    /// Asks it to end and waits; one that takes too long is killed. How it ended.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let _ = kill_process(self.pid, self.stop);
        let deadline = Instant::now() + GRACE;
        let status = loop {
            match self.ended() {
                Some(status) => break status,
                None if Instant::now() > deadline => break self.kill_all(),
                None => thread::sleep(TICK),
            }
        };
        self.guard.release();
        status
    }

    /// Its children may have left the process group (PostgreSQL's do), and once it is dead nothing
    /// tells whose they were: it is halted first so that it gets no new ones while they are listed.
    fn kill_all(&mut self) -> ExitStatus {
        let _ = kill_process(self.pid, Signal::STOP);
        let children = children_of(self.pid);
        let _ = kill_process_group(self.pid, Signal::KILL);
        for child in &children {
            let _ = kill_process(*child, Signal::KILL);
        }
        let killed = ExitStatus::from_raw(Signal::KILL.as_raw());
        let status = self.child.wait().unwrap_or(killed);
        let deadline = Instant::now() + GRACE;
        while children.iter().any(|child| is_alive(*child)) && Instant::now() < deadline {
            thread::sleep(TICK);
        }
        status
    }

    fn quote(&self, what: String) -> Trouble {
        Trouble::new(format!("{what}; its log ends with:\n{}", tail(&self.log)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.kill_all();
        }
        self.guard.release();
    }
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(QUOTED_LINES)..];
    let quoted = last.iter().map(|line| line.chars().take(QUOTED_CHARS).collect::<String>());
    quoted.collect::<Vec<_>>().join("\n")
}

/// The processes that `parent` started, where the system lists processes as files.
fn children_of(parent: Pid) -> Vec<Pid> {
    let listed = fs::read_dir("/proc").into_iter().flatten().flatten();
    listed
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| status_of(*pid).is_some_and(|status| status.parent == parent.as_raw_pid()))
        .filter_map(Pid::from_raw)
        .collect()
}

fn is_alive(pid: Pid) -> bool {
    status_of(pid.as_raw_pid()).is_some_and(|status| status.letter != "Z")
}

struct Status {
    /// `Z` once it has ended and waits to be noticed.
    letter: String,
    parent: i32,
}

/// Reads `/proc/<pid>/stat`: `<pid> (<name>) <letter> <parent> …`, where the name may hold anything.
fn status_of(pid: i32) -> Option<Status> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut rest = line.rsplit_once(") ")?.1.split(' ');
    Some(Status { letter: rest.next()?.to_owned(), parent: rest.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, home: &Path) -> Running {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script);
        Running::spawn(command, &home.join("log"), Signal::TERM, home).unwrap()
    }

    #[test]
    fn one_that_ends_early_is_reported_with_its_last_words() {
        let home = tempfile::tempdir().unwrap();
        let mut running = shell("echo cannot go on >&2; exit 3", home.path());
        let trouble = running.until(GRACE, || false).unwrap_err().to_string();
        assert!(trouble.contains("exit status: 3"), "{trouble}");
        assert!(trouble.contains("cannot go on"), "{trouble}");
    }

    #[test]
    fn killing_reaches_children_that_left_the_group() {
        let home = tempfile::tempdir().unwrap();
        let mut running = shell("setsid sleep 600 & echo $! >&2; wait", home.path());
        let pid = || fs::read_to_string(home.path().join("log")).unwrap().trim().parse().ok();
        running.until(GRACE, || pid().is_some_and(|pid| !children_of_sleep(pid))).unwrap();
        let child = Pid::from_raw(pid().unwrap()).unwrap();
        assert!(is_alive(child));
        running.kill9();
        assert!(!is_alive(child));
    }

    /// Whether the child is still the shell's fork, not yet the program it becomes.
    fn children_of_sleep(pid: i32) -> bool {
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() != "sleep")
    }

    #[test]
    fn stopping_asks_first() {
        let home = tempfile::tempdir().unwrap();
        let script = "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done";
        let mut running = shell(script, home.path());
        running.until(GRACE, || tail(&home.path().join("log")).contains("up")).unwrap();
        assert_eq!(running.stop().code(), Some(7));
    }
}
