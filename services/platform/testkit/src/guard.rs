//! Ends a server whose test process died before it could.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal};

use crate::Trouble;

/// Reads from the test process, which writes only when the guard is no longer needed. The end of
/// input without a word means that the test process is gone, however it went.
const SCRIPT: &str = r#"
read -r released && exit 0
kill -s "$1" -- "-$2"
for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -s 0 -- "-$2" || break
    sleep 0.1
done
kill -s KILL -- "-$2"
rm -rf -- "$3" || { sleep 1; rm -rf -- "$3"; }
"#;

/// A small process beside each server.
///
/// The kernel could deliver a signal when the parent dies, but it takes the *thread* that started the
/// server for the parent, and a test's thread ends with its test while a shared server goes on.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// Watches over the process group `group`: ended by `stop`, then killed, then `home` removed.
    pub(crate) fn over(group: Pid, stop: Signal, home: &Path) -> Result<Self, Trouble> {
        Command::new("sh")
            .args(["-c", SCRIPT, "guard", &stop.as_raw().to_string()])
            .arg(group.to_string())
            .arg(home)
            // Out of reach of the terminal's interrupt, which ends the tests and not their guards.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(Trouble::when("starting the shell that guards a server"))
    }

    /// Sends the guard away: the server has ended. A second time does nothing.
    pub(crate) fn release(&mut self) {
        if let Some(mut words) = self.0.stdin.take() {
            let _ = words.write_all(b"released\n");
            drop(words);
            let _ = self.0.wait();
        }
    }
}
