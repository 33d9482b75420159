//! W3C trace context: how one trace runs from a caller through the log to a consumer.
//!
//! OpenTelemetry advises that a consumer *link* to what produced its message, because a consumer
//! may take many messages at once. Ours takes one event at a time, so each has exactly one cause,
//! and what an operator asks ("what came of this call?") is answered by one trace. Hence an event's
//! handler *continues* the trace that is stored with the event ([`continue_from`]); whatever works
//! on many events together, such as the relay or a batch's commit, links ([`link_to`]).

use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The present span as a `traceparent`, to be stored or sent on; `None` when nothing is traced.
pub fn current_traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        let flags = span.trace_flags().to_u8();
        format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id())
    })
}

/// Makes `span` a child of the remote span that `traceparent` names.
///
/// Call it before the span is entered. A traceparent that makes no sense is ignored, as W3C
/// demands: the span then starts a trace of its own.
pub fn continue_from(span: &Span, traceparent: &str) {
    if let Some(parent) = parse(traceparent) {
        let context = opentelemetry::Context::new().with_remote_span_context(parent);
        // It fails when no collector is configured, and then there is nothing to continue.
        let _ = span.set_parent(context);
    }
}

/// Notes in `span` that the span named by `traceparent` has to do with it.
pub fn link_to(span: &Span, traceparent: &str) {
    if let Some(other) = parse(traceparent) {
        span.add_link(other);
    }
}

/// Whether the trace of `traceparent` is being recorded; false if it makes no sense.
pub fn is_sampled(traceparent: &str) -> bool {
    parse(traceparent).is_some_and(|span| span.is_sampled())
}

/// The sixteen bytes that name the trace of `traceparent`; `None` if it makes no sense.
pub fn trace_id(traceparent: &str) -> Option<[u8; 16]> {
    parse(traceparent).map(|span| span.trace_id().to_bytes())
}

/// Reads `version-trace-span-flags`; later versions may add fields, which are ignored.
fn parse(traceparent: &str) -> Option<SpanContext> {
    let mut fields = traceparent.split('-');
    let version = hex(fields.next()?, 2)?;
    let trace = TraceId::from_hex(hex(fields.next()?, 32)?).ok()?;
    let span = SpanId::from_hex(hex(fields.next()?, 16)?).ok()?;
    let flags = u8::from_str_radix(hex(fields.next()?, 2)?, 16).ok()?;
    if version == "ff" || (version == "00" && fields.next().is_some()) {
        return None;
    }
    let flags = TraceFlags::new(flags) & TraceFlags::SAMPLED;
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

fn hex(text: &str, length: usize) -> Option<&str> {
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == length && text.bytes().all(lower_hex)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn reads_what_w3c_allows() {
        let span = parse(GOOD).unwrap();
        assert_eq!(span.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(span.span_id().to_string(), "b7ad6b7169203331");
        assert!(span.is_sampled() && span.is_remote());
        assert!(!parse(&GOOD.replace("-01", "-00")).unwrap().is_sampled());
        assert!(parse(&format!("{}-more", GOOD.replacen("00", "cc", 1))).is_some());
    }

    #[test]
    fn refuses_what_w3c_forbids() {
        let zero_trace = GOOD.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32));
        let bad = [
            String::new(),
            "00".to_owned(),
            GOOD.to_uppercase(),
            format!("{GOOD}-more"),
            GOOD.replacen("00", "ff", 1),
            GOOD.replace("-01", "-1"),
            GOOD.replace("b7ad", "é7a"),
            zero_trace,
        ];
        for text in bad {
            assert!(parse(&text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn only_a_set_flag_means_sampled() {
        assert!(is_sampled(GOOD));
        assert!(!is_sampled(&GOOD.replace("-01", "-00")));
        assert!(!is_sampled("") && !is_sampled("00-01"));
    }

    #[test]
    fn nothing_is_traced_without_a_subscriber() {
        let span = tracing::info_span!("call");
        continue_from(&span, GOOD);
        assert_eq!(span.in_scope(current_traceparent), None);
    }
}
