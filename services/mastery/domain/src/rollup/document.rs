//! The rules of a framework as one text, and what they rest on.

use std::collections::BTreeSet;

use northstar_kernel::{CompetencyId, Digest, FrameworkId};

use super::RollupDraft;
use super::graph::Rollups;
use super::plan::Kind;
use super::rule::ENGINE;
use crate::Json;

/// Rules of `framework` as canonical JSON, in the order in which they come. They must have been
/// accepted once, so that their nesting is bounded.
pub fn rollups_json<'a>(
    framework: FrameworkId,
    rules: impl IntoIterator<Item = &'a RollupDraft>,
) -> String {
    let rule = |rule: &RollupDraft| {
        Json::object([
            ("competency", Json::text(rule.competency)),
            ("criterion", rule.criterion.json()),
            ("round_to_milli", rule.round_to_milli.into()),
        ])
    };
    Json::object([
        ("engine", ENGINE.into()),
        ("framework", Json::text(framework)),
        ("rollups", Json::list(rules.into_iter().map(rule))),
    ])
    .to_string()
}

impl Rollups {
    /// The rules of `framework` together as canonical JSON, by the id of their competency: what
    /// the hash of the set is taken of.
    pub fn canonical(&self, framework: FrameworkId) -> String {
        rollups_json(framework, self.rules().map(super::Rollup::draft))
    }

    /// SHA-256 of [`Rollups::canonical`].
    pub fn hash(&self, framework: FrameworkId) -> Digest {
        Digest::of(self.canonical(framework).as_bytes())
    }

    /// The competencies whose own evidence the result for `competency` rests on, through the rules
    /// of its parts, by id: itself alone if it has no rule. What is retired is left out, and what
    /// only it needs.
    pub fn rests_on(&self, competency: CompetencyId) -> BTreeSet<CompetencyId> {
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting: Vec<usize> = self.place(competency).into_iter().collect();
        while let Some(place) = waiting.pop() {
            let Some(ruled) = &self.rules[place] else {
                found.insert(self.competencies[place].id);
                continue;
            };
            for node in ruled.plan.nodes() {
                match node.kind {
                    Kind::Own(_) => _ = found.insert(self.competencies[place].id),
                    Kind::Part { place: Some(part), .. } => {
                        let counts = !self.competencies[part].retired && seen.insert(part);
                        waiting.extend(counts.then_some(part));
                    }
                    _ => {}
                }
            }
        }
        found
    }
}
