//! From what is held in the parts to what is held in the whole, and to the facts that it changed.
//!
//! What a rule reads of a part is what is shown of it by the main policy, whose name is empty. What
//! the rule says stands in the level of the whole, in place of its own reading by the main policy;
//! readings by the others, side by side, stand as they are. Above one part every competency is worked
//! out once, parts first.

use std::collections::{BTreeMap, BTreeSet};

use northstar_bus::{HandleError, Work};
use northstar_kernel::{CompetencyId, Digest, EvidenceId, FrameworkId, LearnerId};
use northstar_mastery_domain::{Held, Input, MasteryChanged};

use super::evaluate::evaluate;
use super::rule::Rule;
use crate::projection::{Level, LevelKey, Reading, RolledUp, Rollup};

/// The rules of a framework, if any were ever published.
pub(super) async fn rules(
    framework: FrameworkId,
    work: &mut Work,
) -> Result<Option<Rollup>, HandleError> {
    Ok(work.get::<Rollup>(framework.as_bytes()).await?.cloned())
}

/// Evaluates a level, and all above it. Returns what changed, if somebody is to be told.
pub(super) async fn evaluate_up(
    key: LevelKey,
    rule: Option<&Rule>,
    work: &mut Work,
) -> Result<Vec<MasteryChanged>, HandleError> {
    let mut changed = evaluate(key, rule, work).await?;
    if let Some(rule) = rule {
        changed.extend(ancestors(key.learner, rule.framework, [key.competency], work).await?);
    }
    Ok(changed)
}

/// Works out anew what the rules of a framework make of one learner, of whom something else may be
/// shown in `parts`.
///
/// What was read before is kept, so that one judgement costs one document. If the rules have changed
/// since, or nothing was read yet, all is read again: whatever comes first after new rules, a
/// judgement or their own way through the levels, brings the learner up to date.
pub(super) async fn ancestors(
    learner: LearnerId,
    framework: FrameworkId,
    parts: impl IntoIterator<Item = CompetencyId>,
    work: &mut Work,
) -> Result<Vec<MasteryChanged>, HandleError> {
    let Some(rollup) = rules(framework, work).await? else { return Ok(Vec::new()) };
    let key = RolledUp::key(learner, framework);
    let known = work.get::<RolledUp>(&key).await?.cloned();
    let parts: Vec<_> = parts.into_iter().filter(|part| rollup.named().contains(part)).collect();
    if known.is_none() && parts.is_empty() {
        return Ok(Vec::new());
    }
    let (there, known) = (known.is_some(), known.unwrap_or_default());
    let same_rules = known.revision == rollup.revision();
    let inputs = if same_rules {
        read(learner, parts, known.inputs.clone(), work).await?
    } else {
        let own = own(learner, &rollup, work).await?;
        read(learner, own, BTreeMap::new(), work).await?
    };
    if same_rules && inputs == known.inputs {
        return Ok(Vec::new());
    }
    let after = RolledUp::new(&rollup, inputs);
    let mut changed = Vec::new();
    for (competency, said) in after.news(&known, same_rules, &rollup) {
        let key = LevelKey { learner, competency };
        match said {
            Some(said) => changed.extend(say(key, said, &rollup, framework, work).await?),
            // Its own evidence says what is held again.
            None => {
                let rule = Rule::of(competency, work).await?;
                changed.extend(evaluate(key, rule.as_ref(), work).await?);
            }
        }
    }
    if !after.inputs.is_empty() {
        work.put(&key, after);
    } else if there {
        work.remove::<RolledUp>(&key);
    }
    Ok(changed)
}

/// The competencies that the rules name and in which the learner may have a level.
async fn own(
    learner: LearnerId,
    rollup: &Rollup,
    work: &mut Work,
) -> Result<Vec<CompetencyId>, HandleError> {
    // A rebuild knows what is not there without looking, and has too much at hand to look through.
    if !work.is_live() {
        return Ok(rollup.named().iter().copied().collect());
    }
    let mut own = Vec::new();
    for key in work.keys::<Level>(learner.as_bytes()).await? {
        own.extend(Some(LevelKey::read(&key)?.competency).filter(|id| rollup.named().contains(id)));
    }
    Ok(own)
}

/// What was read, with these parts as they are now.
async fn read(
    learner: LearnerId,
    parts: Vec<CompetencyId>,
    mut inputs: BTreeMap<CompetencyId, Input>,
    work: &mut Work,
) -> Result<BTreeMap<CompetencyId, Input>, HandleError> {
    for competency in parts {
        let key = LevelKey { learner, competency };
        let level = work.get::<Level>(&key.bytes()).await?;
        match level.map(Level::input).unwrap_or_default() {
            nothing if nothing == Input::default() => _ = inputs.remove(&competency),
            input => _ = inputs.insert(competency, input),
        }
    }
    Ok(inputs)
}

/// Lets the level say what its rule does. Returns what is shown now, if that is another thing.
async fn say(
    key: LevelKey,
    (held, rule): (Held, Digest),
    rollup: &Rollup,
    framework: FrameworkId,
    work: &mut Work,
) -> Result<Option<MasteryChanged>, HandleError> {
    let bytes = key.bytes();
    let said = Reading { name: String::new(), held, policy: rule };
    match work.get::<Level>(&bytes).await? {
        None if held == Held::default() => return Ok(None),
        Some(level) if level.rolled_up.as_ref() == Some(&said) => return Ok(None),
        _ => {}
    }
    let live = work.is_live();
    let level = work.entry::<Level>(&bytes).await?;
    let before = level.shows("");
    level.rolled_up = Some(said);
    let (after, shown) = (level.shows(""), level.decided.shown);
    level.tidy();
    if level.is_bare() {
        work.remove::<Level>(&bytes);
    }
    if !live || before == after {
        return Ok(None);
    }
    Ok(Some(MasteryChanged {
        learner: key.learner,
        competency: key.competency,
        framework,
        name: String::new(),
        before,
        after,
        policy: Some(rule),
        evidence: evidence(key, rollup, work).await?,
        cause: None,
        overridden: shown.map(|(id, _)| (id, held)),
    }))
}

/// The evidence that counts in what the competency rests on, oldest first.
pub(super) async fn evidence(
    key: LevelKey,
    rollup: &Rollup,
    work: &mut Work,
) -> Result<Vec<EvidenceId>, HandleError> {
    let mut all = BTreeSet::new();
    for competency in rollup.rollups().rests_on(key.competency) {
        let Some(rule) = Rule::of(competency, work).await? else { continue };
        let rule = rule.for_learner(key.learner, work).await?;
        let key = LevelKey { competency, ..key };
        let Some(level) = work.get::<Level>(&key.bytes()).await? else { continue };
        all.extend(rule.counted(level));
    }
    Ok(all.into_iter().map(|(_, evidence)| evidence).collect())
}
