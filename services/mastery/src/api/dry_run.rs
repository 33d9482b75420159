//! What publishing a policy or a roll-up would change, found out by reading every level as publishing
//! would, and by working out once for each learner what roll-ups make of these.
//!
//! Levels are read in the order of their keys, a range of learners at a time and several ranges at
//! once; what was found is told in that order. So it costs the memory of what a few ranges change,
//! and a range is 1/256 of the tenant.

mod above;
mod range;
mod tally;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::available_parallelism;

use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use northstar_chassis::status;
use northstar_eventlog::{Fault, TenantLog, now};
use northstar_kernel::{CompetencyId, Decider as _, FrameworkId};
use northstar_mastery_domain::{Policy, PolicyRefusal, Published};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::dry_run_policy_response::Item;
use northstar_wire::mastery::v1::dry_run_rollup_response;
use prost::Message as _;
use tokio::task::JoinError;
use tonic::Status;

use self::range::{Part, Trial};
use self::tally::Tally;
use super::rollup::Checked;
use super::{policy, publication};
use crate::aggregate::load;
use crate::codec::Publication;
use crate::projection::{Competency, Policies, Rollup};
use crate::reactor::Rule;

/// Competencies read at a time.
const PAGE: u32 = 500;
/// Ranges of learners: by the first byte of their ids.
const RANGES: u32 = 256;
/// Changes in one message, at most, and bytes of them, roughly.
const MOST_CHANGES: usize = 200;
const MOST_BYTES: usize = 1 << 20;

/// The answers of a dry run, as they go out.
pub(super) type Answers<T> = BoxStream<'static, Result<T, Status>>;

/// Says what publishing the policy would change. Nothing is written.
pub(super) async fn policy(
    log: TenantLog,
    request: wire::DryRunPolicyRequest,
) -> Result<Answers<wire::DryRunPolicyResponse>, Status> {
    let asked = request.policy.ok_or_else(|| missing("policy"))?;
    let command = policy::command(&log, &asked).await?;
    let refused = |refusal: PolicyRefusal| status::refused(&refusal);
    let policy = Policy::new(&command.draft).map_err(refused)?;
    let known = load::<Published>(&log, &policy::stream(policy.framework())).await?;
    let events = Published::decide(&known, command).map_err(refused)?;
    let published = events.is_empty();
    let policies = log.document::<Policies>(policy.framework().as_bytes()).await;
    let mut policies = policies.map_err(status::fault)?.unwrap_or_default();
    events.into_iter().for_each(|event| policies.publish(event, now()));
    let rollup = log.document::<Rollup>(policy.framework().as_bytes()).await;
    let rollup = rollup.map_err(status::fault)?;
    let trial = trial(log, policy.framework(), policy.name(), &policies, rollup).await?;
    let policy_hash = policy.hash().to_string();
    let summary = wire::DryRunSummary { policy_hash, published, ..Default::default() };
    let answer = |item| wire::DryRunPolicyResponse { item: Some(item) };
    Ok(tell(trial, summary).map_ok(answer).boxed())
}

/// Says what publishing the rules of a roll-up would change. Nothing is written.
pub(super) async fn rollup(
    log: TenantLog,
    request: wire::DryRunRollupRequest,
) -> Result<Answers<wire::DryRunRollupResponse>, Status> {
    let asked = request.rollup.ok_or_else(|| missing("rollup"))?;
    let checked = Checked::read(&log, &asked).await?;
    let Publication { framework, hash, .. } = checked.publication();
    let last = publication::Published::Rollups.last(&log, framework).await?;
    let summary = wire::DryRunSummary {
        rollups_hash: hash.to_string(),
        published: last.is_some_and(|last| last.hash == hash),
        ..Default::default()
    };
    let policies = checked.policies.clone();
    let rollup = checked.rollup();
    let rollup = rollup.map_err(|why| status::fault(Fault::lasting("reading a roll-up", why)))?;
    let trial = trial(log, framework, "", &policies, Some(rollup)).await?;
    let answer = |item| wire::DryRunRollupResponse { item: Some(of_rollup(item)) };
    Ok(tell(trial, summary).map_ok(answer).boxed())
}

fn missing(field: &str) -> Status {
    status::invalid("FIELD_INVALID", field, "must be given")
}

/// The same thing, of the other call.
fn of_rollup(item: Item) -> dry_run_rollup_response::Item {
    match item {
        Item::Progress(progress) => dry_run_rollup_response::Item::Progress(progress),
        Item::Changes(changes) => dry_run_rollup_response::Item::Changes(changes),
        Item::Summary(summary) => dry_run_rollup_response::Item::Summary(summary),
    }
}

/// The policies and the roll-up of a framework as they would be, to see what is shown by the policy of
/// that name.
async fn trial(
    log: TenantLog,
    framework: FrameworkId,
    name: &str,
    policies: &Policies,
    rollup: Option<Rollup>,
) -> Result<Trial, Status> {
    let rules = rules(&log, framework, policies, rollup.as_ref()).await.map_err(status::fault)?;
    // What roll-ups read is what is shown by the main policy.
    let rollup = rollup.filter(|rollup| name.is_empty() && rollup.ruled().next().is_some());
    Ok(Trial { log, name: name.to_owned(), rules, rollup, scoped: policies.is_scoped() })
}

/// Tells what the trial comes to, as it is found out; the summary, completed, comes last.
fn tell(trial: Trial, summary: wire::DryRunSummary) -> Answers<Item> {
    let above = trial.rollup.as_ref().map(|_| Tally::default());
    let (parts, total) = (parts(Arc::new(trial)), Tally::default());
    let telling = Telling { parts, done: 0, total, above, summary };
    let told = stream::try_unfold(Some(telling), |telling| async {
        let Some(telling) = telling else { return Ok(None) };
        telling.next().await.map(Some)
    });
    let each = |items: Vec<Item>| stream::iter(items.into_iter().map(Ok));
    told.map_ok(each).try_flatten().boxed()
}

/// What the framework's competencies are read by, with what is on trial among what is published.
async fn rules(
    log: &TenantLog,
    framework: FrameworkId,
    policies: &Policies,
    rollup: Option<&Rollup>,
) -> Result<BTreeMap<CompetencyId, Rule>, Fault> {
    let mut rules = BTreeMap::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page = log.documents::<Competency>(&[], after.as_deref(), PAGE).await?;
        let full = page.len() == PAGE as usize;
        after = page.last().map(|(key, _)| key.clone());
        for (key, competency) in page.iter().filter(|(_, known)| known.framework == framework) {
            let id = uuid::Uuid::from_slice(key);
            let id = id.map_err(|why| Fault::lasting("reading a competency's key", why))?;
            let id = CompetencyId::from_uuid(id);
            let mut rule = Rule::new(competency, policies.clone());
            // Where a roll-up says what is held, another main policy does not.
            rule.rolled_up = rollup.and_then(|rollup| rollup.rule(id));
            rules.insert(id, rule);
        }
        if !full {
            return Ok(rules);
        }
    }
}

type Parts = BoxStream<'static, Result<Result<Part, Fault>, JoinError>>;

/// The ranges in order; as many at once as there is something to compute with. They begin as they
/// are asked for, so that a slow listener holds them up.
fn parts(trial: Arc<Trial>) -> Parts {
    let at_once = available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let part = move |first| tokio::spawn(Arc::clone(&trial).range(first));
    stream::iter(0..=u8::MAX).map(part).buffered(at_once).boxed()
}

/// A dry run, between two ranges.
struct Telling {
    parts: Parts,
    done: u32,
    total: Tally,
    /// What roll-ups say; `None` if none reads the policy.
    above: Option<Tally>,
    summary: wire::DryRunSummary,
}

impl Telling {
    /// What is to be told of the next range; after the last, what it came to.
    async fn next(mut self) -> Result<(Vec<Item>, Option<Self>), Status> {
        let Some(part) = self.parts.next().await else {
            let rolled_up = self.above.as_ref().map(Tally::rolled_up);
            let summary = wire::DryRunSummary { rolled_up, ..self.summary };
            return Ok((vec![Item::Summary(self.total.summary(summary))], None));
        };
        let part = part.map_err(|why| Fault::lasting("reading levels", why)).flatten();
        let part = part.map_err(status::fault)?;
        self.done += 1;
        self.total.add(&part.tally);
        if let Some(above) = &mut self.above {
            above.add(&part.above);
        }
        let changes = chunks(part.changes);
        let changes = changes.map(|changes| wire::DryRunChanges { changes, ..Default::default() });
        let rolled_up = chunks(part.rolled_up);
        let rolled_up =
            rolled_up.map(|rolled_up| wire::DryRunChanges { rolled_up, ..Default::default() });
        let mut items: Vec<_> = changes.chain(rolled_up).map(Item::Changes).collect();
        let percent = |ranges: u32| ranges * 100 / RANGES;
        if percent(self.done) > percent(self.done - 1) {
            let all = [Some(&self.total), self.above.as_ref()].into_iter().flatten();
            items.push(Item::Progress(wire::DryRunProgress {
                done_thousandths: self.done * 1_000 / RANGES,
                levels: all.clone().map(|tally| tally.levels).sum(),
                changes: all.map(|tally| tally.changes).sum(),
            }));
        }
        Ok((items, Some(self)))
    }
}

/// The changes in lots that are not too large for a message.
fn chunks(changes: Vec<wire::MasteryChanged>) -> impl Iterator<Item = Vec<wire::MasteryChanged>> {
    let mut rest = changes.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut changes = vec![rest.next()?];
        let mut bytes = changes[0].encoded_len();
        while let Some(next) = rest.next_if(|next| {
            bytes += next.encoded_len();
            changes.len() < MOST_CHANGES && bytes <= MOST_BYTES
        }) {
            changes.push(next);
        }
        Some(changes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(evidence: usize) -> wire::MasteryChanged {
        let evidence_ids = vec!["7b7f4a4e-8d0b-5b0a-9a55-0d2c8d5a7d11".to_owned(); evidence];
        wire::MasteryChanged { evidence_ids, ..Default::default() }
    }

    #[test]
    fn messages_stay_small_and_hold_everything() {
        let sizes = |changes: Vec<_>| chunks(changes).map(|it| it.len()).collect::<Vec<_>>();
        assert_eq!(sizes(vec![change(1); 450]), [200, 200, 50]);
        // 380,000 bytes each: two to a message.
        assert_eq!(sizes(vec![change(10_000); 5]), [2, 2, 1]);
        assert_eq!(sizes(vec![change(100_000); 2]), [1, 1], "what is larger goes alone");
        assert_eq!(sizes(Vec::new()), [0; 0]);
    }
}
