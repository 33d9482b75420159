//! Events laid aside in files without a name, which are gone when nobody has them open.
//!
//! Whose events are folded later must wait somewhere, and reading the log once more for each portion
//! would cost more than writing it down once. Nothing here outlives the rebuild, so the format is
//! nobody's promise: blocks, each with its length before it, of events, each with its fields in order.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};

use bytes::{Buf, BufMut as _, Bytes};
use northstar_eventlog::{Recorded, Text};
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use uuid::Uuid;

/// Bytes gathered before they are written; there is one block a portion in memory.
const BLOCK: usize = 64 << 10;

/// The portions, while they are filled.
pub(super) struct Shelf {
    portions: Vec<Portion>,
}

struct Portion {
    file: File,
    block: Vec<u8>,
}

impl Shelf {
    /// Room for so many portions, in the system's folder for what is temporary.
    pub(super) fn new(portions: usize) -> io::Result<Self> {
        let portion = |_| Ok(Portion { file: tempfile::tempfile()?, block: Vec::new() });
        Ok(Self { portions: (0..portions).map(portion).collect::<io::Result<_>>()? })
    }

    /// Puts the event behind those that the portion has.
    pub(super) fn lay(&mut self, portion: usize, event: &Recorded) -> io::Result<()> {
        let portion = &mut self.portions[portion];
        write(&mut portion.block, event);
        if portion.block.len() < BLOCK { Ok(()) } else { portion.flush() }
    }

    /// The portions, each to be read from its beginning.
    pub(super) fn filled(mut self) -> io::Result<Vec<Filled>> {
        for portion in &mut self.portions {
            portion.flush()?;
            portion.file.rewind()?;
        }
        Ok(self.portions.into_iter().map(|portion| Filled(portion.file)).collect())
    }
}

impl Portion {
    fn flush(&mut self) -> io::Result<()> {
        let length = u32::try_from(self.block.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_be_bytes())?;
        self.file.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

/// A portion, while it is read.
pub(super) struct Filled(File);

impl Filled {
    /// The next events, in the order they were laid; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<Recorded>>> {
        let mut length = [0; 4];
        match self.0.read_exact(&mut length) {
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let mut block = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut block)?;
        let (mut block, mut events) = (Bytes::from(block), Vec::new());
        while block.has_remaining() {
            let broken = || io::Error::other("what was laid aside was changed");
            events.push(read(&mut block).ok_or_else(broken)?);
        }
        Ok(Some(events))
    }
}

fn write(block: &mut Vec<u8>, event: &Recorded) {
    block.put_u16(event.shard.0);
    block.put_u64(event.position.0);
    block.put_slice(event.tenant.as_bytes());
    block.put_u64(event.sequence.0);
    block.put_slice(event.id.as_bytes());
    block.put_u64(event.version.0);
    block.put_u16(event.schema_version);
    block.put_i64(event.observed_at.micros());
    block.put_i64(event.recorded_at.micros());
    block.put_slice(event.correlation_id.as_bytes());
    for id in [event.causation_id, event.key_id] {
        block.put_u8(id.is_some().into());
        block.put_slice(id.unwrap_or_default().as_bytes());
    }
    for text in [&event.stream, &event.event_type, &event.actor, &event.traceparent] {
        put(block, text.as_bytes());
    }
    put(block, &event.payload);
}

/// No field of an event is as long as four gigabytes: a request is not.
fn put(block: &mut Vec<u8>, field: &[u8]) {
    block.put_u32(field.len() as u32);
    block.put_slice(field);
}

fn read(block: &mut Bytes) -> Option<Recorded> {
    let (shard, position) = (block.try_get_u16().ok()?, block.try_get_u64().ok()?);
    let (tenant, sequence) = (uuid(block)?, block.try_get_u64().ok()?);
    let (id, version) = (uuid(block)?, block.try_get_u64().ok()?);
    let schema_version = block.try_get_u16().ok()?;
    let (observed, recorded) = (block.try_get_i64().ok()?, block.try_get_i64().ok()?);
    let correlation_id = uuid(block)?;
    let (causation_id, key_id) = (optional(block)?, optional(block)?);
    Some(Recorded {
        shard: Shard(shard),
        position: Position(position),
        tenant: TenantId::from_uuid(tenant),
        sequence: Sequence(sequence),
        id: EventId::from_uuid(id),
        version: Version(version),
        schema_version,
        observed_at: Timestamp::from_micros(observed),
        recorded_at: Timestamp::from_micros(recorded),
        correlation_id,
        causation_id,
        key_id,
        stream: text(block)?,
        event_type: text(block)?,
        actor: text(block)?,
        traceparent: text(block)?,
        payload: field(block)?,
    })
}

fn uuid(block: &mut Bytes) -> Option<Uuid> {
    let mut bytes = [0; 16];
    block.try_copy_to_slice(&mut bytes).ok()?;
    Some(Uuid::from_bytes(bytes))
}

fn optional(block: &mut Bytes) -> Option<Option<Uuid>> {
    let is_some = block.try_get_u8().ok()? == 1;
    uuid(block).map(|id| is_some.then_some(id))
}

fn text(block: &mut Bytes) -> Option<Text> {
    Text::from_bytes(field(block)?)
}

fn field(block: &mut Bytes) -> Option<Bytes> {
    let length = usize::try_from(block.try_get_u32().ok()?).ok()?;
    (block.len() >= length).then(|| block.split_to(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn all(mut portion: Filled) -> Vec<Recorded> {
        let mut events = Vec::new();
        while let Some(some) = portion.next().unwrap() {
            events.extend(some);
        }
        events
    }

    #[test]
    fn every_event_comes_back_in_its_portion_and_order() {
        let mut shelf = Shelf::new(3).unwrap();
        let long = Recorded { payload: vec![7; 3 * BLOCK].into(), ..samples::event(9) };
        let odd: Vec<_> = samples::odd_events().into_iter().chain([long]).collect();
        let many: Vec<_> = (1..2_000).map(samples::event).collect();
        odd.iter().for_each(|event| shelf.lay(0, event).unwrap());
        many.iter().for_each(|event| shelf.lay(2, event).unwrap());
        let [first, second, third] = shelf.filled().unwrap().try_into().ok().unwrap();
        assert_eq!((all(first), all(second), all(third)), (odd, Vec::new(), many));
    }

    #[test]
    fn what_was_changed_is_refused() {
        let mut block = Vec::new();
        write(&mut block, &samples::event(1));
        let whole = Bytes::from(block);
        for cut in 0..whole.len() {
            assert_eq!(read(&mut whole.slice(..cut)), None, "cut at {cut}");
        }
    }
}
