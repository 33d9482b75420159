//! The fields of a protobuf message where they stand, without building the message.

/// The value of a field that mastery reads: numbers, and texts or messages inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
}

/// The bytes are no protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no protobuf message")]
pub(crate) struct NoMessage;

/// Shows `see` the number and value of each field, in the order they stand; fixed-width fields,
/// which no event of ours has, are passed over.
pub(crate) fn walk<'a>(
    mut rest: &'a [u8],
    mut see: impl FnMut(u64, Value<'a>),
) -> Result<(), NoMessage> {
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let number = key >> 3;
        match key & 7 {
            0 => see(number, Value::Varint(varint(&mut rest)?)),
            1 => _ = take(&mut rest, 8)?,
            2 => {
                let length = varint(&mut rest)?;
                see(number, Value::Bytes(take(&mut rest, length)?));
            }
            5 => _ = take(&mut rest, 4)?,
            _ => return Err(NoMessage),
        }
    }
    Ok(())
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8], NoMessage> {
    let length = usize::try_from(length).map_err(|_| NoMessage)?;
    let (taken, after) = rest.split_at_checked(length).ok_or(NoMessage)?;
    *rest = after;
    Ok(taken)
}

/// A packed column of numbers, where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl Packed<'_> {
    /// How many numbers it has. What is behind the last of them is an error when it is read.
    pub(crate) fn len(self) -> usize {
        let open = self.0.last().is_some_and(|last| *last >= 0x80);
        self.0.iter().filter(|byte| **byte < 0x80).count() + usize::from(open)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> Result<u64, NoMessage> {
        varint(&mut self.0)
    }

    /// The next number of those that may be below zero.
    pub(crate) fn next_signed(&mut self) -> Result<i64, NoMessage> {
        self.next().map(signed)
    }
}

/// A number that may be below zero, as it is written: 0, -1, 1, -2 …
pub(crate) const fn signed(written: u64) -> i64 {
    (written >> 1).cast_signed() ^ -(written & 1).cast_signed()
}

/// Seven bits a byte, lowest first, at most ten bytes.
fn varint(rest: &mut &[u8]) -> Result<u64, NoMessage> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, after) = rest.split_first().ok_or(NoMessage)?;
        *rest = after;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(NoMessage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> Result<Vec<(u64, Value<'_>)>, NoMessage> {
        let mut all = Vec::new();
        walk(bytes, |number, value| all.push((number, value))).map(|()| all)
    }

    #[test]
    fn reads_numbers_and_bytes_and_passes_over_the_rest() {
        let bytes = [0x08, 0x96, 0x01, 0x15, 1, 2, 3, 4, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, 7];
        assert_eq!(seen(&bytes), Ok(vec![(1, Value::Varint(150)), (4, Value::Bytes(&[7]))]));
    }

    #[test]
    fn a_column_has_as_many_numbers_as_can_be_read_of_it() {
        let mut column = Packed(&[0x01, 0x96, 0x02, 0x04]);
        assert_eq!(column.len(), 3);
        let all = [column.next_signed(), column.next_signed(), column.next_signed()];
        assert_eq!(all, [Ok(-1), Ok(139), Ok(2)]);
        assert_eq!(column, Packed(&[]));
        let mut broken = Packed(&[0x01, 0x96]);
        assert_eq!((broken.len(), broken.next(), broken.next()), (2, Ok(1), Err(NoMessage)));
    }

    #[test]
    fn bytes_that_end_early_or_never_are_refused() {
        let broken: [&[u8]; 5] = [&[0x08], &[0x22, 5, 1], &[0x15, 1], &[0x0b], &[0xff; 11]];
        assert!(broken.iter().all(|bytes| seen(bytes) == Err(NoMessage)));
    }
}
