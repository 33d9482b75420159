//! Keeps every learner's credentials in step with their mastery.
//!
//! One consumer reads all three logs that matter, so that mastery reached before an achievement was
//! defined, or before the tenant had a name to sign with, is awarded as well: whichever comes last
//! looks at what came before.

use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_eventlog::{Recorded, Shape as _};

use super::folding::{Touched, folded, mastery_changed, named};
use super::issuing::Issuing;
use super::referring;
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::credential::{CredentialDocument, EvidenceUse, HolderDocument, ReviewDue};
use crate::projection::endorsement::{EndorsementDocument, EndorsementDue, EndorsementOf};
use crate::projection::framework::{
    AssociationOrigin, KnownAssociation, KnownCompetency, KnownLearner,
};
use crate::projection::import::ImportDocument;
use crate::projection::issuer::IssuerDocument;
use crate::projection::received::ReceivedDocument;
use crate::projection::record::RecordDocument;
use crate::projection::share::SharedCredential;
use crate::projection::standing::StandingDocument;
use crate::projection::status::{
    PlacesDocument, ReviewWindowDocument, StatusDue, StatusListDocument,
};
use crate::projection::wallet::OfferedTo;
use crate::secrets::Vault;
use crate::standard::did_web::Host;

/// The consumer's permanent name.
pub(crate) const CONSUMER: &str = "credentials.wallet";

const SOURCES: [Source; 3] =
    [Source::whole("registry"), Source::whole("mastery"), Source::whole("credentials")];

const NOUNS: [&str; 24] = [
    AchievementDocument::NOUN,
    AwardDocument::NOUN,
    CredentialDocument::NOUN,
    HolderDocument::NOUN,
    IssuerDocument::NOUN,
    StandingDocument::NOUN,
    EvidenceUse::NOUN,
    ReviewDue::NOUN,
    PlacesDocument::NOUN,
    StatusListDocument::NOUN,
    StatusDue::NOUN,
    ReviewWindowDocument::NOUN,
    SharedCredential::NOUN,
    ReceivedDocument::NOUN,
    OfferedTo::NOUN,
    RecordDocument::NOUN,
    EndorsementDocument::NOUN,
    EndorsementOf::NOUN,
    EndorsementDue::NOUN,
    ImportDocument::NOUN,
    KnownCompetency::NOUN,
    KnownAssociation::NOUN,
    AssociationOrigin::NOUN,
    KnownLearner::NOUN,
];

/// The consumer.
pub(crate) struct Wallet {
    /// Where the deployment's DID documents are.
    pub(crate) host: Host,
    /// Where private keys are.
    pub(crate) vault: Arc<Vault>,
    /// What tokens are signed by.
    pub(crate) token_algorithm: Algorithm,
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
            "registry" => {
                referring::folded(event, work).await?;
                named(event, work).await?
            }
            "mastery" => mastery_changed(event, work)?,
            _ => folded(&self.host, event, work).await?,
        };
        if !work.is_live() {
            return Ok(());
        }
        let Self { host, vault, token_algorithm } = self;
        let issuing = Issuing { host, vault, token_algorithm: *token_algorithm, event };
        match touched {
            Touched::Nothing => Ok(()),
            Touched::Issuer => {
                issuing.begin_keys(work).await?;
                for key in work.keys::<AchievementDocument>(&[]).await? {
                    issuing.offer(&key, None, work).await?;
                }
                issuing.endorse_all(work).await
            }
            Touched::Key(name, from, after) => issuing.replace(&name, from, after, work).await,
            Touched::Endorsement(id) => issuing.endorse(id, work).await,
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
