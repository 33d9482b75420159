//! Replicas that share the shards of a log in a real Postgres.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use northstar_bus::{Ownership, ownership};
use northstar_eventlog::postgres::{Connection, Postgres, migrate};
use northstar_eventlog::{Log, MasterKey, Options};
use northstar_kernel::{Position, Shard, ShardCount};
use northstar_testkit::Database;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, block_in_place};

use crate::stand::{append, log_in, scope, until};

const SHARDS: usize = 8;
const TTL: Duration = Duration::from_millis(600);

/// Who works on which shard at present.
type Board = Arc<Mutex<BTreeMap<Shard, Vec<&'static str>>>>;

struct Replica {
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// Takes the name off the board when the work is aborted.
struct Sign(Board, Shard, &'static str);

impl Drop for Sign {
    fn drop(&mut self) {
        let Self(board, shard, name) = self;
        board.lock().unwrap().entry(*shard).or_default().retain(|there| there != name);
    }
}

fn replica(log: Log, name: &'static str, board: &Board) -> Replica {
    let (stop, stopped) = oneshot::channel();
    let board = Arc::clone(board);
    let start = move |shard| {
        board.lock().unwrap().entry(shard).or_default().push(name);
        let sign = Sign(Arc::clone(&board), shard, name);
        let mut work = JoinSet::new();
        work.spawn(async move {
            let _sign = sign;
            std::future::pending::<()>().await;
        });
        work
    };
    let ownership = Ownership::new(log, uuid::Uuid::from_u128(rand::random()), TTL);
    let running = tokio::spawn(ownership.run(start, async { drop(stopped.await) }));
    Replica { stop, running }
}

fn shares(board: &Board) -> BTreeMap<&'static str, usize> {
    let mut shares = BTreeMap::new();
    for name in board.lock().unwrap().values().flatten() {
        *shares.entry(*name).or_default() += 1;
    }
    shares
}

async fn database() -> Database {
    let database = block_in_place(|| {
        northstar_testkit::Postgres::shared().and_then(|server| server.create_database())
    });
    let database = database.unwrap();
    migrate::up(&database.url(), &["evidence"], None).await.unwrap();
    database
}

fn log(database: &Database) -> Log {
    let url = database.url_as(&migrate::role("evidence"));
    let connection = Connection { url, schema: "evidence", connections: 4 };
    let options = Options {
        context: "evidence",
        shards: ShardCount::new(SHARDS as u16).unwrap(),
        master_key: MasterKey::new([7; 32]),
    };
    Log::new(Arc::new(Postgres::connect(&connection).unwrap()), options)
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_take_over_and_let_go() {
    let database = database().await;
    let board = Board::default();
    let a = replica(log(&database), "a", &board);
    until("one has all", async || shares(&board) == BTreeMap::from([("a", SHARDS)])).await;
    let b = replica(log(&database), "b", &board);
    let half = SHARDS / 2;
    until("two share", async || shares(&board) == BTreeMap::from([("a", half), ("b", half)])).await;
    // As if it were killed: nothing is let go, and the other has to wait.
    b.running.abort();
    until("one takes over", async || shares(&board) == BTreeMap::from([("a", SHARDS)])).await;
    let c = replica(log(&database), "c", &board);
    until("a third joins", async || shares(&board) == BTreeMap::from([("a", half), ("c", half)]))
        .await;
    a.stop.send(()).unwrap();
    a.running.await.unwrap();
    assert_eq!(shares(&board).get("a"), None);
    until("the third has all", async || shares(&board) == BTreeMap::from([("c", SHARDS)])).await;
    c.stop.send(()).unwrap();
    c.running.await.unwrap();
    assert!(shares(&board).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_ends_by_itself_is_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    let starts = Arc::new(Mutex::new(0));
    let count = Arc::clone(&starts);
    let start = move |_| {
        *count.lock().unwrap() += 1;
        let mut work = JoinSet::new();
        work.spawn(async {});
        work
    };
    let ownership = Ownership::new(log, uuid::Uuid::nil(), Duration::from_millis(30));
    let running = tokio::spawn(ownership.run(start, std::future::pending()));
    until("it is started three times", async || *starts.lock().unwrap() >= 3).await;
    running.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_another_replica_moved_is_seen() {
    let database = database().await;
    let (here, there) = (log(&database), log(&database));
    let shard = here.shards().shard_of(scope().tenant());
    let mut head = here.watch(shard);
    let looking = tokio::spawn(ownership::watch_heads(here.clone(), Duration::from_millis(5)));
    append(&there, 3).await;
    until("the head is announced", async || *head.borrow_and_update() == Position(3)).await;
    looking.abort();
}
