//! What people and the passing of time bring to a level.

use northstar_kernel::{Decider as _, OverrideId, ReasonId, Timestamp};
use northstar_mastery_domain::{
    Ground, Held, LearnerAdvanced, Override, OverrideEvent, Overriding, Terms, holding,
};
use uuid::Uuid;

/// Stands for a reason: which it was, and its words, stay in the log, since they are sealed.
const IN_THE_LOG: ReasonId = ReasonId::from_uuid(Uuid::nil());

/// What was decided of a level, and up to when time has passed for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Decided {
    /// The latest instant that is known to have passed for this level.
    pub(crate) clock: Option<Timestamp>,
    /// Its overrides, by id, without their reasons.
    pub(crate) overrides: Vec<Override>,
    /// The override that is shown, and what it shows.
    pub(crate) shown: Option<(OverrideId, Held)>,
    /// That the learner advanced, without the reason.
    pub(crate) advanced: Option<Box<LearnerAdvanced>>,
    /// When the level is to be looked at again: its place in the due list.
    pub(crate) due: Option<Timestamp>,
}

impl Decided {
    /// Whether nothing was decided and no instant has passed.
    pub(crate) fn is_empty(&self) -> bool {
        self.clock.is_none() && self.overrides.is_empty() && self.advanced.is_none()
    }

    /// Notes that `at` has passed.
    pub(crate) fn pass(&mut self, at: Timestamp) {
        self.clock = self.clock.max(Some(at));
    }

    /// Notes what happened to an override. Those of one learner in one competency are few.
    pub(crate) fn happened(&mut self, id: OverrideId, event: &OverrideEvent) {
        let place = self.overrides.binary_search_by_key(&id, |known| known.terms.id);
        let before = place.ok().map(|place| self.overrides[place]);
        let Overriding(Some(after)) = Overriding::evolve(Overriding(before), event) else { return };
        let after = Override { terms: Terms { reason: IN_THE_LOG, ..after.terms }, ..after };
        match place {
            Ok(place) => self.overrides[place] = after,
            Err(place) => self.overrides.insert(place, after),
        }
    }

    /// The override that holds at `at`, by what was decided until and at `known`. Whoever confirms one
    /// or takes it back does so at the present, so its own instants tell when that was known.
    pub(crate) fn holding(&self, at: Timestamp, known: Timestamp) -> Option<Override> {
        let known_of = |held: &Override| Override {
            confirmed_at: held.confirmed_at.filter(|confirmed| *confirmed <= known),
            revoked_at: held.revoked_at.filter(|revoked| *revoked <= known),
            ..*held
        };
        let overrides: Vec<_> = self.overrides.iter().map(known_of).collect();
        holding(&overrides, at).copied()
    }

    /// Notes that the learner advanced; the first decision stays.
    pub(crate) fn advance(&mut self, event: LearnerAdvanced) {
        let ground = match event.ground {
            Ground::Stated(_) => Ground::Stated(IN_THE_LOG),
            ground => ground,
        };
        self.advanced.get_or_insert_with(|| Box::new(LearnerAdvanced { ground, ..event }));
    }

    /// The next instant after `at` at which an override begins or ends.
    pub(crate) fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let in_force = |held: &&Override| held.confirmed_at.is_some() && held.revoked_at.is_none();
        let overrides = self.overrides.iter().filter(in_force);
        let begin_and_end = overrides.flat_map(|held| [held.terms.from, held.terms.until]);
        begin_and_end.filter(|change| *change > at).min()
    }
}
