//! (f) What `northstar dev` costs while nobody asks it anything.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use northstar_tests::measure::memory::{megabytes, status_of};

/// The very program that is shipped.
const PROGRAM: &str = env!("CARGO_BIN_EXE_northstar-under-test");
/// How long the demo may take to load.
const PATIENCE: Duration = Duration::from_secs(300);
/// What loading leaves behind has come to rest by then.
const REST: Duration = Duration::from_secs(5);

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let mut fresh = Figure::new("idle after loading the demo", "MB", Bar::AtMost(120.0));
    let mut again = Figure::new("idle after starting on what was loaded", "MB", Bar::AtMost(120.0));
    for _ in 0..pace.rounds.div_ceil(3) {
        let folder = tempfile::tempdir()?;
        fresh.add_alone(idle(folder.path()).await?);
        again.add_alone(idle(folder.path()).await?);
    }
    Ok(vec![fresh, again])
}

/// Resident megabytes of a `northstar dev` that has printed its summary and rested.
async fn idle(folder: &std::path::Path) -> anyhow::Result<f64> {
    let mut command = Command::new(PROGRAM);
    command.args([
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--health",
        "127.0.0.1:0",
        "--edge",
        "127.0.0.1:0",
        "--data",
    ]);
    command.arg(folder).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().context("starting northstar dev")?;
    timeout(PATIENCE, serving_on(&mut child)).await??;
    sleep(REST).await;
    let pid = child.id().context("northstar dev ended")?;
    let idle = megabytes(&status_of(&pid.to_string())?, "VmRSS")?;
    child.kill().await?;
    Ok(idle)
}

/// Waits for the line that says that the summary is printed.
async fn serving_on(child: &mut Child) -> anyhow::Result<()> {
    let stderr = child.stderr.take().context("its messages")?;
    let mut lines = BufReader::new(stderr).lines();
    while let Some(line) = lines.next_line().await? {
        if line.contains("Serving on") {
            return Ok(());
        }
    }
    anyhow::bail!("northstar dev ended before it had loaded the demo")
}
