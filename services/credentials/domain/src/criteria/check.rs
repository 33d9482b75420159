//! What criteria must look like.

use std::collections::{BTreeMap, BTreeSet};

use northstar_kernel::{AchievementId, CompetencyId, Violation};

use super::{Criteria, Level, Rule};
use crate::definition::LEVELS;

/// How deep criteria may be nested; those without parts are 1 deep.
pub const DEEPEST: usize = 8;

/// Most parts of all, nested ones too.
pub const MOST_PARTS: usize = 500;

/// Longest name of a fact or a role.
const NAME: usize = 63;

/// Everything that is wrong; empty if they are sound.
pub(super) fn flaws(criteria: &Criteria) -> Vec<Violation> {
    let mut checking = Checking { parts: 0, flaws: Vec::new() };
    checking.check(criteria, "criteria", 1);
    if checking.parts > MOST_PARTS {
        checking.flaw("criteria", format!("must have at most {MOST_PARTS} parts in all"));
    }
    checking.flaws
}

struct Checking {
    parts: usize,
    flaws: Vec<Violation>,
}

impl Checking {
    fn check(&mut self, criteria: &Criteria, path: &str, depth: usize) {
        self.parts += 1;
        if depth > DEEPEST {
            return self.flaw(path, format!("must not be nested more than {DEEPEST} deep"));
        }
        match criteria {
            Criteria::Competency { level, .. } => self.level(level, path),
            Criteria::Achievement(_) => {}
            Criteria::Fact { name, at_least } => {
                self.name(name, &format!("{path}.name"));
                if *at_least == 0 {
                    self.flaw(&format!("{path}.at_least"), "must be at least 1".into());
                }
            }
            Criteria::All(parts) => self.parts(parts, &format!("{path}.all"), depth),
            Criteria::Any(parts) => self.parts(parts, &format!("{path}.any"), depth),
            Criteria::AtLeast { k, of } => {
                if !(1..=of.len()).contains(&(*k as usize)) {
                    let most = of.len();
                    self.flaw(&format!("{path}.k"), format!("must be from 1 to {most}, not {k}"));
                }
                self.parts(of, &format!("{path}.of"), depth);
            }
        }
    }

    fn parts(&mut self, parts: &[Criteria], path: &str, depth: usize) {
        if parts.is_empty() {
            self.flaw(path, "must have a part: nothing at all cannot be earned".into());
        }
        // A part that is there twice would count twice where so many are asked for.
        let mut seen = BTreeSet::new();
        for (place, part) in parts.iter().enumerate() {
            let path = format!("{path}[{place}]");
            if depth <= DEEPEST && !seen.insert(part) {
                self.flaw(&path, "must not be the same as a part before it".into());
            }
            self.check(part, &path, depth + 1);
        }
    }

    fn level(&mut self, level: &Level, path: &str) {
        let base = [("base".to_owned(), level.base)];
        let roles = level.by_role.iter().map(|(role, level)| (format!("by_role[{role}]"), *level));
        for (field, level) in base.into_iter().chain(roles) {
            if !(1..=LEVELS).contains(&level) {
                let wrong = format!("must be from 1 to {LEVELS}, not {level}");
                self.flaw(&format!("{path}.level.{field}"), wrong);
            }
        }
        for role in level.by_role.keys() {
            self.name(role, &format!("{path}.level.by_role"));
        }
    }

    fn name(&mut self, name: &str, path: &str) {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !(1..=NAME).contains(&name.len()) || !name.bytes().all(letter) {
            let rule = format!("1 to {NAME} lower-case letters, digits or underscores");
            self.flaw(path, format!("must be {rule}, not {name:?}"));
        }
    }

    fn flaw(&mut self, path: &str, description: String) {
        self.flaws.push(Violation::new(path, description));
    }
}

/// All that have no parts, in the order they stand in.
fn leaves(criteria: &Criteria) -> Vec<&Criteria> {
    match criteria {
        Criteria::All(parts) | Criteria::Any(parts) | Criteria::AtLeast { of: parts, .. } => {
            parts.iter().flat_map(leaves).collect()
        }
        leaf => vec![leaf],
    }
}

/// The achievements named anywhere in the criteria.
pub(super) fn required(criteria: &Criteria) -> BTreeSet<AchievementId> {
    let required = leaves(criteria).into_iter().filter_map(|leaf| match leaf {
        Criteria::Achievement(id) => Some(*id),
        _ => None,
    });
    required.collect()
}

/// The competencies named anywhere in the criteria.
pub(super) fn competencies(criteria: &Criteria) -> BTreeSet<CompetencyId> {
    let named = leaves(criteria).into_iter().filter_map(|leaf| match leaf {
        Criteria::Competency { competency, .. } => Some(*competency),
        _ => None,
    });
    named.collect()
}

/// The lowest rung of the competency that any part names.
pub(super) fn needed(criteria: &Criteria, wanted: CompetencyId) -> Option<u32> {
    let levels = leaves(criteria).into_iter().filter_map(|leaf| match leaf {
        Criteria::Competency { competency, level } if *competency == wanted => Some(level.base),
        _ => None,
    });
    levels.min()
}

/// The facts named anywhere in the criteria.
pub(super) fn facts(criteria: &Criteria) -> BTreeSet<&str> {
    let named = leaves(criteria).into_iter().filter_map(|leaf| match leaf {
        Criteria::Fact { name, .. } => Some(name.as_str()),
        _ => None,
    });
    named.collect()
}

/// Whether any level depends on a role.
pub(super) fn asks_for_role(criteria: &Criteria) -> bool {
    let by_role = |leaf: &&Criteria| match leaf {
        Criteria::Competency { level, .. } => !level.by_role.is_empty(),
        _ => false,
    };
    leaves(criteria).iter().any(by_role)
}

/// What is wrong with defining `achievement` by `rule` beside those that are known: it may require
/// only what is defined, and nothing that requires it in turn, for nobody could begin.
pub fn stacking_flaws(
    achievement: AchievementId,
    rule: &Rule,
    known: &BTreeMap<AchievementId, Rule>,
) -> Vec<Violation> {
    let mut flaws = Vec::new();
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<_> = rule.requires().into_iter().collect();
    for id in &ahead {
        if *id != achievement && !known.contains_key(id) {
            flaws.push(Violation::new("criteria", format!("achievement {id} is not defined")));
        }
    }
    while let Some(id) = ahead.pop() {
        if id == achievement {
            let wrong = format!("must not require achievement {achievement} itself, or by way of");
            flaws.push(Violation::new("criteria", format!("{wrong} another")));
            break;
        }
        if reached.insert(id) {
            ahead.extend(known.get(&id).map(Rule::requires).unwrap_or_default());
        }
    }
    flaws
}
