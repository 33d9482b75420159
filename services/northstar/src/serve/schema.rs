//! Ready only on a schema that fits.

use std::time::Duration;

use northstar_chassis::server::Readiness;
use northstar_eventlog::Log;
use tokio::time::sleep;
use tracing::warn;

const PAUSE: Duration = Duration::from_millis(500);

/// Waits until every log's schema is the one this binary needs, and says so to the prober.
pub(super) async fn fits(logs: &[Log], readiness: &Readiness) {
    loop {
        let condition = check(logs).await;
        let fits = condition.is_ok();
        if let Err(why) = &condition {
            warn!(why, "not ready");
        }
        readiness.set("schema", condition);
        if fits {
            return;
        }
        sleep(PAUSE).await;
    }
}

async fn check(logs: &[Log]) -> Result<(), String> {
    for log in logs {
        let context = log.context();
        match log.schema_version().await {
            Ok((has, needs)) if has == needs => {}
            Ok((has, needs)) => {
                let todo = "run `northstar migrate up`, or this binary's own version";
                return Err(format!("schema {context} is at {has}, needs {needs}: {todo}"));
            }
            Err(_) => return Err(format!("schema {context} cannot be read")),
        }
    }
    Ok(())
}
