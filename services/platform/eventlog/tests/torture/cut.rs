//! Connections that are cut in the middle of anything.

use std::collections::BTreeSet;
use std::time::Duration;

use northstar_eventlog::{AppendError, Log};
use northstar_kernel::{Position, Shard, TenantScope};
use northstar_testkit::Postgres;
use northstar_testkit::contract::stores::OnPostgres;
use northstar_testkit::contract::{Store as _, given};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tokio::task::JoinSet;
use tokio::time::sleep;

const WRITERS: u128 = 16;
const APPENDS: usize = 12;
const CUT: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity
     where datname = current_database() and usename = 'northstar_evidence'";

/// Appends, asking again under the same request id whenever the outcome is unknown.
async fn write(logs: [Log; 2], scope: TenantScope, number: u128) -> (usize, Vec<String>) {
    let (mut faults, mut texts) = (0, Vec::new());
    for turn in 0..APPENDS {
        let text = format!("{number}/{turn}");
        let append = given::asked(given::note(&given::stream(number % 5), &text), &text, &text);
        while let Err(error) = logs[faults % 2].tenant(&scope).append(append.clone()).await {
            assert!(matches!(&error, AppendError::Fault(fault) if fault.retryable()), "{error:?}");
            faults += 1;
        }
        texts.push(text);
    }
    (faults, texts)
}

/// Whatever a fault leaves unknown, there is no hole after it and nothing is written twice.
#[tokio::test(flavor = "multi_thread")]
async fn faults_leave_no_hole_and_repeats_no_double() {
    let store = OnPostgres::on(Postgres::shared().unwrap()).await;
    let logs = [store.log(), store.log()];
    let scopes = given::neighbours("cut", Shard(0), 2);
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(write(logs.clone(), scopes[number as usize % 2], number));
    }
    let mut owner = PgConnection::connect(&store.database().url()).await.unwrap();
    let (mut faults, mut written, mut cuts) = (0, BTreeSet::new(), 0);
    while !writers.is_empty() {
        if cuts < 400 {
            cuts += owner.fetch_one(CUT).await.unwrap().get::<i64, _>(0);
        }
        sleep(Duration::from_millis(15)).await;
        while let Some(finished) = writers.try_join_next() {
            let (met, texts) = finished.unwrap();
            faults += met;
            written.extend(texts);
        }
    }
    assert!(cuts > 0 && faults > 0, "{cuts} connections were cut, {faults} faults were met");
    let log = store.log();
    let events = log.scan(Shard(0), Position::START, u32::MAX).await.unwrap();
    let found: Vec<String> =
        events.iter().map(|event| String::from_utf8(event.payload.to_vec()).unwrap()).collect();
    assert_eq!(found.len(), WRITERS as usize * APPENDS, "each once");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), written);
    for scope in scopes {
        let own = events.iter().filter(|event| event.tenant == scope.tenant());
        assert!(own.map(|event| event.sequence.0).eq(1..=(WRITERS as u64 / 2 * APPENDS as u64)));
    }
}
