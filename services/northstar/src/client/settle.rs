//! Waits until everything that was recorded has been answered everywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::bail;
use northstar_wire::platform::v1::{GetProgressRequest, GetProgressResponse};
use tokio::time::{Instant, sleep};

use super::Client;
use super::retry::patiently;
use crate::config::CONTEXTS;

const PAUSE: Duration = Duration::from_millis(50);

type Progress = BTreeMap<&'static str, GetProgressResponse>;

/// Waits until every consumer has come to the head of every log it reads, and no head has moved
/// meanwhile: then nothing more follows from what was recorded.
pub(crate) async fn settle(client: &Client, patience: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    let mut before: Option<Vec<u64>> = None;
    loop {
        let progress = look(client).await?;
        let heads: Vec<u64> = progress.values().map(|context| context.head_position).collect();
        let behind = behind(&progress);
        if behind.is_none() && before.as_ref() == Some(&heads) {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("not settled after {patience:?}: {}", behind.unwrap_or_default());
        }
        before = Some(heads);
        sleep(PAUSE).await;
    }
}

async fn look(client: &Client) -> anyhow::Result<Progress> {
    let mut progress = Progress::new();
    for context in CONTEXTS {
        let request = GetProgressRequest { context: context.to_owned() };
        let ask = async || client.log(context).get_progress(request.clone()).await;
        let reply = patiently("asking how far the services have come", ask).await?;
        progress.insert(context, reply.into_inner());
    }
    Ok(progress)
}

/// The first consumer that has not read all there is, in words.
fn behind(progress: &Progress) -> Option<String> {
    let consumers = progress.values().flat_map(|context| &context.consumers);
    consumers.into_iter().find_map(|consumer| {
        let head = progress.get(consumer.source.as_str())?.head_position;
        let late = consumer.position < head;
        late.then(|| {
            let (name, source, at) = (&consumer.consumer, &consumer.source, consumer.position);
            format!("{name} is at {at} of {head} in {source}")
        })
    })
}
