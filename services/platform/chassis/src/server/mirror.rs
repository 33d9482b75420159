//! gRPC's own health service, kept in step with readiness.

use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::Readiness;

/// Reports every change of readiness for the whole server (`""`) and each of `services`, for ever.
pub(super) async fn follow(readiness: Readiness, reporter: HealthReporter, services: Vec<String>) {
    let mut states = readiness.watch();
    loop {
        let ready = states.borrow_and_update().ready();
        report(&reporter, &services, ready).await;
        if states.changed().await.is_err() {
            return;
        }
    }
}

/// Sets all statuses once.
pub(super) async fn report(reporter: &HealthReporter, services: &[String], ready: bool) {
    let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
    reporter.set_service_status("", status).await;
    for service in services {
        reporter.set_service_status(service, status).await;
    }
}
