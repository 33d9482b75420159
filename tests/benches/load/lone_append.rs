//! (b) What gathering costs a caller who is alone.

use std::time::Instant;

use sqlx::ConnectOptions as _;

use crate::plain;
use crate::rate::next_number;
use northstar_tests::measure::clock::micros;
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure, median};
use northstar_tests::measure::sample::{append, scope};
use northstar_tests::measure::stand::Stand;

/// Calls in one sample; ours and the baseline's take turns call by call.
const CALLS: usize = 400;

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    // In a task, where a server's callers are: the thread that waits for the end has a longer way.
    tokio::spawn(alone(pace)).await?
}

async fn alone(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    let log = logs.open("evidence")?.tenant(&scope());
    let pool = logs.pool(1).await?;
    let mut connection = logs.plain()?.connect().await?;
    let mut pooled = Figure::new("a lone append / a plain insert, median", "µs", Bar::AtMost(1.1));
    let mut bare = Figure::new("  … / the same without a pool, median", "µs", Bar::None);
    for round in 0..=pace.rounds {
        let (mut ours, mut from_pool, mut on_connection) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..CALLS {
            ours.push(
                timed(async { Ok(log.append(append(next_number())).await.map(drop)?) }).await?,
            );
            from_pool.push(timed(plain::insert(&pool, next_number())).await?);
            on_connection.push(timed(plain::insert(&mut connection, next_number())).await?);
        }
        // In the first round statements are prepared and caches are cold.
        if round > 0 {
            pooled.add(median(&ours), median(&from_pool));
            bare.add(median(&ours), median(&on_connection));
        }
    }
    Ok(vec![pooled, bare])
}

async fn timed(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<f64> {
    let begin = Instant::now();
    work.await?;
    Ok(micros(begin.elapsed()))
}
