//! How many operations a second many callers get done.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

/// Callers at a time, where the figures are about many.
pub(crate) const CALLERS: usize = 64;

/// A number that no other operation of this process has.
pub(crate) fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Operations a second of `callers`, each of which does one after the other until the sample ends.
///
/// The operation is told which caller asks for it.
pub(crate) async fn rate<F>(
    callers: usize,
    sample: Duration,
    operation: impl Fn(usize) -> F + Clone + Send + Sync + 'static,
) -> anyhow::Result<f64>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for caller in 0..callers {
        let operation = operation.clone();
        running.spawn(async move {
            let mut done = 0_u64;
            while begin.elapsed() < sample {
                operation(caller).await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    let mut done = 0;
    while let Some(finished) = running.join_next().await {
        done += finished??;
    }
    Ok(done as f64 / begin.elapsed().as_secs_f64())
}
