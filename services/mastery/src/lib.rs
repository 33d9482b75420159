//! The mastery service: the level held in a competency, by which rule, on which evidence.
//!
//! Evidence, scales and policies come in as events; `mastery.levels` keeps what is held and tells
//! when it changes; `mastery.calibration` keeps who judged what, so that raters can be compared; the
//! API publishes policies, shows profiles and lets others follow the changes.

mod aggregate;
mod api;
mod codec;
mod due;
mod projection;
mod reactor;
pub mod standard;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_eventlog::Log;
use northstar_wire::mastery::v1::mastery_service_server::MasteryServiceServer;
use tonic::service::Routes;

pub use api::FollowPace;

/// The context's name.
pub const NAME: &str = "mastery";

/// The service over its own log, `mastery`, at the usual pace.
pub fn build(log: Log) -> Context {
    build_with(log, FollowPace::default())
}

/// The service over its own log, with its own pace for those who follow.
pub fn build_with(log: Log, pace: FollowPace) -> Context {
    let service = MasteryServiceServer::new(api::Api::new(log, pace));
    Context {
        name: NAME,
        routes: Routes::new(service),
        handlers: vec![Arc::new(reactor::Levels), Arc::new(projection::Calibration)],
        timed: vec![Arc::new(due::DueList)],
    }
}
