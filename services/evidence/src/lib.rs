//! The evidence service: what a learner showed, and who judged it.
//!
//! A call becomes a command; [`codec`] is the one bridge between what the domain decides and what
//! the log holds; [`projection`] folds this log and the registry's into what is asked for. A badge of
//! another issuer's that was accepted in the credentials service is recorded here as prior learning.

mod api;
pub mod codec;
pub mod projection;
mod reactor;
pub mod standard;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_eventlog::Log;
use northstar_wire::evidence::v1::evidence_service_server::EvidenceServiceServer;
use tonic::service::Routes;

pub use api::Api;
use reactor::on_credentials::PriorLearning;

/// The context's name: its log, its schema, the first word of its subjects.
pub const NAME: &str = "evidence";

/// The service over its log: one gRPC service, and two consumers: one folds, one records what was
/// accepted elsewhere.
pub fn build(log: Log) -> Context {
    Context {
        name: NAME,
        routes: Routes::new(EvidenceServiceServer::new(Api::new(log))),
        handlers: vec![Arc::new(projection::Views), Arc::new(PriorLearning)],
        timed: Vec::new(),
    }
}
