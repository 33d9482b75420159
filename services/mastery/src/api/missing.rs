//! What a learner still has to reach below a competency.

use std::collections::{BTreeMap, BTreeSet};

use northstar_chassis::status;
use northstar_eventlog::TenantLog;
use northstar_kernel::{CompetencyId, LearnerId};
use northstar_mastery_domain::{Finding, Findings};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::MissingWhy;
use tonic::Status;

use super::as_of::Times;
use super::kept::{self, Kept};
use super::not_found::CompetencyNotFound;
use super::publication::known;
use crate::codec::held_message;
use crate::projection::{Competency, Precedence, Rollup};

/// Parts that a roll-up needs and what the framework says comes before, as far as the learner is not
/// at mastery in it. Associations that lead to other frameworks are not followed.
pub(super) async fn of(
    log: &TenantLog,
    learner: LearnerId,
    target: CompetencyId,
    times: Times,
) -> Result<wire::GetMissingResponse, Status> {
    let competency = log.document::<Competency>(target.as_bytes()).await.map_err(status::fault)?;
    let competency = competency.as_ref().and_then(|competency| times.competency(competency));
    let framework = competency.ok_or_else(|| status::refused(&CompetencyNotFound))?.framework;
    let rollup = kept::rollup(log, framework, times).await?;
    let rollup = rollup.unwrap_or_else(|| Rollup::none(framework));
    let before = log.document::<Precedence>(framework.as_bytes()).await.map_err(status::fault)?;
    let before = before.map(|precedence| precedence.before()).unwrap_or_default();
    let mut ids = rollup.named().clone();
    ids.insert(target);
    ids.extend(before.values().flatten());
    let known = known(log, framework, ids).await?;
    let kept = Kept::load(log, learner, times).await?;
    let findings = rollup.rollups().evaluate(|id| kept.input(id, times));
    let walk = Walk { kept: &kept, rollup: &rollup, findings, before, known, times };
    Ok(walk.answer(target))
}

/// What is held of a learner, and what leads to what.
struct Walk<'a> {
    kept: &'a Kept,
    rollup: &'a Rollup,
    findings: Findings<'a>,
    /// By competency, what comes right before it.
    before: BTreeMap<CompetencyId, BTreeSet<CompetencyId>>,
    known: BTreeMap<CompetencyId, Competency>,
    times: Times,
}

/// A competency that is missing, why, and what needs it.
type Missing = (CompetencyId, MissingWhy, CompetencyId);

impl Walk<'_> {
    fn answer(&self, target: CompetencyId) -> wire::GetMissingResponse {
        let missing = self.below(target);
        let message = |(id, why, by): &Missing| wire::MissingCompetency {
            competency_id: id.to_string(),
            competency_code: self.known.get(id).map(|it| it.code.clone()).unwrap_or_default(),
            why: (*why).into(),
            needed_by_id: by.to_string(),
            mastery: Some(self.held(*id)),
        };
        wire::GetMissingResponse {
            mastery: Some(self.held(target)),
            missing: missing.iter().map(message).collect(),
            sentence: self.sentence(target, &missing),
        }
    }

    /// All that is missing, each once, after what it needs itself. Neither depth nor cycles of
    /// associations matter.
    fn below(&self, target: CompetencyId) -> Vec<Missing> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        let mut waiting = vec![((target, MissingWhy::Unspecified, target), false)];
        while let Some((missing, needs_told)) = waiting.pop() {
            if needs_told {
                found.push(missing);
            } else if seen.insert(missing.0) {
                waiting.push((missing, true));
                let needs = self.needs(missing.0).into_iter().rev();
                waiting.extend(needs.map(|needed| (needed, false)));
            }
        }
        found.retain(|(id, ..)| *id != target);
        found
    }

    /// What the competency needs right away: what comes before it, then the parts its rule waits for.
    fn needs(&self, id: CompetencyId) -> Vec<Missing> {
        if self.is_met(id) {
            return Vec::new();
        }
        let first = self.before.get(&id).into_iter().flatten();
        let counts = |first: &&CompetencyId| {
            self.known.get(first).is_some_and(|known| !known.retired) && !self.is_met(**first)
        };
        let first = first.filter(counts).map(|first| (*first, MissingWhy::Prerequisite, id));
        let parts = self.findings.missing_below(id).into_iter().filter(|part| *part != id);
        first.chain(parts.map(|part| (part, MissingWhy::Part, id))).collect()
    }

    fn shown(&self, id: CompetencyId) -> Finding {
        let above = self.findings.get(id).map(|shown| shown.held);
        above.unwrap_or_else(|| {
            let input = self.kept.input(id, self.times);
            input.overriding.map_or(input.own, |(_, says)| says)
        })
    }

    fn is_met(&self, id: CompetencyId) -> bool {
        self.shown(id).standing.is_mastered()
    }

    fn held(&self, id: CompetencyId) -> wire::Mastery {
        let shown = self.shown(id);
        let held = match self.known.get(&id) {
            _ if self.rollup.rule(id).is_some() => self.rollup.held(id, shown),
            Some(known) => known.held(shown),
            None => Default::default(),
        };
        held_message(&held)
    }

    fn sentence(&self, target: CompetencyId, missing: &[Missing]) -> String {
        let name = |id: &CompetencyId| {
            self.known.get(id).map_or_else(|| id.to_string(), |known| known.name(*id))
        };
        let target_name = name(&target);
        if self.is_met(target) {
            return format!("Nothing: {target_name} is at mastery.");
        }
        if missing.is_empty() {
            return format!("Nothing but evidence in {target_name} itself.");
        }
        let told = missing.iter().map(|(id, why, by)| match why {
            MissingWhy::Prerequisite => format!("{} (comes before {})", name(id), name(by)),
            _ => format!("{} (part of {})", name(id), name(by)),
        });
        format!("Still to be reached for {target_name}: {}.", told.collect::<Vec<_>>().join(", "))
    }
}
