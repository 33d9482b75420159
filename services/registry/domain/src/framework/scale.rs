//! The levels a competency may be judged at.

use std::collections::BTreeMap;

use northstar_kernel::{CompetencyId, LevelId, NodeId};

use super::{IS_CHILD_OF, Level, Package};

/// A rung before its place is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// CASE identifier.
    pub id: LevelId,
    /// Name of the rung; may be empty.
    pub quality: String,
    /// Score in thousandths.
    pub score_milli: i64,
    /// Place as the publisher numbered it, from whichever end.
    pub place: i64,
    /// What it looks like; may be empty.
    pub description: String,
}

/// Puts rungs in order, bottom first, and counts their places from 1.
///
/// The score says which is higher; publishers number places from either end, so that they decide
/// between equal scores only.
pub fn bottom_first(mut rungs: Vec<Rung>) -> Vec<Level> {
    rungs.sort_by_key(|rung| (rung.score_milli, rung.place, rung.id));
    let level = |(position, rung): (u32, Rung)| Level {
        id: rung.id,
        quality: rung.quality,
        score_milli: rung.score_milli,
        position,
        description: rung.description,
    };
    (1..).zip(rungs).map(level).collect()
}

/// Gives every competency of the package its scale: that of its own criteria; else that of all
/// criteria below it, where these have the same scores; else none. The hierarchy has no cycles.
pub(super) fn assign(package: &mut Package) {
    let own = own_scales(package);
    let mut parents: BTreeMap<CompetencyId, Vec<CompetencyId>> = BTreeMap::new();
    let mut children_left: BTreeMap<CompetencyId, usize> = BTreeMap::new();
    for (child, parent) in family(package) {
        parents.entry(child).or_default().push(parent);
        *children_left.entry(parent).or_default() += 1;
    }
    let mut below: BTreeMap<CompetencyId, Agreement> = BTreeMap::new();
    let childless = |id: &&CompetencyId| !children_left.contains_key(id);
    let mut ready: Vec<CompetencyId> =
        package.competencies.keys().filter(childless).copied().collect();
    while let Some(id) = ready.pop() {
        let mine = own.get(&id).cloned().unwrap_or_default();
        let beneath = below.remove(&id).unwrap_or_default();
        for parent in parents.get(&id).into_iter().flatten() {
            let known = below.remove(parent).unwrap_or_default();
            below.insert(*parent, known.with(&mine).with(&beneath));
            let left = children_left.entry(*parent).or_insert(1);
            *left -= 1;
            if *left == 0 {
                ready.push(*parent);
            }
        }
        let scale = if own.contains_key(&id) { mine } else { beneath };
        if let Some(competency) = package.competencies.get_mut(&id) {
            competency.scale = scale.levels();
        }
    }
}

/// Pairs of child and parent competency, by identifiers, none twice.
fn family(package: &Package) -> Vec<(CompetencyId, CompetencyId)> {
    let held = |node: NodeId| {
        let id = CompetencyId::from_uuid(node.uuid());
        package.competencies.contains_key(&id).then_some(id)
    };
    let edges = package.associations.values().filter(|edge| edge.kind == IS_CHILD_OF);
    let mut pairs: Vec<_> =
        edges.filter_map(|edge| Some((held(edge.origin)?, held(edge.destination)?))).collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

fn own_scales(package: &Package) -> BTreeMap<CompetencyId, Agreement> {
    let mut own: BTreeMap<CompetencyId, Agreement> = BTreeMap::new();
    for criterion in package.rubrics.values().flat_map(|rubric| &rubric.criteria) {
        let Some(competency) = criterion.competency else { continue };
        if criterion.levels.is_empty() {
            continue;
        }
        let known = own.remove(&competency).unwrap_or_default();
        own.insert(competency, known.with(&Agreement::On(criterion.levels.clone())));
    }
    own
}

/// What several criteria have in common.
#[derive(Debug, Clone, Default)]
enum Agreement {
    /// Nobody said anything yet.
    #[default]
    Silence,
    /// All have these scores.
    On(Vec<Level>),
    /// They have different scores.
    Discord,
}

impl Agreement {
    fn with(self, other: &Self) -> Self {
        match (self, other) {
            (known, Self::Silence) => known,
            (Self::Silence, other) => other.clone(),
            (Self::On(a), Self::On(b)) => common(a, b).map_or(Self::Discord, Self::On),
            (Self::Discord, _) | (_, Self::Discord) => Self::Discord,
        }
    }

    fn levels(self) -> Vec<Level> {
        match self {
            Self::On(levels) => levels,
            Self::Silence | Self::Discord => Vec::new(),
        }
    }
}

/// The rungs of two scales with the same scores: words that differ are left out, and of two
/// identifiers the smaller stands, so that the order of comparing does not matter.
fn common(a: Vec<Level>, b: &[Level]) -> Option<Vec<Level>> {
    let scores =
        |levels: &[Level]| levels.iter().map(|level| level.score_milli).collect::<Vec<_>>();
    if scores(&a) != scores(b) {
        return None;
    }
    let agreed = |one: String, other: &String| if one == *other { one } else { String::new() };
    let level = |(one, other): (Level, &Level)| Level {
        id: one.id.min(other.id),
        quality: agreed(one.quality, &other.quality),
        description: agreed(one.description, &other.description),
        ..one
    };
    Some(a.into_iter().zip(b).map(level).collect())
}

#[cfg(test)]
mod tests;
