//! What stands below what.

use std::collections::BTreeMap;

use northstar_kernel::{AssociationId, NodeId};

use super::{Association, IS_CHILD_OF};

/// The `isChildOf` associations that close a cycle. Of those that make one, the last to come closes
/// it; the others stand.
///
/// Needs no stack, however deep the hierarchy is. Each association costs a walk over what stands
/// above its destination: a few steps in a tree, and in the worst case all associations before it.
pub fn closing_cycles<'a>(
    associations: impl IntoIterator<Item = &'a Association>,
) -> Vec<AssociationId> {
    let mut hierarchy = Hierarchy::default();
    let mut closing = Vec::new();
    for edge in associations.into_iter().filter(|edge| edge.kind == IS_CHILD_OF) {
        let (child, parent) = (hierarchy.index(edge.origin), hierarchy.index(edge.destination));
        if hierarchy.is_above(child, parent) {
            closing.push(edge.id);
        } else {
            hierarchy.upwards[child].push(parent);
        }
    }
    closing
}

/// What stands directly above what, without cycles.
#[derive(Default)]
struct Hierarchy {
    indices: BTreeMap<NodeId, usize>,
    upwards: Vec<Vec<usize>>,
    /// The walk that saw a node last; saves forgetting between walks.
    seen: Vec<u64>,
    walks: u64,
}

impl Hierarchy {
    fn index(&mut self, node: NodeId) -> usize {
        let next = self.upwards.len();
        let index = *self.indices.entry(node).or_insert(next);
        if index == next {
            self.upwards.push(Vec::new());
            self.seen.push(0);
        }
        index
    }

    /// Whether `node` is `start` or stands above it.
    fn is_above(&mut self, node: usize, start: usize) -> bool {
        self.walks += 1;
        let mut path = vec![start];
        while let Some(at) = path.pop() {
            if at == node {
                return true;
            }
            if self.seen[at] != self.walks {
                self.seen[at] = self.walks;
                path.extend(&self.upwards[at]);
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
        let closing: BTreeSet<_> = closing_cycles(&edges).into_iter().collect();
        (0..edges.len()).filter(|&index| closing.contains(&edges[index].id)).collect()
    }

    #[test]
    fn a_tree_and_a_shared_child_are_no_cycle() {
        assert_eq!(closing(&[(2, 1), (3, 1), (4, 2), (4, 3)]), Vec::<usize>::new());
    }

    #[test]
    fn the_last_association_of_a_cycle_closes_it() {
        assert_eq!(closing(&[(1, 2), (2, 3), (3, 1), (4, 1)]), [2]);
        assert_eq!(closing(&[(1, 1)]), [0]);
        assert_eq!(closing(&[(1, 2), (2, 1), (3, 4), (4, 3)]), [1, 3]);
        assert_eq!(closing(&[(3, 1), (4, 1), (2, 3), (1, 2)]), [3]);
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
    fn a_very_long_chain_needs_no_stack() {
        let mut pairs: Vec<(u32, u32)> = (0..100_000).map(|n| (n, n + 1)).collect();
        pairs.push((100_000, 0));
        assert_eq!(closing(&pairs).len(), 1);
    }
}
