//! (e) How fast mastery comes back from the log, and in how much memory.

use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::Figure;
use northstar_tests::measure::rebuilding::{self, Bars};
use northstar_tests::measure::stand::Stand;

use crate::history;

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let logs = stand.database().await?;
    history::write(&logs, pace.events).await?;
    let bars = Bars { share: 0.5, megabytes: 300.0 };
    rebuilding::measure(&logs, pace.rounds.div_ceil(2), bars).await
}
