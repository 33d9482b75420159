//! What comes with time, for all tenants of a shard.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use northstar_bus::{Clockwork, Timed};
use northstar_eventlog::{Append, Cause, Fault, Log, NewEvent, Stream, TenantLog};
use northstar_kernel::{ExpectedVersion, TenantId, TenantScope, Timestamp};

use crate::stand::{SHARD, log_in};

/// Fails for whoever comes first, and remembers whom it served.
#[derive(Default)]
pub(crate) struct FailingFirst(Mutex<Vec<TenantId>>);

#[async_trait]
impl Timed for FailingFirst {
    fn name(&self) -> &'static str {
        "evidence.failing"
    }

    async fn due(&self, log: &TenantLog, _: Timestamp) -> Result<usize, Fault> {
        let mut seen = self.0.lock().unwrap();
        seen.push(log.tenant());
        if seen.len() == 1 { Err(Fault::lasting("serving the first", "as it must")) } else { Ok(2) }
    }

    async fn waiting(&self, log: &TenantLog, _: Timestamp) -> Result<u64, Fault> {
        let served = self.0.lock().unwrap().contains(&log.tenant());
        Ok(if served { 0 } else { 2 })
    }
}

#[expect(clippy::disallowed_methods, reason = "tenants are named by hand")]
async fn greet(log: &Log, tenant: TenantId) {
    let event = NewEvent {
        event_type: "evidence_recorded",
        schema_version: 1,
        observed_at: None,
        key_id: None,
        payload: Bytes::new(),
    };
    let append = Append {
        stream: Stream::new("evidence", tenant.uuid()),
        expected: ExpectedVersion::NoStream,
        events: vec![event],
        request: None,
        cause: Cause::clock("evidence.failing", tenant.uuid(), "greeting"),
    };
    log.tenant(&TenantScope::assume(tenant)).append(append).await.unwrap();
}

#[tokio::test]
async fn a_fault_of_one_tenant_keeps_no_other_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    let tenants = ["front-range", "high-plains", "san-luis"].map(TenantId::from_slug);
    for tenant in tenants {
        greet(&log, tenant).await;
    }
    let task = Arc::new(FailingFirst::default());
    let clockwork = Clockwork { task: Arc::<FailingFirst>::clone(&task), log };
    let fault = clockwork.until(SHARD, Timestamp::from_micros(0)).await.unwrap_err();
    assert!(format!("{fault:?}").contains("serving the first"), "{fault:?}");
    let mut served = task.0.lock().unwrap().clone();
    served.sort();
    let mut all = tenants.to_vec();
    all.sort();
    assert_eq!(served, all);
    assert_eq!(clockwork.until(SHARD, Timestamp::from_micros(0)).await.unwrap(), 6);
}
