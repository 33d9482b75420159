//! Published roll-ups and calendars on the wire.

use northstar_eventlog::Malformed;
use northstar_kernel::{Digest, FrameworkId};
use northstar_mastery_domain::Scope;
use northstar_wire::mastery::v1 as wire;

use super::{PACE_PLAN_PUBLISHED, ROLLUPS_PUBLISHED, read_hash};

/// A document was published for a framework, and takes the place of the one before for that scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publication {
    /// The framework.
    pub(crate) framework: FrameworkId,
    /// For whom; rules of a roll-up are always for the network.
    pub(crate) scope: Scope,
    /// The document in its canonical form.
    pub(crate) document: String,
    /// Its hash.
    pub(crate) hash: Digest,
}

impl Publication {
    /// As rules of a roll-up, for the log.
    pub(super) fn rollups(&self) -> wire::RollupsPublished {
        wire::RollupsPublished {
            framework_id: self.framework.to_string(),
            document: self.document.clone(),
            rollups_hash: self.hash.to_string(),
        }
    }

    /// As a calendar, for the log.
    pub(super) fn pace_plan(&self) -> wire::PacePlanPublished {
        let scope = Some(self.scope).filter(|scope| *scope != Scope::Network);
        let scope = scope.map(|scope| scope.to_string()).unwrap_or_default();
        wire::PacePlanPublished {
            framework_id: self.framework.to_string(),
            document: self.document.clone(),
            plan_hash: self.hash.to_string(),
            scope,
        }
    }

    pub(super) fn of_rollups(message: wire::RollupsPublished) -> Result<Self, Malformed> {
        let wire::RollupsPublished { framework_id, document, rollups_hash } = message;
        Self::read(ROLLUPS_PUBLISHED, &framework_id, Scope::Network, document, &rollups_hash)
    }

    pub(super) fn of_pace_plan(message: wire::PacePlanPublished) -> Result<Self, Malformed> {
        let wire::PacePlanPublished { framework_id, document, plan_hash, scope } = message;
        let scope = if scope.is_empty() { Ok(Scope::Network) } else { scope.parse() };
        let scope = scope.map_err(|why| Malformed::new(PACE_PLAN_PUBLISHED, why))?;
        Self::read(PACE_PLAN_PUBLISHED, &framework_id, scope, document, &plan_hash)
    }

    fn read(
        what: &'static str,
        framework: &str,
        scope: Scope,
        document: String,
        hash: &str,
    ) -> Result<Self, Malformed> {
        let framework = framework.parse().map_err(|why| Malformed::new(what, why))?;
        let hash = read_hash(hash)?.ok_or_else(|| Malformed::new(what, "the hash is missing"))?;
        Ok(Self { framework, scope, document, hash })
    }
}
