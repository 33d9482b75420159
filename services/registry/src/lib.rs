//! The registry service: what the other contexts refer to.
//!
//! Tenants and organizations, people, classes and enrollments (from OneRoster), competency
//! frameworks and rubrics (from CASE). It answers nobody's events; the others answer its own.

mod aggregate;
mod api;
pub mod codec;
mod projection;
pub mod standard;

use std::sync::Arc;

use northstar_bus::Context;
use northstar_eventlog::Log;
use northstar_wire::registry::v1::registry_service_server::RegistryServiceServer;
use tonic::service::Routes;

/// The context's name.
pub const NAME: &str = "registry";

/// Builds the service over its log.
pub fn build(log: Log) -> Context {
    let service = RegistryServiceServer::new(api::Api::new(log));
    Context {
        name: NAME,
        routes: Routes::new(service),
        handlers: vec![Arc::new(projection::Documents)],
        timed: Vec::new(),
    }
}
