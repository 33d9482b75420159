//! How much memory a process has, as the kernel counts it.

use anyhow::Context as _;

/// The kernel's figures of a process, by its number or `self`.
///
/// # Errors
/// When there is no such process, or this is no Linux.
pub fn status_of(process: &str) -> anyhow::Result<String> {
    let path = format!("/proc/{process}/status");
    std::fs::read_to_string(&path).with_context(|| format!("reading {path} (Linux alone has it)"))
}

/// One of them in megabytes.
///
/// # Errors
/// When it is not among them.
pub fn megabytes(status: &str, name: &str) -> anyhow::Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kibibytes: f64 = kibibytes.with_context(|| format!("no {name} in kB"))?.trim().parse()?;
    Ok(kibibytes * 1_024.0 / 1_000_000.0)
}
