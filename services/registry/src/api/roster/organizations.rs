//! Which organizations of a set have their place.

use std::collections::{BTreeMap, BTreeSet};

use crate::standard::Problem;
use crate::standard::oneroster::{OrganizationSaid, Row};

/// Takes out the rows whose place in the tree does not exist, and says why: the organization above
/// is in neither the set nor the roster, was refused, is deleted by this very set, or they stand
/// above each other in a circle. `known` are source ids that the roster has and the set does not
/// mention.
pub(super) fn placed(
    rows: Vec<Row<OrganizationSaid>>,
    known: &BTreeSet<String>,
) -> (Vec<Row<OrganizationSaid>>, Vec<Problem>) {
    let mut below: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut placed = BTreeSet::new();
    let mut reached = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match &row.said {
            Some(said) if said.parent.is_empty() || known.contains(&said.parent) => {
                reached.push(index);
            }
            Some(said) => {
                below.entry(&said.parent).or_default().push(index);
                waiting.insert(&row.source_id, index);
            }
            None => drop(placed.insert(index)),
        }
    }
    while let Some(index) = reached.pop() {
        placed.insert(index);
        let row = &rows[index];
        waiting.remove(row.source_id.as_str());
        reached.extend(below.remove(row.source_id.as_str()).into_iter().flatten());
    }
    let problems = misplaced(&rows, &waiting, &below);
    let rows = rows.into_iter().enumerate().filter(|(index, _)| placed.contains(index));
    (rows.map(|(_, row)| row).collect(), problems)
}

/// Of the rows that have no place: those that hang from something missing, and those in a circle
/// or below one.
fn misplaced(
    rows: &[Row<OrganizationSaid>],
    waiting: &BTreeMap<&str, usize>,
    below: &BTreeMap<&str, Vec<usize>>,
) -> Vec<Problem> {
    let missing = below.iter().filter(|(parent, _)| !waiting.contains_key(*parent));
    let mut hanging: Vec<usize> = missing.flat_map(|(_, rows)| rows).copied().collect();
    let mut dangling = BTreeSet::new();
    while let Some(index) = hanging.pop() {
        if dangling.insert(index) {
            hanging.extend(below.get(rows[index].source_id.as_str()).into_iter().flatten());
        }
    }
    let problem = |index: &usize| {
        let (reason, message) = if dangling.contains(index) {
            let message = "the organization above is not in the roster, or was refused or deleted; \
                           add it or correct the reference";
            ("DANGLING_REFERENCE", message)
        } else {
            let message = "the organizations above lead round in a circle; correct one of them";
            ("HIERARCHY_CYCLIC", message)
        };
        rows[*index].place.problem("parentSourcedId", reason, message)
    };
    waiting.values().map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::oneroster::Place;

    fn row((line, (id, parent)): (u64, &(&str, &str))) -> Row<OrganizationSaid> {
        let said = OrganizationSaid {
            name: id.to_string(),
            kind: "school".into(),
            parent: parent.to_string(),
        };
        let place = Place { file: "orgs.csv", line };
        Row { place, source_id: id.to_string(), said: (*parent != "-").then_some(said) }
    }

    /// Lines placed, and lines with their reasons. A parent of "-" deletes.
    fn check(rows: &[(&str, &str)], known: &[&str]) -> (Vec<u64>, Vec<(u64, &'static str)>) {
        let known = known.iter().map(ToString::to_string).collect();
        let (placed, problems) = placed((1..).zip(rows).map(row).collect(), &known);
        let mut problems: Vec<_> =
            problems.iter().map(|problem| (problem.line, problem.reason)).collect();
        problems.sort();
        (placed.iter().map(|row| row.place.line).collect(), problems)
    }

    #[test]
    fn children_may_come_before_their_parents() {
        let rows = [("school", "district"), ("district", "network"), ("network", "")];
        assert_eq!(check(&rows, &[]), (vec![1, 2, 3], vec![]));
    }

    #[test]
    fn a_parent_may_be_known_already() {
        assert_eq!(check(&[("school", "district")], &["district"]), (vec![1], vec![]));
    }

    #[test]
    fn what_hangs_from_something_missing_is_refused_with_all_below() {
        let rows = [("a", "nowhere"), ("b", "a"), ("c", "")];
        let reason = "DANGLING_REFERENCE";
        assert_eq!(check(&rows, &[]), (vec![3], vec![(1, reason), (2, reason)]));
    }

    #[test]
    fn what_hangs_from_something_deleted_is_refused() {
        let rows = [("district", "-"), ("school", "district")];
        assert_eq!(check(&rows, &[]), (vec![1], vec![(2, "DANGLING_REFERENCE")]));
    }

    #[test]
    fn a_circle_is_refused_with_all_below() {
        let rows = [("a", "b"), ("b", "a"), ("c", "c"), ("d", "a"), ("e", "")];
        let reason = "HIERARCHY_CYCLIC";
        let refused = (1..=4).map(|line| (line, reason)).collect();
        assert_eq!(check(&rows, &[]), (vec![5], refused));
    }
}
