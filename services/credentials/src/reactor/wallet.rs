//! Keeps every learner's credentials in step with their mastery.
//!
//! One consumer reads all three logs that matter, so that mastery reached before an achievement was
//! defined, or before the tenant had a name to sign with, is awarded as well: whichever comes last
//! looks at what came before.

use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_credentials_domain::award::{Credential, MasteryEvent, Revocation};
use northstar_credentials_domain::{Event, achievement, award, issuer_keys};
use northstar_eventlog::{Recorded, Shape as _};
use northstar_kernel::{AchievementId, CompetencyId, LearnerId, Timestamp};

use super::issuing::Issuing;
use crate::codec;
use crate::codec::incoming::{self, MasteryChange, TenantNamed};
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::credential::{CredentialDocument, HolderDocument};
use crate::projection::issuer::IssuerDocument;
use crate::projection::standing::StandingDocument;
use crate::secrets::Vault;
use crate::standard::did_web::Host;

/// The consumer's permanent name.
pub(crate) const CONSUMER: &str = "credentials.wallet";

const SOURCES: [Source; 3] =
    [Source::whole("registry"), Source::whole("mastery"), Source::whole("credentials")];

const NOUNS: [&str; 6] = [
    AchievementDocument::NOUN,
    AwardDocument::NOUN,
    CredentialDocument::NOUN,
    HolderDocument::NOUN,
    IssuerDocument::NOUN,
    StandingDocument::NOUN,
];

/// What an event may have made due.
enum Touched {
    Nothing,
    /// The tenant can sign from now on.
    Issuer,
    /// It can be earned from now on, and was not offered yet to learners after this one.
    Achievement(CompetencyId, AchievementId, Option<LearnerId>),
    /// It may earn or lose achievements.
    Standing(CompetencyId, LearnerId),
}

/// The consumer.
pub(crate) struct Wallet {
    host: Host,
    vault: Arc<Vault>,
}

impl Wallet {
    /// For a deployment whose DID documents are at `host`.
    pub(crate) fn new(host: Host, vault: Arc<Vault>) -> Self {
        Self { host, vault }
    }
}

#[async_trait]
impl Handler for Wallet {
    fn consumer(&self) -> &'static str {
        CONSUMER
    }

    fn sources(&self) -> &'static [Source] {
        &SOURCES
    }

    fn nouns(&self) -> &'static [&'static str] {
        &NOUNS
    }

    async fn handle(
        &self,
        source: &'static str,
        event: &Recorded,
        work: &mut Work,
    ) -> Result<(), HandleError> {
        let touched = match source {
            "registry" => named(event, work).await?,
            "mastery" => mastery_changed(event, work)?,
            _ => folded(event, work).await?,
        };
        if !work.is_live() {
            return Ok(());
        }
        let issuing = Issuing { host: &self.host, vault: &self.vault, event };
        match touched {
            Touched::Nothing => Ok(()),
            Touched::Issuer => {
                issuing.begin_keys(work).await?;
                for key in work.keys::<AchievementDocument>(&[]).await? {
                    issuing.offer(&key, None, work).await?;
                }
                Ok(())
            }
            Touched::Achievement(competency, id, after) => {
                issuing.offer(&AchievementDocument::key(competency, id), after, work).await
            }
            Touched::Standing(competency, learner) => {
                for key in work.keys::<AchievementDocument>(competency.as_bytes()).await? {
                    issuing.award(&key, learner, work).await?;
                }
                Ok(())
            }
        }
    }
}

async fn named(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
    let Some(TenantNamed { slug, name }) = incoming::tenant_named(event)? else {
        return Ok(Touched::Nothing);
    };
    let issuer = work.entry::<IssuerDocument>(IssuerDocument::KEY).await?;
    (issuer.slug, issuer.name) = (slug, name);
    Ok(Touched::Issuer)
}

fn mastery_changed(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
    let Some(change) = incoming::mastery_change(event)? else { return Ok(Touched::Nothing) };
    let MasteryChange { learner, competency, standing } = change;
    let mastery_event = MasteryEvent { id: event.id, sequence: event.sequence };
    let key = StandingDocument::key(competency, learner);
    work.put(&key, StandingDocument { standing, mastery_event });
    Ok(Touched::Standing(competency, learner))
}

async fn folded(event: &Recorded, work: &mut Work) -> Result<Touched, HandleError> {
    match codec::decode(event)? {
        Event::Achievement(achievement::Event::Defined(achievement)) => {
            let (competency, id) = (achievement.alignment.competency, achievement.id);
            let key = AchievementDocument::key(competency, id);
            let known = work.get::<AchievementDocument>(&key).await?.is_some();
            work.put(&key, AchievementDocument(achievement));
            // Other words earn nobody anything.
            Ok(if known { Touched::Nothing } else { Touched::Achievement(competency, id, None) })
        }
        Event::Achievement(achievement::Event::Offered { achievement, competency, up_to }) => {
            Ok(Touched::Achievement(competency, achievement, Some(up_to)))
        }
        Event::Award(award::Event::Issued(credential)) => {
            issued(&credential, event.observed_at, work);
            Ok(Touched::Nothing)
        }
        Event::Award(award::Event::Revoked(revocation)) => {
            revoked(&revocation, event.observed_at, work).await?;
            Ok(Touched::Nothing)
        }
        Event::Issuer(event) => {
            // What waited for a key to sign with is looked at again.
            let signs = matches!(event, issuer_keys::Event::KeyActivated { .. });
            let issuer = work.entry::<IssuerDocument>(IssuerDocument::KEY).await?;
            issuer.live_through(event);
            Ok(if signs { Touched::Issuer } else { Touched::Nothing })
        }
    }
}

fn issued(credential: &Credential, at: Timestamp, work: &mut Work) {
    let &Credential { id, learner, achievement, .. } = credential;
    work.put(&AwardDocument::key(learner, achievement), AwardDocument { held: true });
    work.put(&CredentialDocument::key(learner, id), CredentialDocument::issued(credential, at));
    work.put(id.as_bytes(), HolderDocument(learner));
}

async fn revoked(
    revocation: &Revocation,
    at: Timestamp,
    work: &mut Work,
) -> Result<(), HandleError> {
    let key = CredentialDocument::key(revocation.learner, revocation.credential);
    let Some(credential) = work.get_mut::<CredentialDocument>(&key).await? else {
        return Ok(());
    };
    credential.revoke(revocation, at);
    let achievement = credential.achievement()?;
    work.put(&AwardDocument::key(revocation.learner, achievement), AwardDocument { held: false });
    Ok(())
}
