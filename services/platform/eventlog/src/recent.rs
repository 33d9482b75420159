//! The newest events of a shard, kept by the process that wrote them.
//!
//! Whoever follows a log reads each event a moment after it was written, and most often in the same
//! process: the relay, the context's own lanes, the subscribers. What they are given here they need
//! not ask the store for. A commit stands in the store a moment before it stands here: two readers may
//! see the log's end in either order, but never a hole, and whoever appended sees what they appended.

use std::collections::VecDeque;

use northstar_kernel::{Position, Sequence, TenantId};

use crate::Recorded;

/// Events kept of a shard, at most.
const EVENTS: usize = 512;
/// Bytes of payload kept of a shard, at most.
const BYTES: usize = 256 << 10;

/// Committed events at the end of a shard's log, without holes; what it holds never changes.
#[derive(Default)]
pub(crate) struct Recent {
    events: VecDeque<Recorded>,
    bytes: usize,
}

impl Recent {
    /// Adds events that were committed, in order. If others wrote in between, what was kept ends
    /// before the hole and is dropped.
    pub(crate) fn push(&mut self, events: impl IntoIterator<Item = Recorded>) {
        for event in events {
            if self.events.back().is_some_and(|last| last.position.next() != event.position) {
                self.clear();
            }
            self.bytes += event.payload.len();
            self.events.push_back(event);
            while self.events.len() > EVENTS || self.bytes > BYTES {
                let oldest = self.events.pop_front();
                self.bytes -= oldest.map_or(0, |oldest| oldest.payload.len());
            }
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.bytes = 0;
    }

    /// Events that follow `after`, or `None` if the next one is not here.
    pub(crate) fn after(&self, after: Position, limit: u32) -> Option<Vec<Recorded>> {
        let first = self.events.front()?.position;
        let skip = usize::try_from(after.next().0.checked_sub(first.0)?).ok()?;
        let found = self.take(|events| events.skip(skip), limit);
        (!found.is_empty()).then_some(found)
    }

    /// Events of a tenant that follow `after`, or `None` if the next one is not here.
    pub(crate) fn of_tenant(
        &self,
        tenant: TenantId,
        after: Sequence,
        limit: u32,
    ) -> Option<Vec<Recorded>> {
        let theirs = |event: &&Recorded| event.tenant == tenant && event.sequence > after;
        let found = self.take(|events| events.filter(theirs), limit);
        found.first().is_some_and(|first| first.sequence == after.next()).then_some(found)
    }

    fn take<'a, I: Iterator<Item = &'a Recorded>>(
        &'a self,
        choose: impl FnOnce(std::collections::vec_deque::Iter<'a, Recorded>) -> I,
        limit: u32,
    ) -> Vec<Recorded> {
        choose(self.events.iter()).take(limit as usize).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use northstar_kernel::{EventId, Shard, Timestamp, Version};

    use super::*;
    use crate::Text;

    fn event(position: u64, tenant: TenantId, sequence: u64) -> Recorded {
        Recorded {
            shard: Shard(0),
            position: Position(position),
            tenant,
            sequence: Sequence(sequence),
            id: EventId::from_uuid(uuid::Uuid::from_u128(position.into())),
            stream: Text::from("note-1"),
            version: Version(1),
            event_type: Text::from("note_written"),
            schema_version: 1,
            observed_at: Timestamp::from_micros(0),
            recorded_at: Timestamp::from_micros(0),
            actor: Text::from(""),
            correlation_id: uuid::Uuid::nil(),
            causation_id: None,
            traceparent: Text::from(""),
            key_id: None,
            payload: bytes::Bytes::from_static(&[0; 100]),
        }
    }

    fn one() -> TenantId {
        TenantId::from_slug("one")
    }

    fn filled(positions: std::ops::RangeInclusive<u64>) -> Recent {
        let mut recent = Recent::default();
        recent.push(positions.map(|position| event(position, one(), position)));
        recent
    }

    fn positions(events: Option<Vec<Recorded>>) -> Option<Vec<u64>> {
        events.map(|events| events.iter().map(|event| event.position.0).collect())
    }

    #[test]
    fn gives_what_follows_and_nothing_else() {
        let recent = filled(5..=9);
        assert_eq!(positions(recent.after(Position(4), 2)), Some(vec![5, 6]));
        assert_eq!(positions(recent.after(Position(7), 9)), Some(vec![8, 9]));
        for elsewhere in [0, 3, 9, 10, u64::MAX - 1] {
            assert_eq!(positions(recent.after(Position(elsewhere), 9)), None, "{elsewhere}");
        }
        assert_eq!(positions(Recent::default().after(Position(0), 9)), None);
    }

    #[test]
    fn what_is_before_a_hole_is_dropped() {
        let mut recent = filled(1..=3);
        recent.push([event(5, one(), 5)]);
        assert_eq!(positions(recent.after(Position(2), 9)), None);
        assert_eq!(positions(recent.after(Position(4), 9)), Some(vec![5]));
    }

    #[test]
    fn the_oldest_go_first() {
        let recent = filled(1..=2_000);
        assert_eq!(recent.events.len(), EVENTS);
        assert_eq!(positions(recent.after(Position(1_998), 9)), Some(vec![1_999, 2_000]));
        assert_eq!(positions(recent.after(Position(1), 9)), None);
    }

    #[test]
    fn a_tenant_gets_its_own_without_holes() {
        let (mut recent, other) = (Recent::default(), TenantId::from_slug("other"));
        recent.push([
            event(1, other, 7),
            event(2, one(), 3),
            event(3, other, 8),
            event(4, one(), 4),
        ]);
        assert_eq!(positions(recent.of_tenant(one(), Sequence(2), 9)), Some(vec![2, 4]));
        assert_eq!(positions(recent.of_tenant(one(), Sequence(3), 9)), Some(vec![4]));
        assert_eq!(positions(recent.of_tenant(other, Sequence(6), 1)), Some(vec![1]));
        for (tenant, after) in [(one(), 1), (one(), 4), (other, 5), (TenantId::from_slug("x"), 0)] {
            assert_eq!(positions(recent.of_tenant(tenant, Sequence(after), 9)), None);
        }
    }
}
