//! Ends what a compromised key signed, and issues it anew.

use northstar_bus::{HandleError, Work};
use northstar_credentials_domain::award::{Awards, Claim, Command};
use northstar_credentials_domain::credential::{self, Order, Replaced};
use northstar_eventlog::{Malformed, Stream};
use northstar_kernel::{CredentialId, Decider as _, LearnerId, Timestamp};
use uuid::Uuid;

use super::issuing::{Issuing, SHARE};
use super::streams::Seen;
use crate::projection::achievement::AchievementDocument;
use crate::projection::credential::CredentialDocument;

impl Issuing<'_> {
    /// Ends what a compromised key signed since `from`, and issues it anew where it is still
    /// earned, under another id and the next key. There may be very many: what is left after one
    /// step's share, behind `after`, is gone on with when the event that says so comes back.
    pub(super) async fn replace(
        &self,
        key_name: &str,
        from: Timestamp,
        after: Option<(LearnerId, CredentialId)>,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let after = after.map(|(learner, id)| CredentialDocument::key(learner, id));
        let keys = work.keys::<CredentialDocument>(&[]).await?;
        let mut left = keys.into_iter().filter(|key| Some(key) > after.as_ref());
        let mut last = None;
        for key in left.by_ref().take(SHARE) {
            last = Some(self.replace_one(&key, key_name, from, work).await?).or(last);
        }
        match (last.flatten(), left.next()) {
            (Some(up_to), Some(_)) => self.replaced(key_name, from, up_to, work).await,
            _ => Ok(()),
        }
    }

    /// Replaces one, if the key signed it; says which it is.
    async fn replace_one(
        &self,
        key: &[u8],
        key_name: &str,
        from: Timestamp,
        work: &mut Work,
    ) -> Result<Option<(LearnerId, CredentialId)>, HandleError> {
        let tenant = work.scope().tenant();
        let Some(document) = work.get::<CredentialDocument>(key).await? else { return Ok(None) };
        let claim = document.claim(tenant)?;
        let (competency, achievement) = (document.competency(), document.achievement()?);
        if document.key_names.iter().any(|name| name == key_name) {
            let order = Order::KeyCompromised { key_name: key_name.into(), from };
            if self.end(claim, order, work).await? {
                let key = AchievementDocument::key(competency, achievement);
                self.award(&key, claim.learner, work).await?;
            }
        }
        Ok(Some((claim.learner, claim.credential)))
    }

    async fn replaced(
        &self,
        key_name: &str,
        from: Timestamp,
        up_to: (LearnerId, CredentialId),
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let name = format!("{key_name}/{}", from.micros());
        let id = Uuid::new_v5(&work.scope().tenant().uuid(), name.as_bytes());
        let seen = Seen::load(Stream::new("replacement", id), work).await?;
        if seen.replaced() < Some(up_to) {
            let replaced = Replaced { key_name: key_name.into(), from, up_to };
            seen.append(vec![replaced], self.at, self.cause(), work);
        }
        Ok(())
    }

    /// Says whether it ended by this; not if it has ended before, or the order is not for it.
    async fn end(&self, claim: Claim, order: Order, work: &mut Work) -> Result<bool, HandleError> {
        let seen = Seen::load(Stream::new("award", claim.award.uuid()), work).await?;
        let what = credential::Command::Revoke { order, at: self.at };
        let state = Awards::fold(seen.award());
        let events = match Awards::decide(&state, Command { claim, what }) {
            Ok(events) => events,
            Err(credential::Refusal::OtherKey { .. }) => return Ok(false),
            Err(refusal) => return Err(Malformed::new("award", refusal).into()),
        };
        let ends = !events.is_empty();
        seen.append(events, self.at, self.cause(), work);
        Ok(ends)
    }
}
