//! A recorded event as a message: CloudEvents 1.0, binary mode, over NATS.
//!
//! The body is the event's payload as it stands in the log; everything else is a header. `ce-time`
//! is when it was so and `ce-recordedtime` when it was written down; `ce-sequence` counts within
//! `ce-source`, the tenant's part of a context, at a fixed width so that it sorts as text.
//! `ce-traceparent` names the request that started it all, the plain `traceparent` this hop.

mod percent;

use std::fmt::Display;
use std::str::FromStr;

use async_nats::HeaderMap;
use async_nats::header::HeaderName;
use bytes::Bytes;
use northstar_eventlog::{Malformed, Recorded, Text};
use northstar_kernel::{Position, Sequence, Shard, Version};

const SPEC_VERSION: &str = "1.0";
const CONTENT_TYPE: &str = "application/protobuf";
/// Header of the present hop in the trace.
const HOP: &str = "traceparent";

/// An event with a text that CloudEvents does not allow in an attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} has characters that no CloudEvents attribute may have")]
pub struct Unsayable(pub &'static str);

/// The headers of `event` of the log of `context`; `hop` is the traceparent of the publishing.
///
/// # Errors
/// When a text has control characters or an instant is beyond the year 9999.
pub fn headers(context: &str, event: &Recorded, hop: Option<&str>) -> Result<HeaderMap, Unsayable> {
    let mut headers = Headers(HeaderMap::new());
    headers.plain("ce-specversion", SPEC_VERSION);
    headers.plain("ce-id", event.id);
    headers.plain("ce-source", format_args!("/northstar/{context}/{}", event.tenant));
    headers.text("ce-type", &format!("northstar.{context}.{}", &*event.event_type))?;
    headers.text("ce-subject", &event.stream)?;
    headers.instant("ce-time", event.observed_at)?;
    headers.plain("ce-datacontenttype", CONTENT_TYPE);
    headers.text("ce-dataschema", &schema(context, &event.event_type))?;
    headers.plain("ce-schemaversion", event.schema_version);
    headers.plain("ce-shard", event.shard.0);
    headers.plain("ce-position", event.position);
    headers.plain("ce-sequence", format_args!("{:020}", event.sequence.0));
    headers.plain("ce-streamversion", event.version);
    headers.instant("ce-recordedtime", event.recorded_at)?;
    headers.text("ce-actor", &event.actor)?;
    headers.plain("ce-correlationid", event.correlation_id);
    event.causation_id.iter().for_each(|id| headers.plain("ce-causationid", id));
    headers.text("ce-traceparent", &event.traceparent)?;
    event.key_id.iter().for_each(|id| headers.plain("ce-keyid", id));
    hop.iter().for_each(|hop| headers.plain(HOP, hop));
    Ok(headers.0)
}

/// The event of the log of `context` that [`headers`] and a body make.
///
/// # Errors
/// When a header is missing, makes no sense, or is of another context.
pub fn event(context: &str, headers: &HeaderMap, body: Bytes) -> Result<Recorded, Malformed> {
    let read = Reader(headers);
    if read.required("ce-specversion")? != SPEC_VERSION {
        return Err(malformed("ce-specversion", "not 1.0"));
    }
    let source = read.required("ce-source")?;
    let tenant = source
        .strip_prefix("/northstar/")
        .and_then(|rest| rest.strip_prefix(context)?.strip_prefix('/'))
        .ok_or_else(|| malformed("ce-source", "not of this context"))?;
    let event_type = read.text("ce-type")?;
    let event_type = event_type
        .strip_prefix("northstar.")
        .and_then(|rest| rest.strip_prefix(context)?.strip_prefix('.'))
        .ok_or_else(|| malformed("ce-type", "not of this context"))?;
    Ok(Recorded {
        shard: Shard(read.parsed("ce-shard")?),
        position: Position(read.parsed("ce-position")?),
        tenant: parse("ce-source", tenant)?,
        sequence: Sequence(read.parsed("ce-sequence")?),
        id: read.parsed("ce-id")?,
        stream: read.text("ce-subject")?,
        version: Version(read.parsed("ce-streamversion")?),
        event_type: Text::from(event_type.to_owned()),
        schema_version: read.parsed("ce-schemaversion")?,
        observed_at: read.parsed("ce-time")?,
        recorded_at: read.parsed("ce-recordedtime")?,
        actor: read.text("ce-actor")?,
        correlation_id: read.parsed("ce-correlationid")?,
        causation_id: read.optional("ce-causationid")?,
        traceparent: read.text("ce-traceparent")?,
        key_id: read.optional("ce-keyid")?,
        payload: body,
    })
}

/// Type URL of the protobuf message that carries an event of this type.
fn schema(context: &str, event_type: &str) -> String {
    let words = event_type.split('_').flat_map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters)
    });
    format!("type.googleapis.com/northstar.{context}.v1.{}", words.collect::<String>())
}

struct Headers(HeaderMap);

impl Headers {
    /// A value that is printable ASCII by its nature.
    fn plain(&mut self, name: &'static str, value: impl Display) {
        self.0.insert(HeaderName::from_static(name), value.to_string());
    }

    /// Any text; an empty one is left out.
    fn text(&mut self, name: &'static str, text: &str) -> Result<(), Unsayable> {
        if !text.is_empty() {
            let value = percent::encode(text).ok_or(Unsayable(name))?;
            self.0.insert(HeaderName::from_static(name), value);
        }
        Ok(())
    }

    /// An instant, if RFC 3339 can say it.
    fn instant(
        &mut self,
        name: &'static str,
        instant: northstar_kernel::Timestamp,
    ) -> Result<(), Unsayable> {
        let text = instant.to_string();
        if text.parse() != Ok(instant) {
            return Err(Unsayable(name));
        }
        self.plain(name, text);
        Ok(())
    }
}

struct Reader<'a>(&'a HeaderMap);

impl Reader<'_> {
    fn get(&self, name: &'static str) -> Option<&str> {
        self.0.get(HeaderName::from_static(name)).map(|value| value.as_str())
    }

    fn required(&self, name: &'static str) -> Result<&str, Malformed> {
        self.get(name).ok_or_else(|| malformed(name, "missing"))
    }

    fn parsed<T: FromStr>(&self, name: &'static str) -> Result<T, Malformed> {
        parse(name, self.required(name)?)
    }

    fn optional<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, Malformed> {
        self.get(name).map(|value| parse(name, value)).transpose()
    }

    /// A text; absent means empty.
    fn text(&self, name: &'static str) -> Result<Text, Malformed> {
        let value = self.get(name).unwrap_or_default();
        let text = percent::decode(value).ok_or_else(|| malformed(name, "not percent-encoded"))?;
        Ok(Text::from(text.into_owned()))
    }
}

fn parse<T: FromStr>(name: &'static str, value: &str) -> Result<T, Malformed> {
    value.parse().map_err(|_| malformed(name, "makes no sense"))
}

fn malformed(name: &'static str, why: &'static str) -> Malformed {
    Malformed::new(name, why)
}

#[cfg(test)]
mod tests;
