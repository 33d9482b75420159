//! Numbers given to blank nodes, in the order in which they are first asked for.

use std::collections::BTreeMap;

/// A trial of a naming.
#[derive(Debug, Clone, Default)]
pub(super) struct Issuer {
    numbers: BTreeMap<u32, usize>,
    order: Vec<u32>,
}

impl Issuer {
    /// The number of a blank node, if it has one.
    pub(super) fn number(&self, blank: u32) -> Option<usize> {
        self.numbers.get(&blank).copied()
    }

    /// The number of a blank node; the next one if it has none.
    pub(super) fn issue(&mut self, blank: u32) -> usize {
        let next = self.order.len();
        let order = &mut self.order;
        *self.numbers.entry(blank).or_insert_with(|| {
            order.push(blank);
            next
        })
    }

    /// Who has numbers, in their order.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }
}
