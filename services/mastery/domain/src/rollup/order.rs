//! In which order to work competencies out, and what stands in the way of one.

use std::collections::{BTreeSet, VecDeque};

/// So many cycles are named at once; there may be very many.
const CYCLES_NAMED: usize = 20;

/// All places, each after those `below` it; and the cycles that had to be cut for that.
pub(super) fn in_order(below: &[BTreeSet<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut waiting: Vec<usize> = below.iter().map(BTreeSet::len).collect();
    let mut above = vec![Vec::new(); below.len()];
    for (place, parts) in below.iter().enumerate() {
        parts.iter().for_each(|part| above[*part].push(place));
    }
    let mut ready: VecDeque<usize> = (0..below.len()).filter(|at| waiting[*at] == 0).collect();
    let (mut order, mut cycles, mut cut) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut done = vec![false; below.len()];
    loop {
        while let Some(place) = ready.pop_front() {
            done[place] = true;
            order.push(place);
            for above in &above[place] {
                if !cut.contains(&(*above, place)) {
                    waiting[*above] -= 1;
                    ready.extend((waiting[*above] == 0).then_some(*above));
                }
            }
        }
        if order.len() == below.len() || cycles.len() == CYCLES_NAMED {
            return (order, cycles);
        }
        let cycle = cycle(below, &done, &cut);
        // Closed by its last step, which is cut so that the rest can be looked at.
        let from = cycle[cycle.len() - 2];
        cut.insert((from, cycle[0]));
        waiting[from] -= 1;
        ready.extend((waiting[from] == 0).then_some(from));
        cycles.push(cycle);
    }
}

/// A cycle among the places not done, from a place back to it: at least two entries.
///
/// Each of them has a part that is not done either, so that a walk downwards must come back.
fn cycle(below: &[BTreeSet<usize>], done: &[bool], cut: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut seen = vec![usize::MAX; below.len()];
    let mut walk = Vec::new();
    let mut at = done.iter().position(|done| !done).unwrap_or(0);
    while seen[at] == usize::MAX {
        seen[at] = walk.len();
        walk.push(at);
        let mut parts = below[at].iter();
        at = *parts.find(|part| !done[**part] && !cut.contains(&(at, **part))).unwrap_or(&at);
    }
    walk.push(at);
    walk.split_off(seen[at])
}
