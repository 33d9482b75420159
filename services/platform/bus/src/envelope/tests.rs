use northstar_kernel::Timestamp;

use super::*;
use crate::samples;

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn value<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    headers.get(name).map(|value| value.as_str())
}

#[test]
fn every_event_survives() {
    for sent in samples::odd_events() {
        let headers = headers("evidence", &sent, Some(TRACE)).unwrap();
        let received = event("evidence", &headers, sent.payload.clone()).unwrap();
        assert_eq!(received, sent);
    }
}

#[test]
fn it_is_a_cloudevent_that_a_stranger_can_read() {
    let sent = Recorded { traceparent: Text::from(TRACE), ..samples::event(12) };
    let headers = headers("evidence", &sent, Some("00-hop")).unwrap();
    let source = format!("/northstar/evidence/{}", sent.tenant);
    let expected = [
        ("ce-specversion", "1.0"),
        ("ce-id", "00000000-0000-0000-0000-00000000000c"),
        ("ce-source", source.as_str()),
        ("ce-type", "northstar.evidence.evidence_recorded"),
        ("ce-subject", "evidence-0190a5e8-0000-7000-8000-000000000001"),
        ("ce-time", "2026-01-05T08:50:00Z"),
        ("ce-recordedtime", "2026-01-05T08:50:00.500001Z"),
        ("ce-datacontenttype", "application/protobuf"),
        ("ce-dataschema", "type.googleapis.com/northstar.evidence.v1.EvidenceRecorded"),
        ("ce-sequence", "00000000000000000012"),
        ("ce-position", "12"),
        ("ce-traceparent", TRACE),
        ("traceparent", "00-hop"),
    ];
    for (name, expected) in expected {
        assert_eq!(value(&headers, name), Some(expected), "{name}");
    }
}

#[test]
fn attribute_names_are_lower_case_letters_and_digits() {
    for sent in samples::odd_events() {
        let headers = headers("evidence", &sent, None).unwrap();
        for (name, values) in headers.iter() {
            let name = name.to_string();
            let attribute = name.strip_prefix("ce-").unwrap();
            assert!(attribute.len() <= 20 && attribute.bytes().all(|b| b.is_ascii_lowercase()));
            assert!(values.iter().all(|v| v.as_str().bytes().all(|b| b.is_ascii_graphic())));
        }
    }
}

#[test]
fn what_cloudevents_cannot_say_is_refused() {
    let ok = samples::event(1);
    let far = Timestamp::from_micros(i64::MAX);
    let bad = [
        ("ce-actor", Recorded { actor: Text::from("a\r\nce-id: forged"), ..ok.clone() }),
        ("ce-subject", Recorded { stream: Text::from("a\u{0}"), ..ok.clone() }),
        ("ce-traceparent", Recorded { traceparent: Text::from("\u{7f}"), ..ok.clone() }),
        ("ce-time", Recorded { observed_at: far, ..ok.clone() }),
        ("ce-recordedtime", Recorded { recorded_at: Timestamp::from_micros(i64::MIN), ..ok }),
    ];
    for (name, event) in bad {
        assert_eq!(headers("evidence", &event, None), Err(Unsayable(name)));
    }
}

#[test]
fn what_we_never_sent_is_refused_by_name() {
    let good = headers("evidence", &samples::event(1), None).unwrap();
    let changes = [
        ("ce-specversion", "0.3"),
        ("ce-source", "/northstar/mastery/6b1b36cb-8b39-4c02-9d1c-9d3f5f2a8d11"),
        ("ce-source", "/northstar/evidence/nobody"),
        ("ce-type", "northstar.mastery.evidence_recorded"),
        ("ce-position", "-1"),
        ("ce-time", "yesterday"),
        ("ce-actor", "50%"),
        ("ce-keyid", ""),
    ];
    for (name, value) in changes {
        let mut changed = good.clone();
        changed.insert(name, value);
        let error = event("evidence", &changed, Bytes::new()).unwrap_err();
        assert_eq!(error.what, name, "{value}");
    }
    let error = event("evidence", &HeaderMap::new(), Bytes::new()).unwrap_err();
    assert_eq!((error.what.as_str(), error.why.as_str()), ("ce-specversion", "missing"));
}
