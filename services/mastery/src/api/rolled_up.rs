//! What is held of a learner above the parts, by the rules of a framework.

use std::collections::BTreeSet;

use northstar_chassis::status;
use northstar_eventlog::TenantLog;
use northstar_kernel::{CompetencyId, Digest, EvidenceId, Timestamp};
use northstar_mastery_domain::{Findings, Input, RolledUp, Shown, Standing};
use northstar_wire::mastery::v1 as wire;
use tonic::Status;

use super::as_of::Times;
use super::kept::{self, Kept};
use crate::codec::{held_message, timestamp};
use crate::projection::{Competency, LevelKey, Rollup};

/// What the rules make of a learner at an instant.
pub(super) struct Above<'a> {
    kept: &'a Kept,
    rollup: &'a Rollup,
    times: Times,
    findings: Findings<'a>,
}

impl<'a> Above<'a> {
    /// Works it out: it is not kept for every instant.
    pub(super) fn new(kept: &'a Kept, rollup: &'a Rollup, times: Times) -> Self {
        let findings = rollup.rollups().evaluate(|id| kept.input(id, times));
        Self { kept, rollup, times, findings }
    }

    /// Puts what rules say in the place of what the main policy says, and adds what rules ask for
    /// and nothing was observed of yet.
    pub(super) fn lay_over(&self, entries: &mut Vec<wire::ProfileEntry>) {
        if !self.is_begun() {
            return;
        }
        for (id, hash) in self.rollup.ruled() {
            let text = id.to_string();
            entries.retain(|old| old.competency_id != text || !old.policy_name.is_empty());
            entries.extend(self.findings.explain(id).map(|found| self.entry(id, hash, &found)));
        }
        let there: BTreeSet<_> = entries.iter().map(|entry| entry.competency_id.clone()).collect();
        let named = self.rollup.named().iter();
        let known = named.filter_map(|id| self.rollup.competency(*id).map(|known| (*id, known)));
        let absent = known.filter(|(id, it)| !it.retired && !there.contains(&id.to_string()));
        entries.extend(absent.map(|(id, competency)| wire::ProfileEntry {
            reason: "Nothing was observed yet.".to_owned(),
            ..blank(id, competency)
        }));
    }

    /// Whether anything was observed by then of what the rules name.
    fn is_begun(&self) -> bool {
        self.rollup.named().iter().any(|id| self.kept.shown(*id, self.times).is_some())
    }

    fn entry(&self, id: CompetencyId, hash: Digest, found: &RolledUp) -> wire::ProfileEntry {
        let evidence = self.evidence(id);
        let blank = self.rollup.competency(id).map(|known| blank(id, known)).unwrap_or_default();
        let entry = wire::ProfileEntry {
            mastery: Some(held_message(&self.rollup.held(id, found.shown.by_rule))),
            reason: self.by_rule(id, found),
            policy_hash: hash.to_string(),
            latest_observed_at: evidence.last().map(|(at, _)| timestamp(*at)),
            evidence_ids: evidence.iter().map(|(_, id)| id.to_string()).collect(),
            ..blank
        };
        match self.kept.shown(id, self.times) {
            Some(shown) => shown.decided(entry),
            None => entry,
        }
    }

    /// What the rule says in a sentence, whatever override is laid over it.
    fn by_rule(&self, id: CompetencyId, found: &RolledUp) -> String {
        if found.shown.by_override.is_none() {
            return found.sentence.clone();
        }
        let mut findings = self.findings.clone();
        let input = Input { overriding: None, ..self.kept.input(id, self.times) };
        findings.update(id, input);
        findings.explain(id).map(|plain| plain.sentence).unwrap_or_default()
    }

    /// The evidence that counts in the parts that the competency rests on, oldest first.
    fn evidence(&self, id: CompetencyId) -> BTreeSet<(Timestamp, EvidenceId)> {
        let parts = self.rollup.rollups().rests_on(id).into_iter();
        let shown = parts.filter_map(|part| self.kept.shown(part, self.times));
        let derivations = shown.filter_map(|shown| shown.derivation("").map(|(_, found)| found));
        let used = derivations.flat_map(|found| found.used);
        used.map(|seen| (seen.observed_at, seen.evidence)).collect()
    }
}

fn blank(id: CompetencyId, competency: &Competency) -> wire::ProfileEntry {
    wire::ProfileEntry {
        competency_id: id.to_string(),
        competency_code: competency.code.clone(),
        framework_id: competency.framework.to_string(),
        mastery: Some(wire::Mastery::default()),
        ..wire::ProfileEntry::default()
    }
}

/// The derivation by the competency's rule; `None` if it has none, or if nothing is held by it and
/// nothing was observed.
pub(super) async fn derivation(
    log: &TenantLog,
    key: LevelKey,
    times: Times,
) -> Result<Option<wire::GetDerivationResponse>, Status> {
    let id = key.competency;
    let Some((rollup, hash)) = ruled(log, id, times).await? else { return Ok(None) };
    let kept = Kept::load(log, key.learner, times).await?;
    let above = Above::new(&kept, &rollup, times);
    let Some(found) = above.findings.explain(id) else { return Ok(None) };
    let nothing = found.shown.held.standing == Standing::NotObserved;
    if nothing && kept.shown(id, times).is_none() {
        return Ok(None);
    }
    Ok(Some(wire::GetDerivationResponse {
        entry: Some(above.entry(id, hash, &found)),
        derivation: found.derivation.to_string(),
        ..wire::GetDerivationResponse::default()
    }))
}

/// What is shown of a competency that has a rule, and the evidence that this rests on, oldest first;
/// `None` if it has none.
pub(super) async fn shown(
    log: &TenantLog,
    key: LevelKey,
    times: Times,
) -> Result<Option<(Shown, Vec<EvidenceId>)>, Status> {
    let id = key.competency;
    let Some((rollup, _)) = ruled(log, id, times).await? else { return Ok(None) };
    let kept = Kept::load(log, key.learner, times).await?;
    let above = Above::new(&kept, &rollup, times);
    let evidence = above.evidence(id).into_iter().map(|(_, evidence)| evidence).collect();
    Ok(above.findings.get(id).map(|shown| (shown, evidence)))
}

/// The rules over a competency, and the hash of its own; `None` if it has none.
async fn ruled(
    log: &TenantLog,
    id: CompetencyId,
    times: Times,
) -> Result<Option<(Rollup, Digest)>, Status> {
    let known = log.document::<Competency>(id.as_bytes()).await.map_err(status::fault)?;
    let Some(known) = known else { return Ok(None) };
    let rollup = kept::rollup(log, known.framework, times).await?;
    Ok(rollup.and_then(|rollup| rollup.rule(id).map(|hash| (rollup, hash))))
}
