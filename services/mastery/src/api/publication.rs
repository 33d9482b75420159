//! Publishing a document for a framework, and reading the last one: both from the log itself, so that
//! whoever published reads what they wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use northstar_chassis::status;
use northstar_eventlog::{Append, Cause, Fault, Stream, TenantLog};
use northstar_kernel::{
    CompetencyId, ExpectedVersion, FrameworkId, Kind, Refusal, Version, Violation,
};
use northstar_mastery_domain::Scope;
use tonic::Status;

use super::profile::named;
use crate::codec::{Event, Publication};
use crate::projection::Competency;

/// What is published, each in a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Published {
    Rollups,
    PacePlan,
}

impl Published {
    fn stream(self, framework: FrameworkId) -> Stream {
        let kind = match self {
            Self::Rollups => "rollup",
            Self::PacePlan => "pace",
        };
        Stream::new(kind, framework.uuid())
    }

    /// The last one of a framework for everybody.
    pub(super) async fn last(
        self,
        log: &TenantLog,
        framework: FrameworkId,
    ) -> Result<Option<Publication>, Status> {
        self.load(log, framework, Scope::Network).await.map(|(last, _)| last)
    }

    async fn load(
        self,
        log: &TenantLog,
        framework: FrameworkId,
        scope: Scope,
    ) -> Result<(Option<Publication>, ExpectedVersion), Status> {
        let recorded = log.stream(&self.stream(framework)).await.map_err(status::fault)?;
        let version = recorded.last().map_or(Version::START, |last| last.version);
        let malformed = |why| status::fault(Fault::lasting("reading what was published", why));
        let mut last = None;
        for event in &recorded {
            match Event::read(event).map_err(malformed)? {
                Event::RollupsPublished(found) | Event::PacePlanPublished(found)
                    if found.scope == scope =>
                {
                    last = Some(found);
                }
                _ => {}
            }
        }
        Ok((last, ExpectedVersion::Exactly(version)))
    }

    /// Publishes it; false if that was the last word for its scope already.
    pub(super) async fn publish(
        self,
        log: &TenantLog,
        cause: Cause,
        publication: Publication,
    ) -> Result<bool, Status> {
        let (last, expected) = self.load(log, publication.framework, publication.scope).await?;
        if last.is_some_and(|last| last.hash == publication.hash) {
            return Ok(false);
        }
        let stream = self.stream(publication.framework);
        let event = match self {
            Self::Rollups => Event::RollupsPublished(publication),
            Self::PacePlan => Event::PacePlanPublished(publication),
        };
        let events = vec![event.write(None)];
        let append = Append { stream, expected, events, request: None, cause };
        log.append(append).await.map_err(status::append_failed)?;
        Ok(true)
    }
}

/// Of these competencies those that are known to be part of the framework.
pub(super) async fn known(
    log: &TenantLog,
    framework: FrameworkId,
    ids: BTreeSet<CompetencyId>,
) -> Result<BTreeMap<CompetencyId, Competency>, Status> {
    let known: BTreeMap<CompetencyId, Competency> =
        named(log, ids, CompetencyId::as_bytes).await.map_err(status::fault)?;
    Ok(known.into_iter().filter(|(_, known)| known.framework == framework).collect())
}

/// Nothing of the kind was published for this framework, as far as this caller may know.
#[derive(Debug)]
pub(super) struct NothingPublished(pub(super) Published);

impl fmt::Display for NothingPublished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Published::Rollups => "no roll-up was published for the framework",
            Published::PacePlan => "no calendar was published for the framework and the learner",
        })
    }
}

impl std::error::Error for NothingPublished {}

impl Refusal for NothingPublished {
    fn reason(&self) -> &'static str {
        match self.0 {
            Published::Rollups => "ROLLUP_NOT_FOUND",
            Published::PacePlan => "PACE_PLAN_NOT_FOUND",
        }
    }

    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new("framework_id", "publish one for it first")]
    }
}
