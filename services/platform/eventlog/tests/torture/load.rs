//! One run: 32 writers at two replicas, and what must be true of the log afterwards.

use std::collections::BTreeMap;

use northstar_eventlog::{Append, AppendError, Appended, Log, Stream, TenantLog};
use northstar_kernel::{ExpectedVersion, Position, Shard, TenantScope, Version};
use northstar_testkit::contract::given;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::watch;
use tokio::task::{JoinSet, yield_now};

use crate::followed::{self, Followed};

const WRITERS: u64 = 32;
const APPENDS: u64 = 4;
/// Streams that all writers of a tenant write to.
const SHARED: std::ops::Range<u128> = 0..3;

/// What a writer was told: where the last of its append's events stands.
pub(crate) struct Acknowledged {
    pub(crate) scope: TenantScope,
    pub(crate) stream: Stream,
    pub(crate) last: Appended,
    pub(crate) texts: Vec<String>,
}

/// Writes, follows and checks; panics if anything is not as it must be.
pub(crate) async fn run(logs: [Log; 2], seed: u64) {
    let tenants: Vec<TenantScope> = [Shard(0), Shard(1)]
        .into_iter()
        .flat_map(|shard| given::neighbours(&format!("torture-{seed}"), shard, 2))
        .collect();
    let mut starts = BTreeMap::new();
    for shard in given::shards().all() {
        starts.insert(shard, logs[0].head(shard).await.unwrap());
    }
    let (finish, finished) = watch::channel(false);
    let mut readers = JoinSet::new();
    for (shard, start) in &starts {
        for log in &logs {
            readers.spawn(followed::shard(log.clone(), *shard, *start, finished.clone()));
        }
    }
    let integrator = tokio::spawn(followed::feed(logs[1].tenant(&tenants[0]), finished));
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let writer = Writer {
            number,
            logs: logs.clone(),
            tenants: tenants.clone(),
            random: StdRng::seed_from_u64(seed * WRITERS + number),
            own: BTreeMap::new(),
        };
        writers.spawn(writer.write());
    }
    let acknowledged: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
    finish.send(true).unwrap();
    let followed: Vec<Followed> = readers.join_all().await;
    let fed = integrator.await.unwrap();
    let log = &logs[(seed % 2) as usize];
    let truth = truth(log, &starts).await;
    followed::check(&truth, &followed, &acknowledged);
    followed::check_feed(&truth, &tenants[0], &fed);
}

/// What the shards hold in the end, read from the start of the run in one go.
async fn truth(log: &Log, starts: &BTreeMap<Shard, Position>) -> Vec<Followed> {
    let mut truth = Vec::new();
    for (shard, start) in starts {
        truth.push(Followed {
            shard: *shard,
            start: *start,
            events: log.scan(*shard, *start, u32::MAX).await.unwrap(),
        });
    }
    truth
}

struct Writer {
    number: u64,
    logs: [Log; 2],
    tenants: Vec<TenantScope>,
    random: StdRng,
    /// How far the writer's own streams are, by tenant.
    own: BTreeMap<usize, Version>,
}

impl Writer {
    async fn write(mut self) -> Vec<Acknowledged> {
        let mut acknowledged = Vec::new();
        for turn in 0..APPENDS {
            let events = self.random.random_range(1..=3);
            let text = |event| format!("{}/{turn}/{event}", self.number);
            let texts = (0..events).map(text).collect();
            acknowledged.push(self.append(texts).await);
            for _ in 0..self.random.random_range(0..4) {
                yield_now().await;
            }
        }
        acknowledged
    }

    async fn append(&mut self, texts: Vec<String>) -> Acknowledged {
        let place = self.random.random_range(0..self.tenants.len());
        let scope = self.tenants[place];
        let replica = self.random.random_range(0..2);
        let [here, there] = [replica, 1 - replica].map(|at: usize| self.logs[at].tenant(&scope));
        let shared = given::stream(self.random.random_range(SHARED));
        let (stream, last) = match self.random.random_range(0..4) {
            0 => self.own_stream(place, &here, &texts).await,
            1 => decided(&here, shared, &texts).await,
            2 => twice(&here, &there, shared, &texts).await,
            _ => {
                let append = append(&shared, ExpectedVersion::Any, &texts);
                let last = here.append(append).await.unwrap();
                (shared, last)
            }
        };
        Acknowledged { scope, stream, last, texts }
    }

    /// Nobody else writes there: what the writer expects is what is.
    async fn own_stream(
        &mut self,
        place: usize,
        tenant: &TenantLog,
        texts: &[String],
    ) -> (Stream, Appended) {
        let stream = given::stream(u128::from(1_000 + self.number));
        let version = self.own.entry(place).or_default();
        let expected = match *version {
            Version::START => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(version),
        };
        let last = tenant.append(append(&stream, expected, texts)).await.unwrap();
        *version = last.version;
        (stream, last)
    }
}

fn append(stream: &Stream, expected: ExpectedVersion, texts: &[String]) -> Append {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    given::append(stream, expected, &texts)
}

/// Reads, decides and appends to what was read, until nobody was faster.
async fn decided(tenant: &TenantLog, stream: Stream, texts: &[String]) -> (Stream, Appended) {
    loop {
        let version = Version(tenant.stream(&stream).await.unwrap().len() as u64);
        match tenant.append(append(&stream, ExpectedVersion::Exactly(version), texts)).await {
            Ok(last) => return (stream, last),
            Err(AppendError::WrongVersion(wrong)) => assert_ne!(wrong.actual, version),
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// The same request at both replicas at once, as from a caller that is impatient.
async fn twice(
    here: &TenantLog,
    there: &TenantLog,
    stream: Stream,
    texts: &[String],
) -> (Stream, Appended) {
    let append = append(&stream, ExpectedVersion::Any, texts);
    let append = given::asked(append, &texts[0], &texts[0]);
    let (one, other) = tokio::join!(here.append(append.clone()), there.append(append));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(one.repeated != other.repeated, "one of two is the first: {one:?} {other:?}");
    assert_eq!(Appended { repeated: false, ..one }, Appended { repeated: false, ..other });
    (stream, Appended { repeated: false, ..one })
}
