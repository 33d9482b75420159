//! Rates by processor time, which a busy machine hardly changes.

use std::time::Duration;

use anyhow::Context as _;

/// How much processor time this thread has had.
fn spent() -> anyhow::Result<Duration> {
    let path = "/proc/thread-self/schedstat";
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("reading {path} (Linux alone has it)"))?;
    let nanos = text.split_whitespace().next().context("no time in schedstat")?;
    Ok(Duration::from_nanos(nanos.parse()?))
}

/// Operations a second of processor time, each on this thread alone; warm.
pub(crate) fn rate(
    sample: Duration,
    mut operation: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let begin = spent()?;
    while spent()? - begin < sample / 4 {
        operation()?;
    }
    let (begin, mut done) = (spent()?, 0_u32);
    loop {
        operation()?;
        done += 1;
        let elapsed = spent()? - begin;
        if elapsed >= sample {
            return Ok(f64::from(done) / elapsed.as_secs_f64());
        }
    }
}
