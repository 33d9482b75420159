//! How events come to those who handle them.
//!
//! A *lane* is one consumer in one shard: it takes its sources' events one at a time and in order,
//! and commits documents, checkpoint and appended events together. Where the events come from is a
//! [`feed`]: the log itself on the embedded footing, JetStream healed by the owner's `ReadLog` on
//! the cluster footing. Either way the rule is the same: next = last + 1, else stop and read the log.

pub mod broker;
pub mod cluster_feed;
pub mod envelope;
pub mod feed;
mod handler;
pub mod lane;
pub mod owner;
pub mod ownership;
mod parked;
pub mod progress;
pub mod read_log;
pub mod rebuild;
pub mod relay;
#[cfg(test)]
mod samples;
mod spans;
pub mod state_hash;
mod timed;
pub mod wire;
mod work;

pub use broker::Broker;
pub use cluster_feed::ClusterFeeds;
pub use handler::{Context, HandleError, Handler, Source};
pub use owner::{Owners, ServiceToken};
pub use ownership::Ownership;
pub use relay::Relay;
pub use timed::{Clockwork, Timed};
pub use work::{Page, Work};
