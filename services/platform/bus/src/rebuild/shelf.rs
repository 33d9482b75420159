//! Events laid aside in a file without a name, which is gone when nobody has it open.
//!
//! Whose events are folded later must wait somewhere, and reading the log once more for each portion
//! would cost more than writing it down once. Nothing here outlives the rebuild, so the format is
//! nobody's promise: blocks of one portion's events, each event with its fields in order.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Buf, BufMut as _, Bytes};
use northstar_eventlog::{Recorded, Text};
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use uuid::Uuid;

/// Bytes gathered before they are written: of all portions together, and of one.
const GATHERED: usize = 16 << 20;
const LONGEST_BLOCK: usize = 64 << 10;

/// Some events, by portion.
pub(super) struct Shelf {
    file: Mutex<File>,
    /// How much of the file is written.
    length: u64,
    block: usize,
    portions: Vec<Portion>,
}

#[derive(Default)]
struct Portion {
    /// Where its blocks begin in the file, and how long they are.
    written: Vec<(u64, usize)>,
    /// What comes after them and is not in the file.
    gathered: Vec<u8>,
}

impl Shelf {
    /// Room for so many portions, at least one, in the system's folder for what is temporary.
    pub(super) fn new(portions: usize) -> io::Result<Self> {
        Ok(Self {
            file: Mutex::new(tempfile::tempfile()?),
            length: 0,
            block: (GATHERED / portions).min(LONGEST_BLOCK),
            portions: (0..portions).map(|_| Portion::default()).collect(),
        })
    }

    /// Puts the event behind those that the portion has.
    pub(super) fn lay(&mut self, portion: usize, event: &Recorded) -> io::Result<()> {
        let Portion { written, gathered } = &mut self.portions[portion];
        write_one(gathered, event);
        if gathered.len() >= self.block {
            self.file.get_mut().unwrap_or_else(PoisonError::into_inner).write_all(gathered)?;
            written.push((self.length, gathered.len()));
            self.length += gathered.len() as u64;
            gathered.clear();
        }
        Ok(())
    }

    /// The events of a portion, in the order they were laid.
    pub(super) fn read(&self, portion: usize) -> io::Result<Laid> {
        let Portion { written, gathered } = &self.portions[portion];
        let length = written.iter().map(|(_, length)| length).sum::<usize>();
        let mut bytes = Vec::with_capacity(length + gathered.len());
        bytes.resize(length, 0);
        let (mut rest, mut file) = (&mut bytes[..], self.file());
        for (begin, length) in written {
            file.seek(SeekFrom::Start(*begin))?;
            let (block, after) = rest.split_at_mut(*length);
            file.read_exact(block)?;
            rest = after;
        }
        bytes.extend_from_slice(gathered);
        Ok(Laid(bytes.into()))
    }

    fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Events of a portion that are yet to be folded.
pub(super) struct Laid(Bytes);

impl Laid {
    /// The next one; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Recorded>> {
        if !self.0.has_remaining() {
            return Ok(None);
        }
        let broken = || io::Error::other("what was laid aside was changed");
        read_one(&mut self.0).map(Some).ok_or_else(broken)
    }
}

fn write_one(block: &mut Vec<u8>, event: &Recorded) {
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

fn read_one(block: &mut Bytes) -> Option<Recorded> {
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

    fn all(shelf: &Shelf, portion: usize) -> Vec<Recorded> {
        let (mut laid, mut events) = (shelf.read(portion).unwrap(), Vec::new());
        while let Some(event) = laid.next().unwrap() {
            events.push(event);
        }
        events
    }

    #[test]
    fn every_event_comes_back_in_its_portion_and_order() {
        let mut shelf = Shelf::new(3).unwrap();
        let long = Recorded { payload: vec![7; 3 * LONGEST_BLOCK].into(), ..samples::event(9) };
        let odd: Vec<_> = samples::odd_events().into_iter().chain([long]).collect();
        let many: Vec<_> = (1..2_000).map(samples::event).collect();
        let mut turns = odd.iter().chain(&odd);
        for event in &many {
            shelf.lay(2, event).unwrap();
            turns.next().into_iter().for_each(|event| shelf.lay(0, event).unwrap());
        }
        assert!(shelf.length > 0 && !shelf.portions[2].gathered.is_empty(), "both in use");
        for _ in 0..2 {
            assert_eq!(all(&shelf, 0), [&odd[..], &odd[..]].concat());
            assert_eq!((all(&shelf, 1), all(&shelf, 2)), (Vec::new(), many.clone()));
        }
    }

    #[test]
    fn what_was_changed_is_refused() {
        let mut block = Vec::new();
        write_one(&mut block, &samples::event(1));
        let whole = Bytes::from(block);
        for cut in 0..whole.len() {
            assert_eq!(read_one(&mut whole.slice(..cut)), None, "cut at {cut}");
        }
        assert!(Laid(whole.slice(..whole.len() - 1)).next().is_err());
    }
}
