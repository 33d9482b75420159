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

/// Waits until every consumer has come to the head of every log it reads, nothing that is due is left
/// to do, and no head has moved meanwhile: then nothing more follows from what was recorded.
pub(crate) async fn settle(client: &Client, patience: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + patience;
    let mut before: Option<Look> = None;
    loop {
        let look = Look::at(&look(client).await?);
        if look.is_settled(before.as_ref()) {
            return Ok(());
        }
        if Instant::now() > deadline {
            let moving = || "something is recorded all the time".to_owned();
            bail!("not settled after {patience:?}: {}", look.open.unwrap_or_else(moving));
        }
        before = Some(look);
        sleep(PAUSE).await;
    }
}

/// What one look at all contexts comes to.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    heads: Vec<u64>,
    /// What is not done yet, in words.
    open: Option<String>,
}

impl Look {
    fn at(progress: &Progress) -> Self {
        let heads = progress.values().map(|context| context.head_position).collect();
        Self { heads, open: behind(progress).or_else(|| due(progress)) }
    }

    /// The contexts are asked one after another, so one look does not tell: what was handled between
    /// two of its questions may have made something due where it had asked already. Two looks that
    /// find the same heads and nothing open tell that nothing was handled between them.
    fn is_settled(&self, before: Option<&Self>) -> bool {
        self.open.is_none() && before == Some(self)
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

/// The first task that has not done all that is due, in words.
fn due(progress: &Progress) -> Option<String> {
    progress.values().find_map(|context| {
        let task = context.timed.iter().find(|task| task.waiting > 0)?;
        let aside: u64 = context.consumers.iter().map(|consumer| consumer.parked).sum();
        let left = format!("{} has at least {} things left to do", task.task, task.waiting);
        Some(match aside {
            0 => left,
            _ => format!("{left}; they may be about some of {aside} events that were set aside"),
        })
    })
}

#[cfg(test)]
mod tests {
    use northstar_wire::platform::v1::{ConsumerProgress, TimedProgress};

    use super::*;

    /// Mastery has come to `position` of `head` in its own log, and has so much left to do.
    fn looked(head_position: u64, position: u64, waiting: u64, parked: u64) -> Look {
        let (consumer, source) = ("mastery.levels".to_owned(), "mastery".to_owned());
        let mastery = GetProgressResponse {
            head_position,
            consumers: vec![ConsumerProgress { consumer, source, position, parked }],
            timed: vec![TimedProgress { task: "mastery.due".to_owned(), waiting }],
            ..Default::default()
        };
        let still = GetProgressResponse { head_position: 7, ..Default::default() };
        Look::at(&Progress::from([("mastery", mastery), ("pathways", still)]))
    }

    #[test]
    fn two_looks_alike_with_nothing_open_are_needed() {
        let still = looked(5, 5, 0, 0);
        assert!(!still.is_settled(None));
        assert!(still.is_settled(Some(&looked(5, 5, 0, 0))));
        assert!(!still.is_settled(Some(&looked(4, 4, 0, 0))), "a head has moved");
        assert!(!still.is_settled(Some(&looked(5, 4, 0, 0))), "something was handled between");
    }

    #[test]
    fn what_is_due_is_waited_for_even_where_nobody_is_behind() {
        let due = looked(5, 5, 2, 0);
        assert!(!due.is_settled(Some(&looked(5, 5, 2, 0))));
        assert!(!looked(5, 5, 0, 0).is_settled(Some(&due)), "what follows may be on its way");
    }

    #[test]
    fn what_is_open_is_named() {
        let words = |look: Look| look.open.unwrap_or_default();
        assert_eq!(words(looked(5, 3, 2, 0)), "mastery.levels is at 3 of 5 in mastery");
        assert_eq!(words(looked(5, 5, 2, 0)), "mastery.due has at least 2 things left to do");
        let aside = words(looked(5, 5, 2, 4));
        assert!(aside.ends_with("about some of 4 events that were set aside"), "{aside}");
        assert_eq!(words(looked(5, 5, 0, 4)), "", "what is set aside holds nobody up");
    }
}
