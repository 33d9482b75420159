//! JSON as strangers send it.

use northstar_credentials_canonical::{Limits, Reason, parse_json};
use serde_json::Value;

fn parse(text: &str) -> Result<Value, (Reason, String)> {
    parse_json(text.as_bytes(), &Limits::BADGE).map_err(|e| (e.reason, e.pointer))
}

#[test]
fn plain_json_is_read_as_it_is() {
    let text = r#"{"a":[1,-2,0.5,true,null,"x\n\t"],"b":{"a":{}},"c":0.30000000000000004}"#;
    assert_eq!(parse(text), Ok(serde_json::from_str(text).unwrap()));
}

#[test]
fn a_member_named_twice_is_refused_at_any_depth_with_its_place() {
    for (text, pointer) in [
        (r#"{"a":1,"a":1}"#, "/a"),
        (r#"{"x":[0,{"a":1,"b":2,"\u0061":3}]}"#, "/x/1/a"),
        (r#"{"a/b":{"~":{"c":1,"c":2}}}"#, "/a~1b/~0/c"),
    ] {
        assert_eq!(parse(text), Err((Reason::DuplicateMember, pointer.into())), "{text}");
    }
}

#[test]
fn what_is_no_json_is_refused() {
    for text in ["", "{", "{} {}", "nul", "\"\u{1}\"", "[1,]", "\"\\ud800\"", "1e999", "01", "NaN"]
    {
        assert_eq!(parse(text).unwrap_err().0, Reason::Malformed, "{text}");
    }
    let refusal = parse_json(b"\"\xff\"", &Limits::BADGE).unwrap_err();
    assert_eq!(refusal.reason, Reason::Malformed);
}

#[test]
fn depth_and_length_are_limited() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse(&deep(Limits::BADGE.depth)).is_ok());
    assert_eq!(parse(&deep(Limits::BADGE.depth + 1)).unwrap_err().0, Reason::TooDeep);
    assert_eq!(parse(&deep(30_000)).unwrap_err().0, Reason::TooDeep);
    let unlimited = Limits { depth: usize::MAX, bytes: usize::MAX, ..Limits::BADGE };
    let refusal = parse_json(deep(1_000_000).as_bytes(), &unlimited).unwrap_err();
    assert_eq!(refusal.reason, Reason::TooDeep);
    let long = format!("\"{}\"", "x".repeat(Limits::BADGE.bytes));
    assert_eq!(parse(&long).unwrap_err().0, Reason::TooLong);
}

#[test]
fn control_characters_are_refused_however_they_are_written() {
    for text in [r#"{"a":"\u0000"}"#, r#"{"a":"\b"}"#, "{\"a\":\"\u{7f}\"}"] {
        assert_eq!(parse(text), Err((Reason::ControlCharacter, "/a".into())), "{text}");
    }
    let in_a_name = parse(r#"{"a\u0007":1}"#).unwrap_err();
    assert_eq!(in_a_name, (Reason::ControlCharacter, "/a\u{7}".into()));
}
