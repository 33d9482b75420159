//! What is killed, and when: drawn from a seed, so that a schedule can be had again.

use std::{
    collections::BTreeMap,
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use tokio::{runtime::Handle, task::block_in_place};

use crate::cluster::{Cluster, Part, Process};

/// All kills of a schedule begin within this time, in milliseconds: about what an import takes that
/// is left alone, and each kill makes it longer.
const SPAN: u64 = 9_000;
/// For how long what was killed stays down, in milliseconds.
const DOWN: std::ops::Range<u64> = 50..1_500;
/// Kills beside the one of each part.
const MORE: usize = 2;

/// One death: of what, how long after the start, and for how long.
#[derive(Debug, Clone, Copy)]
struct Kill {
    part: Part,
    at: Duration,
    down: Duration,
}

/// A schedule of kills. Every part dies at least once, but for one of mastery's replicas.
#[derive(Debug)]
pub struct Schedule {
    seed: u64,
    /// The replica of mastery that is killed.
    pub victim: Process,
    /// The one that never is.
    pub spared: Process,
    kills: Vec<Kill>,
}

impl Schedule {
    /// The schedule of this seed.
    pub fn draw(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut replicas = [Process::MasteryOne, Process::MasteryTwo];
        if random.random() {
            replicas.reverse();
        }
        let [victim, spared] = replicas;
        let processes = Process::ALL.into_iter().filter(|process| *process != spared);
        let mut parts: Vec<Part> = processes.map(Part::Of).collect();
        parts.extend([Part::Nats, Part::NatsStore, Part::Postgres]);
        for _ in 0..MORE {
            parts.push(parts[random.random_range(0..parts.len())]);
        }
        let mut kill = |part| Kill {
            part,
            at: Duration::from_millis(random.random_range(0..SPAN)),
            down: Duration::from_millis(random.random_range(DOWN)),
        };
        let mut kills: Vec<Kill> = parts.into_iter().map(&mut kill).collect();
        kills.sort_by_key(|kill| kill.at);
        Self { seed, victim, spared, kills }
    }

    /// Does `work` while parts die and come back. Returns when all are back for good, with how many
    /// had died before the work was done.
    pub fn during<T>(&self, cluster: &Cluster, work: impl FnOnce() -> T) -> (T, usize) {
        let done = AtomicBool::new(false);
        let start = Instant::now();
        thread::scope(|scope| {
            let threads: Vec<_> = self
                .by_server()
                .into_values()
                .map(|kills| scope.spawn(|| run(cluster, &done, start, kills)))
                .collect();
            let result = work();
            done.store(true, Ordering::Relaxed);
            let early = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
            (result, early)
        })
    }

    /// The same for work of a runtime with several threads.
    pub async fn during_async<T>(
        &self,
        cluster: &Cluster,
        work: impl Future<Output = T>,
    ) -> (T, usize) {
        let runtime = Handle::current();
        block_in_place(|| self.during(cluster, || runtime.block_on(work)))
    }

    /// Each server's kills in their order. The broker with its store and without is one server.
    fn by_server(&self) -> BTreeMap<Part, Vec<Kill>> {
        let mut servers: BTreeMap<Part, Vec<Kill>> = BTreeMap::new();
        for kill in &self.kills {
            let server = if kill.part == Part::NatsStore { Part::Nats } else { kill.part };
            servers.entry(server).or_default().push(*kill);
        }
        servers
    }
}

/// Kills one server again and again; how often before the work was done.
fn run(cluster: &Cluster, done: &AtomicBool, start: Instant, kills: Vec<Kill>) -> usize {
    let mut early = 0;
    for Kill { part, at, down } in kills {
        thread::sleep(at.saturating_sub(start.elapsed()));
        early += usize::from(!done.load(Ordering::Relaxed));
        cluster.kill(part);
        thread::sleep(down);
        cluster.restart(part);
    }
    early
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}:", self.seed)?;
        for Kill { part, at, down } in &self.kills {
            write!(f, " {part:?} at {at:?} for {down:?};")?;
        }
        Ok(())
    }
}
