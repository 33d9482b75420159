//! Scans by COPY BINARY: half the cost of a row API, and every field a slice of what was read.

use bytes::{Buf as _, Bytes};
use futures::TryStreamExt as _;
use northstar_kernel::{EventId, Position, Sequence, Shard, TenantId, Timestamp, Version};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::Postgres;
use super::connect::{SYSTEM, fault, to_its_end};
use super::rows::signed;
use crate::{Fault, Recorded, Text};

/// "PGCOPY\n\xff\r\n\0", then the length of the flags and of the header's extension.
const HEADER: usize = 11 + 4 + 4;
const COLUMNS: i16 = 17;

/// Events of a shard after a position, of all tenants.
pub(super) async fn scan(
    engine: &Postgres,
    shard: Shard,
    after: Position,
    limit: u32,
) -> Result<Vec<Recorded>, Fault> {
    let parts = copy_out(engine, statement(shard, after, limit)).await;
    let parts = parts.map_err(|error| fault("scanning", error))?;
    parse(parts).ok_or_else(|| Fault::lasting("scanning", "COPY sent what is no row of events"))
}

/// COPY takes no parameters; numbers are all that goes into it.
fn statement(shard: Shard, after: Position, limit: u32) -> String {
    let (shard, after) = (shard.0, signed(after.0));
    format!(
        "copy (select shard, position, tenant, sequence, id, stream, version, event_type, \
         schema_version, observed_at, recorded_at, actor, correlation_id, causation_id, \
         traceparent, key_id, payload from events where shard = {shard} and position > {after} \
         order by position limit {limit}) to stdout (format binary)"
    )
}

/// To its end, and one that failed is closed: sqlx does not know what is left of a COPY on a connection.
async fn copy_out(engine: &Postgres, statement: String) -> sqlx::Result<Vec<Bytes>> {
    let pool = engine.pool().clone();
    to_its_end(async move {
        let mut connection = pool.acquire().await?;
        let copied = copy(&mut connection, &statement).await;
        if copied.is_err() {
            connection.close_on_drop();
        }
        copied
    })
    .await
}

async fn copy(connection: &mut PgConnection, statement: &str) -> sqlx::Result<Vec<Bytes>> {
    let mut transaction = connection.begin_with(SYSTEM).await?;
    transaction.copy_out_raw(statement).await?.try_collect().await
}

/// Postgres sends the header, then each row, each in a message of its own or together; a row never
/// crosses messages.
fn parse(parts: Vec<Bytes>) -> Option<Vec<Recorded>> {
    let mut events = Vec::with_capacity(parts.len());
    let mut started = false;
    for mut part in parts {
        if !started {
            part.try_advance(HEADER)?;
            started = true;
        }
        while part.has_remaining() {
            match part.try_get_i16().ok()? {
                -1 => return Some(events),
                COLUMNS => events.push(row(&mut Fields(&mut part))?),
                _ => return None,
            }
        }
    }
    None
}

trait TryAdvance {
    fn try_advance(&mut self, count: usize) -> Option<()>;
}

impl TryAdvance for Bytes {
    fn try_advance(&mut self, count: usize) -> Option<()> {
        (self.len() >= count).then(|| self.advance(count))
    }
}

fn row(fields: &mut Fields<'_>) -> Option<Recorded> {
    Some(Recorded {
        shard: Shard(fields.next()??.try_get_u16().ok()?),
        position: Position(fields.number()?.cast_unsigned()),
        tenant: TenantId::from_uuid(fields.uuid()??),
        sequence: Sequence(fields.number()?.cast_unsigned()),
        id: EventId::from_uuid(fields.uuid()??),
        stream: fields.text()?,
        version: Version(fields.number()?.cast_unsigned()),
        event_type: fields.text()?,
        schema_version: fields.next()??.try_get_u16().ok()?,
        observed_at: Timestamp::from_micros(fields.number()?),
        recorded_at: Timestamp::from_micros(fields.number()?),
        actor: fields.text()?,
        correlation_id: fields.uuid()??,
        causation_id: fields.uuid()?,
        traceparent: fields.text()?,
        key_id: fields.uuid()?,
        payload: fields.next()??,
    })
}

/// The fields of one row; the outer `None` is "malformed", the inner one is null.
struct Fields<'a>(&'a mut Bytes);

impl Fields<'_> {
    fn next(&mut self) -> Option<Option<Bytes>> {
        let length = self.0.try_get_i32().ok()?;
        if length == -1 {
            return Some(None);
        }
        let length = usize::try_from(length).ok()?;
        (self.0.len() >= length).then(|| Some(self.0.split_to(length)))
    }

    fn number(&mut self) -> Option<i64> {
        self.next()??.try_get_i64().ok()
    }

    fn uuid(&mut self) -> Option<Option<Uuid>> {
        match self.next()? {
            None => Some(None),
            Some(bytes) => Uuid::from_slice(&bytes).ok().map(Some),
        }
    }

    fn text(&mut self) -> Option<Text> {
        Text::from_bytes(self.next()??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(bytes: &[u8]) -> Vec<u8> {
        [&(bytes.len() as i32).to_be_bytes(), bytes].concat()
    }

    const NULL: [u8; 4] = (-1_i32).to_be_bytes();
    const END: [u8; 2] = (-1_i16).to_be_bytes();

    /// A row as Postgres sends it.
    fn row(position: i64) -> Vec<u8> {
        let (short, long, uuid) = (field(&[0, 3]), field(&7_i64.to_be_bytes()), field(&[5; 16]));
        let fields = [
            short.clone(),
            field(&position.to_be_bytes()),
            uuid.clone(),
            long.clone(),
            uuid.clone(),
            field("note-ü".as_bytes()),
            long.clone(),
            field(b"note_written"),
            short,
            field(&(-7_i64).to_be_bytes()),
            long,
            field(b""),
            uuid.clone(),
            NULL.to_vec(),
            field(b""),
            uuid,
            field(b"payload"),
        ];
        [COLUMNS.to_be_bytes().to_vec(), fields.concat()].concat()
    }

    fn header() -> Vec<u8> {
        [b"PGCOPY\n\xff\r\n\0".as_slice(), &[0; 8]].concat()
    }

    fn parse_one(bytes: &[u8]) -> Option<Vec<Recorded>> {
        parse(vec![Bytes::copy_from_slice(bytes)])
    }

    #[test]
    fn rows_are_read_however_they_are_sent() {
        let together = [header(), row(1), row(2), END.to_vec()].concat();
        let apart = vec![[header(), row(1)].concat().into(), row(2).into(), END.to_vec().into()];
        let read = parse(apart).unwrap();
        assert_eq!(parse_one(&together).unwrap(), read);
        assert_eq!(read.iter().map(|event| event.position.0).collect::<Vec<_>>(), [1, 2]);
        let first = &read[0];
        assert_eq!((first.shard, first.schema_version), (Shard(3), 3));
        assert_eq!(
            (&*first.stream, &*first.event_type, &*first.actor),
            ("note-ü", "note_written", "")
        );
        assert_eq!(first.observed_at.micros(), -7);
        assert_eq!(first.tenant.as_bytes(), &[5; 16]);
        assert_eq!((first.causation_id, first.key_id), (None, Some(Uuid::from_bytes([5; 16]))));
        assert_eq!(&first.payload[..], b"payload");
    }

    #[test]
    fn an_empty_answer_has_a_header_and_an_end() {
        assert_eq!(parse_one(&[header(), END.to_vec()].concat()), Some(Vec::new()));
        assert_eq!(parse(Vec::new()), None);
    }

    #[test]
    fn what_was_cut_off_is_malformed() {
        let whole = [header(), row(1), row(2), END.to_vec()].concat();
        for cut in 0..whole.len() {
            assert_eq!(parse_one(&whole[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn no_byte_makes_it_panic() {
        let whole = [header(), row(1), END.to_vec()].concat();
        let sound = parse_one(&whole).unwrap();
        let mut refused = 0;
        for index in HEADER..whole.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bent = whole.clone();
                bent[index] = value;
                match parse_one(&bent) {
                    None => refused += 1,
                    Some(events) => assert!(bent == whole || events.len() != 1 || events != sound),
                }
            }
        }
        assert!(refused > 100, "{refused}");
    }

    #[test]
    fn another_number_of_columns_or_another_encoding_is_malformed() {
        let mut row = [header(), row(1), END.to_vec()].concat();
        let place = row.windows(2).position(|pair| pair == "ü".as_bytes()).unwrap();
        row[place] = 0xff;
        assert_eq!(parse_one(&row), None);
        let narrow = [header(), 16_i16.to_be_bytes().to_vec(), NULL.repeat(16)].concat();
        assert_eq!(parse_one(&narrow), None);
    }
}
