//! A caller who records evidence over one stream.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use northstar_kernel::EvidenceId;
use northstar_wire::evidence::v1::RecordEvidenceBatchRequest;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::wrappers::ReceiverStream;

use super::served::{Bearer, connect};

/// Sends the items, one at each tick of `gap` whatever becomes of it; which evidence was acknowledged
/// when.
///
/// # Errors
/// When one of them is refused.
pub async fn record(
    address: SocketAddr,
    bearer: Bearer,
    items: Vec<RecordEvidenceBatchRequest>,
    gap: Duration,
) -> anyhow::Result<Vec<(EvidenceId, Instant)>> {
    let mut client = EvidenceServiceClient::with_interceptor(connect(address).await?, bearer);
    let (sender, sent) = mpsc::channel(items.len().max(1));
    let sending = tokio::spawn(async move {
        let mut ticks = interval(gap);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for item in items {
            ticks.tick().await;
            sender.send(item).await?;
        }
        anyhow::Ok(())
    });
    let replies = client.record_evidence_batch(ReceiverStream::new(sent)).await?;
    let (mut replies, mut acknowledged) = (replies.into_inner(), Vec::new());
    while let Some(reply) = replies.message().await? {
        let Some(Outcome::Accepted(accepted)) = reply.result else {
            anyhow::bail!("item {} was refused: {:?}", reply.item_number, reply.result);
        };
        acknowledged.push((accepted.evidence_id.parse()?, Instant::now()));
    }
    sending.await??;
    Ok(acknowledged)
}
