//! A region's years of evidence in Postgres, to rebuild from and to try policies on.
//!
//! The rows are those that the evidence service writes, but loaded by COPY into an empty table, which
//! takes a tenth of the time and leaves no write-ahead log behind.

use anyhow::Context as _;
use bytes::{BufMut as _, BytesMut};
use northstar_kernel::Timestamp;
use northstar_tests::measure::journey::publish_policy;
use northstar_tests::measure::region::{self, Size, shard};
use northstar_tests::measure::sample::tenant;
use northstar_tests::measure::served::Served;
use northstar_tests::measure::stand::{Logs, Stand};
use northstar_wire::mastery::v1::PublishPolicyRequest;
use prost::Message as _;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};
use uuid::Uuid;

use crate::policy;
use crate::shape::{COMPETENCIES, Judgement, evidence, judgements};

/// Loading writes no log of what it writes; and what rebuilds write may not fill the disk.
const SETTINGS: [(&str, &str); 3] =
    [("wal_level", "minimal"), ("max_wal_senders", "0"), ("max_wal_size", "4GB")];
const COPY: &str = "copy evidence.events (
    shard, position, tenant, sequence, id, stream, version, event_type, schema_version,
    observed_at, recorded_at, actor, correlation_id, traceparent, payload, append_len
) from stdin (format binary, freeze)";
const COLUMNS: i16 = 16;
/// "PGCOPY\n\xff\r\n\0", then the length of the flags and of the header's extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Bytes sent at a time.
const CHUNK: usize = 1 << 20;
/// From when a judgement is made until it is recorded, in microseconds.
const LATER: i64 = 40 * 60 * 1_000_000;

/// A region in a database of its own.
pub(crate) struct Region {
    _stand: Stand,
    pub(crate) logs: Logs,
}

impl Region {
    /// Writes the framework, its policy, and some `events` of evidence.
    pub(crate) async fn write(events: u64) -> anyhow::Result<Self> {
        let stand = Stand::start_with(&SETTINGS)?;
        let logs = stand.database().await?;
        let size = Size { learners: 0, competencies: COMPETENCIES };
        region::publish(&logs.open("registry")?, size).await?;
        let mastery = Served::start(northstar_mastery::build(logs.open("mastery")?).routes).await?;
        let document = policy::of_the_demo().to_string();
        let request = PublishPolicyRequest { document, ..PublishPolicyRequest::default() };
        publish_policy(&mastery, request).await?;
        load(&logs.owner_url().context("a server of one's own")?, &judgements(events)).await?;
        Ok(Self { _stand: stand, logs })
    }
}

async fn load(owner: &str, judgements: &[Judgement]) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(owner).await?;
    let mut transaction = connection.begin().await?;
    // What was emptied in the same transaction needs no log: after a crash it is empty again.
    transaction.execute("truncate evidence.events").await?;
    let mut copy = transaction.copy_in_raw(COPY).await?;
    let mut buffer = BytesMut::from(HEADER);
    for (judgement, place) in judgements.iter().zip(1..) {
        put_row(&mut buffer, *judgement, place);
        if buffer.len() >= CHUNK {
            copy.send(buffer.split()).await?;
        }
    }
    buffer.put_i16(-1);
    copy.send(buffer.split()).await?;
    copy.finish().await?;
    transaction.commit().await?;
    connection.execute("analyze evidence.events").await?;
    Ok(connection.close().await?)
}

fn put_row(buffer: &mut BytesMut, judgement: Judgement, place: u64) {
    let (evidence, number) = (evidence(place), place.cast_signed());
    let observed_at = judgement.observed_at();
    let recorded_at = Timestamp::from_micros(observed_at.micros() + LATER);
    let payload = judgement.message(place).encode_to_vec();
    buffer.put_i16(COLUMNS);
    put(buffer, &shard().0.to_be_bytes());
    put(buffer, &number.to_be_bytes());
    put(buffer, tenant().as_bytes());
    put(buffer, &number.to_be_bytes());
    put(buffer, Uuid::from_u128(0x7000_8000_u128 << 64 | u128::from(place)).as_bytes());
    put(buffer, format!("evidence-{evidence}").as_bytes());
    put(buffer, &1_i64.to_be_bytes());
    put(buffer, b"evidence_recorded");
    put(buffer, &1_i16.to_be_bytes());
    put(buffer, &observed_at.micros().to_be_bytes());
    put(buffer, &recorded_at.micros().to_be_bytes());
    put(buffer, b"measurement");
    put(buffer, Uuid::from_u128(1).as_bytes());
    put(buffer, b"");
    put(buffer, &payload);
    put(buffer, &1_i16.to_be_bytes());
}

fn put(buffer: &mut BytesMut, field: &[u8]) {
    buffer.put_i32(field.len() as i32);
    buffer.put_slice(field);
}
