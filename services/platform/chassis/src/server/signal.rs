//! The signals that end a server.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ends when SIGTERM or SIGINT arrives; it listens from its first poll on.
///
/// Should the process be unable to listen, the log says so and the signals keep their usual effect:
/// they end the process at once.
pub async fn termination() {
    let name = match listen() {
        Ok((mut terminate, mut interrupt)) => tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        },
        Err(error) => {
            tracing::error!(%error, "signals cannot be listened to: there will be no drain");
            std::future::pending().await
        }
    };
    tracing::info!(signal = name, "asked to stop");
}

fn listen() -> io::Result<(Signal, Signal)> {
    Ok((signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
}
