//! (b) What gathering costs a caller who is alone.

use std::time::Instant;

use crate::clock::micros;
use crate::figure::{Bar, Figure, median};
use crate::options::Pace;
use crate::plain;
use crate::rate::next_number;
use crate::sample::{append, scope};
use crate::stand::Stand;

/// Calls in one sample; ours and the baseline's take turns call by call.
const CALLS: usize = 400;

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    let log = logs.open("evidence")?.tenant(&scope());
    let mut connection = logs.plain(true).await?;
    let mut figure = Figure::new("a lone append / a plain insert, median", "µs", Bar::AtMost(1.1));
    for round in 0..=pace.rounds {
        let (mut ours, mut baseline) = (Vec::new(), Vec::new());
        for _ in 0..CALLS {
            let begin = Instant::now();
            log.append(append(next_number())).await?;
            ours.push(micros(begin.elapsed()));
            let begin = Instant::now();
            plain::insert(&mut connection, next_number()).await?;
            baseline.push(micros(begin.elapsed()));
        }
        // In the first round statements are prepared and caches are cold.
        if round > 0 {
            figure.add(median(&ours), median(&baseline));
        }
    }
    Ok(vec![figure])
}
