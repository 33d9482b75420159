//! Keeps every learner's credentials in step with their mastery.
//!
//! One consumer reads all three logs that matter, so that mastery reached before an achievement was
//! defined, or before the tenant had a name to sign with, is awarded as well: whichever comes last
//! looks at what came before.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use northstar_bus::{HandleError, Handler, Source, Work};
use northstar_credentials_domain::issuer_keys::Algorithm;
use northstar_eventlog::{Recorded, Shape as _};
use northstar_kernel::{CompetencyId, LearnerId};
use uuid::Uuid;

use super::folding::{Touched, folded, mastery_changed, registered};
use super::issuing::Issuing;
use super::{foreseeing, referring};
use crate::projection::achievement::AchievementDocument;
use crate::projection::award::AwardDocument;
use crate::projection::catalog::CatalogDocument;
use crate::projection::credential::{CredentialDocument, EvidenceUse, HolderDocument, ReviewDue};
use crate::projection::due::CourseDue;
use crate::projection::endorsement::{EndorsementDocument, EndorsementDue, EndorsementOf};
use crate::projection::framework::{
    AssociationOrigin, KnownAssociation, KnownCompetency, KnownLearner,
};
use crate::projection::import::ImportDocument;
use crate::projection::issuer::IssuerDocument;
use crate::projection::key_use::KeyUse;
use crate::projection::person::{FactsDocument, RolesDocument};
use crate::projection::received::ReceivedDocument;
use crate::projection::record::RecordDocument;
use crate::projection::revoked::{RevocationListDocument, Revoked};
use crate::projection::scale::ScaleDocument;
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

const NOUNS: [&str; 32] = [
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
    CatalogDocument::NOUN,
    RolesDocument::NOUN,
    FactsDocument::NOUN,
    CourseDue::NOUN,
    KeyUse::NOUN,
    Revoked::NOUN,
    RevocationListDocument::NOUN,
    ScaleDocument::NOUN,
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

    async fn foresee(
        &self,
        source: &'static str,
        events: &[&Recorded],
        work: &mut Work,
    ) -> Result<(), HandleError> {
        match source {
            "mastery" => foreseeing::mastery(events, work).await,
            "credentials" => foreseeing::own(events, work).await,
            _ => Ok(()),
        }
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
                vec![registered(event, work).await?]
            }
            "mastery" => vec![mastery_changed(event, work)?],
            _ => folded(event, work).await?,
        };
        if !work.is_live() {
            return Ok(());
        }
        let Self { host, vault, token_algorithm } = self;
        let at = match source {
            "credentials" => event.recorded_at.max(event.observed_at),
            _ => event.recorded_at,
        };
        let issuing = Issuing { host, vault, token_algorithm: *token_algorithm, event, at };
        for touched in touched {
            look_at(touched, &issuing, work).await?;
        }
        Ok(())
    }
}

async fn look_at(
    touched: Touched,
    issuing: &Issuing<'_>,
    work: &mut Work,
) -> Result<(), HandleError> {
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
        Touched::Achievement(competency, id, after) => {
            issuing.offer(&AchievementDocument::key(competency, id), after, work).await
        }
        Touched::Standing(competency, learner) => {
            let keys = earned_in(competency, work).await?;
            award_all(&keys, learner, issuing, work).await
        }
        Touched::Watched(watched, learner) => {
            let keys = watching(watched, work).await?;
            award_all(&keys, learner, issuing, work).await
        }
        Touched::Endorsement(id) => issuing.endorse(id, work).await,
        Touched::Award(key, learner) => issuing.award(&key, learner, work).await,
    }
}

/// Where the definitions are kept of achievements that what is held in a competency may earn.
pub(super) async fn earned_in(
    competency: CompetencyId,
    work: &mut Work,
) -> Result<BTreeSet<Vec<u8>>, HandleError> {
    let mut keys = watching(competency.uuid(), work).await?;
    keys.extend(work.keys::<AchievementDocument>(competency.as_bytes()).await?);
    Ok(keys)
}

/// Where the definitions are kept of achievements that watch this.
pub(super) async fn watching(
    watched: Uuid,
    work: &mut Work,
) -> Result<BTreeSet<Vec<u8>>, HandleError> {
    let catalog = work.get::<CatalogDocument>(CatalogDocument::KEY).await?;
    Ok(catalog.map(|catalog| catalog.watching(watched)).unwrap_or_default())
}

async fn award_all(
    keys: &BTreeSet<Vec<u8>>,
    learner: LearnerId,
    issuing: &Issuing<'_>,
    work: &mut Work,
) -> Result<(), HandleError> {
    for key in keys {
        issuing.award(key, learner, work).await?;
    }
    Ok(())
}
