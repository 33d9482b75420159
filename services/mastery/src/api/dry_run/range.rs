//! The levels of some learners, read as they are and as they would be.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use northstar_eventlog::{Document, Fault, Malformed, Shape as _, TenantLog};
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_mastery_domain::Scope;
use northstar_wire::mastery::v1 as wire;
use tokio::task::spawn_blocking;

use super::above::Learner;
use super::tally::Tally;
use crate::codec::changed_message;
use crate::projection::roster::path;
use crate::projection::{Level, LevelKey, Rollup};
use crate::reactor::{Rule, read};

/// Levels read at a time.
const PAGE: u32 = 4_000;

/// A policy or a roll-up on trial.
pub(super) struct Trial {
    pub(super) log: TenantLog,
    /// Its name among several side by side; that of the main one, which is empty, for a roll-up.
    pub(super) name: String,
    /// What its framework's competencies would be read by.
    pub(super) rules: BTreeMap<CompetencyId, Rule>,
    /// The rules by which more follows from what the policy says; `None` if none reads it.
    pub(super) rollup: Option<Rollup>,
    /// Whether it makes a difference who the learner is.
    pub(super) scoped: bool,
}

/// The scopes of learners, where they make a difference.
type Paths = BTreeMap<LearnerId, Arc<[Scope]>>;

/// What a range came to.
#[derive(Default)]
pub(super) struct Part {
    pub(super) changes: Vec<wire::MasteryChanged>,
    pub(super) tally: Tally,
    /// The same of what roll-ups say.
    pub(super) rolled_up: Vec<wire::MasteryChanged>,
    pub(super) above: Tally,
    /// Whose levels are being read: keys go by learner.
    learner: Option<Learner>,
}

impl Trial {
    /// Reads the levels of the learners whose ids begin with this byte. Decoding and evaluating are
    /// kept from the threads that answer others.
    pub(super) async fn range(self: Arc<Self>, first: u8) -> Result<Part, Fault> {
        let mut part = Part::default();
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.log.stored::<Level>(&[first], after.as_deref(), PAGE).await?;
            let full = page.len() == PAGE as usize;
            after = page.last().map(|(key, _)| key.clone());
            let (trial, paths) = (Arc::clone(&self), self.paths(&page).await?);
            let read = spawn_blocking(move || {
                let part = part.with(&trial, &paths, &page)?;
                Ok::<_, Malformed>(if full { part } else { part.learner_read(&trial) })
            });
            let read = read.await.map_err(|why| Fault::lasting("reading levels", why))?;
            part = read.map_err(|why| Fault::lasting("reading levels", why))?;
            if !full {
                return Ok(part);
            }
        }
    }

    async fn paths(&self, page: &[(Vec<u8>, Document)]) -> Result<Paths, Fault> {
        let mut paths = Paths::new();
        for (key, _) in page.iter().filter(|_| self.scoped) {
            let key = LevelKey::read(key).map_err(|why| Fault::lasting("reading a key", why))?;
            if let Entry::Vacant(unknown) = paths.entry(key.learner) {
                unknown.insert(path(&mut &self.log, key.learner).await?.into());
            }
        }
        Ok(paths)
    }
}

impl Part {
    fn with(
        mut self,
        trial: &Trial,
        paths: &Paths,
        page: &[(Vec<u8>, Document)],
    ) -> Result<Self, Malformed> {
        for (key, document) in page {
            let key = LevelKey::read(key)?;
            let Some(rule) = trial.rules.get(&key.competency) else { continue };
            let path = paths.get(&key.learner);
            if self.learner.as_ref().is_none_or(|learner| learner.id != key.learner) {
                self = self.learner_read(trial);
                self.learner = Some(Learner::new(key.learner, path.cloned()));
            }
            let of_learner = path.map(|path| rule.along(path));
            self.level(trial, of_learner.as_ref().unwrap_or(rule), key, Level::decode(document)?);
        }
        Ok(self)
    }

    fn level(&mut self, trial: &Trial, rule: &Rule, key: LevelKey, mut level: Level) {
        let above = trial.rollup.as_ref();
        // Where nothing stands and nothing was decided, nothing is held by any policy; what a rule
        // said there goes with the rule.
        let own = !level.observations.is_empty() || !level.decided.is_empty();
        if own || (rule.rolled_up.is_none() && level.rolled_up.is_some()) {
            let before = level.shows(&trial.name);
            let changes = read(key, rule, &mut level);
            if above.is_none() || rule.rolled_up.is_none() {
                self.tally.level(key.learner, &before, &level.shows(&trial.name));
            }
            self.tally.changed(key.learner, changes.len());
            self.changes.extend(changes.iter().map(changed_message));
        }
        if let (Some(rollup), Some(learner)) = (above, &mut self.learner) {
            learner.keep(rollup, key.competency, level);
        }
    }

    /// All levels of a learner were read: what roll-ups make of them is worked out, once.
    fn learner_read(mut self, trial: &Trial) -> Self {
        if let (Some(rollup), Some(learner)) = (&trial.rollup, self.learner.take()) {
            let changes = learner.rolled_up(rollup, &trial.rules, &mut self.above);
            self.rolled_up.extend(changes.iter().map(changed_message));
        }
        self
    }
}
