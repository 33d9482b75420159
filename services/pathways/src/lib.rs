//! The pathways service: which work a learner's mastery opens, and what it still asks for.
//!
//! Reference figures (occupations, wages, crosswalks) belong to the commons and are published whole;
//! what learners master comes from the mastery context. A ranking is computed when it is asked for
//! and never kept.

mod api;
mod codec;
mod projection;
pub mod standard;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_eventlog::Log;
use northstar_wire::pathways::v1::pathways_service_server::PathwaysServiceServer;
use tonic::service::Routes;

/// The context's name.
pub const NAME: &str = "pathways";

/// Builds the service over its log.
pub fn build(log: Log) -> Context {
    Context {
        name: NAME,
        routes: Routes::new(PathwaysServiceServer::new(api::Pathways::new(log))),
        handlers: vec![
            Arc::new(projection::reference::ReferenceHandler),
            Arc::new(projection::profile::ProfileHandler),
        ],
        timed: Vec::new(),
    }
}
