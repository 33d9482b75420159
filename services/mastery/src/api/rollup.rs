//! Publishing the rules of a roll-up, and reading them.

use std::collections::BTreeMap;

use northstar_chassis::status;
use northstar_eventlog::{Cause, Fault, Malformed, TenantLog};
use northstar_kernel::{CompetencyId, FrameworkId};
use northstar_mastery_domain::{self as domain, Method, Rollup, Rollups, Scope};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::id;
use super::publication::{NothingPublished, Published, known};
use crate::codec::Publication;
use crate::projection::{self, Competency, Policies, named};
use crate::standard::{RollupDocument, read_rollup_document};

/// Publishes all rules of a framework, checked among its competencies as they are known here.
pub(super) async fn publish(
    log: &TenantLog,
    cause: Cause,
    request: &wire::PublishRollupRequest,
) -> Result<wire::PublishRollupResponse, Status> {
    let checked = Checked::read(log, request).await?;
    let (publication, rules) = (checked.publication(), checked.rollups.rules().count());
    let rules = u32::try_from(rules).unwrap_or(u32::MAX);
    let rollups_hash = publication.hash.to_string();
    let published = Published::Rollups.publish(log, cause, publication).await?;
    Ok(wire::PublishRollupResponse { rollups_hash, published, rules })
}

/// Rules that may be published, and what they were checked against.
pub(super) struct Checked {
    document: RollupDocument,
    rollups: Rollups,
    /// Of the competencies that they name.
    known: BTreeMap<CompetencyId, Competency>,
    /// The framework's policies.
    pub(super) policies: Policies,
}

impl Checked {
    /// Reads what a request asks to publish, or would; refused if it may not be published.
    pub(super) async fn read(
        log: &TenantLog,
        request: &wire::PublishRollupRequest,
    ) -> Result<Self, Status> {
        let document =
            read_rollup_document(&request.document).map_err(|refusal| status::refused(&refusal))?;
        let framework = document.framework;
        let known = known(log, framework, named(&document)).await?;
        let policies = log.document::<Policies>(framework.as_bytes()).await;
        let policies = policies.map_err(status::fault)?.unwrap_or_default();
        let bounded = policies.main_methods().all(is_bounded);
        let competencies = known.iter().map(|(id, known)| node(*id, known, bounded));
        let rollups = Rollups::new(document.rollups.clone(), competencies);
        let rollups = rollups.map_err(|refusal| status::refused(&refusal))?;
        Ok(Self { document, rollups, known, policies })
    }

    /// What is published.
    pub(super) fn publication(&self) -> Publication {
        let framework = self.document.framework;
        let (document, hash) = (self.rollups.canonical(framework), self.rollups.hash(framework));
        Publication { framework, scope: Scope::Network, document, hash }
    }

    /// What learners would be read by.
    pub(super) fn rollup(self) -> Result<projection::Rollup, Malformed> {
        projection::Rollup::new(self.document, self.known)
    }
}

fn node(id: CompetencyId, known: &Competency, bounded: bool) -> domain::Competency {
    let top = known.scale.scores_milli().last().copied();
    let highest_milli = top.filter(|_| bounded);
    domain::Competency { id, code: known.name(id), retired: known.retired, highest_milli }
}

/// Whether the method's value lies within the judgements, and so on the scale.
const fn is_bounded(method: &Method) -> bool {
    match method {
        Method::Highest | Method::Latest | Method::Mean | Method::Median | Method::Mode => true,
        Method::MeanOfTop(_) | Method::MeanOfRecent(_) | Method::MedianOfRecent(_) => true,
        Method::TimesAtMastery(_) | Method::MOfLast(_) | Method::InARow(_) => true,
        Method::WeightedAverage(_) | Method::DecayingAverage(_) => true,
        Method::LinearTrend | Method::PowerLaw | Method::BestFit(_) => false,
        Method::Bayesian(_) | Method::Khan(_) | Method::Points(_) => false,
    }
}

/// The rules that hold for a framework.
pub(super) async fn get(
    log: &TenantLog,
    request: &wire::GetRollupRequest,
) -> Result<wire::GetRollupResponse, Status> {
    let framework: FrameworkId = id("framework_id", &request.framework_id)?;
    let last = Published::Rollups.last(log, framework).await?;
    let nothing = || status::refused(&NothingPublished(Published::Rollups));
    let last = last.ok_or_else(nothing)?;
    let malformed = |why| status::fault(Fault::lasting("reading a roll-up", why));
    let document = read_rollup_document(&last.document)
        .map_err(|why| status::fault(Fault::lasting("reading a roll-up", why)))?;
    // What is known of the competencies changes no hash.
    let rollup = projection::Rollup::new(document, BTreeMap::new()).map_err(malformed)?;
    let rule = |rule: &Rollup| wire::RuleHash {
        competency_id: rule.competency().to_string(),
        rule_hash: rule.hash().to_string(),
    };
    Ok(wire::GetRollupResponse {
        document: last.document,
        rollups_hash: last.hash.to_string(),
        rules: rollup.rollups().rules().map(rule).collect(),
    })
}
