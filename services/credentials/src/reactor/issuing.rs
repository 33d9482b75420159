//! Issues what was earned and revokes what was lost.
//!
//! The award's own stream decides, with what this very step is about to append: whatever comes
//! twice, late or in another order, a credential is issued once and revoked once.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::achievement::{self, Achievement, Achievements};
use northstar_credentials_domain::award::{
    self, Awards, Command, Credential, Due, Reason, Revocation,
};
use northstar_credentials_domain::issuer_keys::{Algorithm, IssuerKeys, Key, KeyRing, Purpose};
use northstar_eventlog::{Cause, Fault, Malformed, Recorded, Stream};
use northstar_kernel::{AchievementId, AwardId, CredentialId, Decider as _, LearnerId};

use super::streams::Seen;
use super::wallet::CONSUMER;
use crate::keys;
use crate::projection::achievement::AchievementDocument;
use crate::projection::issuer::IssuerDocument;
use crate::projection::standing::StandingDocument;
use crate::secrets::Vault;
use crate::standard::did_web::Host;
use crate::standard::issuer_document::token_method;
use crate::standard::open_badges::{AchievementCredential, Statement};
use crate::standard::vc_jwt;

/// Learners that one event's answer looks at, at most: a commit stays small, and a lane never holds
/// its shard for long.
const SHARE: usize = 1_000;

/// What it takes to answer one event.
pub(super) struct Issuing<'a> {
    /// Where DID documents are.
    pub(super) host: &'a Host,
    /// Where private keys are.
    pub(super) vault: &'a Vault,
    /// The event that is answered.
    pub(super) event: &'a Recorded,
}

impl Issuing<'_> {
    /// Gives the tenant its first keys, unless it has some; the keys after that.
    pub(super) async fn begin_keys(&self, work: &mut Work) -> Result<KeyRing, HandleError> {
        let stream = keys::stream(work.scope().tenant());
        let seen = Seen::load(stream, work).await?;
        let ring = IssuerKeys::fold(seen.issuer());
        let at = self.event.recorded_at;
        let command = keys::first(self.vault, &work.tenant_log(), &ring, at).await?;
        let events = IssuerKeys::decide(&ring, command)
            .map_err(|refusal| Malformed::new("issuer", refusal))?;
        let ring = events.iter().fold(ring, IssuerKeys::evolve);
        seen.append(events, at, self.cause(), work);
        Ok(ring)
    }

    /// The key that signs such documents now; `None` while there is none.
    async fn signing_key(
        &self,
        algorithm: Algorithm,
        work: &mut Work,
    ) -> Result<Option<Key>, HandleError> {
        let issuer = work.get::<IssuerDocument>(IssuerDocument::KEY).await?;
        let mut ring = issuer.map(|issuer| issuer.ring.clone()).unwrap_or_default();
        if ring.keys().is_empty() {
            ring = self.begin_keys(work).await?;
        }
        let at = ring.not_before(self.event.recorded_at);
        Ok(ring.signing_key(Purpose::Credentials, algorithm, at).cloned())
    }

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
        let Some(AchievementDocument(achievement)) = work.get(key).await?.cloned() else {
            return Ok(());
        };
        if !named {
            return Ok(());
        }
        let competency = achievement.alignment.competency;
        let standings = work.keys::<StandingDocument>(competency.as_bytes()).await?;
        let learners = standings.iter().map(|key| StandingDocument::learner_in(key));
        let mut left = learners.filter(|learner| Some(*learner) > after);
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
        seen.append(events, self.event.recorded_at, self.cause(), work);
        Ok(())
    }

    /// Brings a learner's award of the achievement under `key` in step with the learner's standing.
    pub(super) async fn award(
        &self,
        key: &[u8],
        learner: LearnerId,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let Some(AchievementDocument(achievement)) = work.get(key).await?.cloned() else {
            return Ok(());
        };
        let standing = StandingDocument::key(achievement.alignment.competency, learner);
        let Some(standing) = work.get::<StandingDocument>(&standing).await?.copied() else {
            return Ok(());
        };
        let award = award::id_of(work.scope().tenant(), learner, achievement.id);
        let seen = Seen::load(Stream::new("award", award.uuid()), work).await?;
        let state = Awards::fold(seen.award());
        let merit = Merit { award, learner, achievement, standing };
        let Some(command) = self.command(&state, merit, work).await? else { return Ok(()) };
        let events =
            Awards::decide(&state, command).map_err(|refusal| Malformed::new("award", refusal))?;
        seen.append(events, self.event.recorded_at, self.cause(), work);
        Ok(())
    }

    async fn command(
        &self,
        state: &award::State,
        merit: Merit,
        work: &mut Work,
    ) -> Result<Option<Command>, HandleError> {
        let earned = merit.achievement.earned_at(merit.standing.standing);
        match state.due(earned, merit.standing.mastery_event.sequence) {
            Due::Nothing => Ok(None),
            Due::Revoke(credential) => Ok(Some(Command::Revoke(Revocation {
                credential,
                award: merit.award,
                learner: merit.learner,
                reason: Reason::MasteryWithdrawn,
                mastery_event: merit.standing.mastery_event,
            }))),
            Due::Issue { ordinal } => {
                Ok(self.sign(merit, ordinal, work).await?.map(Command::Issue))
            }
        }
    }

    /// The signed credential; `None` while the tenant has no name to sign with, or no key: it is
    /// looked at again when it gets one.
    async fn sign(
        &self,
        merit: Merit,
        ordinal: u32,
        work: &mut Work,
    ) -> Result<Option<Credential>, HandleError> {
        let issuer = work.get::<IssuerDocument>(IssuerDocument::KEY).await?;
        let named = issuer.and_then(|issuer| Some((issuer.did(self.host)?, issuer.name.clone())));
        let Some((did, issuer_name)) = named else { return Ok(None) };
        let Some(key) = self.signing_key(Algorithm::P256, work).await? else { return Ok(None) };
        let log = work.tenant_log();
        let pseudonyms = self.vault.pseudonyms(&log).await?;
        let id = pseudonyms.credential(merit.award, ordinal)?;
        let document = AchievementCredential::new(&Statement {
            credential: id,
            subject: pseudonyms.subject(id)?,
            issuer: &did,
            issuer_name: &issuer_name,
            valid_from: self.event.recorded_at,
            achievement: &merit.achievement,
            level: merit.standing.standing.level,
        });
        let signer = self.vault.signer(&log, &key).await?;
        let compact_jws = vc_jwt::sign(&*signer, &token_method(&did, &key), &document)
            .map_err(|error| Fault::lasting("signing a credential", error))?;
        Ok(Some(merit.credential(id, compact_jws, key.name)))
    }

    fn cause(&self) -> Cause {
        Cause::reaction(CONSUMER, self.event)
    }
}

/// What a credential is due for.
struct Merit {
    award: AwardId,
    learner: LearnerId,
    achievement: Achievement,
    standing: StandingDocument,
}

impl Merit {
    fn credential(self, id: CredentialId, compact_jws: String, key_name: String) -> Credential {
        Credential {
            id,
            award: self.award,
            achievement: self.achievement.id,
            achievement_name: self.achievement.name,
            learner: self.learner,
            competency: self.achievement.alignment.competency,
            level: self.standing.standing.level,
            mastery_event: self.standing.mastery_event,
            compact_jws,
            key_name,
        }
    }
}
