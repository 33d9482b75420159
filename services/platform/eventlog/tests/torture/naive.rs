//! The trap that the log is built around: ids of a database sequence are given in one order and
//! become visible in another.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use northstar_testkit::Postgres;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::task::JoinSet;
use tokio::time::sleep;

const WRITERS: u64 = 32;
/// Each writer goes on until it has written so many and the reader has looked so often.
const ENOUGH: u32 = 8;

/// One row a transaction, some held open a little, as in any service that does more than insert.
async fn write(url: String, seed: u64, looks: Arc<AtomicU32>) -> Vec<i64> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut written = Vec::new();
    while written.len() < ENOUGH as usize || looks.load(Ordering::Relaxed) < ENOUGH {
        let mut transaction = connection.begin().await.unwrap();
        let insert = sqlx::query_scalar("insert into ordinary default values returning id");
        written.push(insert.fetch_one(&mut *transaction).await.unwrap());
        sleep(Duration::from_micros(random.random_range(0..4_000))).await;
        transaction.commit().await.unwrap();
    }
    written
}

/// Everything after `last` that can be seen now.
async fn look(connection: &mut PgConnection, last: i64) -> Vec<i64> {
    sqlx::query_scalar("select id from ordinary where id > $1 order by id")
        .bind(last)
        .fetch_all(connection)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_trusts_a_database_sequence_loses_events() {
    let database = Postgres::shared().unwrap().create_database().unwrap();
    let mut reader = PgConnection::connect(&database.url()).await.unwrap();
    reader.execute("create table ordinary (id bigserial primary key)").await.unwrap();
    let looks = Arc::new(AtomicU32::new(0));
    let mut writers = JoinSet::new();
    for seed in 0..WRITERS {
        writers.spawn(write(database.url(), seed, Arc::clone(&looks)));
    }
    let (mut written, mut read) = (Vec::new(), Vec::new());
    while !writers.is_empty() {
        read.extend(look(&mut reader, read.last().copied().unwrap_or_default()).await);
        if !read.is_empty() {
            looks.fetch_add(1, Ordering::Relaxed);
        }
        while let Some(finished) = writers.try_join_next() {
            written.extend(finished.unwrap());
        }
    }
    read.extend(look(&mut reader, read.last().copied().unwrap_or_default()).await);
    let all = look(&mut reader, 0).await;
    written.sort_unstable();
    assert_eq!(all, written, "the table has every row that was committed");
    let lost = all.len() - read.len();
    println!("lost {lost} of {} events", all.len());
    assert!(lost > 0, "the reader lost nothing of {} events", all.len());
}
