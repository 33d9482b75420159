//! Issues what was earned and withdraws what was lost.
//!
//! The award's own stream decides, with what this very step is about to append: whatever comes
//! twice, late or in another order, a credential is issued once and ends once.

use std::collections::BTreeSet;

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::achievement::{self, Achievement, Achievements};
use northstar_credentials_domain::award::{Award, Awards, Claim, Command, Due};
use northstar_credentials_domain::credential::{self, Edition};
use northstar_credentials_domain::criteria::Missing;
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_eventlog::{Cause, Malformed, Recorded, Stream};
use northstar_kernel::{AchievementId, Decider as _, LearnerId, Timestamp};

use super::streams::Seen;
use super::wallet::CONSUMER;
use crate::merit::{self, Merit};
use crate::projection::achievement::AchievementDocument;
use crate::projection::issuer::IssuerDocument;
use crate::projection::person::FactsDocument;
use crate::projection::standing::StandingDocument;
use crate::projection::status::ReviewWindowDocument;
use crate::secrets::Vault;
use crate::standard::did_web::Host;

/// Learners that one event's answer looks at, at most: a commit stays small, and a lane never holds
/// its shard for long.
pub(super) const SHARE: usize = 1_000;

/// Steps that one decision may take: a review whose time is over ends, and then another credential
/// may be issued.
const STEPS: usize = 3;

/// What it takes to answer one event.
pub(super) struct Issuing<'a> {
    /// Where DID documents are.
    pub(super) host: &'a Host,
    /// Where private keys are.
    pub(super) vault: &'a Vault,
    /// What tokens are signed by.
    pub(super) token_algorithm: Algorithm,
    /// The event that is answered.
    pub(super) event: &'a Recorded,
    /// When: as of its record, or of the instant that it tells the passing of.
    pub(super) at: Timestamp,
}

impl Issuing<'_> {
    /// Looks at learners with a standing in the competency of the achievement under `key`, those
    /// after `after` in order of id. There may be very many: what is left after one step's share
    /// is gone on with when the event that says so comes back.
    pub(super) async fn offer(
        &self,
        key: &[u8],
        after: Option<LearnerId>,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let issuer = work.get::<IssuerDocument>(IssuerDocument::KEY).await?;
        let named = issuer.is_some_and(|issuer| issuer.did(self.host).is_some());
        let Some(AchievementDocument { achievement, .. }) = work.get(key).await?.cloned() else {
            return Ok(());
        };
        if !named {
            return Ok(());
        }
        let learners = self.candidates(&achievement, work).await?;
        let mut left = learners.into_iter().filter(|learner| Some(*learner) > after);
        let share: Vec<_> = left.by_ref().take(SHARE).collect();
        for learner in &share {
            self.award(key, *learner, work).await?;
        }
        match (share.last(), left.next()) {
            (Some(&up_to), Some(_)) => self.offered(achievement.id, up_to, work).await,
            _ => Ok(()),
        }
    }

    async fn offered(
        &self,
        achievement: AchievementId,
        up_to: LearnerId,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let seen = Seen::load(Stream::new("achievement", achievement.uuid()), work).await?;
        let state = Achievements::fold(seen.achievement());
        let events = Achievements::decide(&state, achievement::Command::Offer { up_to })
            .map_err(|refusal| Malformed::new("achievement", refusal))?;
        seen.append(events, self.at, self.cause(), work);
        Ok(())
    }

    /// Everybody of whom something is known that the achievement rests on, by id.
    async fn candidates(
        &self,
        achievement: &Achievement,
        work: &mut Work,
    ) -> Result<BTreeSet<LearnerId>, HandleError> {
        let rule = achievement.rule();
        let rule = rule.map_err(|_| Malformed::new("achievement", "its rule is none"))?;
        let mut learners = BTreeSet::new();
        for competency in merit::rests_on(achievement, &rule, work).await? {
            let standings = work.keys::<StandingDocument>(competency.as_bytes()).await?;
            learners.extend(standings.iter().map(|key| StandingDocument::learner_in(key)));
        }
        if !rule.facts().is_empty() {
            let stated = work.keys::<FactsDocument>(&[]).await?;
            learners.extend(stated.iter().map(|key| StandingDocument::learner_in(key)));
        }
        Ok(learners)
    }

    /// Brings a learner's award of the achievement under `key` in step with what is held.
    pub(super) async fn award(
        &self,
        key: &[u8],
        learner: LearnerId,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let Some(document) = work.get::<AchievementDocument>(key).await?.cloned() else {
            return Ok(());
        };
        let merit = Merit::of(work.scope().tenant(), learner, document, work).await?;
        if !merit.is_known() {
            return Ok(());
        }
        let award = merit.award;
        let seen = Seen::load(Stream::new("award", award.uuid()), work).await?;
        let (mut state, mut events) = (Awards::fold(seen.award()), Vec::new());
        for _ in 0..STEPS {
            let Some(command) = self.command(&state, &merit, work).await? else { break };
            let more = Awards::decide(&state, command)
                .map_err(|refusal| Malformed::new("award", refusal))?;
            if more.is_empty() {
                break;
            }
            state = more.iter().fold(state, Awards::evolve);
            events.extend(more);
        }
        seen.append(events, self.at, self.cause(), work);
        Ok(())
    }

    async fn command(
        &self,
        state: &Award,
        merit: &Merit,
        work: &mut Work,
    ) -> Result<Option<Command>, HandleError> {
        let (decision, at) = (merit.decision(), self.at);
        let (claim, what) = match state.due(merit.comes_to(), decision, at) {
            Due::Nothing => return Ok(None),
            Due::Withdraw(claim) => {
                let window = work.get::<ReviewWindowDocument>(ReviewWindowDocument::KEY).await?;
                let review_days = window.map_or(0, |window| window.days);
                (claim, credential::Command::Withdraw { decision, review_days, at })
            }
            Due::Restore(claim) => (claim, credential::Command::Restore { decision, at }),
            Due::Suspend(claim) => (claim, suspend(merit, at)),
            Due::Resume(claim) => (claim, credential::Command::Resume { at }),
            Due::Supersede(claim) => {
                let edition = self.edition(state, claim, merit, work).await?;
                let Some(edition) = edition else { return Ok(None) };
                (claim, credential::Command::Issue(edition))
            }
            Due::Renew(claim) => {
                let edition = self.edition(state, claim, merit, work).await?;
                let Some(edition) = edition else { return Ok(None) };
                (claim, credential::Command::Renew(edition))
            }
            Due::Issue { ordinal } => return self.issue(ordinal, merit, work).await,
        };
        Ok(Some(Command { claim, what }))
    }

    async fn issue(
        &self,
        ordinal: u32,
        merit: &Merit,
        work: &mut Work,
    ) -> Result<Option<Command>, HandleError> {
        let Some(issuer) = self.issuer(work).await? else { return Ok(None) };
        let pseudonyms = self.vault.pseudonyms(&work.tenant_log()).await?;
        let credential = pseudonyms.credential(merit.award, ordinal)?;
        let (serial, place) = self.place(work).await?;
        let id = (credential, whole_second(self.at));
        let edition = self.sign(&issuer, merit, id, (serial, Some(place)), work).await?;
        let claim = Claim { credential, award: merit.award, learner: merit.learner };
        Ok(Some(Command { claim, what: credential::Command::Issue(edition) }))
    }

    /// Of two documents with one id, readers take the one with the later `validFrom`, which has
    /// whole seconds: an edition begins a second after the one before it, at least.
    async fn edition(
        &self,
        state: &Award,
        claim: Claim,
        merit: &Merit,
        work: &mut Work,
    ) -> Result<Option<Edition>, HandleError> {
        let life = state.life(claim.credential);
        let Some(current) = life.and_then(|(_, life)| life.current()) else { return Ok(None) };
        let Some(issuer) = self.issuer(work).await? else { return Ok(None) };
        let second_later = Timestamp::from_micros(current.valid_from.micros() + 1_000_000);
        let valid_from = whole_second(self.at).max(second_later);
        let (id, place) = ((claim.credential, valid_from), (current.serial, current.place));
        self.sign(&issuer, merit, id, place, work).await.map(Some)
    }

    pub(super) fn cause(&self) -> Cause {
        Cause::reaction(CONSUMER, self.event)
    }
}

/// Without its fraction.
pub(super) fn whole_second(at: Timestamp) -> Timestamp {
    let (seconds, _) = at.parts();
    Timestamp::from_micros(seconds * 1_000_000)
}

fn suspend(merit: &Merit, at: Timestamp) -> credential::Command {
    let (mut parts, mut facts) = (BTreeSet::new(), BTreeSet::new());
    for missing in merit.missing() {
        match missing {
            Missing::Achievement(part) => drop(parts.insert(part)),
            Missing::Fact { name, .. } => drop(facts.insert(name)),
            _ => {}
        }
    }
    let (parts, facts) = (parts.into_iter().collect(), facts.into_iter().collect());
    credential::Command::Suspend { parts, facts, at }
}
