//! Samples that are taken in a process of their own, so that its peak memory is its own.
#![expect(clippy::print_stdout, reason = "a child tells its figures by printing them")]

use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::Command;

use super::memory::{megabytes, status_of};

/// The rate a child came to, and its peak megabytes.
///
/// # Errors
/// When the child fails.
pub async fn figures(told: &[&str]) -> anyhow::Result<(f64, f64)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--child").args(told).stdout(Stdio::piped()).kill_on_drop(true);
    let output = command.spawn()?.wait_with_output().await?;
    anyhow::ensure!(output.status.success(), "the process that was to {told:?} failed");
    let text = String::from_utf8(output.stdout)?;
    let (rate, memory) = text.trim().split_once(' ').context("two figures of a child")?;
    Ok((rate.parse()?, memory.parse()?))
}

/// The child's part: prints its rate, and the peak of its memory so far.
///
/// # Errors
/// When the kernel does not tell.
pub fn tell(rate: f64) -> anyhow::Result<()> {
    println!("{rate} {}", megabytes(&status_of("self")?, "VmHWM")?);
    Ok(())
}
