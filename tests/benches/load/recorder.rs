//! A caller who records evidence at an even pace, whatever becomes of it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use northstar_kernel::EvidenceId;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::wrappers::ReceiverStream;

use crate::rate::next_number;
use crate::request::item;
use crate::served::{Bearer, connect};

/// Sends an item at each tick of `gap` over one stream; which evidence was acknowledged when.
pub(crate) async fn record(
    address: SocketAddr,
    bearer: Bearer,
    count: usize,
    gap: Duration,
) -> anyhow::Result<Vec<(EvidenceId, Instant)>> {
    let mut client = EvidenceServiceClient::with_interceptor(connect(address).await?, bearer);
    let (sender, items) = mpsc::channel(count.max(1));
    let sending = tokio::spawn(async move {
        let mut ticks = interval(gap);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for _ in 0..count {
            ticks.tick().await;
            sender.send(item(next_number())).await?;
        }
        anyhow::Ok(())
    });
    let replies = client.record_evidence_batch(ReceiverStream::new(items)).await?;
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
