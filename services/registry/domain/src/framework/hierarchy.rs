//! What stands below what.

use std::collections::BTreeMap;

use northstar_kernel::{AssociationId, NodeId};

use super::{Association, IS_CHILD_OF};

/// The `isChildOf` associations that close a cycle; without them there is none.
///
/// Nodes are walked upwards in the order in which the associations come; an association that leads
/// back into the path being walked closes a cycle. Takes time in proportion to the number of
/// associations, and no stack, however deep or tangled they are.
pub fn closing_cycles<'a>(
    associations: impl IntoIterator<Item = &'a Association>,
) -> Vec<AssociationId> {
    let edges: Vec<&Association> =
        associations.into_iter().filter(|association| association.kind == IS_CHILD_OF).collect();
    let mut upwards: BTreeMap<NodeId, Vec<&Association>> = BTreeMap::new();
    for edge in &edges {
        upwards.entry(edge.origin).or_default().push(edge);
    }
    let mut walk = Walk { upwards, seen: BTreeMap::new(), closing: Vec::new() };
    edges.iter().for_each(|edge| walk.from(edge.origin));
    walk.closing
}

struct Walk<'a> {
    upwards: BTreeMap<NodeId, Vec<&'a Association>>,
    seen: BTreeMap<NodeId, Seen>,
    closing: Vec<AssociationId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    OnPath,
    Done,
}

impl Walk<'_> {
    /// Walks everything above `start`, depth first.
    fn from(&mut self, start: NodeId) {
        if self.seen.contains_key(&start) {
            return;
        }
        self.seen.insert(start, Seen::OnPath);
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.pop() {
            let edge = self.upwards.get(&node).and_then(|edges| edges.get(next).copied());
            let Some(edge) = edge else {
                self.seen.insert(node, Seen::Done);
                continue;
            };
            path.push((node, next + 1));
            match self.seen.get(&edge.destination) {
                Some(Seen::OnPath) => self.closing.push(edge.id),
                Some(Seen::Done) => {}
                None => {
                    self.seen.insert(edge.destination, Seen::OnPath);
                    path.push((edge.destination, 0));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::TenantId;

    use super::*;

    fn node(key: u32) -> NodeId {
        NodeId::derive(TenantId::COMMONS, &key.to_string())
    }

    fn edges(pairs: &[(u32, u32)]) -> Vec<Association> {
        let edge = |(index, &(child, parent)): (usize, &(u32, u32))| Association {
            id: AssociationId::derive(TenantId::COMMONS, &index.to_string()),
            kind: IS_CHILD_OF.into(),
            origin: node(child),
            destination: node(parent),
            sequence_number: 0,
        };
        pairs.iter().enumerate().map(edge).collect()
    }

    fn closing(pairs: &[(u32, u32)]) -> Vec<usize> {
        let edges = edges(pairs);
        let closing = closing_cycles(&edges);
        (0..edges.len()).filter(|&index| closing.contains(&edges[index].id)).collect()
    }

    #[test]
    fn a_tree_and_a_shared_child_are_no_cycle() {
        assert_eq!(closing(&[(2, 1), (3, 1), (4, 2), (4, 3)]), Vec::<usize>::new());
    }

    #[test]
    fn the_association_that_leads_back_closes_the_cycle() {
        assert_eq!(closing(&[(1, 2), (2, 3), (3, 1), (4, 1)]), [2]);
        assert_eq!(closing(&[(1, 1)]), [0]);
        assert_eq!(closing(&[(1, 2), (2, 1), (3, 4), (4, 3)]), [1, 3]);
    }

    #[test]
    fn other_kinds_of_association_may_run_in_circles() {
        let mut edges = edges(&[(1, 2), (2, 1)]);
        edges[1].kind = "isPeerOf".into();
        assert!(closing_cycles(&edges).is_empty());
    }

    #[test]
    fn without_them_no_cycle_is_left_even_in_a_tangle() {
        let pairs: Vec<(u32, u32)> = (0..40).map(|n| (n * 7 % 12, n * 5 % 11)).collect();
        let edges = edges(&pairs);
        let closing = closing_cycles(&edges);
        assert!(!closing.is_empty());
        let rest: Vec<_> = edges.iter().filter(|edge| !closing.contains(&edge.id)).collect();
        assert!(closing_cycles(rest).is_empty());
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let mut pairs: Vec<(u32, u32)> = (0..100_000).map(|n| (n, n + 1)).collect();
        pairs.push((100_000, 0));
        assert_eq!(closing_cycles(&edges(&pairs)).len(), 1);
    }
}
