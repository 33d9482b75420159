//! The keys at hand, and when to ask for new ones.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::Denied;
use super::jwks::{Key, Keys};
use super::source::{FetchError, Source};

/// How the ring spares the issuer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Between two requests to the issuer lies at least this, so that tokens with invented key
    /// names cannot make us flood it.
    pub(super) floor: Duration,
    /// Keys older than this are fetched again in the background, so that a withdrawn key is
    /// forgotten.
    pub(super) max_age: Duration,
}

impl Pace {
    pub(super) const DEFAULT: Self =
        Self { floor: Duration::from_secs(30), max_age: Duration::from_secs(600) };
}

/// The issuer's keys, as last seen. They outlive an outage of the issuer.
#[derive(Debug)]
pub(super) struct Ring {
    source: Source,
    pace: Pace,
    keys: RwLock<Arc<Keys>>,
    generation: AtomicU64,
    asked: Mutex<Asked>,
    born: Instant,
    /// Milliseconds from `born` to the last success.
    fetched: AtomicU64,
}

/// When the issuer was last asked, with or without success.
#[derive(Debug, Default)]
struct Asked(Option<Instant>);

impl Ring {
    pub(super) fn new(source: Source, pace: Pace) -> Self {
        Self {
            source,
            pace,
            keys: RwLock::default(),
            generation: AtomicU64::new(0),
            asked: Mutex::default(),
            born: Instant::now(),
            fetched: AtomicU64::new(0),
        }
    }

    /// Changes whenever the keys do; what was proven under another generation must be proven again.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The key named `kid`; asks the issuer if it is not at hand.
    pub(super) async fn find(self: &Arc<Self>, kid: &str) -> Result<Arc<Key>, Denied> {
        if let Some(key) = self.held(kid) {
            return Ok(key);
        }
        self.refresh_for(Some(kid)).await;
        self.held(kid).ok_or_else(|| {
            if self.snapshot().is_empty() { Denied::KeysUnavailable } else { Denied::UnknownKey }
        })
    }

    /// Starts fetching in the background if the keys have grown old.
    pub(super) fn renew_if_old(self: &Arc<Self>) {
        let now = self.now_millis();
        let fetched = self.fetched.load(Ordering::Relaxed);
        if now.saturating_sub(fetched) < self.pace.max_age.as_millis() as u64 {
            return;
        }
        // One caller wins and asks; the others see a young time. A failure is tried again after
        // another max_age, or at once when an unknown key turns up.
        if self.fetched.compare_exchange(fetched, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            let ring = Arc::clone(self);
            tokio::spawn(async move { ring.refresh_for(None).await });
        }
    }

    /// Fetches and takes over the keys now, whatever the pace.
    pub(super) async fn load(&self) -> Result<(), FetchError> {
        let mut asked = self.asked.lock().await;
        asked.0 = Some(Instant::now());
        self.take_over(self.source.fetch().await?);
        Ok(())
    }

    /// One request at a time: who waited looks first whether the other brought the key.
    async fn refresh_for(&self, kid: Option<&str>) {
        let mut asked = self.asked.lock().await;
        let brought = kid.is_some_and(|kid| self.held(kid).is_some());
        let too_soon = asked.0.is_some_and(|last| last.elapsed() < self.pace.floor);
        if brought || too_soon {
            return;
        }
        asked.0 = Some(Instant::now());
        match self.source.fetch().await {
            Ok(keys) => self.take_over(keys),
            Err(error) => {
                let cause = crate::status::chain(&error);
                tracing::warn!(cause, "the issuer's keys cannot be fetched; the known ones stay");
            }
        }
    }

    fn take_over(&self, keys: Keys) {
        let mut held = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(keys);
        self.generation.fetch_add(1, Ordering::Release);
        self.fetched.store(self.now_millis(), Ordering::Relaxed);
    }

    fn held(&self, kid: &str) -> Option<Arc<Key>> {
        self.snapshot().get(kid).cloned()
    }

    fn snapshot(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn now_millis(&self) -> u64 {
        self.born.elapsed().as_millis() as u64
    }
}

#[cfg(test)]
mod tests;
